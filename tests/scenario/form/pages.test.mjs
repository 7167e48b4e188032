// Every page and state of the form in Chromium: axe, html-validate, 320 px, keyboard, and without scripts.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { png } from '../lib/people.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const next = p => p.locator('.k-buttons .button-primary').click();
const focus = p => p.waitForFunction(() => document.activeElement !== document.body).then(() => p.evaluate(() => document.activeElement.id));

/** Through all of light assistive aids; look(name) at each state. */
async function walk(p, look) {
  await login(p, 'Anna Holm');
  await p.goto('/form/lette-hjaelpemidler');
  await look('form start');
  await p.locator('form[action$="/start"] button').click();
  await look('form register facts');
  await next(p);
  await look('form choices');
  await next(p);
  assert.equal(await focus(p), 'errors');
  assert.match(await p.title(), /^Fejl: /);
  await look('form errors');
  await p.locator('#errors a').first().click();
  assert.equal(await focus(p), 'f-aids');
  await p.getByLabel('Rollator').check();
  await p.getByLabel('Badebænk').check();
  await p.locator('#f-used_before').check();
  await next(p);
  assert.equal(await focus(p), 'more');
  await look('form more questions');
  await next(p);
  await p.locator('#f-difficulty').fill('Jeg er bange for at falde på vej ud i badet.');
  await p.locator('#f-lasts-1').check();
  await p.locator('#f-fallen').check();
  await next(p);
  await p.locator('#f-falls').fill('2');
  await look('form date and number');
  await p.locator('#f-falls').press('Enter'); // Enter is Next, not a language
  await p.waitForURL(/\/home$/);
  await p.locator('#f-stairs').check();
  await next(p);
  await p.locator('#f-steps').fill('14');
  await p.locator('#f-bathroom').check();
  await p.locator('#f-picture').setInputFiles([{ name: 'trappe.png', mimeType: 'image/png', buffer: png }, { name: 'noget.png', mimeType: 'image/png', buffer: Buffer.from('MZ') }]);
  await p.locator('button[value=stay]').click();
  await p.waitForFunction(() => document.activeElement?.id === 'errors'); // the upload takes its time
  await look('form files');
  await p.locator('.k-files a[href$="/delete"]').click();
  await look('form file delete');
  await p.locator('.k-buttons a').click();
  await next(p);
  await p.locator('#f-contact_by').check();
  await p.locator('#f-helper-1').check();
  await p.locator('#f-truth').check();
  await next(p);
  await p.locator('#f-phone_time').check();
  await next(p);
  await p.waitForURL(/\/review$/);
  await look('form review');
  await screenshot(p, 'form-review');
}

test('every page and state', async () => {
  const p = await visitor(browser, server);
  await walk(p, name => check(p, name));
  const draft = /draft\/(\d+)/.exec(p.url())[1];

  // a question taken away again: what was answered there is named before sending
  await p.goto(`/form/draft/${draft}/aids`);
  await p.getByLabel('Rollator').uncheck();
  await next(p);
  await p.goto(`/form/draft/${draft}/review`);
  await check(p, 'form review dropped');

  // two windows
  const q = await p.context().newPage();
  await p.goto(`/form/draft/${draft}/situation`);
  await q.goto(`/form/draft/${draft}/situation`);
  await q.locator('#f-difficulty').fill('Skrevet i det andet vindue.');
  await next(q);
  await p.locator('#f-difficulty').fill('Skrevet i det første vindue.');
  await next(p);
  await p.getByText('Skrevet i det andet vindue.').waitFor();
  await check(p, 'form conflict');
  await p.getByRole('button', { name: 'Gem det, jeg skrev her' }).click();
  assert.equal(await p.locator('#f-difficulty').inputValue(), 'Skrevet i det første vindue.');

  await p.goto(`/form/draft/${draft}/contact`);
  await p.locator('#f-truth').uncheck();
  await p.getByRole('button', { name: 'Gem og forlad' }).click();
  await p.goto(`/form/draft/${draft}/review`);
  await check(p, 'form review missing');
  await p.goto('/form/lette-hjaelpemidler');
  await check(p, 'form start with a draft');
  await p.goto(`/form/draft/${draft}/delete`);
  await check(p, 'form delete');
});

test('a new language loses nothing of what is being written', async () => {
  const p = await visitor(browser, server);
  await p.goto('/form/ris-og-ros');
  await check(p, 'form start anonymous');
  await p.locator('form[action$="/start"] button').click();
  await p.locator('#f-happened').fill('Halvt skrev');
  await p.getByRole('button', { name: 'English' }).click();
  assert.equal(await p.locator('html').getAttribute('lang'), 'en');
  assert.equal(await p.locator('#f-happened').inputValue(), 'Halvt skrev');
  await check(p, 'form page in English');
  await p.getByRole('button', { name: 'Nynorsk' }).click();
  await check(p, 'form page in nynorsk');
});

test('without scripts', async () => {
  const p = await visitor(browser, server, { javaScriptEnabled: false });
  await walk(p, async () => {});
});

test('by keyboard: every stop shows its focus', async () => {
  const p = await visitor(browser, server);
  await login(p, 'Anna Holm');
  await p.goto('/form/lette-hjaelpemidler');
  await p.locator('form[action$="/start"] button').click();
  await next(p);
  const stops = await tabThrough(p);
  assert.ok(stops.length > 10);
});
