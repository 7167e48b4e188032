// The session ends while somebody writes: what was written waits for them, and for nobody else.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { ask } from '../lib/command.mjs';
import { startServer, until } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { apply, citizen, png, takeCase } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

let server, mine;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

/** An hour without a page: everybody's session is over by itself. */
function anHourPasses() { // the clock is the program's: what it last saw of them is moved instead
  sql('UPDATE session SET seen_us = seen_us - 3600000000');
}
const sql = text => ask(server.data, server.db, text);
const waiting = () => sql('SELECT id FROM page_kept').length;
const words = 'Jeg har skrevet på det her hele formiddagen.\n\nOg "citeret" <b>loven</b>.';

/** Log in at the page one was led to, as somebody; the answer is where that leads. */
async function again(c, name) {
  const next = new URL(c.last.path, server.url).searchParams.get('next');
  assert.match(next ?? c.last.path, /^\/page\/kept\/\d+$/, `led to the login: ${c.last.path}`);
  await c.login(name);
  return next;
}

test('a citizen goes on at the same page with the same words; it is sent when she sends it', async () => {
  const anna = await citizen(server);
  mine = await apply(anna);
  await anna.get(`/mypage/casefile/${mine.id}/add`);
  anHourPasses();
  const refused = await anna.submit('/add', { text: words, files: [{ name: 'bad.png', type: 'image/png', bytes: png }] });
  assert.equal(refused.status, 200);
  const next = await again(anna, 'Anna Holm');
  const kept = await anna.get(next);
  assert.match(textOf(kept.text), /Det, du skrev, er ikke tabt/);
  assert.match(textOf(kept.text), /Filer er ikke gemt/);
  assert.match(textOf(kept.text), /Og "citeret" <b>loven<\/b>\./, 'as text');
  assert.doesNotMatch(textOf((await anna.get(`/mypage/casefile/${mine.id}`)).text), /hele formiddagen/, 'not sent yet');
  await anna.get(next);
  const form = await anna.submit('/add');
  assert.equal(formsOf(form.text).find(f => (f.action ?? '').includes('/add')).fields.find(f => f.name === 'text').value, words);
  const sent = await anna.submit('/add', {});
  assert.match(textOf(sent.text), /hele formiddagen/);
});

