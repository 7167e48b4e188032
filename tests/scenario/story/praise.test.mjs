// Praise with a name and without: who gives none gets a code, and the code alone opens what was answered.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { act, citizen, fill, takeCase } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());
const words = [{ kind: 'praise', place: 'borgerservice', happened: 'Jeg fik hjælp med det samme, og I var venlige.' }, { answer: 'no' }];
const send = async c => { await fill(c, words, 'ris-og-ros'); return textOf((await c.submit('/casefile/submit')).text); };

test('without a name: a code, no party, an answer by code, and the code nowhere else', async () => {
  const v = new Client(server.url, { lang: 'da' });
  const text = await send(v), no = /20\d\d-\d{6}/.exec(text)[0], code = /[0-9a-z]{4}(-[0-9a-z]{4}){3}/.exec(text)[0];
  const rikke = await citizen(server, 'Rikke Vang');
  const id = await takeCase(rikke, no);
  const exported = (await rikke.get(`/desk/casefile/${id}/export`)).text;
  assert.doesNotMatch(exported, /Rikke.*applied|"party":"[^"]/);
  assert.ok(!exported.includes(code) && !exported.includes(code.replaceAll('-', '')));
  await act(rikke, id, 'ask', { text: 'Tak. Hvilken dag var det?', days: '5' });
  const ask = async (c, value) => { await c.get('/casefile/status'); return c.submit('/casefile/status', { code: value }); };
  const other = new Client(server.url, { lang: 'da' });
  for (const way of [code, code.toUpperCase(), code.replaceAll('-', ''), ` ${code} `]) assert.match(textOf((await ask(other, way)).text), /Hvilken dag var det/, way);
  assert.doesNotMatch(other.last.path, new RegExp(code), 'not in an address');
  const wrong = code.replace(/.$/, c => c === 'a' ? 'b' : 'a'), answers = [];
  for (const value of [wrong, 'aaaa-aaaa-aaaa-aaaa', no]) {
    const a = await ask(other, value);
    assert.equal(a.status, 422);
    assert.doesNotMatch(a.text, /Hvilken dag|Borgerservice, /);
    answers.push(textOf(/<div[^>]*id="errors"[\s\S]*?<\/ul>/.exec(a.text)?.[0] ?? ''));
  }
  assert.equal(answers[0], answers[1], 'close is told no more than far');
  assert.equal((await new Client(server.url).request(`/mypage/casefile/${id}`)).path.startsWith('/auth/'), true);
  assert.equal((await (await citizen(server)).request(`/mypage/casefile/${id}`)).status, 404);
  for (const secret of [code, code.replaceAll('-', '')]) assert.ok(!server.log().includes(secret), 'the log does not know it');
  assert.equal(server.mails().length, 0);
});

test('with a name: it stands on one’s page', async () => {
  const anna = await citizen(server);
  const text = await send(anna), no = /20\d\d-\d{6}/.exec(text)[0];
  assert.ok((await anna.get('/mypage/casefiles')).text.includes(no));
  assert.doesNotMatch(text, /[0-9a-z]{4}(-[0-9a-z]{4}){3}/, 'no code is needed');
  const rikke = await citizen(server, 'Rikke Vang');
  const id = await takeCase(rikke, no);
  assert.match(textOf((await rikke.get(`/desk/casefile/${id}`)).text), /Anna Holm/);
  assert.equal(formsOf(rikke.last.text).filter(f => /decision/.test(f.action || '')).length, 0);
});
