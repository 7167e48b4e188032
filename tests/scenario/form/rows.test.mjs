// Rows of a repeat, computed answers, limits by other answers, attachments and the numbers with check digits, in a form made
// for it (tests/fuzz/form/rows.yaml): with and without scripts, in two windows, to the desk.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { thisYear } from '../lib/days.mjs';
import { root, startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';
import { citizen, png, takeCase } from '../lib/people.mjs';

let server, browser, services;
before(async () => {
  services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  const dir = path.join(services, 'raekker');
  cpSync(path.join(root, 'services/ris-og-ros'), dir, { recursive: true });
  rmSync(path.join(dir, 'examples'), { recursive: true });
  writeFileSync(path.join(dir, 'form.yaml'), readFileSync(path.join(root, 'tests/fuzz/form/rows.yaml')));
  const service = path.join(dir, 'service.yaml');
  writeFileSync(service, readFileSync(service, 'utf8').replace('apply: anonymous', 'apply: person\nassurance: low'));
  server = await startServer({ args: ['--services', services] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); rmSync(services, { recursive: true }); });

const press = (p, value) => Promise.all([p.waitForNavigation(), p.locator(`#form button[value="${value}"]:visible`).first().click()]);
const next = p => press(p, 'next');
async function begin(p, name = 'Anna Holm') {
  await login(p, name);
  await p.goto('/form/raekker');
  await Promise.all([p.waitForNavigation(), p.locator('form[action$="/start"] button').first().click()]);
}
async function born(p, day, month, year) {
  for (const [part, v] of Object.entries({ day, month, year })) await p.locator(`[name=child_born_${part}]`).fill(String(v));
}
const year = thisYear();

async function story(p, look) {
  await begin(p);
  await look('rows: none yet');
  await next(p);
  assert.match(await p.textContent('#errors'), /Tilføj mindst 1 ved “Børn”/);
  await look('rows: too few');
  await press(p, 'add-children');
  await look('rows: a new one');
  await next(p);
  assert.match(await p.textContent('#errors'), /Udfyld “Barnets navn”/);
  await look('rows: a fault in one');
  await p.locator('[name=child_name]').fill('Ida Holm');
  await born(p, 3, 5, year - 8);
  await next(p);
  assert.match(p.url(), /\?more=1/, 'the answer led to the question about school');
  await p.locator('[name=at_school][value=true]').check();
  await next(p);
  await p.locator('[name=school_name]').fill('Fjordskolen');
  await p.locator('[name=school_from_month]').fill('1');
  await p.locator('[name=school_from_year]').fill(String(year - 9));
  await p.locator('[name=share]').fill('60');
  await p.locator('[name=child_paper]').setInputFiles([{ name: 'skole.png', mimeType: 'image/png', buffer: png }]);
  await look('rows: all its questions');
  await next(p);
  assert.match(await p.textContent('#errors'), new RegExp(`Måneden ved “Fra måned” skal være maj ${year - 8} eller senere`));
  await p.locator('[name=school_from_year]').fill(String(year - 2));
  await press(p, 'another');
  await p.locator('[name=child_name]').fill('Bo Holm');
  await born(p, 1, 1, year - 20);
  await p.locator('[name=share]').fill('50');
  await next(p);
  assert.match(p.url(), /\/family$/);
  assert.match(textOf(await p.content()), /Barn 1 Ida Holm, 3\. maj \d{4}.*Barn 2 Bo Holm/);
  await look('rows: two');
  await next(p);
  assert.match(await p.textContent('#errors'), /Andelene er over 100 procent/);
  await look('rows: together wrong');
  await p.locator('.k-rows li:nth-child(2) button').first().click();
  await p.waitForSelector('[name=share]');
  await p.locator('[name=share]').fill('40');
  await next(p);
  await press(p, 'add-children');
  await press(p, 'back');
  assert.equal(await p.locator('.k-rows li').count(), 2, 'a row left empty never was');
  await press(p, 'add-children');
  await p.locator('[name=child_name]').fill('Fejl');
  await press(p, 'back');
  assert.equal(await p.locator('.k-rows li').count(), 3);
  await next(p);
  assert.match(await p.textContent('#errors'), /Barn 3: Udfyld “Født”/);
  assert.match(await p.locator('.k-rows li:nth-child(3)').textContent(), /Udfyld “Født”/);
  await look('rows: a fault in the list');
  await p.locator('.k-rows li:nth-child(3) button').last().click();
  await p.waitForURL(/\/remove$/);
  await look('rows: remove?');
  await p.locator('.k-buttons form button').click();
  await p.waitForURL(/\/family$/);
  assert.equal(await p.locator('.k-rows li').count(), 2);
  await look('rows: one was removed');
  await next(p);

  await p.locator('[name=pay]').fill('30.000');
  await p.locator('[name=from_day]').fill('1'); await p.locator('[name=from_month]').fill('3'); await p.locator('[name=from_year]').fill('2026');
  await p.locator('[name=to_day]').fill('1'); await p.locator('[name=to_month]').fill('3'); await p.locator('[name=to_year]').fill('2026');
  assert.equal(await p.locator('[name=bank_country]').inputValue(), 'DK', 'the default stands there');
  assert.equal(await p.locator('[name=percent]').inputValue(), '12.5');
  await p.selectOption('[name=bank_country]', 'SE');
  await look('rows: money');
  await next(p);
  assert.match(await p.textContent('#errors'), /Datoen ved “Til” skal være 2\. marts 2026 eller senere/);
  assert.match(await p.locator('#f-holiday').textContent(), /3\.750,00\s+kr\./);
  await p.locator('[name=to_day]').fill('31');
  await p.locator('[name=iban]').fill('SE45 5000 0000 0583 9825 7467');
  await p.locator('[name=firm]').fill('974 760 673');
  await next(p);
  assert.match(await p.textContent('#errors'), /Skriv et dansk CVR-nummer/);
  await look('rows: check digits');
  await p.locator('[name=firm]').fill('');
  await p.locator('[name=iban]').fill('SE45 5000 0000 0583 9825 7466');
  await next(p);
  await p.locator('[name=proof][value=other]').check();
  await look('rows: an attachment and a declaration');
  await next(p);
  await p.locator('[name=proof_note]').fill('Skolen');
  await next(p);
  assert.match(await p.textContent('#errors'), /Sæt kryds ved “Jeg har læst det”|Sæt flueben/);
  await p.locator('[name=promise]').check();
  await next(p);
  await p.waitForURL(/\/review/);
  await look('rows: review');
}

const answers = [/Barn 1: Barnets navn Ida Holm/, /Barn 1, Skolen: Fra måned januar 20\d\d/, /Barn 2: Barnets navn Bo Holm/, /Feriepenge 3\.750,00\s+kr\./, /Dage 30/, /Bankens land Sverige/,
  /IBAN SE45\s5000\s0000\s0583\s9825\s7466/, /Bekræftelse fra skolen En anden sender den/, /Hvem sender den\? Skolen/, /Jeg har læst det Ja/, /skole\.png/];

test('from the first row to the desk', { timeout: 300000 }, async () => {
  const p = await visitor(browser, server);
  await story(p, async name => { await check(p, name); await screenshot(p, name.replace(/[^a-z]+/g, '-')); });
  const review = textOf(await p.content());
  for (const a of answers) assert.match(review, a);
  assert.doesNotMatch(review, /Fejl|Barn 3/);
  await p.locator('form[action*="/casefile/submit"] button').click();
  await p.waitForURL(/receipt/);
  const no = /20\d\d-\d{6}/.exec(await p.textContent('main'))[0];
  const rikke = await citizen(server, 'Rikke Vang'), desk = await takeCase(rikke, no);
  await rikke.get(`/desk/casefile/${desk}`);
  for (const a of answers) assert.match(textOf(rikke.last.text), a, 'the desk shows the answers as she saw them');
  const papers = [...rikke.last.text.matchAll(/<a [^>]*href="[^"]*document[^"]*"[^>]*>([^<]*)/g)].map(m => m[1]);
  assert.ok(papers.some(t => /skole/.test(t)), 'the paper of the row came along: ' + papers.join());
});

test('without scripts, and by keyboard', { timeout: 200000 }, async () => {
  const p = await visitor(browser, server, { javaScriptEnabled: false });
  await story(p, async () => {});
  for (const a of answers) assert.match(textOf(await p.content()), a);
  const q = await visitor(browser, server);
  await begin(q, 'Erik Sand');
  const stops = await tabThrough(q);
  assert.ok(stops.some(s => /Tilføj et barn/.test(s)), stops.join('|'));
});

test('two windows: each adds a row, one row is never overwritten, what was removed is told', { timeout: 100000 }, async () => {
  const anna = await citizen(server), family = async () => (await anna.get(here)).text;
  await anna.get('/form/raekker');
  await anna.submit('/start');
  const here = anna.last.path;
  const one = await anna.submit('/family', {}, { button: 'add-children' });
  await anna.get(here);
  const two = await anna.submit('/family', {}, { button: 'add-children' });
  const row = (name, day = '3') => ({ child_name: name, child_born_day: day, child_born_month: '5', child_born_year: String(year - 20) });
  await anna.submit('/children/', row('Ida'), { page: one });
  await anna.submit('/children/', row('Ida'), { page: one }); // sent twice
  await anna.submit('/children/', row('Bo'), { page: two });
  let list = textOf(await family());
  assert.match(list, /Barn 1 Ida.*Barn 2 Bo/);
  assert.doesNotMatch(list, /Barn 3/);
  const change = /value="(row-[a-z0-9]+-children)"/.exec(anna.last.text)[1];
  const a = await anna.submit('/family', {}, { button: change });
  await anna.get(a.path);
  const b = anna.last;
  await anna.submit('/children/', row('Ida Marie'), { page: a });
  const conflict = await anna.submit('/children/', row('Ida Sofie'), { page: b });
  assert.equal(conflict.status, 409);
  assert.match(textOf(conflict.text), /Ida Marie.*Ida Sofie/);
  assert.match(textOf(await family()), /Barn 1 Ida Marie/, 'nothing was written');
  const ask = await anna.submit('/family', {}, { button: change.replace('row-', 'remove-') });
  assert.match(textOf(ask.text), /Barn 1 \(Ida Marie/);
  await anna.get(a.path);
  await anna.submit('/children/', row('Ida Louise'));
  const behind = await anna.submit('/remove', {}, { page: ask });
  assert.equal(behind.status, 409);
  assert.match(textOf(behind.text), /gemt i et andet vindue.*Barn 1 \(Ida Louise/);
  assert.match(textOf(await family()), /Barn 1 Ida Louise/, 'what was not seen is not removed');
  await anna.submit('/remove', {}, { page: behind });
  assert.match(textOf(await family()), /Barn 1 Bo/);
  const gone = await anna.submit('/children/', row('Ida Sofie'), { page: b });
  assert.equal(gone.status, 409, 'a row that was removed does not come back unasked');
  await anna.get(here + '/children/AB', 404);
  await anna.get(here + '/moved/aaaaaaaa', 404);
  await anna.get(here + '/children/zzzzzzzz/remove', 404);
});