test('nobody else gets it: not who logs in on the same computer, not after logging out', async () => {
  const anna = await citizen(server);
  await anna.get(`/mypage/casefile/${mine.id}/add`);
  const page = anna.last;
  anHourPasses();
  await anna.submit('/add', { text: words });
  const next = await again(anna, 'Dagny Lund');
  assert.equal((await anna.request(next)).status, 404);
  const bo = await citizen(server, 'Bo Kjær');
  assert.equal((await bo.request(next)).status, 404);
  // Dagny's session on the same browser, Anna's old page in another tab: nothing is kept for either
  const other = await anna.submit('/add', { text: words }, { page });
  assert.equal(other.status, 403);
  // Anna logs out herself: then her computer remembers nothing
  const out = await citizen(server);
  await out.get(`/mypage/casefile/${mine.id}/add`);
  const left = out.last;
  await out.get('/mypage');
  await out.submit('/auth/logout');
  await out.submit('/add', { text: words }, { page: left });
  assert.doesNotMatch(decodeURIComponent(out.last.path), /\/page\/kept\//);
});

test('nothing is kept that did not come from a page of that very session', async () => {
  const anna = await citizen(server);
  await anna.get(`/mypage/casefile/${mine.id}/add`);
  const page = anna.last, had = waiting();
  anHourPasses();
  const path = `/mypage/casefile/${mine.id}/add`, urlencoded = { 'content-type': 'application/x-www-form-urlencoded' };
  const send = (c, body, headers = {}) => c.request(path, { method: 'POST', body: new URLSearchParams(body).toString(), headers: { ...urlencoded, ...headers }, follow: false });
  const csrf = formsOf(page.text).find(f => (f.action ?? '').includes('/add')).fields.find(f => f.name === 'csrf').value;
  const elsewhere = await send(anna, { csrf, text: words }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' });
  assert.equal(elsewhere.status, 403, 'from another site');
  for (const [what, body] of [['without a token', { text: words }], ['with the token of another session', { text: words, csrf: 'a'.repeat(64) }]]) {
    const refused = await send(anna, body);
    assert.equal(refused.status, 303, what);
    assert.doesNotMatch(decodeURIComponent(refused.location), /kept/, what);
  }
  const nobody = await send(new Client(server.url), { csrf, text: words });
  assert.doesNotMatch(decodeURIComponent(nobody.location ?? ''), /kept/, 'nobody was logged in here');
  const long = await anna.submit('/add', { text: 'alt for langt '.repeat(20000) }, { page, follow: false });
  assert.doesNotMatch(decodeURIComponent(long.location), /kept/, 'more than is kept');
  assert.equal(waiting(), had);
  assert.equal((await anna.request(`/page/kept/1`, { follow: false })).status, 303, 'only for who is logged in');
});

test('so many and no more; after an hour it is gone', async () => {
  const anna = await citizen(server);
  await anna.get(`/mypage/casefile/${mine.id}/add`);
  const page = anna.last;
  sql('DELETE FROM page_kept');
  anHourPasses();
  let last;
  for (let i = 0; i < 21; i++) last = await anna.submit('/add', { text: `${words} ${i}` }, { page, follow: false });
  assert.equal(waiting(), 20);
  assert.doesNotMatch(decodeURIComponent(last.location), /kept/);
  const [id] = sql('SELECT id FROM page_kept ORDER BY id LIMIT 1')[0];
  await anna.login('Anna Holm');
  await anna.get(`/page/kept/${id}`);
  sql('UPDATE page_kept SET ends_us = ends_us - 3600000000');
  assert.equal((await anna.request(`/page/kept/${id}`)).status, 404, 'the hour is over');
  const { port, data, db } = server; // the hour is waited for by nobody
  await server.stop({ keep: true });
  ask(data, db, "UPDATE job_schedule SET next_us = 1 WHERE kind = 'auth_sweep'");
  server = await startServer({ port, data, db });
  await until('it is erased', () => !waiting());
});

test('a form being filled in, and a large upload beside the words', async () => {
  const anna = await citizen(server);
  await anna.get('/form/lette-hjaelpemidler');
  await anna.submit('/start');
  const step = anna.last;
  anHourPasses();
  await anna.submit('/form/draft/', { phone: '20 00 00 77' }, { page: step });
  const next = await again(anna, 'Anna Holm');
  await anna.get(next);
  const on = await anna.submit('/form/draft/');
  assert.equal(on.status, 200);
  await anna.get(step.path);
  assert.match(anna.last.text, /20 00 00 77/);
  await anna.get(`/mypage/casefile/${mine.id}/add`);
  anHourPasses();
  await anna.submit('/add', { text: words, files: [{ name: 'stor.png', type: 'image/png', bytes: Buffer.concat([png, Buffer.alloc(300000)]) }] });
  const large = await again(anna, 'Anna Holm');
  assert.match(textOf((await anna.get(large)).text), /hele formiddagen/);
  await anna.submit('/forget');
  assert.match(textOf(anna.last.text), /Teksten er smidt væk/);
  assert.equal((await anna.request(large)).status, 404);
});

test('a button that was only pressed is not kept: one comes back to its page', async () => {
  const bo = await citizen(server, 'Bo Kjær');
  await bo.get('/desk/search?q=' + mine.no);
  await bo.get(/\/desk\/casefile\/\d+(?=")/.exec(bo.last.text)[0]);
  sql('DELETE FROM page_kept');
  anHourPasses();
  const refused = await bo.submit('/take', {}, { follow: false });
  assert.equal(refused.status, 303);
  assert.doesNotMatch(decodeURIComponent(refused.location), /kept/);
  assert.equal(waiting(), 0);
});

test('an employee’s note, in a browser: the page, the note with its words, and then it is sent', async () => {
  const bo = await citizen(server, 'Bo Kjær'), desk = await takeCase(bo, mine.no);
  const browser = await launch();
  try {
    const page = await visitor(browser, server);
    await login(page, 'Bo Kjær');
    await page.goto(`/desk/casefile/${desk}/do/note`);
    await page.locator('textarea[name=text]').fill(words);
    anHourPasses();
    await page.locator('#act button[type=submit]').click();
    await page.waitForURL(/\/auth\//);
    const next = new URL(page.url()).searchParams.get('next');
    await login(page, 'Bo Kjær');
    await page.goto(next);
    await check(page, 'what was written when the session ended');
    await page.getByRole('button', { name: 'Gå tilbage til siden med teksten' }).click();
    assert.equal(await page.locator('textarea[name=text]').inputValue(), words);
    await page.locator('#act button[type=submit]').click();
    await page.waitForURL(u => !/\/do\/|kept/.test(u.pathname));
    await page.getByText('hele formiddagen').first().waitFor();
  } finally {
    await browser.close();
  }
});
