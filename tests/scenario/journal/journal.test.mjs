// The public journal from end to end: what was sent stands in it, shielded; everybody reads it, with a browser, without JavaScript,
// as a feed and as data; from an entry one asks for access, and that is a case; what rules doubt an archivist decides.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { ask } from '../lib/command.mjs';
import { aidsAnswers, apply, citizen, fill } from '../lib/people.mjs';

let server, browser, everybody;
// Everything the two citizens say, and what the registers know of them.
const private_ = ['Anna', 'Holm', 'Lærkevej', '20 00 00 01', 'falde på vej ud', 'anna.holm', 'hemmelig.kilde', 'Hjælpemidler', 'hjælpemidler'];
const words = [{ kind: 'complaint', place: 'borgerservice', happened: 'Skriv til hemmelig.kilde@post.example, det haster.', wish: 'Svar mig.' }, { answer: 'yes', email: 'hemmelig.kilde@post.example' }];

before(async () => {
  server = await startServer();
  browser = await launch();
  const anna = await citizen(server);
  await apply(anna, aidsAnswers);
  const nobody = new Client(server.url, { lang: 'da' });
  await fill(nobody, words, 'ris-og-ros');
  assert.equal((await nobody.submit('/casefile/submit')).status, 200);
  everybody = new Client(server.url, { lang: 'da' });
  await until('two entries', async () => (await everybody.get('/journal')).text.match(/\/journal\/entry\//g)?.length >= 2, 60000);
});
after(async () => { await browser?.close(); await server?.stop(); });

test('both applications are there; about health nothing but that there was a document', async () => {
  const text = textOf((await everybody.get('/journal')).text);
  assert.match(text, /Ris og ros/);
  assert.match(text, /\*{5}/);
  assert.equal(everybody.last.headers.get('x-robots-tag'), 'noindex, nofollow');
  assert.equal(everybody.cookies.size, 0, 'who only reads gets no cookie');
});

test('nothing private is in any page, feed or file of it, nor found by searching', async () => {
  const list = (await everybody.get('/journal')).text, entries = [...list.matchAll(/\/journal\/entry\/[\d-]+/g)].map(m => m[0]);
  for (const where of ['/journal', '/journal/feed', '/journal/data.csv', '/journal/data.json', '/journal/einnsyn.json', ...entries, ...entries.map(e => e + '/request')]) {
    const { text } = await everybody.get(where);
    for (const word of private_) assert.ok(!text.replace(/<nav[\s\S]*?<\/nav>/g, '').includes(word), `${word} in ${where}`);
    assert.doesNotMatch(textOf(text), /\b\d{6}[- ]?\d{4}\b/, where);
  }
  for (const word of private_) assert.doesNotMatch((await everybody.get('/journal?q=' + encodeURIComponent(word))).text, /\/journal\/entry\//, word);
});

test('by words, by number, by day; a day that is none says how to write it', async () => {
  const found = async q => [...(await everybody.get('/journal?' + q)).text.matchAll(/\/journal\/entry\/([\d-]+)/g)].map(m => m[1]);
  assert.equal((await found('q=ros')).length, 1);
  const [no] = await found('q=ros');
  assert.deepEqual(await found('q=' + no), [no]);
  assert.equal((await found('q=elefant')).length, 0);
  const day = (await everybody.get('/journal/data.json')).text.match(/"day":"([\d-]+)"/)[1];
  assert.equal((await found('day=' + day)).length, 2);
  assert.equal((await found('day=2001-01-01')).length, 0);
  assert.match(textOf((await everybody.request('/journal?day=i+går')).text), /Skriv dagen som år, måned og dag/);
  assert.equal(everybody.last.status, 422);
});

test('as a feed, as CSV, as JSON and as eInnsyn takes it', async () => {
  const feed = await everybody.get('/journal/feed'), dir = mkdtempSync(path.join(tmpdir(), 'indgang-feed-'));
  writeFileSync(path.join(dir, 'feed.xml'), feed.bytes);
  execFileSync('xmllint', ['--noout', '--nonet', path.join(dir, 'feed.xml')]);
  rmSync(dir, { recursive: true });
  assert.match(feed.headers.get('content-type'), /^application\/atom\+xml/);
  assert.equal(feed.text.match(/<entry>/g).length, 2);
  assert.equal((await everybody.request('/journal/feed', { headers: { 'if-none-match': feed.headers.get('etag') } })).status, 304);
  assert.equal((await everybody.get('/journal/data.csv')).text.trim().split('\r\n').length, 3);
  assert.equal(JSON.parse((await everybody.get('/journal/data.json')).text).entries.length, 2);
  const { items } = JSON.parse((await everybody.get('/journal/einnsyn.json')).text);
  for (const file of items) {
    for (const key of ['offentligTittel', 'offentligTittelSensitiv', 'saksaar', 'sakssekvensnummer']) assert.ok(file[key], key);
    for (const post of file.journalpost) {
      for (const key of ['offentligTittel', 'offentligTittelSensitiv', 'journalaar', 'journalsekvensnummer', 'journalpostnummer', 'journaldato']) assert.ok(post[key], key);
      assert.equal(post.journalposttype, 'inngaaende_dokument');
      for (const who of post.korrespondansepart) assert.equal(who.korrespondansepartNavn, '*****');
    }
  }
});

for (const javaScriptEnabled of [true, false])
  test(`in a browser ${javaScriptEnabled ? 'with' : 'without'} JavaScript: search, read, ask, and it is a case`, async () => {
    const page = await visitor(browser, server, { javaScriptEnabled });
    const look = async name => { if (javaScriptEnabled) await check(page, name); };
    await page.goto('/journal');
    await look('journal: the list');
    if (javaScriptEnabled) { await tabThrough(page); await screenshot(page, 'journal'); await page.setViewportSize({ width: 320, height: 900 }); await screenshot(page, 'journal-320'); await page.setViewportSize({ width: 1280, height: 900 }); }
    await page.fill('#day', 'i går');
    await page.getByRole('button', { name: 'Vis', exact: true }).click();
    await look('journal: no day');
    await page.fill('#day', '');
    await page.fill('#q', 'ros');
    await page.getByRole('button', { name: 'Vis', exact: true }).click();
    await look('journal: found');
    await page.locator('a[href^="/journal/entry/"]').first().click();
    await look('journal: an entry');
    if (javaScriptEnabled) await screenshot(page, 'journal-entry');
    const no = /entry\/([\d-]+)/.exec(page.url())[1];
    await page.getByRole('link', { name: 'Bed om aktindsigt' }).click();
    await look('journal: asking');
    await page.getByRole('button', { name: 'Gå videre' }).click();
    assert.match(await page.inputValue('textarea[name=documents]'), new RegExp(`^${no} \\(`));
    await look('journal: the request');
    await page.locator('#form button.button-primary:visible').first().click();
    await page.check('input[name="answer_by"][value="page"]');
    await page.locator('#form button.button-primary:visible').first().click();
    assert.match(page.url(), /\/review/);
    await page.locator('form[action*="/casefile/submit"] button').first().click();
    assert.match(await page.textContent('main'), /20\d\d-\d{6}/);
    await page.context().close();
  });

test('what rules doubt waits for the archivist, who sees why and decides; nobody else may', async () => {
  const no = /\/journal\/entry\/([\d-]+)/.exec((await everybody.get('/journal?q=ros')).text)[1];
  // as if a person had written its title
  ask(server.data, server.db, `UPDATE journal_entry SET state = 1, doubts = 7, published_us = NULL, title = 'Brev fra *****' WHERE sort = ${no.split('-')[0] * 1e9 + +no.split('-')[1]}`);
  ask(server.data, server.db, `DELETE FROM search_term WHERE kind = 'journal' AND ref = (SELECT registration_id FROM journal_entry WHERE state = 1)`);
  assert.equal((await everybody.request('/journal/entry/' + no)).status, 404);
  const bo = await citizen(server, 'Bo Kjær');
  assert.equal((await bo.request('/journal/review')).status, 403);
  assert.equal((await everybody.request('/journal/review')).path.startsWith('/auth/'), true);
  const page = await visitor(browser, server);
  await login(page, /Carl Friis/);
  await page.goto('/journal/review');
  await check(page, 'journal: review');
  await screenshot(page, 'journal-review');
  await page.locator('main a[href^="/journal/review/"]').first().click();
  await check(page, 'journal: what is to stand');
  await screenshot(page, 'journal-case');
  await page.getByRole('button', { name: 'Hold tilbage' }).click();
  await check(page, 'journal: hold back, why?');
  assert.match(await page.textContent('#errors'), /Skriv, hvorfor/);
  await page.fill('#reason', 'offentlighedsloven § 30');
  await page.getByRole('button', { name: 'Hold tilbage' }).click();
  await check(page, 'journal: held back');
  await page.locator('main a[href^="/journal/review/"]').first().click();
  await check(page, 'journal: one that was held back');
  await page.fill('#title', 'Brev om 610190-1234');
  await page.getByRole('button', { name: 'Gør offentlig' }).click();
  assert.match(await page.textContent('main'), /Det er offentligt nu/);
  assert.match(textOf((await everybody.get('/journal/entry/' + no)).text), /Brev om \*{5}/);
  await page.goto('/journal/entry/' + no);
  await page.getByRole('link', { name: 'Ret eller tag ned' }).click();
  await check(page, 'journal: one that is public');
  await page.context().close();
});

test('a Danish municipality need not have one', async () => {
  const off = await startServer({ args: ['--municipality', municipalityWith({ public: false })] });
  try {
    const v = new Client(off.url);
    for (const where of ['/journal', '/journal/feed', '/journal/data.csv', '/journal/entry/2026-1']) assert.equal((await v.request(where)).status, 404, where);
    assert.doesNotMatch((await v.get('/')).text, /href="\/journal"/);
  } finally { await off.stop(); }
});
