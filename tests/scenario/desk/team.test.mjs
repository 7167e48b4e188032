// Bo is ill: his cases show as his unit's, a colleague takes one, the leader hands the rest over in one step; and a case
// that belongs to another unit goes there with its deadline, and Anna is told who has it now.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { ask } from '../lib/command.mjs';
import { startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { act, apply, citizen, takeCase } from '../lib/people.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const sql = text => ask(server.data, server.db, text);
const idOf = (html, name) => new RegExp(`/desk/team/(\\d+)"[^>]*>[^<]*<span[^>]*>[^<]*${name}`).exec(html)?.[1];
const moves = html => formsOf(html).find(f => /hand-over/.test(f.action)).fields.filter(f => f.name === 'moves').flatMap(f => f.value.split('~'));

test('Bo is ill, and Inge hands his cases over in one step', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), inge = await citizen(server, 'Inge Dahl'), jonas = await citizen(server, 'Jonas Lykke');
  const first = await apply(anna), second = await apply(anna);
  for (const c of [first, second]) c.desk = await takeCase(bo, c.no);

  // no one of these may see the leader's page
  for (const c of [anna, bo, jonas]) assert.equal((await c.request('/desk/team')).status, 403);
  await jonas.get(`/desk/casefile/${first.desk}`);
  assert.ok(!formsOf(jonas.last.text).some(f => /\/take$/.test(f.action)), 'nobody takes a case from one who is here');

  // the leader says that Bo is away until further notice; a last day before the first is refused
  await inge.get('/desk/team');
  const boId = idOf(inge.last.text, 'Bo Kjær');
  await inge.get(`/desk/absence?employee=${boId}`);
  const bad = await inge.submit('/desk/absence', { until_day: '1', until_month: '1', until_year: '2020' });
  assert.equal(bad.status, 422);
  assert.match(textOf(bad.text), /Den sidste dag må ikke ligge før/);
  await inge.submit('/desk/absence', { until_day: '', until_month: '', until_year: '' });
  assert.match(textOf(inge.last.text), /Fraværet er gemt/);
  assert.match(textOf(inge.last.text), /Bo Kjær Fraværende Indtil videre 2/);
  assert.equal((await jonas.request(`/desk/absence?employee=${boId}`)).status, 403);

  // the desk shows the cases as the unit's, and a colleague takes one
  await jonas.get('/desk');
  assert.match(textOf(jonas.last.text), /Bo Kjær Fraværende/);
  await jonas.get(`/desk/casefile/${first.desk}`);
  assert.match(textOf(jonas.last.text), /Bo Kjær er fraværende\. Du kan tage sagen/);
  assert.equal((await jonas.submit('/take')).status, 200);

  // choose, see what will happen, do it
  await inge.get(`/desk/team/${boId}`);
  assert.match(textOf(inge.last.text), /Bo Kjær har 1 sag i Hjælpemiddelteamet/);
  const empty = await inge.submit('/desk/team/', { case: null, how: 'colleagues' });
  assert.equal(empty.status, 422);
  assert.match(textOf(empty.text), /Vælg mindst en sag/);
  assert.match(textOf(empty.text), /Vælg mindst en kollega/);
  await inge.get(`/desk/team/${boId}`);
  const jonasId = /value="(\d+)"[^>]*>\s*<label[^>]*>Jonas Lykke/.exec(inge.last.text)[1];
  const plan = await inge.submit('/desk/team/', { how: 'colleagues', to: jonasId });
  assert.match(textOf(plan.text), /1 sag, heraf 0 over fristen/);
  assert.match(textOf(plan.text), /Jonas Lykke får 1 sag/);
  const result = await inge.submit('/hand-over');
  assert.match(textOf(result.text), /1 sag er givet videre/);
  const again = await inge.submit('/hand-over', {}, { page: plan }); // pressed twice
  assert.match(textOf(again.text), /Var allerede givet til Jonas Lykke/);
  assert.equal((textOf((await inge.get(`/desk/casefile/${second.desk}`)).text).match(/Sagen blev givet videre til Jonas Lykke/g) || []).length, 1);
  assert.match(textOf((await anna.get(`/mypage/casefile/${second.id}`)).text), /Jonas Lykke/);

  // law 2 and 7 hold against one who writes the plan by hand
  const [token] = moves(plan.text);
  const [caseId, version] = token.split('-');
  const mette = await citizen(server, 'Mette Bro');
  const ingeId = idOf((await inge.get('/desk/team')).text, 'Inge Dahl') ?? /employee=(\d+)"[^>]*>[^<]*<span[^>]*>[^<]*Inge Dahl/.exec(inge.last.text)[1];
  for (const forged of [`${caseId}-${version}-${ingeId}`, `${caseId}-${+version + 1}-${boId}`, `1-1-${ingeId}`]) {
    const a = await inge.submit('/hand-over', { moves: forged }, { page: plan });
    assert.match(textOf(a.text), /Ikke givet videre/, forged);
  }
  await mette.get('/desk');
  assert.equal((await mette.submit('/hand-over', { moves: token }, { page: { ...plan, text: plan.text.replace(/name="csrf" value="[^"]*"/, /name="csrf" value="[^"]*"/.exec(mette.last.text)[0]) } })).status, 403);

  // Bo is back
  await bo.get('/desk/absence');
  await bo.submit('/desk/absence', {}, { button: 'end' });
  assert.match(textOf(bo.last.text), /Fraværet er slettet/);
  assert.doesNotMatch(textOf((await inge.get('/desk/team')).text), /Fraværende/);
});

