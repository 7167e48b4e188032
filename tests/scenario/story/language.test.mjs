// Another language at any step: what was written is still there, the page says its language, and it stays.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { act, aidsAnswers, apply, arrived, citizen, decide, fill, takeCase } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

/** Press the language `to` with these values in the form; the page that comes is in it and holds them still. */
async function through(c, form, values, to) {
  const before = c.last;
  assert.ok(new RegExp(`<button[^>]*form="${form}"[^>]*name="language"[^>]*value="${to}"`).test(before.text), `${before.path} has the switch of ${form}`);
  const at = formsOf(before.text).findIndex(f => f.id === form);
  const buttons = Object.fromEntries(formsOf(before.text)[at].buttons.filter(b => b.name).map(b => [b.name, null]));
  const a = await c.submit(at, { ...buttons, ...values, language: to }, { page: before, forge: true });
  assert.ok([200, 422].includes(a.status), `${before.path}: ${a.status} ${textOf(a.text).slice(0, 300)}`);
  assert.match(a.text, new RegExp(`<html lang="${to}"`), before.path);
  const fields = formsOf(a.text).find(f => f.id === form).fields;
  for (const [name, value] of Object.entries(values)) {
    const same = fields.filter(f => f.name === name);
    const kept = same[0]?.type === 'radio' || same[0]?.type === 'checkbox' ? same.find(f => 'checked' in f)?.value : same[0]?.value;
    assert.equal(kept, value, `${before.path} in ${to}: ${name}`);
  }
  return a;
}
const home = async c => { await c.get('/page/language?to=da&next=/page/help'); };

test('at each step of a form, and at its review', async () => {
  const anna = await citizen(server);
  await anna.get('/form/lette-hjaelpemidler');
  await anna.submit('/start');
  const draft = /\/form\/draft\/(\d+)/.exec(anna.last.path)[1];
  for (const [page, values] of [['about', { phone: '12' }], ['situation', { difficulty: 'Linje <1> & "2"' }], ['home', { stairs: 'true' }], ['contact', { contact_by: 'page' }]])
    for (const to of ['en', 'nb', 'nn', 'da']) {
      if (to === 'en') await anna.get(`/form/draft/${draft}/${page}`);
      await through(anna, 'form', values, to);
    }
  await fill(anna, aidsAnswers);
  const own = /\/form\/draft\/(\d+)/.exec(anna.last.path)[1];
  const nb = await anna.get(`/page/language?to=nb&next=/form/draft/${own}/review`);
  assert.match(nb.text, /<html lang="nb"/);
  assert.match(textOf(nb.text), /bange for at falde/, 'her own words are not translated');
  const receipt = await anna.submit('/casefile/submit');
  assert.match(receipt.text, /<html lang="nb"/);
});

test('at the desk and on my page', async t => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const { no, id } = await apply(anna);
  const desk = await takeCase(bo, no);
  for (const [what, values] of [['ask', { text: 'Hvor højt?', days: '7' }], ['note', { text: 'En note' }], ['call', { text: 'Vi talte', reached: 'yes' }], ['hear', { text: 'Vi påtænker', days: '12' }],
    ['exempt', { text: 'Det haster', basis: 'fvl § 19' }], ['extend', { text: 'Vi venter', day_day: '3', day_month: '2', day_year: '2027' }]])
    await t.test(what, async () => {
      await bo.get(`/desk/casefile/${desk}/do/${what}`);
      await through(bo, 'act', values, 'en');
      await through(bo, 'act', values, 'da');
    });
  await t.test('it stays for the pages that follow', async () => {
    await bo.get(`/desk/casefile/${desk}/do/note`);
    await through(bo, 'act', { text: 'x' }, 'nb');
    assert.match((await bo.get('/desk')).text, /<html lang="nb"/);
    await home(bo);
  });
  await act(bo, desk, 'call', { text: 'Vi talte om det.', reached: 'yes' });
  await act(bo, desk, 'ask', { text: 'Hvor højt er badet?', days: '5' });
  await t.test('my page', async () => {
    const question = /href="(\/mypage\/casefile\/\d+\/question\/\d+)"/.exec((await anna.get(`/mypage/casefile/${id}`)).text)[1];
    for (const url of [question, `/mypage/casefile/${id}/add`, `/mypage/casefile/${id}/withdraw`]) {
      await anna.get(url);
      await through(anna, 'write', { text: 'Mine ord & dine' }, 'en');
      assert.match((await anna.get('/mypage')).text, /<html lang="en"/);
      await anna.get(url);
      await through(anna, 'write', { text: 'Mine ord igen' }, 'da');
    }
    await anna.get('/mypage/data');
    await through(anna, 'contact', { email: 'ny@post.example', phone: '20 00 00 99' }, 'en');
    await home(anna);
    assert.doesNotMatch((await anna.get('/mypage/data')).text, /ny@post\.example/, 'nothing was saved by it');
  });
  await t.test('the decision', async () => {
    await bo.get(`/desk/casefile/${desk}/decision`);
    await through(bo, 'decision', { 'lines-0-outcome': 'refused', 'lines-0-reason': 'Fordi du har en.' }, 'en');
    await through(bo, 'decision', { 'lines-0-outcome': 'refused', 'lines-0-reason': 'Fordi du har to.' }, 'da');
  });
  await decide(bo, desk, ['granted', 'refused']);
  await t.test('choosing a letter, and writing it', async () => {
    await bo.get(`/desk/casefile/${desk}/letter`);
    await through(bo, 'template', { template: 'nb:partly' }, 'en');
    await through(bo, 'template', { template: 'nn:partly' }, 'nn');
    await through(bo, 'template', { template: 'nb:partly' }, 'da');
    await bo.submit('/letter');
    const text = formsOf(bo.last.text).find(f => f.id === 'letter').fields.find(f => f.name === 'text').value;
    const page = await through(bo, 'letter', { text: text + '\n\nEn linje til.' }, 'en');
    assert.match(page.text, /<div class="k-letter k-letter--preview" lang="nb">/, 'the letter keeps its language');
    const empty = await bo.submit(formsOf(page.text).findIndex(f => f.id === 'letter'), { title: '', language: 'da' }, { page, forge: true });
    assert.equal(empty.status, 422);
    assert.match(empty.text, /<html lang="da"/);
    assert.match(empty.text, /En linje til/);
    await bo.get(empty.path);
    assert.match(bo.last.text, /En linje til/);
    await bo.submit('/send');
  });
  await t.test('the letter arrives in its own', async () => {
    const letter = await arrived(anna, id);
    assert.match((await anna.get(`/letter/${letter}`)).text, /<section[^>]* lang="nb"/);
    assert.match(anna.last.text, /<html lang="da"/);
  });
});
