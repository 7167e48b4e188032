// Rikke, the citizens' adviser, reads Anna's case because Anna complained; Sofie, the data protection officer, reads who looked.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts } from '../lib/days.mjs';
import { startServer } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, citizen, takeCase } from '../lib/people.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';

let server, browser, anna, bo, rikke, sofie, inge, mine;
const WHY = 'Anna Holm klagede den 3. november over ventetiden.';
before(async () => {
  server = await startServer();
  browser = await launch();
  [anna, bo, rikke, sofie, inge] = await Promise.all(['Anna Holm', 'Bo Kjær', 'Rikke Vang', 'Sofie Bang', 'Inge Dahl'].map(n => citizen(server, n)));
  mine = await apply(anna);
  mine.desk = await takeCase(bo, mine.no);
  await act(bo, mine.desk, 'note', { text: 'Vi venter på et målebånd.' });
});
after(async () => { await browser?.close(); await server?.stop(); });

test('who may come in', async () => {
  for (const path of ['/oversight', '/oversight/log', '/oversight/withheld', '/oversight/erasures', '/oversight/exports', '/oversight/services']) {
    assert.equal((await anna.request(path)).status, 403, path);
    assert.equal((await bo.request(path)).status, 403, path);
  }
  for (const path of ['/oversight/log', '/oversight/erasures', '/oversight/exports', '/oversight/withheld']) assert.equal((await rikke.request(path)).status, 403, path);
  for (const path of ['/oversight/log', '/oversight/erasures', '/oversight/exports']) assert.equal((await inge.request(path)).status, 403, path);
});

