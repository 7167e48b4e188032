// What a service asks, why, from where and for how long: the public page, and `indgang check --privacy`, from one function.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import path from 'node:path';
import { readdirSync, existsSync } from 'node:fs';
import { root, startServer } from '../lib/server.mjs';
import { indgang } from '../lib/command.mjs';
import { check, launch, screenshot, visitor } from '../lib/browser.mjs';
import { Client, textOf } from '../lib/client.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const withForm = readdirSync(path.join(root, 'services')).filter(s => existsSync(path.join(root, 'services', s, 'form.yaml')));
const plain = s => s.replace(/\s+/g, ' ').trim();

test('the page says what the command says, of every service', { timeout: 120000 }, async () => {
  assert.ok(withForm.length >= 5);
  for (const key of withForm) {
    const printed = await indgang('check', 'services/' + key, '--privacy');
    assert.equal(printed.code, 0, printed.text);
    const c = new Client(server.url, { lang: 'da' });
    await c.get(`/form/${key}/data`);
    const page = plain(textOf(c.last.text));
    const asked = printed.text.split('Så længe gemmer vi det\n')[0].split('\n').filter(l => /^ {2}\S/.test(l)).map(l => l.trim());
    assert.ok(asked.length > 2, printed.text);
    for (const label of asked) assert.ok(page.includes(plain(label)), `${key}: ${label}`);
    assert.equal((printed.text.match(/^ {4}Hvorfor: \S/gm) || []).length, asked.length, `${key}: a purpose for each`);
    assert.equal((printed.text.match(/^ {4}Lovgrundlag: \S.*databeskyttelsesforordningen artikel [69]\(/gm) || []).length, asked.length, `${key}: a legal basis for each`);
    for (const line of printed.text.split('Så længe gemmer vi det\n')[1].split('\n').filter(Boolean)) assert.ok(page.includes(plain(line.split(': ')[1] ?? line)), `${key}: ${line}`);
  }
});

test('what comes from where, and how long it is kept for each way it can end', async () => {
  const { text } = await indgang('check', 'services/oekonomisk-friplads', '--privacy');
  assert.match(text, /Indkomstregistret\. /);
  assert.match(text, /Folkeregistret\. /);
  assert.match(text, /Din kladde: Slettes, når du ikke har ændret den i 30 dage/);
  assert.match(text, /Sagen, når du får ja: 5 år/);
  assert.match(text, /Sagen, når du får nej: 5 år/);
  assert.match(text, /Sagen, når du trækker den tilbage: 5 år/);
  assert.match(text, /Sagen, når du får noget af det: 5 år/, 'a caseworker may give some of it, also where nothing is decided line by line');
  const seen = (await indgang('check', 'services/aktindsigt', '--privacy')).text;
  assert.match(seen, /Sagen, når den er besvaret: 2 år/, 'who asks without a name gets an answer, not a decision');
  const both = (await indgang('check', 'services/skoleskift', '--privacy')).text;
  assert.match(both, /Din kladde: Slettes, når du ikke har ændret den i 30 dage\. Når du sender, gemmer vi svarene, til alle har skrevet under, .*; dog højst i 44 dage/);
  assert.match(both, /Sagen, når du trækker den tilbage, eller når den falder bort, fordi ikke alle har skrevet under: \d+ år/);
  assert.doesNotMatch(both, /Sagen, når den er besvaret/);
  const card = (await indgang('check', 'services/parkering-handicap', '--privacy', '--language', 'en')).text;
  assert.match(card, /What you answered in “lette-hjaelpemidler” if you have applied there; otherwise you answer yourself\. You can correct it in the form\./);
  assert.equal((await indgang('check', 'services/pas', '--privacy')).text, 'nothing is asked here\n');
  assert.equal((await indgang('check', 'services/ris-og-ros', '--privacy', '--language', 'fr')).code, 2);
});

test('linked from the service and its form; readable in four languages, on a phone and without a script', { timeout: 120000 }, async () => {
  for (const lang of ['da', 'nb', 'nn', 'en']) {
    const p = await visitor(browser, server, { locale: { da: 'da-DK', nb: 'nb-NO', nn: 'nn-NO', en: 'en-GB' }[lang] });
    await p.goto('/service/parkering-handicap');
    assert.equal(await p.locator('html').getAttribute('lang'), lang);
    await check(p, `privacy: the service ${lang}`);
    await p.locator('main a[href="/form/parkering-handicap/data"]').click();
    await p.waitForURL(/\/data$/);
    await check(p, `privacy: the page ${lang}`);
    if (lang === 'da') await screenshot(p, 'form-privacy');
    await p.goto('/form/parkering-handicap');
    await check(p, `privacy: the start ${lang}`);
    assert.equal(await p.locator('main a[href="/form/parkering-handicap/data"]').count(), 1);
  }
  const c = new Client(server.url);
  await c.get('/form/pas/data', 404);
  await c.get('/form/nothing/data', 404);
});
