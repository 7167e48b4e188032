// Sessions over HTTP: cookies, forged forms, several processes on one database.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startServer, engine, root } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const loggedIn = async (client, name) => textOf((await client.get('/page/help')).text).includes(name);

test('a visitor who only reads gets no cookie', async () => {
  const v = new Client(server.url);
  await v.get('/page/help');
  await v.get('/auth/login');
  assert.equal(v.cookies.has('indgang'), true, 'the demo chooser is a form');
  const w = new Client(server.url);
  await w.get('/page/privacy');
  assert.equal(w.cookies.size, 0);
});

test('the cookie is for us alone', async () => {
  const a = await fetch(server.url + '/auth/demo');
  const cookie = a.headers.get('set-cookie');
  assert.match(cookie, /^indgang=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax/);
  assert.equal(a.headers.get('cache-control'), 'no-store');
});

test('everyone in the demo can log in, and out', async () => {
  const names = formsOf((await new Client(server.url).get('/auth/demo')).text).map(f => /Log ind som ([^<]*)/.exec(f.html)?.[1]).filter(Boolean);
  const listed = readFileSync(path.join(root, 'municipality/people.yaml'), 'utf8').split(/^organisations:/m)[0].split(/^  - key: /m).slice(1);
  const people = listed.filter(p => !/^ *login: false$/m.test(p)).map(p => /^ *name: (.*)$/m.exec(p)[1]); // a child of seven has no login
  assert.ok(people.includes('Anna Holm') && people.length > 10 && people.length < listed.length);
  assert.deepEqual(names.sort(), people.sort());
  for (const name of names) {
    const c = new Client(server.url);
    await c.login(name, { next: '/page/help' });
    assert.ok(await loggedIn(c, name), name);
    await c.submit('/auth/logout');
    assert.equal(c.last.path, '/auth/loggedout');
    assert.equal(await loggedIn(c, name), false, name);
  }
});

test('a form of another session, or without a token, changes nothing', async () => {
  const anna = new Client(server.url), bo = new Client(server.url);
  await anna.login('Anna Holm', { next: '/page/help' });
  await bo.login('Bo Kjær', { next: '/page/help' });
  const csrf = formsOf((await bo.get('/page/help')).text).find(f => f.action === '/auth/logout').fields.find(f => f.name === 'csrf').value;
  for (const token of [csrf, '', 'x', null, '0'.repeat(64)]) {
    await anna.get('/page/help');
    const a = await anna.submit('/auth/logout', { csrf: token });
    assert.equal(a.status, 403, String(token));
    assert.ok(await loggedIn(anna, 'Anna Holm'), String(token));
  }
  await anna.get('/page/help');
  const a = await anna.submit('/auth/logout', {}, { headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } });
  assert.equal(a.status, 403);
  assert.ok(await loggedIn(anna, 'Anna Holm'));
});

test('pages for others send one to log in, and back', async () => {
  const v = new Client(server.url);
  const a = await v.request('/access?case=2026-000001', { follow: false });
  assert.equal(a.status, 303);
  assert.equal(a.location, '/auth/login?next=%2Faccess%3Fcase%3D2026-000001');
  const chooser = await v.get(a.location);
  assert.match(chooser.path, /^\/auth\/demo/);
  const forms = formsOf(chooser.text), at = forms.findIndex(f => textOf(f.html).includes('Anna Holm'));
  assert.equal((await v.submit(at)).path, '/access?case=2026-000001');
  const bo = new Client(server.url);
  await bo.login('Bo Kjær', { next: '/page/help' });
  assert.equal((await bo.request('/access')).status, 403);
});

test('an employee acts for units of their own only', async () => {
  const bo = new Client(server.url);
  await bo.login('Bo Kjær', { next: '/page/help' });
  const csrf = formsOf(bo.last.text).find(f => f.action === '/auth/logout').fields.find(f => f.name === 'csrf').value;
  const body = new URLSearchParams({ csrf, unit: '12345', next: '/page/help' }).toString();
  const a = await bo.request('/auth/unit', { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(a.status, 403);
});

test('a session is known to every process on the database, and ends in all', { skip: engine === 'sqlite' && 'one process on SQLite' }, async () => {
  const second = await startServer({ data: server.data, db: server.db });
  try {
    const anna = new Client(server.url), there = new Client(second.url);
    await anna.login('Anna Holm', { next: '/page/help' });
    there.cookies = anna.cookies;
    assert.ok(await loggedIn(there, 'Anna Holm'));
    await there.submit('/auth/logout');
    there.cookies = new Map(anna.cookies);
    assert.equal(await loggedIn(anna, 'Anna Holm'), false);
  } finally { await second.stop({ keep: true }); }
});
