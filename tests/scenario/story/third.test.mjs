// A form that nobody here wrote (services/brystprotese, see its NOTICE) in the browser: its pages along two paths of its
// conditions, in Danish and Norwegian, each held against axe-core, html-validate and the rules of lib/browser.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';
import { file, go } from '../lib/steps.mjs';
import { act, arrived, citizen, decide, pdf, sendLetter, takeCase } from '../lib/people.mjs';

let server, browser;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const pdfFile = name => file(name, pdf);

test('in Danish: bought after more than half a year, once more, with the receipt; the story to its end', { timeout: 120000 }, async () => {
  const page = await visitor(browser, server, { javaScriptEnabled: true });
  await login(page, 'Anna Holm');
  const steps = await go(page, 'brystprotese', { phone: '20 00 00 01', home_municipality: 'Fjordby', reason: 'surgery', what: ['spesialbrystholder', 'brystprotese'], purchase: 'bought', over_six_months: 'true',
    why_waited: 'Jeg var indlagt.', bra_first: 'false', bra_changed: 'true', prosthesis_first: 'false', why_new: 'Den gamle er slidt op.', spare: 'true', more: 'true', more_text: 'Jeg har været syg.',
    receipt_how: 'now', receipt: pdfFile('kvittering.pdf'), doctor_changed_how: 'later', doctor_prosthesis_how: 'later', other_how: 'no' }, 'da');
  assert.deepEqual([...steps].sort(), ['about', 'application', 'documents', 'more']);
  const review = await page.textContent('main');
  for (const words of ['Jeg var indlagt.', 'Den gamle er slidt op.', 'kvittering.pdf', 'ændrede behov']) assert.ok(review.includes(words), words);
  assert.equal(await page.getAttribute('html', 'lang'), 'da');
  await Promise.all([page.waitForNavigation(), page.locator('form[action*="/casefile/submit"] button').first().click()]);
  await check(page, 'da: receipt');
  const no = /20\d\d-\d{6}/.exec(await page.textContent('main'))[0];
  const bo = await citizen(server, 'Bo Kjær'), anna = await citizen(server);
  const desk = await takeCase(bo, no);
  await act(bo, desk, 'call', { text: 'Vi talte om specialbrystholderen.', reached: 'yes' });
  await decide(bo, desk, ['refused', 'granted']);
  await sendLetter(bo, desk);
  const id = /\/mypage\/casefile\/(\d+)"/.exec((await anna.get('/mypage/casefiles')).text)[1];
  const letter = await arrived(anna, id);
  await page.goto(`/letter/${letter}`);
  await check(page, 'da: letter');
  assert.match(textOf(await page.content()), /Resten af det, du søgte om, dækker vi ikke\. Sådan har vi afgjort: Specialbrystholder: Afslået/);
});

test('in Norwegian, as the browser asks for it: approval beforehand for one thing', { timeout: 120000 }, async () => {
  const page = await visitor(browser, server, { locale: 'nb-NO' });
  await login(page, 'Erik Sand');
  const steps = await go(page, 'brystprotese', { phone: '20 00 00 03', home_municipality: 'Fjordby', reason: 'incongruence', what: ['brystprotese'], purchase: 'before', prosthesis_first: 'true', spare: 'false',
    more: 'false', doctor_gender_how: 'now', doctor_gender: pdfFile('lege.pdf'), other_how: 'no' }, 'nb');
  assert.equal(await page.getAttribute('html', 'lang'), 'nb');
  assert.ok(steps.has('documents'));
  const review = await page.textContent('main');
  assert.match(review, /Kjønnsinkongruens/);
  assert.match(review, /lege\.pdf/);
  for (const hidden of [/mer enn 6 måneder/, /Spesialbrystholder:/, /Spesifisert kvittering/, /endret behov/]) assert.doesNotMatch(review, hidden);
  await Promise.all([page.waitForNavigation(), page.locator('form[action*="/casefile/submit"] button').first().click()]);
  await check(page, 'nb: receipt');
  const no = /20\d\d-\d{6}/.exec(await page.textContent('main'))[0];
  const bo = await citizen(server, 'Bo Kjær'), erik = await citizen(server, 'Erik Sand', { lang: 'nb' });
  const desk = await takeCase(bo, no);
  await decide(bo, desk, ['granted']);
  await sendLetter(bo, desk);
  const id = /\/mypage\/casefile\/(\d+)"/.exec((await erik.get('/mypage/casefiles')).text)[1];
  await page.goto(`/letter/${await arrived(erik, id)}`);
  await check(page, 'nb: letter');
  assert.equal(await page.locator('main [lang="da"]').count(), 0, 'the letter came in her language');
});
