// What somebody has typed is kept, whichever button of the page is pressed: letters and decisions at the desk.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { apply, arrived, citizen, decide, pdf, takeCase } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

let server, browser;
before(async () => {
  server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 2 })] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); });

/** A case that Bo has, decided when `outcomes` say how. */
async function taken(outcomes) {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const { no, id } = await apply(anna);
  const desk = await takeCase(bo, no);
  if (outcomes) await decide(bo, desk, outcomes);
  return { anna, bo, id, desk };
}

/** … and a letter begun for it. */
async function begun() {
  const all = await taken(['granted', 'granted']);
  await all.bo.get(`/desk/casefile/${all.desk}/letter`);
  const page = await all.bo.submit('/letter');
  return { ...all, page, url: /\/desk\/letter\/\d+/.exec(page.path)[0] };
}
const textIn = page => formsOf(page.text).find(f => f.id === 'letter')?.fields.find(f => f.name === 'text').value;
const file = { name: 'vejledning.pdf', type: 'application/pdf', bytes: pdf };

for (const javaScriptEnabled of [true, false])
  test(`in the browser, scripts ${javaScriptEnabled ? 'on' : 'off'}: what is typed comes along with each button`, { timeout: 120000 }, async () => {
    const { anna, id, url } = await begun();
    const bo = await visitor(browser, server, { javaScriptEnabled });
    await login(bo, 'Bo Kjær');
    await bo.goto(url);
    if (javaScriptEnabled) await check(bo, 'the letter in one form');
    const text = bo.locator('#text');
    const add = async words => { await text.focus(); await bo.keyboard.press('Control+End'); await bo.keyboard.type('\n\n' + words); };
    const press = name => bo.getByRole('button', { name }).click();

    await add('Medbring legitimation.');
    await bo.locator('input[type=file]').setInputFiles({ name: file.name, mimeType: file.type, buffer: file.bytes });
    await press(/^Vedlæg$/);
    await bo.getByRole('button', { name: /vejledning\.pdf/ }).waitFor();
    assert.match(await text.inputValue(), /Medbring legitimation\./, 'a file was attached');

    await add('Ring til døren.');
    await press(/vejledning\.pdf/);
    assert.equal(await bo.getByRole('button', { name: /vejledning\.pdf/ }).count(), 0);
    assert.match(await text.inputValue(), /Ring til døren\./, 'and taken away');

    await add('Spørg efter Bo.');
    await press(/^Slet brevet$/);
    await bo.getByRole('heading', { level: 1, name: 'Slet brevet' }).waitFor();
    if (javaScriptEnabled) await check(bo, 'delete the letter?');
    await press(/^Fortryd$/);
    assert.match(await text.inputValue(), /Spørg efter Bo\./, 'and not deleted');

    await bo.locator('input[type=file]').setInputFiles({ name: file.name, mimeType: file.type, buffer: file.bytes });
    await add('Hilsen til hunden.');
    await press(/^Send til/);
    await bo.getByRole('button', { name: 'Kald brevet tilbage' }).waitFor();
    const words = /Medbring legitimation\.[\s\S]*Ring til døren\.[\s\S]*Spørg efter Bo\.[\s\S]*Hilsen til hunden\./;
    assert.match(await bo.locator('main').innerText(), words);
    const read = textOf((await anna.get(`/letter/${await arrived(anna, id)}`)).text);
    assert.match(read, words, 'Anna reads all of it');
    assert.match(read, /vejledning\.pdf/, 'with the file that was chosen');
  });

test('what cannot be saved is not sent: it is on the page again', async t => {
  const { bo, url, page } = await begun();
  const text = textIn(page);
  await t.test('a placeholder nobody knows', async () => {
    const a = await bo.submit('/send', { text: text + '\n\nTastet {{ukendt}}.' }, { page });
    assert.equal(a.status, 422);
    assert.match(textIn(a), /Tastet \{\{ukendt\}\}/);
  });
  await t.test('a file nobody can open, with the text beside it', async () => {
    for (const button of ['/send', '/attach']) {
      const a = await bo.submit(button, { text: text + '\n\nTastet.', file: { ...file, bytes: Buffer.from([0, 1, 2, 255]) } }, { page });
      assert.equal(a.status, 422, button);
      assert.match(textOf(a.text), /Filen er ikke PDF/);
      assert.match(textIn(a), /Tastet\./);
    }
  });
  await t.test('no file at all', async () => {
    const a = await bo.submit('/attach', { text: text + '\n\nTastet.' }, { page });
    assert.equal(a.status, 422);
    assert.match(textIn(a), /Tastet\./);
  });
  await t.test('no text, with a file: it has to be chosen again, and the page says so', async () => {
    const a = await bo.submit('/send', { text: '', file }, { page });
    assert.equal(a.status, 422);
    assert.match(textOf(a.text), /Filen er ikke gemt\. Vælg den igen\./);
  });
  assert.equal(textIn(await bo.get(url)), text, 'nothing of it was saved');
});

