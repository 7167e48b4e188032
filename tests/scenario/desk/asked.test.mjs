// What the citizen was asked and has not answered: said before the decision, closed by it. And the post, one letter or several.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dayOf } from '../lib/days.mjs';
import { municipalityWith, root, startServer, until } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { act, apply, citizen, decide, sendLetter, takeCase } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

let server, browser;
const services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
before(async () => {
  cpSync(path.join(root, 'services'), services, { recursive: true });
  appendFileSync(path.join(services, 'lette-hjaelpemidler/service.yaml'), 'appeal: {days: 90}\n'); // not the country's four weeks
  server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 }), '--services', services] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); rmSync(services, { recursive: true }); });

const question = 'Hvor højt er dit badekar?', waits = /Vi har brug for svar fra dig/;

/** A case of `name` that Bo has asked something in. */
async function asked(name) {
  const party = await citizen(server, name), bo = await citizen(server, 'Bo Kjær');
  const { no, id } = await apply(party);
  const desk = await takeCase(bo, no);
  await act(bo, desk, 'ask', { text: question });
  return { party, bo, id, desk };
}

test('Bo decides without the answer: he is told, and nobody waits for it afterwards', async t => {
  const { party: anna, bo, id, desk } = await asked('Anna Holm');
  assert.match(textOf((await anna.get('/mypage')).text), waits);
  const link = /\/mypage\/casefile\/\d+\/question\/\d+/.exec((await anna.get(`/mypage/casefile/${id}`)).text)[0];
  const answering = await anna.get(link);

  await t.test('the page of the decision says so', async () => {
    const page = await bo.get(`/desk/casefile/${desk}/decision`);
    assert.match(textOf(page.text), /Borgeren har ikke svaret endnu/);
    assert.ok(textOf(page.text).includes(question));
  });
  await decide(bo, desk, ['granted', 'granted']);

  await t.test('Anna is not asked any more, and reads that', async () => {
    assert.doesNotMatch(textOf((await anna.get('/mypage')).text), waits);
    const page = textOf((await anna.get(`/mypage/casefile/${id}`)).text);
    assert.match(page, /Du skal ikke længere svare på det, vi har spurgt dig om/);
    const late = await anna.submit('/question/', { text: '55 cm' }, { page: answering });
    assert.equal(late.status, 409, 'an answer in an old window');
  });
  await t.test('the case says it, and the next decision does not ask again', async () => {
    const page = textOf((await bo.get(`/desk/casefile/${desk}`)).text);
    assert.match(page, /Lukket uden svar/);
    assert.doesNotMatch(page, /Ikke besvaret Svarfrist/);
  });
});

test('one who answered is told nothing of it', async () => {
  const { party: anna, bo, id, desk } = await asked('Anna Holm');
  const link = /\/mypage\/casefile\/\d+\/question\/\d+/.exec((await anna.get(`/mypage/casefile/${id}`)).text)[0];
  await anna.get(link);
  await anna.submit('/question/', { text: '55 cm' });
  assert.doesNotMatch(textOf((await bo.get(`/desk/casefile/${desk}/decision`)).text), /Borgeren har ikke svaret endnu/);
  await decide(bo, desk, ['granted', 'granted']);
  assert.doesNotMatch(textOf((await anna.get(`/mypage/casefile/${id}`)).text), /Du skal ikke længere svare/);
});

test('a hearing that was not answered, and a case that is withdrawn, leave nothing that waits either', async () => {
  const { party: anna, bo, id, desk } = await asked('Anna Holm');
  await act(bo, desk, 'hear', { text: 'Vi lægger vægt på din bænk.' });
  await anna.get(`/mypage/casefile/${id}/withdraw`);
  await anna.submit('/withdraw');
  assert.match(textOf((await anna.get(`/mypage/casefile/${id}`)).text), /Du skal ikke længere svare/);
  assert.doesNotMatch(textOf((await anna.get('/mypage')).text), waits);
  assert.doesNotMatch(textOf((await bo.get(`/desk/casefile/${desk}`)).text), /Ikke besvaret Svarfrist/);
});

const valueOf = (page, name) => formsOf(page.text).find(f => f.id === 'posting').fields.find(f => f.name === name).value;

