// What is public is told to the national journal service, once: also when an answer is lost, the service is away or refuses
// something, two run at once, and what is withdrawn here is withdrawn there. The administrator sees how far it is.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { ask } from '../lib/command.mjs';
import { aidsAnswers, apply, citizen, fill } from '../lib/people.mjs';
import { startEinnsyn } from '../lib/einnsyn.mjs';

const key = 'prove-nokkel-1';
let einnsyn, server, browser, everybody, ulla;
const private_ = ['Anna', 'Holm', 'Lærkevej', '20 00 00 01', 'hemmelig.kilde', 'jælpemidler'];
const words = [{ kind: 'complaint', place: 'borgerservice', happened: 'Skriv til hemmelig.kilde@post.example, det haster.', wish: 'Svar mig.' }, { answer: 'yes', email: 'hemmelig.kilde@post.example' }];

before(async () => {
  einnsyn = await startEinnsyn({ key });
  const data = mkdtempSync(path.join(tmpdir(), 'indgang-data-')), dir = municipalityWith({}), file = path.join(dir, 'municipality.yaml');
  writeFileSync(path.join(data, 'einnsyn-key'), key + '\n');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^journal:\n/m, `$&  einnsyn: {url: "${einnsyn.url}/", key_file: einnsyn-key}\n`));
  server = await startServer({ data, args: ['--municipality', dir] });
  browser = await launch();
  everybody = new Client(server.url, { lang: 'da' });
  ulla = await citizen(server, 'Ulla Thorsen');
});
after(async () => { await browser?.close(); await server?.stop(); await einnsyn?.stop(); });

const writes = () => einnsyn.calls.filter(c => c.method !== 'GET');
const sql = statement => ask(server.data, server.db, statement);
const waits = () => +sql('SELECT count(*) FROM journal_out WHERE sent < changed')[0][0];
const published = () => +sql('SELECT count(*) FROM journal_entry WHERE state = 2')[0][0];
/** The administrator presses; the run has ended when every job of it has. */
async function send(who = ulla) {
  await who.get('/admin/journal');
  if (waits()) await who.submit('/admin/journal');
  await until('the run', () => +sql("SELECT count(*) FROM job WHERE kind = 'journal_send' AND state IN (0, 1)")[0][0] === 0, 30000);
}
async function complain() {
  const nobody = new Client(server.url, { lang: 'da' }), n = published();
  await fill(nobody, words, 'ris-og-ros');
  assert.equal((await nobody.submit('/casefile/submit')).status, 200);
  await until('another entry', () => published() > n, 60000);
}

/** The archivist decides on an entry, and it is sent. */
const decider = (who, id) => async ({ go, ...values }) => { await who.get('/journal/review/' + id); await who.submit('/journal/review/' + id, values, { button: go }); assert.equal(who.last.status, 200); await send(); };

test('what is public is there once, in the form the service takes, with nothing private', async () => {
  await apply(await citizen(server), aidsAnswers);
  await complain();
  await until('two entries', () => published() === 2, 60000);
  await Promise.all([send(), send(await citizen(server, 'Ulla Thorsen'))]); // two press at once
  await until('all told', () => waits() === 0, 60000);
  assert.deepEqual(einnsyn.calls.filter(c => c.status === 400).map(c => c.body), [], 'nothing was refused');
  assert.deepEqual(['arkiv', 'arkivdel', 'saksmappe', 'journalpost'].map(k => einnsyn.of(k).length), [1, 1, 2, 2]);
  const posts = writes().filter(c => c.method === 'POST' && /journalpost$/.test(c.path)).map(c => c.body.systemId);
  assert.equal(new Set(posts).size, posts.filter((_, i) => writes().filter(c => c.method === 'POST' && /journalpost$/.test(c.path))[i].status === 201).length);
  for (const p of einnsyn.of('journalpost')) { assert.equal(p.journalposttype, 'inngaaende_dokument'); assert.match(p.externalId, /:20\d\d-\d+$/); }
  for (const w of einnsyn.of('korrespondansepart')) assert.equal(w.korrespondansepartNavn, '*****');
  const all = JSON.stringify(einnsyn.calls);
  for (const word of private_) assert.ok(!all.includes(word), word);
  assert.doesNotMatch(all, /\b\d{6}[- ]?\d{4}\b/);
});

