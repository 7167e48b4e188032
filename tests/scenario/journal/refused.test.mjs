// Who asks to see documents and is refused some of them gets a decision: with the exemption it rests on recorded before, reasons, law
// and guidance on appeal, and can appeal. Without a name: nameless.test.mjs.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, takeCase } from '../lib/people.mjs';

const asked = [{ documents: 'Alt om den nye cykelsti ved Strandvejen' }, { answer_by: 'page' }];
let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

for (const [outcome, words] of [['refused', /Du får ikke dokumenterne at se/], ['partly', /Du får noget, men ikke det hele at se/]])
  test(`${outcome}: a decision with reasons, law and appeal, and not before the exemption is recorded`, async () => {
    const anna = await citizen(server), rikke = await citizen(server, 'Rikke Vang');
    const { no, id } = await apply(anna, asked, 'aktindsigt'), desk = await takeCase(rikke, no);
    assert.doesNotMatch((await rikke.get(`/desk/casefile/${desk}`)).text, /casefile\/\d+\/close"/, 'not closed without a decision');
    const reason = 'Dokumenterne er interne, og sagen er ikke afsluttet. Derfor kan vi ikke vise dem endnu.', basis = 'offentlighedsloven § 23';
    const early = await decide(rikke, desk, [outcome], { reason, basis, granted: 'Kortet over cykelstien' });
    assert.doesNotMatch(early.path, /\/letter/, 'law 3');
    await act(rikke, desk, 'exempt', { text: 'Hun har selv skrevet, hvad hun vil se; der er intet at høre hende om.', basis: 'forvaltningsloven § 19, stk. 2' });
    await decide(rikke, desk, [outcome], { reason, basis, granted: 'Kortet over cykelstien' });
    await rikke.get(`/desk/casefile/${desk}/letter`);
    const page = await rikke.submit('/letter'), letter = /\/desk\/letter\/(\d+)/.exec(page.path)?.[1];
    assert.ok(letter, textOf(page.text).slice(0, 400));
    await rikke.submit('/send');
    await arrived(anna, id);
    const text = textOf((await anna.get(`/letter/${letter}`)).text);
    for (const what of [words, /interne/, /offentlighedsloven § 23/, /klage/, /Kære Anna Holm/]) assert.match(text, what);
    const own = await anna.get(`/mypage/casefile/${id}`);
    assert.match(own.text, /\/appeal"/, 'she can appeal');
    await anna.get(`/mypage/casefile/${id}/appeal`);
    await anna.submit('/appeal', { text: 'Jeg mener, at kortene er offentlige.' });
    await until('the appeal', async () => /Jeg mener, at kortene er offentlige/.test(textOf((await rikke.get(`/desk/casefile/${desk}`)).text)));
  });

test('all of it: a decision too, without hearing anybody', async () => {
  const anna = await citizen(server), rikke = await citizen(server, 'Rikke Vang');
  const { no, id } = await apply(anna, asked, 'aktindsigt'), desk = await takeCase(rikke, no);
  await decide(rikke, desk, ['granted'], { basis: 'offentlighedsloven § 7' });
  await rikke.get(`/desk/casefile/${desk}/letter`);
  const letter = /\/desk\/letter\/(\d+)/.exec((await rikke.submit('/letter')).path)?.[1];
  await rikke.submit('/send');
  await arrived(anna, id);
  assert.match(textOf((await anna.get(`/letter/${letter}`)).text), /Du får aktindsigt/);
});
