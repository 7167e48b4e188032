// Files: large ones with flat memory, wrong by content, broken, empty, too many, too large, with a virus: said in words, and
// nothing is kept.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, startServer } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { apply, citizen, pdf, png } from '../lib/people.mjs';

const eicar = 'X5O!P%@AP[4\\PZX54(P^)7CC)7$EICAR' + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*';
const words = text => `{da: "${text}", nb: "${text}", nn: "${text}", en: "${text}"}`;
let server, services, scanner, scanned = 0;

/** What clamd does with INSTREAM: pieces with their length before them, until one of length 0. */
function scan(socket) {
  let got = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', piece => {
    got = Buffer.concat([got, piece]);
    const command = Buffer.from('zINSTREAM\0');
    if (got.length < command.length) return;
    assert.equal(got.subarray(0, command.length).compare(command), 0);
    const parts = [];
    for (let at = command.length; at + 4 <= got.length;) {
      const n = got.readUInt32BE(at);
      if (!n) {
        scanned++;
        socket.end(Buffer.concat(parts).includes('EICAR-STANDARD') ? 'stream: Win.Test.EICAR_HDB-1 FOUND\0' : 'stream: OK\0');
        return;
      }
      if (at + 4 + n > got.length) return;
      parts.push(got.subarray(at + 4, at + 4 + n));
      at += 4 + n;
    }
  });
}

before(async () => {
  services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  const dir = path.join(services, 'filer'), service = path.join(dir, 'service.yaml');
  cpSync(path.join(root, 'services/ris-og-ros'), dir, { recursive: true });
  rmSync(path.join(dir, 'examples'), { recursive: true });
  writeFileSync(service, readFileSync(service, 'utf8').replace('apply: anonymous', 'apply: person\nassurance: low'));
  writeFileSync(path.join(dir, 'form.yaml'), `pages:
  - id: one
    title: ${words('Filer')}
    why: answer
    fields:
      - { id: papers, type: file, max_mb: 20, max_files: 3, label: ${words('Bilag')} }
`);
  scanner = createServer(scan);
  const socket = path.join(services, 'clamd.sock');
  await new Promise(done => scanner.listen(socket, done));
  server = await startServer({ args: ['--services', services, '--clamd', socket] });
});
after(async () => { await server?.stop(); scanner?.close(); rmSync(services, { recursive: true }); });

const file = (name, bytes, type = 'application/pdf') => ({ name, type, bytes });
const big = (n, fill) => Buffer.concat([Buffer.from('%PDF-1.4\n%'), Buffer.alloc(n - 18, fill), Buffer.from('\n%%EOF\n\n')]);
const kept = () => readdirSync(path.join(server.data, 'files'), { recursive: true }).map(String).filter(f => /^[0-9a-f]{2}\//.test(f));
const memory = () => +/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1] / 1024;

async function begin() {
  const c = await citizen(server);
  await c.get('/form/filer');
  await c.submit('/start');
  return c;
}
const send = (c, files) => c.submit('/one', { papers: files }, { button: 'stay' });
const listed = html => [...html.matchAll(/<li><a href="\/form\/draft\/\d+\/file\/\d+">([^<]*)/g)].map(m => m[1]);

test('20 MB at a time, with flat memory', { timeout: 120000 }, async () => {
  const c = await begin(), bytes = big(19_900_000, 'a');
  await send(c, [file('varm.pdf', big(1_000_000, 'w'))]);
  const before = memory(), papers = await begin();
  let most = before;
  const watch = setInterval(() => { most = Math.max(most, memory()); }, 20);
  for (const fill of ['a', 'b', 'c']) await send(papers, [file(`stor-${fill}.pdf`, big(19_900_000, fill))]);
  clearInterval(watch);
  assert.deepEqual(listed(papers.last.text), ['stor-a.pdf', 'stor-b.pdf', 'stor-c.pdf']);
  assert.ok(most - before < 12, `${before.toFixed(0)} MB before, ${most.toFixed(0)} at most`);
  const hash = createHash('sha256').update(bytes).digest('hex');
  assert.ok(kept().includes(`${hash.slice(0, 2)}/${hash.slice(2)}`), 'the bytes are those that were sent');
  assert.ok(scanned >= 4, 'each was shown to the scanner');
});

test('what cannot be taken is said, and nothing of it is kept', { timeout: 120000 }, async () => {
  const c = await begin(), before = kept().length;
  for (const [name, bytes, says] of [
    ['brev.pdf', Buffer.from('MZ\x90\0this is a program'), /“brev\.pdf” er ikke en fil, vi kan modtage/],
    ['brev.pdf', Buffer.concat([Buffer.from('PK\x03\x04'), Buffer.alloc(70_000)]), /er ikke en fil, vi kan modtage/],
    ['tom.pdf', Buffer.alloc(0), /“tom\.pdf” er tom/],
    ['halv.pdf', big(90_000, 'x').subarray(0, 80_000), /“halv\.pdf” er ikke hel/],
    ['halv.png', png.subarray(0, 40), /“halv\.png” er ikke hel/],
    ['for-stor.pdf', big(20_100_000, 'y'), /“for-stor\.pdf” fylder for meget\. En fil må højst/],
    ['virus.pdf', Buffer.concat([pdf, Buffer.from('% ' + eicar + '\n%%EOF\n'), Buffer.alloc(70_000, '%')].map((b, i) => i === 2 ? Buffer.concat([b, Buffer.from('\n%%EOF\n')]) : b)), /Der er virus i “virus\.pdf”, og vi har ikke gemt den/],
  ]) {
    const a = await send(c, [file(name, bytes)]);
    assert.match(textOf(a.text), says, name);
    assert.equal(a.status, 422, name);
    assert.deepEqual(listed(a.text), [], `${name} is not in the list`);
  }
  assert.equal(kept().length, before, 'nothing lies in the store');
  const many = await send(c, [1, 2, 3, 4].map(n => file(`${n}.pdf`, pdf)));
  assert.match(textOf(many.text), /Der må højst være 3 filer her\. “4\.pdf” blev ikke vedhæftet/);
  assert.deepEqual(listed(many.text), ['1.pdf', '2.pdf', '3.pdf']);
});

test('what is added to a case is shown to the scanner as well', { timeout: 60000 }, async () => {
  const c = await begin();
  const { id } = await apply(c, [{}], 'filer'), infected = Buffer.concat([pdf, Buffer.from('% ' + eicar + '\n%%EOF\n')]);
  await c.get(`/mypage/casefile/${id}/add`);
  const a = await c.submit('/add', { text: 'Se bilaget.', files: [file('virus.pdf', infected)] });
  assert.match(textOf(a.text), /Der er virus i filen virus\.pdf, og vi har ikke gemt den/);
  const before = scanned;
  await c.submit('/add', { text: 'Se bilaget.', files: [file('brev.pdf', pdf)] });
  assert.equal(scanned, before + 1);
  assert.match(textOf((await c.get(`/mypage/casefile/${id}`)).text), /brev\.pdf/);
  assert.doesNotMatch(textOf(c.last.text), /virus\.pdf/);
});

test('a scanner that does not answer: files wait, answers do not', { timeout: 60000 }, async () => {
  const c = await begin();
  await new Promise(done => scanner.close(done));
  const a = await send(c, [file('brev.pdf', pdf)]);
  assert.match(textOf(a.text), /kunne ikke undersøges for virus lige nu/);
  assert.deepEqual(listed(a.text), []);
  const on = await c.submit('/one', {}, { page: a });
  assert.match(on.path, /\/review/);
  assert.match(server.log(), /virus_scanner/);
});