test('Dagny is asked on paper: her letter is named, in the decision and in the pile; then the post', { timeout: 120000 }, async t => {
  const { party: dagny, bo, id, desk } = await asked('Dagny Lund');
  const paper = async () => /<li>(?:(?!<\/li>)[\s\S])*?\/desk\/letter\/(\d+)\/pdf">(Nyt i din sag[^<]*|[^<]*)<(?:(?!<\/li>)[\s\S])*/.exec((await bo.get('/desk/print')).text);
  const [, letter, title] = await until('the question on paper', paper, 30000);
  const boPage = await visitor(browser, server);
  await login(boPage, 'Bo Kjær');

  await t.test('before the decision', async () => {
    const page = await bo.get(`/desk/casefile/${desk}/decision`);
    assert.match(textOf(page.text), /kan ikke kaldes tilbage\. Send det sammen med afgørelsen/);
    assert.ok(page.text.includes(`href="/desk/letter/${letter}"`));
    await boPage.goto(`/desk/casefile/${desk}/decision`);
    await check(boPage, 'a decision with a question that is open, on paper');
  });
  await decide(bo, desk, ['granted', 'granted']);
  const decision = await sendLetter(bo, desk);
  await until('both wait', async () => (await bo.get('/desk/print')).text.includes(`/desk/letter/${decision}/pdf`), 30000);

  await t.test('after it, the pile says that nobody waits for an answer', async () => {
    const rows = bo.last.text.split('<li>');
    assert.match(rows.find(r => r.includes(`/desk/letter/${letter}/pdf`)), /Spørgsmålet i brevet er lukket/);
    assert.doesNotMatch(rows.find(r => r.includes(`/desk/letter/${decision}/pdf`)), /Spørgsmålet i brevet er lukket/);
    await boPage.goto('/desk/print');
    await check(boPage, 'the pile with a question that is closed');
  });

  await t.test('one letter that is no decision: in the singular, without an appeal; no day before it was made', async () => {
    const page = await bo.get(`/desk/print/letter/${letter}/posted`);
    assert.match(textOf(page.text), /Er brevet postet\?/);
    assert.match(textOf(page.text), /Hvilken dag er brevet afleveret/);
    assert.doesNotMatch(textOf(page.text), /brevene|klage/);
    const today = new Date(Date.UTC(+valueOf(page, 'day_year'), +valueOf(page, 'day_month') - 1, +valueOf(page, 'day_day')));
    const before = new Date(today - 86400000);
    const early = await bo.submit('/posted', { day_day: String(before.getUTCDate()), day_month: String(before.getUTCMonth() + 1), day_year: String(before.getUTCFullYear()) });
    assert.equal(early.status, 422, 'it is not asked to confirm');
    assert.match(textOf(early.text), /Skriv en dag fra \d+\. \S+ \d{4} til i dag/);
    assert.doesNotMatch(textOf(early.text), /Du har skrevet en anden dag/);
    await boPage.goto(`/desk/print/letter/${letter}/posted`);
    await check(boPage, 'is the letter posted?');
  });

  await t.test('a pile with a decision in it: in the plural, with the appeal', async () => {
    await bo.get('/desk/print');
    const printed = await bo.submit('/desk/print/batch');
    const batch = /\/desk\/print\/batch\/(\d+)\/posted/.exec(printed.text)[1];
    const page = await bo.get(`/desk/print/batch/${batch}/posted`);
    assert.match(textOf(page.text), /Er brevene postet\?/);
    assert.match(textOf(page.text), /Hvilken dag er brevene afleveret/);
    const last = /\(20\d\d-\d{6}\) kan klage over afgørelsen til og med (\d+\. \S+ 20\d\d)/;
    const day = last.exec(textOf(page.text))?.[1];
    assert.ok(dayOf(day) > Date.now() + 90 * 86400e3, `by its own service: ${day}`);
    const alone = await bo.get(`/desk/print/letter/${decision}/posted`);
    assert.match(textOf(alone.text), /Er brevet postet\?/);
    assert.equal(last.exec(textOf(alone.text))[1], day);
    await bo.get(`/desk/print/batch/${batch}/posted`);
    await bo.submit('/posted');
    assert.match(textOf(bo.last.text), /posten har brevene/);
  });

  await t.test('the timeline says which letter, to Bo and to Dagny', async () => {
    const heading = textOf((await bo.get(`/desk/letter/${decision}`)).text.match(/<h1>(.*?)<\/h1>/)[1]);
    const bos = textOf((await bo.get(`/desk/casefile/${desk}`)).text), hers = textOf((await dagny.get(`/mypage/casefile/${id}`)).text);
    for (const name of [heading, textOf(title)]) assert.ok(bos.includes(`Brevet “${name}” er postet`), name);
    for (const name of ['Afgørelse', 'Brev']) // what they say is told when they have arrived
      assert.ok(hers.includes(`Vi har sendt dig brevet “${name}” med posten`), name);
    assert.ok(!hers.includes(heading), 'law 5');
  });
});
