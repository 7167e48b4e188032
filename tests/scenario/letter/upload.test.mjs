// With scripts a file goes up beside the page, which stays as it was until the answer has come. Whoever goes on meanwhile must not
// send the letter without its attachment, nor be told that somebody else changed it.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { apply, arrived, citizen, decide, pdf, takeCase } from '../lib/people.mjs';
import { launch, login, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';

let server, browser;
before(async () => {
  server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 3 })] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); });

test('"send" pressed while the attachment is on its way does nothing; pressed again, the letter takes it along', { timeout: 120000 }, async () => {
  const anna = await citizen(server), clerk = await citizen(server, 'Bo Kjær');
  const { no, id } = await apply(anna);
  const desk = await takeCase(clerk, no);
  await decide(clerk, desk, ['granted', 'granted']);

  const bo = await visitor(browser, server);
  await login(bo, 'Bo Kjær');
  await bo.goto(`/desk/casefile/${desk}/letter`);
  await bo.getByRole('button', { name: 'Skriv brevet' }).click();
  await bo.waitForURL(/\/desk\/letter\/\d+/);
  let came, release;
  const underway = new Promise(resolve => { came = resolve; });
  await bo.route('**/attach', async route => {
    const answer = await route.fetch();
    const released = new Promise(resolve => { release = resolve; });
    came();
    await released;
    await route.fulfill({ response: answer });
  });
  bo.hurried = true;
  const sent = [];
  bo.on('request', r => { if (/\/send$/.test(r.url())) sent.push(r.url()); });
  await bo.locator('input[type=file]').setInputFiles({ name: 'vejledning.pdf', mimeType: 'application/pdf', buffer: pdf });
  await bo.getByRole('button', { name: 'Vedlæg', exact: true }).click();
  await underway;
  await bo.getByRole('button', { name: /^Send til/ }).click();
  assert.deepEqual(sent, []);
  assert.equal(await bo.locator('progress[data-upload] + [role=status]').textContent(), 'Vent, til filen er sendt. Tryk så igen.');
  release();
  await bo.getByRole('button', { name: /vejledning\.pdf/ }).waitFor(); // it can be taken away again
  await bo.getByRole('button', { name: /^Send til/ }).click();
  await bo.getByRole('button', { name: 'Kald brevet tilbage' }).waitFor();
  assert.equal(sent.length, 1);

  const letter = await arrived(anna, id);
  assert.match(textOf((await anna.get(`/letter/${letter}`)).text), /vejledning\.pdf/);
});
