// Anna gets a copy of everything held about her: asked for, made by a job, unpacked, and every document compared with the store.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HtmlValidate } from 'html-validate';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { textOf, unescape } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, pdf, png, sendLetter, takeCase } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { ask } from '../lib/command.mjs';

const sha256 = bytes => createHash('sha256').update(bytes).digest('hex');
/** A PDF as large as somebody's scan, and like no other. */
const scan = size => Buffer.concat([pdf, Buffer.from('%'), randomBytes(size)]);
let server, municipality, folder, mine, other;
before(async () => {
  municipality = municipalityWith({ recall_seconds: 1 });
  folder = mkdtempSync(path.join(tmpdir(), 'indgang-takeout-'));
  server = await startServer({ args: ['--municipality', municipality] });
});
after(async () => {
  await server?.stop();
  for (const dir of [municipality, folder]) if (dir) rmSync(dir, { recursive: true, force: true });
});

const big = scan(3 << 20), attached = scan(100000);

test('the cases: an answer with files, a decision, a letter with an attachment, and one that nobody has decided', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), dagny = await citizen(server, 'Dagny Lund');
  mine = await apply(anna);
  other = await apply(anna);
  await apply(dagny);
  const id = await takeCase(bo, mine.no);
  await act(bo, id, 'ask', { text: 'Hvor høj er din badekarskant?', days: '5' });
  const question = /\/question\/\d+/.exec((await anna.get(`/mypage/casefile/${mine.id}`)).text)[0];
  await anna.get(`/mypage/casefile/${mine.id}${question}`);
  await anna.submit('/question', { text: '58 cm.', files: [{ name: 'badekar: før/efter.png', type: 'image/png', bytes: png }, { name: 'lægens brev.pdf', type: 'application/pdf', bytes: big }] });
  await act(bo, id, 'call', { text: 'Vi talte om bænken.', reached: 'yes' });
  await decide(bo, id, ['granted', 'partly']);
  await bo.get(`/desk/casefile/${id}/letter`);
  const letter = /\/desk\/letter\/(\d+)/.exec((await bo.submit('/letter')).path)[1];
  await bo.submit('/attach', { file: { name: 'vejledning.pdf', type: 'application/pdf', bytes: attached } });
  await bo.get(`/desk/letter/${letter}`);
  await bo.submit('/send');
  await arrived(anna, mine.id);
  await until('the PDFs of the applications', async () => {
    const documents = JSON.parse((await anna.get('/takeout/data.json')).text).casefiles.flatMap(c => c.documents).filter(d => d.kind === 'application');
    return documents.length === 2 && documents.every(d => d.type === 'application/pdf');
  });
});

const unpack = (bytes, name) => {
  const zip = path.join(folder, name + '.zip'), to = path.join(folder, name);
  writeFileSync(zip, bytes);
  execFileSync('unzip', ['-t', '-q', zip]);
  execFileSync('unzip', ['-q', zip, '-d', to], { env: { ...process.env, LC_ALL: 'C.UTF-8' } });
  return to;
};
const filesIn = dir => readdirSync(dir, { withFileTypes: true }).flatMap(e => e.isDirectory() ? filesIn(path.join(dir, e.name)) : [path.join(dir, e.name)]);

