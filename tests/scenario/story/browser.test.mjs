// The story of the main job in Chromium: with scripts, without, and by keyboard alone. Every page and state on the way is held
// against axe-core at two widths and html-validate (lib/browser.mjs: check).
import test, { after, afterEach, before, beforeEach } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { pdf, png } from '../lib/people.mjs';

let server, browser;
const municipality = municipalityWith({ recall_seconds: 4 });
before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });
// Each story in a house of its own: its case is the only one.
beforeEach(async () => { server = await startServer({ args: ['--municipality', municipality] }); });
afterEach(async () => { await server?.stop(); });

const next = page => page.getByRole('button', { name: 'Næste', exact: true }).click();
const heading = page => page.locator('h1').textContent();
const group = (page, name) => page.getByRole('group', { name });

/** The form of light assistive aids, page by page; `look` is called at each. */
async function fillIn(page, look) {
  await page.goto('/service/lette-hjaelpemidler');
  await look('service');
  await page.getByRole('link', { name: 'Søg nu' }).click();
  await look('form-start');
  await page.locator('main form button:visible').first().click();
  await look('form-about');
  await next(page);
  await next(page);
  assert.match(await page.title(), /^Fejl:/);
  await look('form-errors');
  await page.getByLabel('Stok', { exact: true }).check();
  await page.getByLabel('Badebænk').check();
  await group(page, /prøvet et af dem/).getByLabel('Nej').check();
  await next(page);
  await look('form-situation');
  await page.getByLabel(/Hvad er svært/).fill('Jeg er bange for at falde på vej ud i badet.');
  await group(page, /varer ved/).getByLabel('Ja').check();
  await group(page, /faldet/).getByLabel('Nej').check();
  await next(page);
  await look('form-home');
  await group(page, /trapper/).getByLabel('Nej').check();
  await group(page, /badeværelset/).getByLabel('Badekar').check();
  await page.locator('input[type=file]').setInputFiles({ name: 'badet.png', mimeType: 'image/png', buffer: png });
  await next(page);
  await look('form-contact');
  await group(page, /stiller spørgsmål/).getByLabel('Skriv til mig på Min side', { exact: true }).check();
  await group(page, /hjælper dig/).getByLabel('Nej').check();
  await page.getByLabel(/så vidt jeg ved/).check();
  await next(page);
  await look('form-review');
  assert.match(await page.locator('main').textContent(), /badet\.png/);
}

