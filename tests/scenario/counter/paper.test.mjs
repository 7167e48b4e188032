// Paper letters: the queue, one batch as one PDF, asked before they are posted, and the clock that runs from there. Over HTTP and
// in Chromium.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { dayOf, dateParts } from '../lib/days.mjs';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, citizen, decide, pdf, png, takeCase } from '../lib/people.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

function file(bytes) {
  const name = path.join(mkdtempSync(path.join(tmpdir(), 'indgang-pdf-')), 'batch.pdf');
  writeFileSync(name, bytes);
  return name;
}
/** The words of each page. */
const pages = bytes => { const all = execFileSync('pdftotext', ['-layout', file(bytes), '-']).toString().split('\f'); all.pop(); return all.map(p => p.replace(/\s+/g, ' ').trim()); };

/** Dagny has applied, Bo has decided; a letter with these attachments is on its way to the printer. */
async function letterToDagny(house, attachments = []) {
  const dagny = await citizen(house, 'Dagny Lund'), bo = await citizen(house, 'Bo Kjær');
  const { no, id } = await apply(dagny);
  const desk = await takeCase(bo, no);
  await act(bo, desk, 'call', { text: 'Vi talte om badebænken.', reached: 'yes' });
  await decide(bo, desk, ['granted', 'refused']);
  await bo.get(`/desk/casefile/${desk}/letter`);
  const page = await bo.submit('/letter'), letter = /\/desk\/letter\/(\d+)/.exec(page.path)[1];
  for (const a of attachments) await bo.submit('/attach', { file: a });
  await bo.submit('/send');
  await until('the letter to be made', async () => (await bo.get('/desk/print')).text.includes(`/desk/letter/${letter}`));
  return { dagny, bo, no, id, desk, letter };
}

const dateOf = (text, before) => new RegExp(before + String.raw` (\d{1,2}\. \p{L}+ 20\d\d)`, 'u').exec(text)?.[1];

