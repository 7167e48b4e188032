// The look all pages share: accessible in every state, in four languages, narrow and wide, by keyboard and without scripts.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { Client, textOf } from '../lib/client.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const languages = [['da-DK', 'da', 'Hjælp uden computer'], ['nb-NO', 'nb', 'Hjelp uten datamaskin'], ['nn-NO', 'nn', 'Hjelp utan datamaskin'], ['en-GB', 'en', 'Help without a computer']];

for (const [locale, lang, help] of languages) {
  test(`pages about the site, ${lang}`, async () => {
    const page = await visitor(browser, server, { locale });
    for (const path of ['help', 'accessibility', 'privacy', 'styleguide', 'nothing-here']) {
      await page.goto('/page/' + path);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      await check(page, `/page/${path} ${lang}`);
    }
    await page.goto('/page/help');
    assert.equal(await page.textContent('h1'), help);
    await page.context().close();
  });
}

test('help stands in the same place on every page', async () => {
  const page = await visitor(browser, server);
  const places = [];
  for (const path of ['/', '/page/help', '/page/privacy', '/nothing']) {
    await page.goto(path);
    const box = await page.locator('header a[href^="tel:"]').boundingBox();
    places.push([Math.round(box.x), Math.round(box.y)].join());
  }
  assert.equal(new Set(places).size, 1, places.join(' '));
  await page.context().close();
});

test('errors have the focus, a title that says so, and lead to their fields', async () => {
  const page = await visitor(browser, server);
  await page.goto('/page/styleguide');
  assert.match(await page.title(), /^Fejl: /);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'errors');
  for (const link of await page.locator('.k-errors a').all()) {
    await link.click();
    const field = await page.evaluate(() => location.hash.slice(1));
    assert.ok(await page.evaluate(id => document.activeElement.id === id && document.activeElement.matches('input,select,textarea'), field), field);
  }
  const described = await page.evaluate(() => document.getElementById('email').getAttribute('aria-describedby').split(' ').filter(Boolean).map(id => document.getElementById(id).textContent.trim().replace(/\s+/g, ' ')));
  assert.deepEqual(described, ['Så får du besked, når der er nyt', 'Fejl: Skriv en e-mailadresse, for eksempel navn@example.dk']);
  await page.context().close();
});

test('by keyboard: the skip link first, every stop shows where one is', async () => {
  const page = await visitor(browser, server);
  await page.goto('/page/privacy');
  const stops = await tabThrough(page);
  assert.equal(stops[0], 'Gå til indholdet');
  await page.goto('/page/privacy');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');
  await page.goto('/page/styleguide');
  assert.ok((await tabThrough(page, 100)).length > 30);
  await page.context().close();
});

test('the language is changed where one is, without scripts too', async () => {
  const page = await visitor(browser, server, { javaScriptEnabled: false });
  await page.goto('/page/privacy?x=1');
  await page.getByRole('link', { name: 'English' }).click();
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, '/page/privacy?x=1');
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  await page.goto('/page/help');
  assert.equal(await page.textContent('h1'), 'Help without a computer');
  await page.context().close();
  const v = new Client(server.url);
  for (const next of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:x'])
    assert.equal((await v.request('/page/language?to=nb&next=' + encodeURIComponent(next), { follow: false })).location, '/');
  assert.equal((await v.request('/page/language?to=sv&next=/')).status, 422);
});

test('an error page says what to do and has a number', async () => {
  const v = new Client(server.url, { lang: 'da' });
  const a = await v.get('/nothing', 404);
  assert.match(textOf(a.text), /Siden findes ikke.*Kontrollér adressen.*ring til os på 70.00.00.00.*Fejlnummer: [0-9a-f]{16}/);
  assert.match(textOf((await v.get('/nothing', 404, { headers: { 'accept-language': 'no, en;q=0.5' } })).text), /Siden finnes ikke/);
  assert.match(textOf((await v.get('/nothing', 404, { headers: { 'accept-language': 'nn, en;q=0.5' } })).text), /Sida finst ikkje/);
});