test('asked for without a script, made, fetched, unpacked: everything is there and nothing is changed', async () => {
  const anna = await citizen(server), dagny = await citizen(server, 'Dagny Lund'), bo = await citizen(server, 'Bo Kjær');
  await anna.get('/takeout');
  assert.match(textOf((await anna.submit('/takeout/start')).text), /Vi laver filen|Filen er klar/);
  await until('the file', async () => /Filen er klar/.test(textOf((await anna.get('/takeout')).text)));
  assert.match(textOf((await anna.get('/mypage')).text), /Din kopi af alt, hvad vi har om dig, er klar/);
  await until('the e-mail', () => server.mails().some(m => /To: <?anna\.holm/.test(m) && !m.includes(mine.no) && /kopi af oplysninger/.test(m.replace(/=\r?\n/g, ''))));
  const href = /\/takeout\/\d+\/file/.exec((await anna.get('/takeout')).text)[0];
  const zip = await anna.get(href);
  assert.equal(zip.headers.get('content-type'), 'application/zip');
  assert.match(zip.headers.get('content-disposition'), /attachment.*mine-data-20\d\d-\d\d-\d\d\.zip/);
  assert.equal((await dagny.request(href)).status, 404);
  assert.equal((await bo.request(href)).status, 403);

  const to = unpack(zip.bytes, 'anna'), names = filesIn(to).map(f => path.relative(to, f)).sort();
  const folders = readdirSync(to, { withFileTypes: true }).filter(e => e.isDirectory()).map(e => e.name).sort();
  assert.deepEqual(folders, [mine.no, other.no].sort().map(no => `${no} Lette hjælpemidler`), 'a folder for each case, named');
  for (const name of ['Start her.html', 'data.json', 'sha256sums.txt']) assert.ok(names.includes(name), names.join('\n'));
  for (const n of names.filter(n => n.includes('/'))) assert.match(n, /\/\d\d 20\d\d-\d\d-\d\d [^:*?"<>|\\]+\.(pdf|png|txt|md|json)$/, 'number, day, what it is');

  // What the store has: by JSON, by the sums, and the bytes themselves.
  const data = JSON.parse(readFileSync(path.join(to, 'data.json'), 'utf8'));
  const held = data.casefiles.flatMap(c => c.documents.filter(d => d.kind !== 'note').map(d => `${c.number} ${d.sha256}`)).sort();
  const got = names.filter(n => n.includes('/')).map(n => `${n.slice(0, 11)} ${sha256(readFileSync(path.join(to, n)))}`).sort();
  assert.ok(held.length >= 8, 'application, question, answer, two files, letter, its attachment; and the other application');
  assert.deepEqual(got, held, 'every document, byte for byte');
  assert.match(execFileSync('sha256sum', ['-c', 'sha256sums.txt'], { cwd: to, encoding: 'utf8' }), /: OK/);
  for (const bytes of [big, attached]) {
    const hex = sha256(bytes);
    assert.ok(got.some(g => g.endsWith(hex)), 'what was sent is what came back');
    assert.ok(existsSync(path.join(server.data, 'files', hex.slice(0, 2), hex.slice(2))), 'and what the store has');
  }

  // The page beside them: each document is a link that leads to it; the decision stands in it; it is clean.
  const html = readFileSync(path.join(to, 'Start her.html'), 'utf8');
  const links = [...html.matchAll(/href="(\.\/[^"]+)"/g)].map(m => decodeURIComponent(unescape(m[1])).slice(2)).sort();
  assert.deepEqual(links, names.filter(n => n.includes('/')), 'an index of every file');
  assert.doesNotMatch(html, /<(script|link|img)\b|https?:\/\//, 'nothing from outside');
  for (const words of ['Du har allerede en bænk', 'serviceloven § 112', 'En kort bænk', '58 cm.']) assert.ok(textOf(html).includes(words), words);
  const decision = data.casefiles.find(c => c.number === mine.no).decisions[0];
  assert.equal(decision.lines[1].outcome, 'partly');
  assert.match(decision.lines[1].reason, /Du har allerede en bænk/);
  assert.match(decision.appealUntil, /^20\d\d-/);
  assert.ok(decision.receipt, 'with its receipt');
  const report = await new HtmlValidate({ extends: ['html-validate:standard'], rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off' } }).validateString(html, 'index');
  assert.deepEqual(report.results.flatMap(r => r.messages).map(m => `${m.line} ${m.ruleId}: ${m.message}`), []);
});

test('large documents pass through without being held in memory', { skip: existsSync('/proc/self/clear_refs') ? false : 'needs /proc' }, async () => {
  const anna = await citizen(server), parts = [1, 2, 3, 4].map(() => scan(10_000_000));
  await anna.get(`/mypage/casefile/${other.id}/add`);
  const added = await anna.submit('/add', { text: 'Her er det hele.', files: parts.map((bytes, i) => ({ name: `skan${i}.pdf`, type: 'application/pdf', bytes })) });
  assert.equal(added.status, 200, textOf(added.text).slice(0, 300));
  const peak = () => +/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${server.process.pid}/status`, 'utf8'))[1];
  writeFileSync(`/proc/${server.process.pid}/clear_refs`, '5'); // from now on
  const from = peak();
  await anna.get('/takeout');
  await anna.submit('/takeout/start');
  await until('the file', async () => /Filen er klar/.test(textOf((await anna.get('/takeout')).text)), 60000);
  assert.ok(peak() - from < 20_000, `${peak() - from} kB more for 40 MB of documents`);
  const zip = await anna.get(/\/takeout\/\d+\/file/.exec(anna.last.text)[0]);
  const to = unpack(zip.bytes, 'large'), sums = new Set(filesIn(to).map(f => sha256(readFileSync(f))));
  for (const p of parts) assert.ok(sums.has(sha256(p)));
  assert.ok(statSync(path.join(to, 'data.json')).size > 0);
});

test('the page: before, while it is made, when it is ready, and gone again', async () => {
  const browser = await launch();
  try {
    const page = await visitor(browser, server);
    await login(page, 'Oskar Bech');
    await page.goto('/mypage/data');
    await check(page, 'my data, with the way to a copy');
    await page.getByRole('link', { name: /Få en kopi af alt/ }).click();
    await check(page, 'takeout: nothing asked for');
    await page.getByRole('button', { name: 'Lav filen', exact: true }).click();
    await page.getByText('Filen er klar', { exact: true }).waitFor(); // the page looks by itself
    await page.goto('/takeout');
    await check(page, 'takeout: ready');
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /Hent filen/ }).click()]);
    assert.match(download.suggestedFilename(), /^mine-data-.*\.zip$/);
    await page.getByRole('button', { name: 'Slet filen nu' }).click();
    await page.getByText('Filen er slettet.').waitFor();
    assert.equal(await page.getByRole('link', { name: /Hent filen/ }).count(), 0);
    // As the job leaves it between the last case and the end of the log.
    const oskar = ask(server.data, server.db, "SELECT id FROM party WHERE name = 'Oskar Bech'")[0][0], now = Date.now() * 1000;
    ask(server.data, server.db, `INSERT INTO takeout (id, party_id, asker_id, lang, assurance, state, asked_us, until_us, cases_done, cases_n, bytes, fetched_n) VALUES (77, ${oskar}, ${oskar}, 0, 0, 1, ${now}, ${now + 1e12}, 3, 3, 0, 0)`);
    await page.goto('/takeout');
    await page.getByText('Alle sager er med. Nu kommer kladderne og listen over, hvem der har set oplysningerne.').waitFor();
    await check(page, 'takeout: the rest is being added');
  } finally {
    await browser.close();
  }
});
