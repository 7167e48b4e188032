// An appeal from the citizen's page to the body above and back: looked at again, upheld with a statement, sent on, answered, closed.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts } from '../lib/days.mjs';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { act, apply, arrived, citizen, decide, pdf, sendLetter, takeCase } from '../lib/people.mjs';

let server, browser;
before(async () => {
  server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

const statement = 'Borgeren har en bænk, der kan bruges i badet.';

/** Anna was refused a part of what she applied for, and has appealed. */
async function appealed(anna, bo) {
  const { no, id } = await apply(anna);
  const desk = await takeCase(bo, no);
  await act(bo, desk, 'call', { text: 'Vi talte om bænken.', reached: 'yes' });
  await decide(bo, desk, ['granted', 'refused']);
  const letter = await sendLetter(bo, desk);
  await arrived(anna, id);
  await anna.get(`/mypage/casefile/${id}/appeal`);
  await anna.submit('/appeal', { text: 'Bænken, jeg har, er for smal.' });
  return { no, id, desk, letter };
}

test('an appeal is looked at again, sent on, answered and closed', { timeout: 120000 }, async t => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const c = await appealed(anna, bo);
  const mine = async () => textOf((await anna.get(`/mypage/casefile/${c.id}`)).text);
  const theirs = async () => textOf((await bo.get(`/desk/casefile/${c.desk}`)).text);

  await t.test('she reads when she hears from us, and of no term that is over', async () => {
    assert.match(await mine(), /ser på afgørelsen igen\. Du hører fra os senest \d+\. \p{L}+ 20\d\d/u);
    assert.doesNotMatch(await mine(), /Fristen for at klage var/);
    const letter = (await anna.get(`/letter/${c.letter}`)).text;
    assert.doesNotMatch(letter, /\/appeal"/, 'the letter does not ask for another appeal');
  });

  await t.test('a new decision begins as the old one, which is not told once more', async () => {
    assert.match(await theirs(), /Skriv en ny afgørelse/);
    await act(bo, c.desk, 'call', { text: 'Vi talte om klagen.', reached: 'yes' });
    const page = await bo.get(`/desk/casefile/${c.desk}/decision`);
    const { fields } = formsOf(page.text).find(f => f.id === 'decision');
    assert.ok(fields.some(f => f.name === 'lines-1-outcome' && f.value === 'refused' && 'checked' in f));
    assert.match(fields.find(f => f.name === 'lines-1-reason').value, /Du har allerede en bænk/);
    assert.match(textOf(page.text), /Afgørelsen er den samme, som der er klaget over/);
    const again = await bo.submit('/decision', {}, { button: 'do' });
    assert.match(again.path, /\/decision/);
    assert.match(await theirs(), /Klage modtaget/);
  });

  await t.test('Bo is asked twice, and sends it on', async () => {
    const empty = await act(bo, c.desk, 'uphold', { text: '' });
    assert.equal(empty.status, 422);
    const sure = await act(bo, c.desk, 'uphold', { text: statement });
    assert.match(textOf(sure.text), /Er du sikker\?.* Udtalelsen bliver journaliseret som sendt til Ankestyrelsen/);
    assert.doesNotMatch(await mine(), /Ankestyrelsen/, 'nothing has happened yet');
    await bo.submit('/do/uphold', {}, { page: sure, button: 'sure' });
    const desk = await theirs();
    assert.match(desk, /Klage sendt videre/);
    assert.match(desk, /Klagen ligger hos Ankestyrelsen\. Send selv udtalelsen/);
    assert.match(desk, /Bo Kjær fastholdt afgørelsen og sendte klagen til Ankestyrelsen den/);
    assert.doesNotMatch(desk, /Frist \d/, 'no deadline of ours runs');
    for (const [title, words] of [['Klage', 'for smal'], ['Udtalelse til klageinstansen', statement]]) { // what is to be sent there
      const href = new RegExp(`href="([^"]+/document/\\d+)">${title}<`).exec(bo.last.text)[1];
      assert.ok((await bo.get(href)).text.includes(words), title);
      await bo.get(`/desk/casefile/${c.desk}`);
    }
    assert.equal((await bo.request(`/desk/casefile/${c.desk}/do/uphold`)).status, 409);
  });

  await t.test('Anna reads it on her page and in a letter, and cannot appeal to us again', async () => {
    const page = await mine();
    assert.match(page, /Din klage er sendt videre/);
    assert.match(page, /fastholdt afgørelsen og sendt din klage til Ankestyrelsen\. De skriver til dig\. Du skal ikke gøre noget/);
    assert.ok(page.includes(statement), 'what we wrote to the body');
    assert.equal((await anna.request(`/mypage/casefile/${c.id}/appeal`)).status, 409);
    const letter = await until('the letter', async () => {
      const all = (await anna.get(`/mypage/casefile/${c.id}`)).text;
      return /\/letter\/(\d+)"><span[^>]*>Vi har sendt din klage til Ankestyrelsen/.exec(all)?.[1];
    }, 30000);
    const words = textOf((await anna.get(`/letter/${letter}`)).text);
    assert.match(words, /vi fastholder afgørelsen/);
    assert.match(words, /Du skal ikke gøre noget\. Ankestyrelsen behandler nu din klage/);
    assert.ok(words.includes(statement));
  });

  await t.test('the answer of the body is post to the case, and Bo closes it', async () => {
    await bo.get('/desk/post/new');
    await bo.submit('/desk/post/new', { file: { name: 'svar.pdf', type: 'application/pdf', bytes: pdf } });
    const done = await bo.submit('/desk/post/', { title: 'Ankestyrelsens afgørelse', to: 'old', kind: 'addition', no: c.no, from: 'other', name: 'Ankestyrelsen',
      ...dateParts('written', 0), ...dateParts('arrived', 0) });
    assert.match(textOf(done.text), new RegExp(`sag ${c.no}`), textOf(done.text).slice(0, 400));
    await bo.get(`/desk/casefile/${c.desk}`);
    await bo.submit('/close');
    assert.match(await theirs(), /Bo Kjær afsluttede sagen/);
    assert.match(await mine(), /Vi har afsluttet din sag/);
    assert.equal((await anna.request(`/mypage/casefile/${c.id}/appeal`)).status, 409);
  });
});

test('its pages, at two widths', { timeout: 180000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const c = await appealed(anna, bo);
  const desk = await visitor(browser, server), mine = await visitor(browser, server);
  await login(desk, 'Bo Kjær');
  await login(mine, 'Anna Holm');
  await mine.goto(`/mypage/casefile/${c.id}`);
  await check(mine, 'my page: appealed');
  await desk.goto(`/desk/casefile/${c.desk}`);
  await check(desk, 'desk: appealed');
  await desk.getByRole('link', { name: 'Fasthold afgørelsen og send klagen videre' }).click();
  await check(desk, 'desk: uphold');
  await desk.getByLabel('Udtalelse til klageinstansen').fill(statement);
  await desk.getByRole('button', { name: 'Gem og send' }).click();
  await check(desk, 'desk: uphold, sure?');
  await desk.getByRole('button', { name: 'Ja, fasthold og send videre' }).click();
  await desk.getByText('Klagen ligger hos Ankestyrelsen.').waitFor();
  await check(desk, 'desk: sent on');
  await mine.reload();
  await check(mine, 'my page: sent on');
  for (const p of [desk, mine]) await p.context().close();
});
