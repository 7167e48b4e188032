// Where the municipality asks for two people, one administrator makes the list for destruction and another approves it.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, citizen, takeCase } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

let server, browser;
before(async () => {
  const dir = municipalityWith({ recall_seconds: 0 }), people = path.join(dir, 'people.yaml');
  appendFileSync(path.join(dir, 'municipality.yaml'), '\narchive: {two_people: true}\n');
  writeFileSync(people, readFileSync(people, 'utf8').replace('roles: [counter, archivist]', 'roles: [counter, archivist, admin]'));
  server = await startServer({ args: ['--municipality', dir] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); });

const sql = statement => server.db.url
  ? execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', statement, server.db.url], { stdio: ['ignore', 'pipe', 'pipe'] })
  : execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(server.data, 'indgang.db'), statement], { stdio: ['ignore', 'pipe', 'pipe'] });

test('one makes the list, another approves it, and the list stays told', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const { no } = await apply(anna), id = await takeCase(bo, no);
  await act(bo, id, 'note', { text: 'En note.' });
  const own = /\/mypage\/casefile\/(\d+)/.exec((await anna.get('/mypage/casefiles')).text)[1];
  await anna.get(`/mypage/casefile/${own}/withdraw`);
  await anna.submit('/withdraw', { text: 'Jeg har fundet en.' });
  await bo.get(`/desk/casefile/${id}`);
  await bo.submit('/close');
  const closed = BigInt(Date.now()) * 1000n - 370n * 86400n * 1000000n;
  sql(`UPDATE record_casefile SET closed_us = ${closed}, dispose_us = ${closed + 366n * 86400n * 1000000n} WHERE id = (SELECT record_id FROM casefile WHERE no = '${no}')`);

  const page = await visitor(browser, server);
  await login(page, 'Ulla Thorsen');
  await page.goto('/admin/retention');
  await check(page, 'two people: what is due');
  assert.match(await page.textContent('main'), /To personer skal til/);
  await page.getByRole('link', { name: 'Lav listen' }).click();
  await check(page, 'two people: the list');
  await page.getByRole('button', { name: 'Lav listen' }).click();
  await check(page, 'two people: made');
  assert.match(await page.textContent('main'), /Du lavede den\. En anden skal godkende den/);
  assert.equal(await page.getByRole('button', { name: /Godkend/ }).count(), 0);
  const list = sql('SELECT id FROM retention_list').toString().trim();
  const ulla = await citizen(server, 'Ulla Thorsen'), carl = await citizen(server, 'Carl Friis');
  await ulla.get('/admin/retention');
  const csrf = /name="csrf" value="([^"]+)"/.exec(ulla.last.text)[1];
  const forged = await ulla.request('/admin/retention/list/' + list, { method: 'POST', body: new URLSearchParams({ csrf }).toString(), headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  assert.equal(forged.status, 409, 'nor by hand');
  assert.equal((await bo.request(`/desk/casefile/${id}`)).status, 200, 'still there');

  const second = await visitor(browser, server);
  await login(second, /Carl Friis/);
  await second.goto('/admin/retention');
  await check(second, 'two people: the other one');
  await second.getByRole('button', { name: 'Godkend listen og slet' }).click();
  await until('the case to be erased', async () => /lavet af Ulla Thorsen, godkendt af Carl Friis/.test(textOf((await carl.get('/admin/retention')).text))
    && /Lette hjælpemidler 1 sag/.test(textOf(carl.last.text).replace(/.*Slettet/, '')));
  await second.reload();
  await check(second, 'two people: erased');
  assert.equal((await bo.request(`/desk/casefile/${id}`)).status, 404);
});