test('a second run sends nothing', async () => {
  const n = writes().length;
  await ulla.request('/admin/journal', { method: 'POST', body: new URLSearchParams({ csrf: /name="csrf" value="([^"]+)"/.exec((await ulla.get('/admin')).text)[1] }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  await until('the run', () => +sql("SELECT count(*) FROM job WHERE kind = 'journal_send' AND state IN (0, 1)")[0][0] === 0, 30000);
  assert.equal(writes().length, n);
});

test('an answer that is lost makes no double; the service being away loses nothing', async () => {
  let lost = 0;
  einnsyn.trouble = c => lost ? 503 : c.method === 'POST' && /\/journalpost$/.test(c.path) && ++lost ? 'drop' : undefined; // a run of its own may come first
  await complain();
  await send();
  assert.ok(lost, 'it was tried');
  await until('it is noted', () => sql("SELECT error FROM journal_out WHERE sent < changed AND error <> ''").length === 1);
  assert.equal(einnsyn.of('journalpost').length, 3, 'it had arrived');
  await send();
  const before = writes().length;
  assert.equal(waits(), 1);
  const error = sql('SELECT error FROM journal_out WHERE sent < changed')[0][0];
  assert.match(error, /503/);
  einnsyn.trouble = () => {};
  await send();
  assert.equal(waits(), 0);
  assert.equal(einnsyn.of('journalpost').length, 3, 'and once');
  assert.ok(writes().slice(before).some(c => c.status === 409) && writes().slice(before).some(c => c.method === 'PATCH' && c.status === 200));
});

for (const javaScriptEnabled of [true, false])
  test(`the administrator sees what was refused, and why, ${javaScriptEnabled ? 'with' : 'without'} JavaScript; the rest goes on`, async () => {
    let id;
    einnsyn.trouble = c => c.method === 'POST' && /\/saksmappe$/.test(c.path) && (id ??= c.body.systemId) === c.body.systemId ? (delete c.body.offentligTittel, undefined) : undefined;
    const n = einnsyn.of('journalpost').length;
    await complain();
    await complain();
    await send();
    assert.deepEqual([einnsyn.of('journalpost').length, waits()], [n + 1, 1], 'the other went');
    const page = await visitor(browser, server, { javaScriptEnabled });
    await login(page, 'Ulla Thorsen');
    await page.goto('/admin');
    if (javaScriptEnabled) await check(page, 'admin: one entry could not be sent');
    assert.match(await page.textContent('main'), /én post kunne ikke sendes/);
    await page.getByRole('link', { name: 'Hvad eInnsyn har fået' }).click();
    if (javaScriptEnabled) { await check(page, 'admin: the journal service'); await screenshot(page, 'admin-journal'); await tabThrough(page); await page.setViewportSize({ width: 320, height: 900 }); await screenshot(page, 'admin-journal-320'); await page.setViewportSize({ width: 1280, height: 900 }); }
    const text = await page.textContent('main');
    assert.match(text, /Én post kunne ikke sendes/);
    assert.match(text, /400 validationError: offentligTittel/);
    assert.doesNotMatch(text, /may hold a name/, 'values of what was refused are not shown');
    einnsyn.trouble = () => {};
    await page.getByRole('button', { name: 'Prøv alt, der venter, nu' }).click();
    assert.match(await page.textContent('main'), /Vi sender nu/);
    await until('it went', () => waits() === 0, 30000);
    assert.equal(einnsyn.of('journalpost').length, n + 2);
    await page.reload();
    if (javaScriptEnabled) { await check(page, 'admin: the journal service has all'); await screenshot(page, 'admin-journal-all'); }
    assert.match(await page.textContent('main'), /(\d+) af \1 poster er sendt/);
    await page.context().close();
  });

test('what is changed here is changed there; what is held back goes, and its case file when nothing is left of it; and comes again', async () => {
  const [[id, sort]] = sql("SELECT registration_id, sort FROM journal_entry WHERE state = 2 AND title LIKE '%Ris og ros%' ORDER BY sort DESC LIMIT 1");
  const no = `${Math.floor(sort / 1e9)}-${sort % 1e9}`, carl = await citizen(server, /Carl Friis/.source.replace('\\', ''));
  const there = () => einnsyn.of('journalpost').filter(p => p.externalId.endsWith(':' + no));
  const files = einnsyn.of('saksmappe').length, posts = einnsyn.of('journalpost').length;
  const decide = decider(carl, id);
  assert.equal(there().length, 1);
  await decide({ go: 'publish', title: 'Klage over åbningstider', casefile_title: 'Åbningstider', who: '' });
  assert.deepEqual(there().map(p => p.offentligTittel), ['Klage over åbningstider']);
  assert.ok(einnsyn.of('saksmappe').some(f => f.offentligTittel === 'Åbningstider'));
  await decide({ go: 'hold', reason: 'offentlighedsloven § 30' });
  assert.equal(there().length, 0);
  assert.equal(einnsyn.of('saksmappe').length, files - 1);
  assert.doesNotMatch(JSON.stringify([...einnsyn.things.values()]), /bningstider/);
  await decide({ go: 'publish', title: 'Klage', casefile_title: 'Ris og ros', who: '' });
  assert.deepEqual(there().map(p => p.offentligTittel), ['Klage']);
  assert.deepEqual([einnsyn.of('saksmappe').length, einnsyn.of('journalpost').length], [files, posts]);
  assert.equal(waits(), 0);
});

test('what may have arrived though no answer came is mended and taken down as well', async () => {
  const carl = await citizen(server, 'Carl Friis'), newest = () => sql('SELECT registration_id FROM journal_entry WHERE state = 2 ORDER BY sort DESC LIMIT 1')[0][0];
  const files = () => einnsyn.of('saksmappe').map(f => f.offentligTittel), hidden = title => !JSON.stringify([...einnsyn.things.values()]).includes(title);
  const lose = (method, what) => { let lost = 0; einnsyn.trouble = c => c.method === method && what.test(c.path) && !lost++ ? 'drop' : undefined; return () => lost; };
  let decide = decider(carl, newest());
  const right = { go: 'publish', title: 'Klage', casefile_title: 'Ris og ros', who: '' };
  await decide(right);
  let lost = lose('PATCH', /^\/saksmappe\//);
  await decide({ ...right, casefile_title: 'Klage fra naboen' });
  assert.ok(lost() && !hidden('naboen'), 'it had arrived');
  await decide(right);
  assert.ok(hidden('naboen'), 'the right title again');

  const before = files().length, known = newest();
  lost = lose('POST', /\/saksmappe$/);
  await complain();
  decide = decider(carl, newest());
  assert.notEqual(newest(), known);
  await until('it is tried', async () => { if (!lost()) await send(); return lost(); });
  await decide({ go: 'hold', reason: 'offentlighedsloven § 30' });
  assert.deepEqual([files().length, waits()], [before, 0]);
  einnsyn.trouble = () => {};
});

test('a key that is not taken is told to the administrator; nobody else may look', async () => {
  writeFileSync(path.join(server.data, 'einnsyn-key'), 'forkert\n');
  await ulla.get('/admin');
  await ulla.submit('/admin/probe');
  await until('it was looked at', async () => /tager ikke imod vores nøgle/.test(textOf((await ulla.get('/admin')).text)), 30000);
  assert.match(textOf(ulla.last.text), /401 authenticationError/);
  assert.doesNotMatch(ulla.last.text, new RegExp(key));
  const bo = await citizen(server, 'Bo Kjær');
  assert.equal((await bo.request('/admin/journal')).status, 403);
});
