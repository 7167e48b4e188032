// The session ends while somebody writes: what was written waits for them, and for nobody else.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { startServer } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { apply, citizen, png, takeCase } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

let server, mine;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

/** An hour without a page: everybody's session is over by itself. */
function anHourPasses() { // the clock is the program's: what it last saw of them is moved instead
  const sql = 'UPDATE session SET seen_us = seen_us - 3600000000';
  if (server.db.url) execFileSync('psql', ['-X', '-q', '-c', sql, server.db.url]);
  else execFileSync('sqlite3', ['-cmd', '.timeout 10000', path.join(server.data, 'indgang.db'), sql]);
}
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

test('an employee’s note, in a browser: the page, and sent as it was meant', async () => {
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
    await page.getByRole('button', { name: 'Send det nu' }).click();
    await page.getByText('hele formiddagen').first().waitFor();
    assert.match(page.url(), /\/desk\/casefile\//);
  } finally {
    await browser.close();
  }
});