test('a batch is one PDF, remembered; posted when one has been asked; the clock counts from there', async t => {
  const one = await letterToDagny(server, [{ name: 'badet.png', type: 'image/png', bytes: png }, { name: 'vejledning.pdf', type: 'application/pdf', bytes: pdf }]);
  const two = await letterToDagny(server);
  const { bo } = two;
  let batch;

  await t.test('the desk says that letters go on paper, and where they wait', async () => {
    assert.match(textOf((await bo.get(`/desk/letter/${one.letter}`)).text), /skal printes og postes.*Papirbreve/s);
    const mette = await citizen(server, 'Mette Bro');
    assert.doesNotMatch(textOf((await mette.get('/desk/print')).text), /Dagny/, 'another unit sees nothing');
  });

  await t.test('one button makes one batch; pressing again makes no second', async () => {
    const page = await bo.get('/desk/print');
    assert.match(textOf(page.text), /Lav én PDF af 2 breve/);
    let made = await bo.submit('/desk/print/batch', {}, { page });
    assert.match(textOf(made.text), /Bunken er lavet/);
    assert.match(textOf(made.text), /Bunke fra .* lavet af Bo Kjær 2 breve mangler at blive postet/);
    made = await bo.submit('/desk/print/batch', {}, { page });
    assert.match(textOf(made.text), /allerede i en bunke/);
    assert.equal([...made.text.matchAll(/id="batch-/g)].length, 1);
    batch = /\/desk\/print\/batch\/(\d+)\/pdf/.exec(made.text)[1];
  });

  await t.test('every letter begins on the front of a sheet, behind a cover list', async () => {
    const got = await bo.get(`/desk/print/batch/${batch}/pdf`);
    assert.equal(got.headers.get('content-type'), 'application/pdf');
    execFileSync('qpdf', ['--check', file(got.bytes)], { stdio: 'pipe' });
    const p = pages(got.bytes);
    assert.match(p[0], /Breve til posten.*2 breve\. Lavet af Bo Kjær.*1\. Dagny Lund.*2\. Dagny Lund/);
    assert.match(p[0], /Print også dette for sig, og læg det ved: badet\.png/, 'what is no PDF is not forgotten');
    const begins = p.map((text, i) => /Kære Dagny Lund/.test(text) ? i + 1 : 0).filter(Boolean);
    assert.equal(begins.length, 2);
    for (const n of begins) assert.equal(n % 2, 1, `a letter begins on page ${n}`);
    assert.equal(p.length % 2, 0);
    assert.ok(begins[1] - begins[0] >= 4, 'the PDF attachment lies between them: ' + begins);
    assert.equal(Buffer.compare((await bo.get(`/desk/print/batch/${batch}/pdf`)).bytes, got.bytes), 0, 'the same again');
    const mette = await citizen(server, 'Mette Bro');
    for (const what of ['pdf', 'posted']) assert.equal((await mette.request(`/desk/print/batch/${batch}/${what}`)).status, 404, what);
  });

  await t.test('one is asked first, and told what follows', async () => {
    const page = await bo.get(`/desk/print/batch/${batch}/posted`), text = textOf(page.text);
    assert.match(text, /Disse 2 breve/);
    assert.match(text, /Det kan ikke fortrydes/);
    const posted = dayOf(dateOf(text, 'Postet')), arrival = dayOf(dateOf(text, 'regnes for modtaget'));
    assert.ok(arrival - posted >= 5 * 864e5, 'postal days');
    const tomorrow = new Date(posted + 864e5);
    const day = d => dateParts('day', d.toISOString().slice(0, 10));
    const yesterday = await bo.submit('/posted', day(new Date(posted - 864e5)), { page });
    assert.equal(yesterday.status, 422, 'before it was made: that is not even asked');
    const shown = await bo.submit('/posted', { shown: new Date(posted - 864e5).toISOString().slice(0, 10) }, { page });
    assert.match(textOf(shown.text), /Du har skrevet en anden dag/, 'another day is asked again');
    for (const values of [day(tomorrow), { day_day: '31', day_month: '2', day_year: '2026' }, { day_day: '' }])
      assert.equal((await bo.submit('/posted', values, { page })).status, 422, JSON.stringify(values));
    assert.equal((await bo.submit('/posted', {}, { page: yesterday })).status, 422, 'before it was made');
    assert.match(textOf((await bo.get('/desk/print')).text), /2 breve mangler/);
  });

  await t.test('one at a time, then all that are left; not twice', async () => {
    const page = await bo.get(`/desk/print/letter/${one.letter}/posted`);
    assert.match(textOf(page.text), /Dette brev/);
    await bo.submit('/posted');
    assert.match(textOf(bo.last.text), /1 brev mangler at blive postet/);
    assert.match(textOf(bo.last.text), /Dagny Lund Postet/);
    await bo.get(`/desk/print/batch/${batch}/posted`);
    const before = bo.last, text = textOf(before.text), appeal = dateOf(text, 'klage over afgørelsen til og med'), arrival = dateOf(text, 'regnes for modtaget');
    await bo.submit('/posted');
    assert.match(textOf(bo.last.text), /ingen bunker, der mangler/);
    assert.equal((await bo.submit('/posted', {}, { page: before })).status, 409);
    assert.equal((await bo.get(`/desk/print/batch/${batch}/pdf`)).status, 200, 'it can still be printed');
    const letter = textOf((await bo.get(`/desk/letter/${two.letter}`)).text);
    assert.ok(letter.includes(`Regnes for modtaget ${arrival}. Borgeren kan klage til og med ${appeal}.`), letter.slice(0, 800));
    assert.ok(textOf((await bo.get(`/desk/casefile/${two.desk}`)).text).includes(appeal), 'on the case');
    const mine = textOf((await two.dagny.get(`/mypage/casefile/${two.id}`)).text);
    assert.match(mine, /Vi har sendt dig brevet “[^”]+” med posten \d+\./);
    assert.ok(mine.includes(appeal), 'on my page: ' + appeal);
  });
});

test('in Chromium', async () => {
  const house = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] });
  const browser = await launch();
  try {
    const { letter } = await letterToDagny(house);
    for (const options of [{}, { javaScriptEnabled: false, viewport: { width: 320, height: 800 } }]) {
      const scripts = options.javaScriptEnabled !== false, look = async (page, name) => { if (scripts) await check(page, 'paper ' + name); await screenshot(page, `paper-${scripts ? '' : 'narrow-'}${name}`); };
      const bo = await visitor(browser, house, options);
      await login(bo, 'Bo Kjær');
      await bo.goto('/desk/print');
      await look(bo, 'queue');
      if (scripts) await bo.getByRole('button', { name: 'Lav én PDF af 1 brev' }).click();
      await look(bo, 'batch');
      await bo.getByRole('link', { name: 'Markér som postet …' }).click();
      await look(bo, 'posting');
      const today = await bo.getByLabel('Dag', { exact: true }).inputValue(); // of the municipality, not of this machine
      await bo.getByLabel('Dag', { exact: true }).fill('99');
      await bo.getByRole('button', { name: 'Ja, brevet er postet' }).click();
      await look(bo, 'posting-error');
      if (scripts) continue;
      await bo.getByLabel('Dag', { exact: true }).fill(today);
      await bo.getByRole('button', { name: 'Ja, brevet er postet' }).click();
      await bo.getByText('Der er ingen bunker').waitFor();
      await bo.goto(`/desk/letter/${letter}`);
      await look(bo, 'letter');
    }
  } finally {
    await browser.close();
    await house.stop();
  }
});

test('a question and a hearing to one who is reserved go by letter, with what was asked and how to answer', async () => {
  const dagny = await citizen(server, 'Dagny Lund'), bo = await citizen(server, 'Bo Kjær');
  const { no } = await apply(dagny), desk = await takeCase(bo, no), browser = await launch();
  try {
    const page = await visitor(browser, server);
    await login(page, 'Bo Kjær');
    await page.goto(`/desk/casefile/${desk}/do/ask`);
    await check(page, 'desk: asking one who gets paper');
    assert.match(await page.textContent('main'), /får det som brev/);
    await screenshot(page, 'desk-ask-paper');
  } finally { await browser.close(); }
  await act(bo, desk, 'ask', { text: 'Har du prøvet en anden stok?\n\nSend gerne et billede.', days: '5' });
  await act(bo, desk, 'hear', { text: 'Vi overvejer at sige nej til badebænken.', days: '5' });
  const found = await until('both letters', async () => {
    const letters = [...(await bo.get(`/desk/casefile/${desk}`)).text.matchAll(/\/desk\/letter\/(\d+)/g)].map(m => m[1]);
    const texts = [];
    for (const l of new Set(letters)) { const got = await bo.request(`/desk/letter/${l}/pdf`); if (got.status === 200) texts.push(pages(got.bytes).join(' ')); }
    return texts.length === 2 && texts;
  }, 60000);
  for (const words of [/Har du prøvet en anden stok\? Send gerne et billede\./, /Vi overvejer at sige nej til badebænken\./]) assert.ok(found.some(t => words.test(t)), String(words));
  for (const text of found) { assert.match(text, /Svar senest/); assert.match(text, new RegExp(`Svar med et brev til Fjordby Kommune.*${no}`)); assert.match(text, /Dagny Lund/); }
});
