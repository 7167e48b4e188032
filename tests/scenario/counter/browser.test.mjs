// Story 6 in Chromium: with scripts and without, every page and state held against axe at two widths and html-validate.
import test, { after, afterEach, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { thisYear } from '../lib/days.mjs';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';

let server, browser;
const municipality = municipalityWith({ recall_seconds: 1 });
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });
beforeEach(async () => { server = await startServer({ args: ['--municipality', municipality] }); });
afterEach(async () => { await server?.stop(); });

const next = page => page.getByRole('button', { name: 'Næste', exact: true }).click();
const group = (page, name) => page.getByRole('group', { name });
const bar = page => page.getByRole('region', { name: 'Borger ved skranken' });

async function find(page, idno) {
  await page.getByLabel('Personnummer').fill(idno);
  await page.getByLabel('Ved skranken').check();
  await page.getByLabel('Hjælpe med at søge om noget').check();
  await page.getByRole('button', { name: 'Åbn borgeren' }).click();
}

async function fillIn(page, look) {
  await page.getByRole('link', { name: 'Lette hjælpemidler' }).click();
  await look('form-start');
  await page.locator('main form button:visible').first().click();
  await look('form-about');
  await next(page);
  await page.getByLabel('Stok', { exact: true }).check();
  await group(page, /prøvet et af dem/).getByLabel('Nej').check();
  await next(page);
  await page.getByLabel(/Hvad er svært/).fill('Jeg er bange for at falde på vej ud i badet.');
  await group(page, /varer ved/).getByLabel('Ja').check();
  await group(page, /faldet/).getByLabel('Nej').check();
  await next(page);
  await group(page, /trapper/).getByLabel('Nej').check();
  await next(page);
  await group(page, /stiller spørgsmål/).getByLabel('Skriv til mig på Min side', { exact: true }).check();
  await group(page, /hjælper dig/).getByLabel('Nej').check();
  await page.getByLabel(/så vidt jeg ved/).check();
  await next(page);
  await look('form-review');
}

async function story(options, tag, look) {
  const carl = await visitor(browser, server, options);
  const at = name => look(carl, name);
  await login(carl, /Carl Friis/);
  await carl.goto('/counter');
  await at('find');
  await carl.getByRole('button', { name: 'Åbn borgeren' }).click();
  assert.match(await carl.title(), /^Fejl:/);
  await at('find-errors');
  await find(carl, '890288-3117');
  await carl.getByText('Du må ikke åbne denne borger').waitFor();
  await at('find-refused');
  await find(carl, '721141-2346');
  assert.equal(await carl.locator('h1').textContent(), 'Dagny Lund');
  assert.doesNotMatch(carl.url().slice(server.url.length), /\d/, 'no number in the address'); // its port may have any
  await bar(carl).getByText('Du udfylder for Dagny Lund').waitFor();
  await at('person');
  await fillIn(carl, at);
  await carl.locator('main form button:visible').first().click();
  await bar(carl).waitFor();
  await at('receipt');
  await carl.emulateMedia({ media: 'print' });
  assert.equal(await bar(carl).isVisible(), false, 'the bar stays off the paper');
  assert.equal(await carl.getByText('Skriv kvitteringen ud').isVisible(), false);
  assert.ok(await carl.getByText('Dagny Lund', { exact: true }).isVisible());
  await screenshot(carl, 'counter-receipt-print');
  await carl.emulateMedia({ media: 'screen' });
  await carl.getByRole('link', { name: 'Tilbage til Dagny Lund' }).click();
  await at('person-with-case');
  await carl.getByRole('button', { name: 'Stop for Dagny Lund' }).click();
  await carl.getByText('Borgeren er lukket').waitFor();
  assert.equal(await bar(carl).count(), 0);

  const inge = await visitor(browser, server, options);
  await login(inge, /Inge Dahl/);
  await inge.goto('/desk');
  await inge.getByRole('link', { name: 'Uden computer', exact: true }).click();
  await look(inge, 'channels');
  await inge.getByRole('link', { name: String(thisYear() - 1) }).click();
  await look(inge, 'channels-empty');
}

test('with scripts', async () => {
  await story({}, '', async (page, name) => { await check(page, 'counter ' + name); await screenshot(page, 'counter-' + name); });
});

test('without scripts, on a narrow screen', async () => {
  await story({ javaScriptEnabled: false, viewport: { width: 320, height: 800 } }, 'js-off', async (page, name) => {
    assert.ok((await page.locator('h1').count()) === 1, name);
    await screenshot(page, 'counter-narrow-' + name);
  });
});

test('by keyboard: the bar comes before the page, and every stop shows', async () => {
  const carl = await visitor(browser, server);
  await login(carl, /Carl Friis/);
  await carl.goto('/counter');
  await find(carl, '721141-2346');
  const stops = await tabThrough(carl);
  assert.ok(stops.findIndex(s => s.startsWith('Stop for')) < stops.findIndex(s => s.startsWith('Lette')), stops.join(' | '));
});