test('law 2: two windows; nothing is sent over what the other one wrote, and nothing typed is dropped', async () => {
  const { bo, url, page: old } = await begun();
  const text = textIn(old);
  await bo.submit(url, { text: text + '\n\nDen ene rude.' }, { page: old });
  for (const button of ['/send', '/attach']) {
    const late = await bo.submit(button, { text: text + '\n\nDen anden rude.', file }, { page: old });
    assert.equal(late.status, 409, button);
    assert.match(late.text, /Den ene rude/);
    assert.match(textIn(late), /Den anden rude/);
    assert.match(textOf(late.text), /Vælg den igen/, 'the file too');
  }
  assert.doesNotMatch((await bo.get(url)).text, /Den anden rude|vejledning\.pdf/);
  await bo.submit('/send');
  assert.match(textOf(bo.last.text), /Kald brevet tilbage/);
  const gone = await bo.submit(url, { text: text + '\n\nDen anden rude.' }, { page: old });
  assert.equal(gone.status, 409);
  assert.match(textOf(gone.text), /ikke en kladde længere/);
  assert.match(gone.text, /Den anden rude/, 'it can still be copied');
});

test('a letter is deleted when one is sure', async () => {
  const { bo, desk, url, page } = await begun();
  const text = textIn(page);
  const asked = await bo.submit('/delete', { text: text + '\n\nTastet.' });
  assert.match(textOf(asked.text), /Du kan ikke få dem tilbage/);
  assert.equal(textIn(await bo.get(url)), text, 'asking deletes nothing, and saves nothing');
  const back = await bo.submit('/delete', {}, { page: asked, button: 'edit' });
  assert.match(textIn(back), /Tastet\./);
  const gone = await bo.submit('/delete', {}, { page: asked });
  assert.equal(gone.path.replace(/[?#].*/, ''), `/desk/casefile/${desk}`);
  assert.equal((await bo.request(url)).status, 404);
});

test('a decision: nothing to delete before something is written; asked first; what was typed is there again', async () => {
  const { bo, desk } = await taken(), url = `/desk/casefile/${desk}/decision`;
  const fresh = await bo.get(url);
  assert.doesNotMatch(textOf(fresh.text), /Slet kladden/);
  await decide(bo, desk, ['granted', 'refused'], { final: false });
  const reason = 'lines-1-reason', value = page => formsOf(page.text).find(f => f.id === 'decision')?.fields.find(f => f.name === reason).value;
  const asked = await bo.submit('/discard', { [reason]: 'Tastet grund.' });
  assert.match(textOf(asked.text), /Du kan ikke få det tilbage/);
  assert.doesNotMatch(value(await bo.get(url)), /Tastet grund/, 'asking saves nothing');
  assert.match(value(await bo.get(url)), /allerede en bænk/, 'and deletes nothing');
  const back = await bo.submit('/discard', {}, { page: asked, button: 'edit' });
  assert.equal(value(back), 'Tastet grund.');
  const gone = await bo.submit('/discard', {}, { page: asked });
  assert.equal(gone.path.replace(/[?#].*/, ''), `/desk/casefile/${desk}`);
  assert.doesNotMatch((await bo.get(url)).text, /allerede en bænk/);
});

test('a decision in the browser: the reasons are saved on the way to note a call', { timeout: 60000 }, async () => {
  const { bo: clerk, desk } = await taken();
  await decide(clerk, desk, ['granted', 'refused'], { final: false });
  const bo = await visitor(browser, server);
  await login(bo, 'Bo Kjær');
  await bo.goto(`/desk/casefile/${desk}/decision`);
  await check(bo, 'a decision that lacks a call');
  await bo.locator('[name="lines-1-reason"]').fill('Du har en bænk, der kan bruges.');
  await bo.getByRole('button', { name: 'Noter en samtale' }).click();
  await bo.waitForURL(/\/do\/call$/);
  await bo.goto(`/desk/casefile/${desk}/decision`);
  assert.equal(await bo.locator('[name="lines-1-reason"]').inputValue(), 'Du har en bænk, der kan bruges.');
  await bo.getByRole('button', { name: 'Slet kladden' }).click();
  await check(bo, 'delete the draft of a decision?');
});
