// A form that nobody here wrote (services/brystprotese, see its NOTICE), taken through the same story: applied for with its
// conditions and attachments, one line granted and one refused, letter, arrival. And its questions are those of the original.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { municipalityWith, root, sharedData, startServer } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, fill, pdf, sendLetter, takeCase } from '../lib/people.mjs';

const service = 'brystprotese';
const file = name => ({ name, type: 'application/pdf', bytes: pdf });

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

test('both lines, bought already, first time: the story to its end', async () => {
  const anna = await citizen(server);
  const { no, id } = await apply(anna, [
    { phone: '20 00 00 01', home_municipality: 'Fjordby' },
    { reason: 'surgery', what: ['spesialbrystholder', 'brystprotese'], purchase: 'bought', over_six_months: 'no', bra_first: 'yes', prosthesis_first: 'yes', spare: 'no' },
    { more: 'no' },
    { receipt_how: 'now', receipt: file('kvittering.pdf'), doctor_bra_how: 'now', doctor_bra: file('laege.pdf'), doctor_prosthesis_how: 'later', other_how: 'no' },
  ], service);
  const bo = await citizen(server, 'Bo Kjær');
  const desk = await takeCase(bo, no);
  const page = textOf((await bo.get(`/desk/casefile/${desk}`)).text);
  for (const words of ['kvittering.pdf', 'laege.pdf', 'En operation', 'Specialbrystholder']) assert.ok(page.includes(words), words);
  assert.ok(!page.includes('kønsinkongruens for'), 'what was not asked is not shown');
  await act(bo, desk, 'call', { text: 'Vi talte om specialbrystholderen.', reached: 'yes' });
  assert.match((await decide(bo, desk, ['refused', 'granted'])).path, /letter/);
  await sendLetter(bo, desk);
  const letter = textOf((await anna.get(`/letter/${await arrived(anna, id)}`)).text);
  assert.match(letter, /Vi dækker noget af det, du har søgt om/);
  assert.match(letter, /Vi dækker udgiften til: Brystprotese, brystvorte eller fæsteplader/);
  assert.match(letter, /Resten af det, du søgte om, dækker vi ikke\. Sådan har vi afgjort: Specialbrystholder: Afslået/);
});

test('the questions follow the answers, as in the original', async () => {
  const erik = await citizen(server, 'Erik Sand', { lang: 'nb' });
  await fill(erik, [
    { phone: '20 00 00 03', home_municipality: 'Fjordby' },
    { reason: 'incongruence', what: ['spesialbrystholder'], purchase: 'before', bra_first: 'no' },
    { more: 'yes', more_text: 'Ingen.' },
    { other_how: 'no' },
  ], service);
  const review = textOf(erik.last.text);
  assert.match(review, /Hva er årsaken til at du trenger brystprotese eller spesialbrystholder\?/);
  assert.match(review, /Kjønnsinkongruens/);
  for (const hidden of [/endret seg vesentlig/, /mer enn 6 måneder/, /Legeerklæring/, /Dokumentasjon fra lege/, /reserveeksemplar/])
    assert.doesNotMatch(review, hidden);
});

test('what is missing is named at its question', async () => {
  const anna = await citizen(server);
  await anna.get('/form/' + service);
  await anna.submit('/start');
  const form = formsOf(anna.last.text).find(f => (f.method || '').toLowerCase() === 'post' && /\/form\/draft\//.test(f.action ?? anna.last.path));
  const a = await anna.submit(form.action ?? anna.last.path, { phone: '12', home_municipality: '' });
  assert.match(a.text, /<title>Fejl:/);
  for (const field of ['f-phone', 'f-home_municipality']) assert.ok(a.text.includes(`href="#${field}"`), field);
});

test('every question and choice of the original is there, in its own words', { skip: !sharedData && 'the published form is not beside the project: see CONTRIBUTING.md' }, () => {
  const form = JSON.parse(readFileSync(path.join(sharedData, 'forms/nav/forms/nav100759.json'), 'utf8'));
  const ours = readFileSync(path.join(root, 'services', service, 'form.yaml'), 'utf8').replace(/\\"/g, '"');
  // Where "Nav" or "folketrygden" spoke, we speak; whether one has a number and lives abroad is known from login and register.
  const changed = /folketrygden|Nav |fødselsnummer/;
  let seen = 0;
  const walk = c => {
    for (const k of c.components || []) {
      if (['radiopanel', 'selectboxes', 'textarea', 'attachment', 'alertstripe'].includes(k.type) && k.key !== 'alertstripePrefill') {
        const texts = [k.type === 'alertstripe' ? k.content.replace(/<[^>]*>/g, '') : k.label, ...(k.values || []).map(v => v.label)];
        for (const text of texts.map(t => t.trim()).filter(t => !/^(Ja|Nei)$/.test(t) && !changed.test(t))) {
          assert.ok(ours.includes(text), `missing: ${text}`);
          seen++;
        }
      }
      walk(k);
    }
  };
  walk(form);
  assert.ok(seen >= 25, `${seen} texts compared`);
});