test('the adviser opens one case for a purpose, reads it, and can do nothing', async () => {
  await rikke.get('/oversight');
  await rikke.submit('/oversight', { no: mine.no, purpose: 'kort' });
  assert.equal(rikke.last.status, 422);
  assert.match(textOf(rikke.last.text), /Skriv hvorfor, med mindst 10/);
  await rikke.submit('/oversight', { no: '2099-000001', purpose: WHY });
  assert.equal(rikke.last.status, 422);
  assert.match(textOf(rikke.last.text), /Der er ingen sag med det nummer/);
  assert.ok(rikke.last.text.includes(WHY), 'what was written is still there');
  const page = await rikke.submit('/oversight', { no: mine.no, purpose: WHY });
  assert.equal(page.status, 200, textOf(page.text).slice(0, 300));
  assert.match(page.path, /^\/oversight\/casefile\/\d+$/);
  assert.match(textOf(page.text), /Du kan læse sagen, ikke ændre den.*Anna Holm.*Vi venter på et målebånd/);
  assert.doesNotMatch(page.text, /<form[^>]*action="\/(desk|oversight\/casefile)/, 'no form in it');
  assert.equal((await rikke.request(`/desk/casefile/${mine.desk}`)).status, 403, 'not by the desk');
  assert.equal((await bo.request(page.path)).status, 403);
  assert.equal((await sofie.request(page.path)).status, 403, 'the officer reads no cases');
  const document = /href="(\/oversight\/casefile\/\d+\/document\/\d+)"/.exec(page.text)[1];
  assert.equal((await rikke.get(document)).status, 200);
  const seen = textOf((await anna.get('/access')).text);
  assert.match(seen, /[Bb]orgerrådgiver/);
  assert.ok(seen.includes(WHY), 'Anna reads why: ' + seen.slice(0, 600));
});

test('the officer reads who looked, by pattern, and what surrounds it', async () => {
  await bo.get(`/desk/casefile/${mine.desk}/export`);
  let page = await sofie.get('/oversight/log');
  assert.match(textOf(page.text), /Bo Kjær/);
  assert.doesNotMatch(textOf(page.text).replaceAll(WHY, ''), /Anna Holm/, 'not at whom');
  page = await sofie.get('/oversight/log?pattern=refused');
  assert.match(textOf(page.text), /Rikke Vang.*afvist/);
  await sofie.submit('/oversight/log', { from_day: '31', from_month: '2', from_year: '2026' });
  assert.equal(sofie.last.status, 422);
  assert.match(textOf(sofie.last.text), /Skriv en dag, der findes/);
  await sofie.submit('/oversight/log', { pattern: 'all', from_day: '1', from_month: '1', from_year: '2020', until_day: '1', until_month: '2', until_year: '2020' });
  assert.match(textOf(sofie.last.text), /Der er ingen opslag som disse/);
  await bo.get(`/desk/casefile/${mine.desk}/export`);
  page = textOf((await sofie.get('/oversight/exports')).text);
  assert.match(page, new RegExp(`${mine.no} Bo Kjær`));
  assert.match(page, /Hjælpemiddelteamet 2 gange, 1 sag /, 'the same case twice');
  assert.match(textOf((await sofie.get('/oversight/erasures')).text), /Intet er slettet/);
  page = await sofie.get('/oversight/services/lette-hjaelpemidler');
  assert.match(textOf(page.text), /serviceloven § 112.*5 år, efter at sagen er lukket|5 år, efter at sagen er lukket.*serviceloven § 112/);
  assert.equal((await sofie.request('/oversight/services/findes-ikke')).status, 404);
  // she watches, and is watched
  assert.match(textOf((await sofie.get('/oversight/log')).text), /Sofie Bang.*Loggen/);
});

test('a leader withholds what the law says, the officer sees it and ends it', async () => {
  await inge.get('/oversight/withheld');
  await inge.submit('/oversight/withheld', { no: mine.no, legal_basis: '', until_day: '1', until_month: '1', until_year: '2020' });
  assert.equal(inge.last.status, 422);
  assert.match(textOf(inge.last.text), /Skriv, hvilken lov.*Skriv en dag fra i dag/);
  const done = await inge.submit('/oversight/withheld', { no: mine.no, legal_basis: 'barnets lov § 1 (eksempel)', ...dateParts('until', 20) });
  assert.match(textOf(done.text), /Opslagene holdes tilbage/);
  assert.doesNotMatch(textOf((await anna.get('/access')).text), new RegExp(mine.no), 'Anna does not see them now');
  const page = await sofie.get('/oversight/withheld');
  assert.match(textOf(page.text), new RegExp(`${mine.no} barnets lov § 1.*Inge Dahl`));
  const ended = await sofie.submit('/end');
  assert.match(textOf(ended.text), /Borgeren kan se opslagene igen/);
  assert.match(textOf((await anna.get('/access')).text), new RegExp(mine.no));
});

test('the pages, seen and by keyboard', async () => {
  const adviser = await visitor(browser, server, { javaScriptEnabled: true });
  await login(adviser, 'Rikke Vang');
  await adviser.goto('/oversight');
  await check(adviser, 'adviser: open a case');
  await screenshot(adviser, 'oversight');
  await adviser.getByLabel('Sagens nummer').fill(mine.no);
  await adviser.getByRole('button', { name: 'Åbn sagen' }).click();
  await check(adviser, 'adviser: no purpose');
  await adviser.getByLabel('Hvorfor åbner du sagen?').fill(WHY);
  await adviser.getByRole('button', { name: 'Åbn sagen' }).click();
  await check(adviser, 'adviser: a case, to read');
  await screenshot(adviser, 'oversight-case');
  const officer = await visitor(browser, server);
  await login(officer, 'Sofie Bang');
  for (const [path, name] of [['/oversight', 'front'], ['/oversight/log', 'log'], ['/oversight/log?pattern=refused', 'refused'], ['/oversight/withheld', 'withheld'],
    ['/oversight/erasures', 'erasures'], ['/oversight/exports', 'exports'], ['/oversight/services', 'services'], ['/oversight/services/lette-hjaelpemidler', 'a service']]) {
    await officer.goto(path);
    await check(officer, `officer: ${name}`);
    if (name === 'log') await screenshot(officer, 'oversight-log');
  }
  const leader = await visitor(browser, server);
  await login(leader, 'Inge Dahl');
  await leader.goto('/oversight/withheld');
  await check(leader, 'leader: withhold');
});

test('without JavaScript', async () => {
  const plain = await visitor(browser, server, { javaScriptEnabled: false });
  await login(plain, 'Rikke Vang');
  await plain.goto('/oversight');
  await plain.getByLabel('Sagens nummer').fill(mine.no);
  await plain.getByLabel('Hvorfor åbner du sagen?').fill(WHY);
  await plain.getByRole('button', { name: 'Åbn sagen' }).click();
  await plain.getByText('Du kan læse sagen, ikke ændre den.').waitFor();
});