async function story(options, tag, look) {
  const anna = await visitor(browser, server, options);
  await anna.goto('/');
  await look(anna, 'front');
  await anna.getByRole('searchbox').fill('rollator');
  await anna.keyboard.press('Enter');
  await anna.waitForURL(/q=/);
  await look(anna, 'catalogue');
  await login(anna, 'Anna Holm');
  await look(anna, 'mypage-empty');
  await fillIn(anna, name => look(anna, name));
  await anna.getByRole('button', { name: 'Send', exact: true }).click();
  await look(anna, 'receipt');
  const receipt = await anna.locator('main').textContent();
  const no = /20\d\d-\d{6}/.exec(receipt)[0];
  assert.match(receipt, /Hjælpemiddelteamet/);

  const bo = await visitor(browser, server, options);
  await login(bo, 'Bo Kjær');
  await bo.goto('/desk');
  await look(bo, 'desk-queue');
  await bo.getByRole('searchbox').first().fill(no);
  await bo.keyboard.press('Enter');
  await bo.waitForURL(/q=/);
  await look(bo, 'desk-search');
  await bo.locator('main a[href*="/desk/casefile/"]').first().click();
  await look(bo, 'desk-casefile-new');
  await bo.getByRole('button', { name: 'Tag sagen' }).click();
  await bo.getByRole('link', { name: 'Stil et spørgsmål' }).click();
  await look(bo, 'desk-ask');
  await bo.getByRole('button', { name: 'Gem og send' }).click();
  assert.match(await bo.title(), /^Fejl:/);
  await look(bo, 'desk-ask-errors');
  await bo.getByLabel('Dit spørgsmål').fill('Hvor høj er kanten på dit badekar?');
  await bo.getByRole('button', { name: 'Gem og send' }).click();
  await look(bo, 'desk-casefile-asked');

  await anna.goto('/mypage');
  await look(anna, 'mypage-question');
  await anna.locator('main a[href*="/mypage/casefile/"]').first().click();
  await look(anna, 'mypage-casefile');
  await anna.getByRole('link', { name: 'Svar nu' }).click();
  await look(anna, 'mypage-answer');
  await anna.getByLabel('Dit svar').fill('Den er 54 cm høj.');
  await anna.locator('input[type=file]').setInputFiles({ name: 'badekar.png', mimeType: 'image/png', buffer: png });
  await anna.getByRole('button', { name: 'Send svar' }).click();
  await anna.getByRole('link', { name: 'Svar nu' }).waitFor({ state: 'detached' });
  await look(anna, 'mypage-answered');

  await bo.reload();
  assert.match(await bo.locator('main').textContent(), /54 cm/);
  await bo.getByRole('link', { name: 'Noter en samtale' }).click();
  await look(bo, 'desk-call');
  await bo.getByLabel('Ja, vi talte sammen').check();
  await bo.getByLabel('Hvad talte I om?').fill('Vi talte om bænken. Anna har en, der kan bruges.');
  await bo.getByRole('button', { name: 'Gem og send' }).click();
  await bo.getByRole('link', { name: /Skriv afgørelse/ }).click();
  await look(bo, 'desk-decision');
  const lines = bo.locator('section.k-line');
  for (const [i, outcome] of [[0, 'granted'], [1, 'refused']]) {
    await lines.nth(i).locator(`input[type=radio][value=${outcome}]`).check();
    await lines.nth(i).getByLabel('Lovgrundlag').fill('serviceloven § 112 (eksempel)');
  }
  await bo.getByRole('button', { name: 'Træf afgørelsen' }).click();
  assert.match(await bo.title(), /^Fejl:/);
  await look(bo, 'desk-decision-errors');
  await lines.nth(1).getByLabel(/Begrundelse/).fill('Du har allerede en bænk, der kan bruges i dit bad. Derfor låner vi dig ikke en til.');
  await bo.getByRole('button', { name: 'Træf afgørelsen' }).click();
  await look(bo, 'desk-letter-new');
  await bo.getByRole('button', { name: 'Skriv brevet' }).click();
  await look(bo, 'desk-letter');
  await bo.locator('input[type=file]').setInputFiles({ name: 'vejledning.pdf', mimeType: 'application/pdf', buffer: pdf });
  await bo.getByRole('button', { name: 'Vedlæg', exact: true }).click();
  await bo.getByRole('button', { name: /vejledning\.pdf/ }).waitFor(); // with scripts the file goes up beside the page
  await bo.getByRole('button', { name: /^Send til/ }).click();
  await bo.getByRole('button', { name: 'Kald brevet tilbage' }).waitFor();
  await look(bo, 'desk-letter-queued');

  await until('the letter', async () => {
    await anna.goto('/mypage/letters');
    return anna.locator('main a[href*="/letter/"]').count();
  }, 40000);
  await look(anna, 'mypage-letters');
  await anna.locator('main a[href*="/letter/"]').first().click();
  await look(anna, 'letter');
  assert.match(await anna.locator('main').textContent(), /[Bb]adebænk/);
  await anna.goto('/mypage');
  await anna.locator('main a[href*="/mypage/casefile/"]').first().click();
  await look(anna, 'mypage-casefile-decided');
  await anna.getByRole('link', { name: 'Klag over afgørelsen' }).click();
  await look(anna, 'mypage-appeal');
  await anna.getByLabel('Det klager jeg over').fill('Bænken, jeg har, er for smal.');
  await anna.getByRole('button', { name: 'Send klagen' }).click();
  await look(anna, 'mypage-appealed');
  await anna.goto('/access');
  assert.match(await anna.locator('main').textContent(), /Hjælpemiddelteamet/);
  await look(anna, 'access');
  await anna.goto('/mypage/data');
  await look(anna, 'mypage-data');
  await bo.goto('/desk/print');
  await look(bo, 'desk-print');

  const mette = await visitor(browser, server, options);
  await login(mette, 'Mette Bro');
  await mette.goto('/desk/casefile/' + no);
  assert.doesNotMatch(await mette.locator('main').textContent(), /Anna/);
  await look(mette, 'desk-refused');
  for (const p of [anna, bo, mette]) await p.context().close();
}

test('the whole story, every page accessible and valid', { timeout: 400000 }, async () => {
  const pictures = new Set(['front', 'form-review', 'mypage-casefile-decided', 'desk-queue', 'desk-letter']);
  await story({}, '', async (page, name) => {
    await check(page, name);
    if (pictures.has(name)) await screenshot(page, name);
  });
});

test('the whole story without JavaScript', { timeout: 200000 }, async () => {
  await story({ javaScriptEnabled: false }, ' without scripts', async () => {});
});

test('applying by keyboard alone', { timeout: 120000 }, async () => {
  const page = await visitor(browser, server);
  const key = async (name, times = 1) => { for (let i = 0; i < times; i++) await page.keyboard.press(name); };
  /** Tab until the focused element says `text`. */
  const tabTo = async text => {
    for (let i = 0; i < 80; i++) {
      await key('Tab');
      const here = await page.evaluate(() => {
        const e = document.activeElement, label = e.labels?.[0]?.textContent || '';
        const legend = e.closest('fieldset')?.querySelector('legend')?.textContent || '';
        return `${legend} ${label} ${e.getAttribute('aria-label') || ''} ${e.textContent || ''} ${e.value || ''}`;
      });
      if (text.test(here)) return;
    }
    assert.fail(`the keyboard does not reach ${text} on ${page.url()}`);
  };
  await page.goto('/auth/demo');
  await tabTo(/Dagny Lund/);
  await key('Enter');
  await page.waitForURL(/mypage/);
  await page.goto('/form/lette-hjaelpemidler');
  await tabTo(/Begynd|Start/);
  await key('Enter');
  await page.waitForURL(/\/about/);
  await tabThrough(page);
  await page.goto(page.url());
  await tabTo(/Næste/);
  await key('Enter');
  await page.waitForURL(/\/aids/);
  await tabTo(/^.*Stok/);
  await key('Space');
  await tabTo(/prøvet et af dem/);
  await key('ArrowDown');
  if (!await page.locator('input[type=radio]:checked').count()) await key('Space');
  await tabTo(/Næste/);
  await key('Enter');
  await page.waitForFunction(() => !/\/aids$/.test(location.pathname) || /errors/.test(location.href));
  assert.match(page.url(), /situation|aids/);
  await page.context().close();
});