test('nothing is hidden in forced colours, and paper has no menus', async () => {
  const page = await visitor(browser, server, { forcedColors: 'active', reducedMotion: 'reduce' });
  await page.goto('/page/styleguide');
  await screenshot(page, 'forced-colours');
  const lost = await page.evaluate(() => [...document.querySelectorAll('.button, .alert, .form-input, .k-card, .step-icon')]
    .filter(e => { const s = getComputedStyle(e); return e.getBoundingClientRect().width && s.borderTopStyle === 'none' && s.outlineStyle === 'none'; }).map(e => e.className));
  assert.deepEqual(lost, [], 'no border in forced colours');
  await page.emulateMedia({ media: 'print', forcedColors: 'none' });
  for (const selector of ['.k-nav', '.k-tools', '.k-footer', '.k-demo']) assert.equal(await page.locator(selector).first().isVisible(), false, selector);
  assert.ok(await page.locator('h1').isVisible());
  await page.context().close();
});

test('the municipality\'s look and the packed files are kept by the browser', async () => {
  const v = new Client(server.url);
  const front = await v.get('/page/help');
  const addresses = [...front.text.matchAll(/(?:href|src)="(\/static\/[^"#]+|\/page\/(?:municipality\.css|logo\.svg)[^"#]*)/g)].map(m => m[1]);
  assert.ok(addresses.length >= 5);
  for (const address of new Set(addresses)) {
    const a = await v.get(address);
    assert.match(a.headers.get('cache-control'), /max-age=\d{7,}/, address);
  }
  const css = await v.get(addresses.find(a => a.endsWith('.css')));
  for (const m of css.text.matchAll(/url\("?(\/static\/[^")]+)/g)) await v.get(m[1]);
});

test('a session that is about to end says so in time and can be kept', async () => {
  const page = await visitor(browser, server);
  await page.clock.install();
  await login(page, 'Anna Holm');
  await page.goto('/page/help');
  assert.match(await page.textContent('#session'), /Du bliver logget ud kl\. \d\d\.\d\d, hvis du ikke gør noget/);
  const dialog = page.getByRole('dialog', { name: 'Du bliver snart logget ud' });
  await page.clock.fastForward('20:00');
  assert.equal(await dialog.count(), 0);
  await page.clock.fastForward('06:00');
  await dialog.waitFor();
  await check(page, 'session dialog');
  await dialog.getByRole('link', { name: 'Bliv logget ind' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await page.clock.fastForward('20:00');
  assert.equal(await dialog.count(), 0);
  await page.clock.fastForward('06:00');
  await dialog.waitFor();
  await page.context().close();

  const plain = await visitor(browser, server, { javaScriptEnabled: false });
  await login(plain, 'Anna Holm');
  await plain.goto('/page/help?x=1');
  await plain.locator('#session').getByRole('link', { name: 'Bliv logget ind' }).click();
  assert.equal(new URL(plain.url()).search, '?x=1');
  assert.equal((await plain.locator('[role=status]').textContent()).trim(), 'Du er stadig logget ind.');
  await plain.reload();
  assert.equal(await plain.locator('[role=status]').count(), 0, 'said once');
  await plain.getByRole('button', { name: 'Log ud' }).click();
  await plain.goto('/page/help');
  assert.equal(await plain.locator('#session').count(), 0);
  await plain.context().close();
});

test('the cookie of the one-line message cannot be made by others', async () => {
  const v = new Client(server.url);
  await v.request('/page/extend?next=/page/help', { follow: false });
  const value = v.cookies.get('done');
  assert.match((await v.get('/page/help')).text, /role="status"/);
  for (const other of ['page_done_extended', 'page_done_extended.0011223344556677', value.replace('page_done_extended', 'err_internal'), value + '0']) {
    v.cookies.set('done', other);
    assert.doesNotMatch((await v.get('/page/help')).text, /role="status"/, other);
  }
});