test('a case for another unit goes there, and Anna is told', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), mette = await citizen(server, 'Mette Bro');
  const c = await apply(anna);
  const desk = await takeCase(bo, c.no);
  await act(bo, desk, 'ask', { text: 'Er hjælpen til et barn?', days: '5' });
  const deadline = /Frist\s*<strong>([^<]+)/i.exec((await bo.get(`/desk/casefile/${desk}`)).text)?.[1];
  assert.ok(deadline);
  const page = await bo.get(`/desk/casefile/${desk}/do/pass-on`);
  const missing = await bo.submit('/do/pass-on', { text: '' });
  assert.equal(missing.status, 422);
  const other = /<option value="(\d+)"[^>]*>Center for Dagtilbud og Skole/.exec(page.text)[1];
  await bo.get(`/desk/casefile/${desk}/do/pass-on`);
  // nothing is chosen beforehand, only units where somebody can open it, and the domain holds to that
  const units = formsOf(page.text).find(f => /pass-on/.test(f.action)).fields.find(f => f.name === 'unit');
  assert.equal(units.value, '');
  assert.deepEqual(units.options.slice(1).map(o => o.text), ['Borgerrådgiveren', 'Borgerservice', 'Center for Dagtilbud og Skole']);
  assert.match(textOf(missing.text), /Vælg en enhed/);
  const empty = sql("SELECT id FROM unit WHERE key = 'kultur'")[0];
  await bo.submit('/do/pass-on', { unit: String(empty), text: 'Til jer.' }, { forge: true });
  assert.equal(bo.last.status, 422);
  await bo.submit('/do/pass-on', { unit: String(empty), text: 'Til jer.', do: 'sure' }, { forge: true });
  assert.equal(bo.last.status, 422, 'also without the question');
  // it is asked before, and can be changed: this unit cannot take it back
  await bo.get(`/desk/casefile/${desk}/do/pass-on`);
  const sure = await bo.submit('/do/pass-on', { unit: other, text: 'Hjælpen er til et barn.' });
  assert.match(textOf(sure.text), new RegExp(`Sag ${c.no} går til Center for Dagtilbud og Skole.*kan ikke selv tage den tilbage`));
  const change = formsOf((await bo.submit('/do/pass-on', {}, { button: 'edit' })).text).find(f => /pass-on/.test(f.action));
  assert.deepEqual(['unit', 'text'].map(n => change.fields.find(f => f.name === n).value), [other, 'Hjælpen er til et barn.']);
  assert.equal((await bo.get(`/desk/casefile/${desk}`)).status, 200, 'not gone yet');
  const done = await bo.submit('/do/pass-on', {}, { page: sure, button: 'sure' });
  assert.match(textOf(done.text), /Den anden enhed har nu sagen/);
  assert.equal((await bo.request(`/desk/casefile/${desk}`)).status, 403);
  const mine = await anna.get(`/mypage/casefile/${c.id}`);
  assert.match(textOf(mine.text), /Center for Dagtilbud og Skole har nu din sag\. Fristen er den samme\. Du kan ringe til dem på 70 00 03 00/);
  assert.match(textOf(mine.text), /Hjælpen er til et barn/);
  await mette.get(`/desk/casefile/${desk}`);
  assert.ok(mette.last.text.includes(deadline), 'the deadline is the same');
  assert.match(textOf((await mette.get('/desk')).text), /: 1 åben, 0 over fristen/, 'one is one');
  const english = await citizen(server, 'Anna Holm', { lang: 'en' });
  assert.match(textOf((await english.get(`/mypage/casefile/${c.id}`)).text), /Centre for Day Care and Schools now has your case/);
});

