// What a person reads when something cannot be done: her own language, nothing of the program's, what she wrote, and a way on.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { act, apply, citizen, decide, takeCase } from '../lib/people.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const ENGLISH = /\b(LAW|case file|decision of|does not|is not|has been|meanwhile|field)\b/;
const LANGUAGES = ['da', 'nb', 'nn'];

/** The page of an error: its words are not the program's, and the link leads to a page that is there. */
async function helps(c, status, words, back) {
  const page = c.last, main = textOf(/<main[\s\S]*<\/main>/.exec(page.text)[0]);
  assert.equal(page.status, status, main.slice(0, 300));
  assert.doesNotMatch(main, ENGLISH);
  assert.match(main, words);
  const href = /<a class="button button-secondary" href="([^"]+)"/.exec(page.text)?.[1];
  assert.equal(href, back, main.slice(0, 300));
  await c.get(href);
  return page;
}

test('a colleague was faster, a tab is old, a case cannot be closed: said in words, with a way to the case', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), jonas = await citizen(server, 'Jonas Lykke');
  const c = await apply(anna);
  await bo.get('/desk/search?q=' + c.no);
  const desk = /\/desk\/casefile\/(\d+)"/.exec(bo.last.text)[1], path = `/desk/casefile/${desk}`;
  const mine = await bo.get(path), theirs = await jonas.get(path);
  await bo.submit('/take', {}, { page: mine });
  await jonas.submit('/take', {}, { page: theirs });
  await helps(jonas, 409, /Sagen er ændret, siden du åbnede siden/, path);
  await bo.get(path + '/do/appeal', 409);
  await helps(bo, 409, /Det kan ikke gøres, som sagen står nu/, path);

  await bo.get(path + '/decision');
  const old = bo.last;
  await decide(bo, desk, ['granted', 'granted']);
  await bo.submit('/decision', { 'lines-0-outcome': 'refused', 'lines-0-reason': 'Skrevet i den anden fane.' }, { page: old, button: 'do' });
  const page = await helps(bo, 409, /Afgørelsen er ændret, siden du åbnede siden, eller den er truffet/, path);
  assert.match(textOf(page.text), /Skrevet i den anden fane\./, 'what was written can be copied');

  // law 5: no button that cannot work, and why; who sends the form all the same is told so
  const decided = await bo.get(path);
  assert.match(textOf(decided.text), /Sagen kan ikke lukkes endnu, fordi afgørelsen eller et brev i sagen ikke er kommet frem/);
  assert.ok(!formsOf(decided.text).some(f => /\/close$/.test(f.action)), 'no button');
  const release = formsOf(decided.text).find(f => /\/release$/.test(f.action));
  const forged = { ...decided, text: decided.text.replace(release.action, path + '/close') };
  await bo.submit('/close', {}, { page: forged });
  await helps(bo, 409, /Sagen kan ikke lukkes endnu/, path);
});

test('a citizen, in each language, and the way back to her case', async () => {
  const anna = await citizen(server), c = await apply(anna);
  await anna.get(`/mypage/casefile/${c.id}/appeal`, 409);
  await helps(anna, 409, /Det kan ikke gøres, som sagen står nu/, `/mypage/casefile/${c.id}`);
  for (const lang of LANGUAGES) {
    const her = await citizen(server, 'Anna Holm', { lang });
    await her.get(`/mypage/casefile/${c.id}/appeal`, 409);
    assert.doesNotMatch(textOf(her.last.text), ENGLISH, lang);
  }
  await anna.get('/mypage/casefile/1/appeal', 404);
  await helps(anna, 404, /Siden findes ikke/, '/mypage/casefiles');
  // other systems still get the detail
  const json = await anna.request(`/mypage/casefile/${c.id}/appeal`, { headers: { accept: 'application/json' } });
  assert.match(JSON.parse(json.text).detail, /does not allow this now/);
});

