// Story 9: a leader sees the queue in figures, as a chart with its table, and takes them along as CSV.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, freshDatabase, root, startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { apply, citizen } from '../lib/people.mjs';

let server, browser, data, db;
before(async () => {
  data = mkdtempSync(path.join(tmpdir(), 'indgang-data-'));
  db = freshDatabase();
  execFileSync(binary, ['demo', '--data', data, '--casefiles', '900', ...(db.url ? ['--db', db.url] : [])], { cwd: root, stdio: 'ignore' });
  server = await startServer({ data, db });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); });

/** The rows of a CSV: RFC 4180 with semicolons. */
function rowsOf(text) {
  const rows = [];
  let row = [], cell = '', quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) { if (c === '"' && text[i + 1] === '"') { cell += '"'; i++; } else if (c === '"') quoted = false; else cell += c; }
    else if (c === '"') quoted = true;
    else if (c === ';') { row.push(cell); cell = ''; }
    else if (c === '\r') { /* before \n */ }
    else if (c === '\n') { row.push(cell); rows.push(row); row = []; cell = ''; }
    else cell += c;
  }
  return rows;
}
const sum = (rows, at) => rows.reduce((n, r) => n + Number(r[at]), 0);
/** The figure beside a word of "Right now". */
const figure = (html, label) => Number(new RegExp(`<dt>${label}</dt><dd><span class="k-figure">([\\d.]+)</span>`).exec(html)?.[1].replaceAll('.', '') ?? NaN);

test('the page: figures, charts that can be heard, and their tables', { timeout: 90000 }, async () => {
  const page = await visitor(browser, server);
  await login(page, 'Inge Dahl');
  await page.getByRole('link', { name: 'Nøgletal' }).click();
  await check(page, 'leader: figures');
  const charts = page.getByRole('img', { name: /Modtaget, afgjort og ventende|Dage til svar/ });
  assert.equal(await charts.count(), 2);
  assert.match(await page.locator('#flow-text').textContent(), /ventede \d[\d.]* sager\. I .* venter \d/);
  assert.equal(await page.locator('table:below(#months) tbody').first().locator('tr').count(), 12);
  // a column of the chart for each number of the table that is not nought
  const shown = await page.locator('.k-chart-picture').first().locator('.k-chart-bar').count();
  const cells = await page.locator('[aria-labelledby=months] tbody td:nth-child(-n+3)').allTextContents();
  assert.equal(shown, cells.filter(c => c !== '0').length);
  await screenshot(page, 'desk-numbers');
  // told apart without colour: filled, hollow, and a line
  const filled = await page.locator('.k-chart-picture .k-chart-bar:not(.k-chart-bar--second)').first().evaluate(e => getComputedStyle(e).fill);
  const hollow = await page.locator('.k-chart-picture .k-chart-bar--second').first().evaluate(e => getComputedStyle(e).fill);
  assert.notEqual(filled, hollow);
  assert.equal(await page.locator('.k-chart-picture circle').first().evaluate(e => getComputedStyle(e).visibility), 'visible');
  // on a phone the words keep their size and do not run into each other
  await page.setViewportSize({ width: 320, height: 900 });
  const boxes = await page.locator('.k-chart-picture').first().locator('text.k-chart-step').evaluateAll(all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.right, r.height]));
  assert.ok(boxes.length >= 6);
  for (let i = 1; i < boxes.length; i++) assert.ok(boxes[i][0] > boxes[i - 1][1], 'months overlap at 320 px');
  assert.ok(boxes[0][2] >= 11, `text of ${boxes[0][2]} px`);
  await page.setViewportSize({ width: 1280, height: 900 });
  // filters
  await page.getByLabel('Ydelse', { exact: true }).selectOption({ label: 'Lette hjælpemidler' });
  await page.getByRole('button', { name: 'Vis tallene' }).click();
  await page.waitForURL(/service=/);
  assert.match(page.url(), /service=lette-hjaelpemidler/);
  await check(page, 'leader: figures of one service');
  assert.match(await page.textContent('.k-lead'), /Lette hjælpemidler/);
});

