// The catalogue as a visitor meets it: found by word, by situation and by unit; each service says what it must say; a changed
// folder is offered after a restart, and a broken one stops the start with its place.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, root, startServer } from '../lib/server.mjs';
import { check, launch, visitor } from '../lib/browser.mjs';
import { Client, textOf } from '../lib/client.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

test('a visitor finds a service by situation, by unit and by word', async () => {
  const page = await visitor(browser, server);
  await page.goto('/');
  await check(page, 'front page');
  await page.getByRole('link', { name: 'Jeg har brug for hjælp i hverdagen' }).click();
  await check(page, 'catalogue by situation');
  await page.getByRole('link', { name: 'Lette hjælpemidler' }).click();
  await check(page, 'service page, with a form');
  assert.equal(await page.textContent('h1'), 'Lette hjælpemidler');
  await page.getByRole('link', { name: 'Søg nu' }).click();
  assert.match(await page.textContent('h1'), /Lette hjælpemidler/);
  assert.ok(await page.locator('main a[href^="/auth/"]').first().isVisible(), 'one is asked to log in first');
  await page.goBack();

  await page.getByRole('link', { name: 'Hjælpemiddelteamet' }).click();
  assert.ok(await page.getByRole('link', { name: 'Brystprotese og specialbrystholder' }).isVisible());
  assert.equal(await page.getByRole('link', { name: 'Pas', exact: true }).count(), 0);

  await page.goto('/');
  await page.getByLabel('Søg i det, vi tilbyder').fill('SKRALDESPAND');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Affald og genbrug' }).click();
  await check(page, 'service page, information only');
  assert.equal(await page.getByRole('link', { name: 'Søg nu' }).count(), 0);
  await page.goto('/service?q=raketbr%C3%A6ndstof');
  await check(page, 'catalogue without a hit');
  assert.match(await page.textContent('main'), /70.00.00.00/);
  await page.context().close();
});

test('every service says what, for whom, who, and how without a computer, in four languages', async () => {
  const words = {
    da: ['Hvad er det?', 'Hvem kan få det?', 'Hvem har ansvaret?', 'Sådan gør du uden computer'],
    nb: ['Hva er det?', 'Hvem kan få det?', 'Hvem har ansvaret?', 'Slik gjør du uten datamaskin'],
    nn: ['Kva er det?', 'Kven kan få det?', 'Kven har ansvaret?', 'Slik gjer du utan datamaskin'],
    en: ['What is it?', 'Who can get it?', 'Who is responsible?', 'How to do it without a computer'],
  };
  for (const [lang, want] of Object.entries(words)) {
    const client = new Client(server.url, { lang });
    for (const key of readdirSync(path.join(root, 'services'))) {
      const { text } = await client.get('/service/' + key);
      for (const w of want) assert.ok(textOf(text).includes(w), `${key} ${lang}: ${w}`);
      assert.ok(!/\{\{|\*\*/.test(textOf(text)), `${key} ${lang}: markup shows`);
    }
  }
});

test('the search box takes anything', async () => {
  const client = new Client(server.url);
  for (const q of ['%', "'; DROP TABLE service--", '<script>alert(1)</script>', '"', '\\', ' '.repeat(90), 'æ'.repeat(100)]) {
    const { text } = await client.get('/service?q=' + encodeURIComponent(q));
    assert.ok(!text.includes('<script>alert'), q);
  }
  await client.get('/service?unit=nowhere');
  await client.get('/service/nowhere', 404);
});

test('a changed folder is a new version, a missing one is withdrawn, a broken one stops the start', async () => {
  const services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  cpSync(path.join(root, 'services'), services, { recursive: true });
  const file = path.join(services, 'pas', 'service.yaml');
  let s = await startServer({ args: ['--services', services] });
  const { data, db } = s;
  try {
    const client = () => new Client(s.url);
    await client().get('/service/affald');
    await s.stop({ keep: true });
    writeFileSync(file, readFileSync(file, 'utf8').replace('da: Pas\n', 'da: Pas og id-kort\n'));
    rmSync(path.join(services, 'affald'), { recursive: true });
    s = await startServer({ args: ['--services', services], data, db });
    assert.match((await client().get('/service/pas')).text, /<h1>Pas og id-kort<\/h1>/);
    await client().get('/service/affald', 404);
  } finally {
    await s.stop();
  }
  writeFileSync(file, readFileSync(file, 'utf8').replace('unit: borgerservice', 'unit: borgerservise'));
  const run = spawnSync(binary, ['check', services], { encoding: 'utf8' });
  assert.equal(run.status, 1);
  assert.match(run.stdout, /pas\/service\.yaml:\d+:7: there is no unit 'borgerservise'; use the key of a unit/);
  rmSync(services, { recursive: true });
});

test('indgang check and try pass on what is in the repository', () => {
  assert.match(execFileSync(binary, ['check', path.join(root, 'services')], { encoding: 'utf8' }), /^\d+ services in order\n$/);
  assert.match(execFileSync(binary, ['check', path.join(root, 'municipality')], { encoding: 'utf8' }), /^in order\n$/);
  assert.match(execFileSync(binary, ['try', path.join(root, 'services')], { encoding: 'utf8' }), /^\d+ examples in order\n$/);
});