test('a case for a colleague: nobody is chosen beforehand', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), desk = await takeCase(bo, (await apply(anna)).no);
  await bo.get(`/desk/casefile/${desk}/do/hand-over`);
  const none = await bo.submit('/do/hand-over');
  assert.equal(none.status, 422);
  assert.match(textOf(none.text), /Vælg en kollega/);
  const jonas = /<option value="(\d+)"[^>]*>Jonas Lykke/.exec(none.text)[1];
  assert.match(textOf((await bo.submit('/do/hand-over', { employee: jonas })).text), /Sagen er givet videre/);
});

test('the administrator is told of cases that nobody can open', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), ulla = await citizen(server, 'Ulla Thorsen');
  const units = html => /Sager og enheder[\s\S]*?<\/li>/.exec(html)[0];
  assert.doesNotMatch(textOf(units((await ulla.get('/admin')).text)), /Kultur og Fritid/);
  const c = await apply(anna);
  await takeCase(bo, c.no);
  sql(`UPDATE casefile_task SET unit_id = (SELECT id FROM unit WHERE key = 'kultur') WHERE casefile_id = (SELECT id FROM casefile WHERE no = '${c.no}')`); // its last employee has left
  assert.match(textOf(units((await ulla.get('/admin')).text)), /Åbne sager, som ingen kan behandle:.*Kultur og Fritid \(1 sag\)/);
});

test('the pages, by keyboard, at two widths and without JavaScript', { timeout: 180000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  for (let i = 0; i < 2; i++) await takeCase(bo, (await apply(anna)).no);
  const page = await visitor(browser, server);
  await login(page, 'Inge Dahl');
  await page.goto('/desk/team');
  await check(page, 'who is here');
  await screenshot(page, 'desk-team');
  const row = page.locator('tr', { hasText: 'Bo Kjær' });
  await row.getByRole('link', { name: /Fravær/ }).click();
  await check(page, 'absence of an employee');
  await page.getByRole('button', { name: 'Gem fraværet' }).click();
  await check(page, 'who is here, Bo away');
  await page.goto('/desk');
  await check(page, 'queue with one who is away');
  await page.goto('/desk/team');
  await page.locator('tr', { hasText: 'Bo Kjær' }).getByRole('link', { name: /Giv sager videre/ }).click();
  await check(page, 'a pile');
  await page.getByRole('button', { name: 'Se, hvad der vil ske' }).click();
  await check(page, 'a pile, nobody chosen');
  await page.getByLabel('Jonas Lykke').check();
  await page.getByLabel('Inge Dahl').check();
  await page.getByRole('button', { name: 'Se, hvad der vil ske' }).click();
  await check(page, 'a plan');
  await screenshot(page, 'desk-hand-over');
  await page.getByRole('button', { name: /^Giv \d+ sager videre$/ }).click();
  await check(page, 'what happened');
  await page.goto('/desk/absence');
  await check(page, 'own absence');
  const desk = await takeCase(bo, (await apply(anna)).no);
  await page.goto(`/desk/casefile/${desk}/do/pass-on`);
  await check(page, 'to another unit');
  await page.getByLabel('Enhed').selectOption('Center for Dagtilbud og Skole');
  await page.locator('main textarea').fill('Hjælpen er til et barn.');
  await page.locator('main form button').first().click();
  await check(page, 'to another unit, sure?');
  await screenshot(page, 'desk-pass-on');

  const plain = await visitor(browser, server, { javaScriptEnabled: false, viewport: { width: 320, height: 800 } });
  await login(plain, 'Inge Dahl');
  await plain.goto('/desk/team');
  await plain.locator('tr', { hasText: 'Jonas Lykke' }).getByRole('link', { name: /Giv sager videre/ }).click();
  await plain.getByLabel(/Enhedens kø/).check();
  await plain.getByRole('button', { name: 'Se, hvad der vil ske' }).click();
  await plain.getByRole('button', { name: /videre$/ }).click();
  assert.match(await plain.textContent('main'), /Lagt i enhedens kø/);
});
