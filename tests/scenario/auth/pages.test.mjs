// The pages of logging in, held against every rule, in each language.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { freePort, startServer } from '../lib/server.mjs';
import { check, launch, tabThrough, visitor } from '../lib/browser.mjs';
import { municipalityWith, startProvider } from '../lib/oidc.mjs';

let server, browser, providers = [], place;
before(async () => {
  const port = await freePort(), base = `http://127.0.0.1:${port}`;
  providers = [await startProvider({ base, profile: 'mitid' }), await startProvider({ base, profile: 'staff', key: 'employees' })];
  providers[1].claims = { roles: 'roles', units: 'units' };
  place = municipalityWith(providers);
  server = await startServer({ port, data: place.data, args: ['--municipality', place.dir, '--public-url', base] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
  for (const p of providers) await p.stop();
  rmSync(place.dir, { recursive: true, force: true });
});

for (const [locale, lang] of [['da-DK', 'da'], ['nb-NO', 'nb'], ['nn-NO', 'nn'], ['en-GB', 'en']]) {
  test(`the pages of login, ${lang}`, async () => {
    const page = await visitor(browser, server, { locale });
    for (const path of ['login', 'login?next=/access', 'stronger?level=3&next=/access', 'demo', 'loggedout', 'callback/citizens?state=x&code=y']) {
      await page.goto('/auth/' + path);
      assert.equal(await page.getAttribute('html', 'lang'), lang);
      await check(page, `/auth/${path} ${lang}`);
    }
    providers[0].answer = { error: 'access_denied' };
    await page.goto('/auth/start/citizens');
    assert.match(new URL(page.url()).pathname, /callback/);
    await check(page, `/auth cancelled ${lang}`);
    providers[0].answer = null;
    await page.context().close();
  });
}

test('in a browser: in by MitID, out here and there', async () => {
  providers[0].people.anna = { 'dk.cpr': '6403574218', 'mitid.identity_name': 'Anna Holm', loa: 'https://data.gov.dk/concept/core/nsis/High' };
  providers[0].person = 'anna';
  const page = await visitor(browser, server);
  await page.goto('/access');
  await page.getByRole('link', { name: 'Log ind med MitID' }).click();
  await page.waitForURL('**/access');
  assert.equal(await page.textContent('h1'), 'Hvem har set mine oplysninger');
  await check(page, '/access empty');
  await page.getByRole('button', { name: 'Log ud' }).click();
  await page.waitForURL(providers[0].issuer + '/session/end**'); // by itself, past form-action
  await page.locator('button[type=submit], input[type=submit], button').first().click();
  await page.waitForURL('**/auth/loggedout**');
  assert.equal(await page.textContent('h1'), 'Du er logget ud');
  await page.context().close();
});

test('one who works for several units chooses', async () => {
  providers[1].people.eva = { email: 'eva@fjordby.example', name: 'Eva Ny', roles: ['caseworker'], units: ['dagtilbud', 'teknik', 'kultur'] };
  providers[1].person = 'eva';
  const page = await visitor(browser, server);
  await page.goto('/auth/start/employees?next=/page/help');
  await page.getByRole('link', { name: 'Center for Dagtilbud og Skole' }).click();
  await check(page, '/auth/unit');
  await page.getByRole('button', { name: 'Arbejd for Teknik og Miljø' }).click();
  assert.match(await page.textContent('.k-who'), /Eva Ny,.*Teknik og Miljø/s);
  await page.context().close();
});

test('the chooser by keyboard, without scripts', async () => {
  const page = await visitor(browser, server, { javaScriptEnabled: false });
  await page.goto('/auth/demo?next=/page/help');
  await page.getByRole('button', { name: 'Bo Kjær' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/page/help');
  assert.match(await page.textContent('.k-who'), /Bo Kjær/);
  await page.context().close();
  const seeing = await visitor(browser, server);
  await seeing.goto('/auth/demo');
  assert.ok((await tabThrough(seeing)).includes('Log ind som Anna Holm'));
  await seeing.context().close();
});