test('back to the page one came from, of this site alone', async () => {
  const inge = await citizen(server, 'Inge Dahl');
  const from = referer => inge.request('/desk/channels?year=abc', { headers: { referer } });
  await from(server.url + '/desk/numbers?unit=');
  await helps(inge, 422, /Noget mangler eller er ikke udfyldt rigtigt/, '/desk/numbers?unit=');
  for (const foreign of ['https://evil.example/', 'https://evil.example/desk', server.url + '.evil.example/x', server.url + '//evil.example/', server.url + '/\\evil.example', 'javascript:alert(1)', server.url + '/desk/channels?year=xyz']) {
    await from(foreign);
    await helps(inge, 422, /Noget mangler/, '/desk');
  }
});

test('a note typed while another tab gives the case away can be copied', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), c = await apply(anna), desk = await takeCase(bo, c.no);
  const words = 'Et langt notat,\nsom tog <b>ti</b> minutter at skrive.';
  const note = await bo.get(`/desk/casefile/${desk}/do/note`);
  const pass = await bo.get(`/desk/casefile/${desk}/do/pass-on`);
  await bo.submit('/do/pass-on', { unit: /<option value="(\d+)"[^>]*>Center for Dagtilbud og Skole/.exec(pass.text)[1], text: 'Hører til hos jer.' });
  await bo.submit('/do/pass-on', {}, { button: 'sure' });
  await bo.submit('/do/note', { text: words }, { page: note });
  const page = await helps(bo, 403, /Det, du havde skrevet/, '/desk');
  assert.match(page.text, /som tog &lt;b&gt;ti&lt;\/b&gt; minutter at skrive\./);
  // not what did not come from our own page
  const foreign = await bo.request(`/desk/casefile/${desk}/do/note`, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf: 'x', version: '1', text: words }).toString() });
  assert.equal(foreign.status, 403);
  assert.doesNotMatch(foreign.text, /minutter at skrive/);
});

test('one menu for a person, on every page', async () => {
  const menu = html => [.../<nav class="k-nav"[\s\S]*?<\/nav>/.exec(html)[0].matchAll(/href="([^"]+)"/g)].map(m => m[1]);
  const pages = { 'Carl Friis': ['/', '/service', '/page/help', '/desk', '/desk/print', '/counter'], 'Inge Dahl': ['/', '/service', '/desk', '/desk/numbers'],
    'Ulla Thorsen': ['/', '/admin', '/desk'], 'Anna Holm': ['/', '/service', '/mypage', '/access'] };
  for (const [name, paths] of Object.entries(pages)) {
    const c = await citizen(server, name), first = menu((await c.get(paths[0])).text);
    assert.ok(first.length > 2);
    for (const path of paths) assert.deepEqual(menu((await c.get(path)).text), first, `${name} on ${path}`);
  }
});

test('the pages, at two widths', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), c = await apply(anna), desk = await takeCase(bo, c.no);
  const page = await visitor(browser, server);
  await login(page, 'Bo Kjær');
  await page.goto(`/desk/casefile/${desk}/do/note`);
  await page.locator('main textarea').fill('Et langt notat, som tog ti minutter at skrive, og som ikke må gå tabt.');
  await bo.get(`/desk/casefile/${desk}/do/pass-on`);
  await bo.submit('/do/pass-on', { unit: /<option value="(\d+)"[^>]*>Center for Dagtilbud og Skole/.exec(bo.last.text)[1], text: 'Hører til hos jer.' });
  await bo.submit('/do/pass-on', {}, { button: 'sure' });
  await page.locator('main form button').first().click();
  await check(page, 'an error with what was written');
  await screenshot(page, 'error-written');
  const d = await apply(anna), other = await takeCase(bo, d.no);
  await decide(bo, other, ['granted', 'granted']);
  await page.goto(`/desk/casefile/${other}`);
  await check(page, 'a decided case that cannot be closed yet');
  await screenshot(page, 'desk-held');
  await page.goto('/desk/channels?year=abc');
  await check(page, 'an error with a way back');
  await screenshot(page, 'error-back');
  const carl = await visitor(browser, server);
  await login(carl, 'Carl Friis');
  await carl.goto('/desk');
  await screenshot(carl, 'menu-carl');
});