test('the file opens in a Danish or Norwegian spreadsheet and says what the page says', async () => {
  const inge = await citizen(server, 'Inge Dahl');
  const html = (await inge.get('/desk/numbers')).text;
  const file = await inge.get('/desk/numbers/export');
  assert.match(file.headers.get('content-type'), /^text\/csv; charset=utf-8/);
  assert.match(file.headers.get('content-disposition'), /attachment; filename="?tal-\d{4}-\d\d-\d\d\.csv/);
  assert.deepEqual([...file.bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
  const [head, year, ...rest] = rowsOf(file.text.slice(1));
  assert.equal(head.length, 22);
  assert.deepEqual(head.slice(0, 5), ['Periode', 'Enhed', 'Ydelse', 'Modtaget', 'Afgjort eller besvaret']);
  const services = rest.filter(r => r[0] === year[0]), months = rest.filter(r => r[0] !== year[0]);
  assert.equal(months.length, 12);
  assert.ok(services.length >= 2);
  for (const at of [3, 4, 5, 9, 10]) { // received, answered, withdrawn, in time, late
    assert.equal(sum(months, at), Number(year[at]), head[at]);
    assert.equal(sum(services, at), Number(year[at]), head[at]);
  }
  assert.equal(Number(year[6]), Number(months[11][6]), 'what waits now');
  for (let i = 1; i < 12; i++)
    assert.equal(Number(months[i][6]) - Number(months[i - 1][6]), months[i][3] - months[i][4] - months[i][5], 'what waits is what came, less what left');
  assert.equal(figure(html, 'Venter på svar'), Number(year[6]));
  assert.equal(figure(html, 'Over fristen'), Number(year[12]));
  assert.equal(figure(html, 'Uden sagsbehandler'), Number(year[13]));
  assert.equal(sum([year.slice(17)], 0) + sum([year.slice(18)], 0) + sum([year.slice(19)], 0) + sum([year.slice(20)], 0) + sum([year.slice(21)], 0), Number(year[6]), 'the ages are all who wait');
  for (const r of rest.filter(r => Number(r[4]) < 5)) assert.deepEqual(r.slice(7, 9), ['', ''], 'no days of fewer than five');
  const few = await inge.get('/desk/numbers/export?service=lette-hjaelpemidler');
  assert.ok(rowsOf(few.text.slice(1)).slice(1).every(r => r[2] === 'Lette hjælpemidler'));
});

test('an application is in the figures at once', async () => {
  const inge = await citizen(server, 'Inge Dahl'), anna = await citizen(server);
  const before = figure((await inge.get('/desk/numbers')).text, 'Venter på svar');
  const { id } = await apply(anna);
  assert.equal(figure((await inge.get('/desk/numbers')).text, 'Venter på svar'), before + 1);
  await anna.get(`/mypage/casefile/${id}`);
  await anna.get(`/mypage/casefile/${id}/withdraw`);
  await anna.submit('/withdraw');
  const after = (await inge.get('/desk/numbers')).text;
  assert.equal(figure(after, 'Venter på svar'), before);
  assert.equal(figure(after, 'Mangler at blive lukket'), 1);
});

test('only a leader, and only of what is theirs', async () => {
  const inge = await citizen(server, 'Inge Dahl'), bo = await citizen(server, 'Bo Kjær'), anna = await citizen(server);
  await bo.get('/desk/numbers', 403);
  await bo.get('/desk/numbers/export', 403);
  await anna.get('/desk/numbers', 403);
  assert.doesNotMatch((await bo.get('/desk')).text, /href="\/desk\/numbers"/);
  await inge.get('/desk/numbers?unit=12345', 403);
  await inge.get('/desk/numbers/export?unit=12345', 403);
  const unit = formsOf((await inge.get('/desk/numbers')).text).find(f => f.action === '/desk/numbers').fields.find(f => f.name === 'unit');
  assert.deepEqual(unit.options.map(o => o.text), ['Alle dine enheder', 'Hjælpemiddelteamet']);
  await inge.get(`/desk/numbers?unit=${unit.options[1].value}`);
  assert.doesNotMatch(textOf((await inge.get('/desk/numbers')).text), /Anna Holm/);
});

test('a unit without cases says so', async () => {
  const empty = await startServer();
  try {
    const page = await visitor(browser, empty, { locale: 'nb-NO' });
    await login(page, 'Inge Dahl');
    await page.goto('/desk/numbers');
    await check(page, 'leader: no figures yet');
    assert.match(await page.textContent('main'), /Det er ingen saker ennå/);
  } finally { await empty.stop(); }
});
