// Two windows never overwrite each other silently: what the second sends is shown beside what the first saved.
// Origin: the lost update (CWE-362): the last one to press "save" wins, and nobody is told – two caseworkers on one decision,
// one person with two tabs, a "back" button.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../scenario/lib/server.mjs';
import { formsOf, textOf } from '../scenario/lib/client.mjs';
import { act, apply, citizen, decide, takeCase } from '../scenario/lib/people.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** The same page open twice; each saves something else. `save(page, words)` sends it as that window would. */
async function twoWindows(c, address, save) {
  const first = await c.get(address), second = await c.get(address);
  const one = await save(first, 'Det ene vindue skrev dette.');
  assert.equal(one.status, 200, textOf(one.text).slice(0, 300));
  const two = await save(second, 'Det andet vindue skrev dette.');
  assert.equal(two.status, 409);
  assert.match(two.text, /Det ene vindue skrev dette/, 'what was saved is shown');
  assert.match(two.text, /Det andet vindue skrev dette/, 'and what was written is not lost');
  const now = (await c.get(address)).text;
  assert.match(now, /Det ene vindue skrev dette/);
  assert.doesNotMatch(now, /Det andet vindue skrev dette/);
}

test('a draft of the citizen', async () => {
  const anna = await citizen(server);
  await anna.get('/form/lette-hjaelpemidler');
  await anna.submit('/start');
  const draft = /\/form\/draft\/(\d+)/.exec(anna.last.path)[1];
  await twoWindows(anna, `/form/draft/${draft}/situation`, (page, words) => anna.submit('/situation', { difficulty: words }, { page, button: 'stay' in page ? 'stay' : undefined }).then(a => a.status === 422 ? { ...a, status: 200 } : a));
});

test('a decision and a letter at the desk; two who take the same case', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), inge = await citizen(server, 'Inge Dahl');
  const { no } = await apply(anna);
  await inge.get('/desk/search?q=' + no);
  const desk = /\/desk\/casefile\/(\d+)"/.exec(inge.last.text)[1];
  const seen = await inge.get(`/desk/casefile/${desk}`);
  await takeCase(bo, no);
  assert.equal((await inge.submit('/take', {}, { page: seen })).status, 409, 'Bo has it');
  await twoWindows(bo, `/desk/casefile/${desk}/decision`, (page, words) => bo.submit('/decision', { 'lines-0-reason': words }, { page }));
  await act(bo, desk, 'call', { text: 'Vi talte om det.', reached: 'yes' });
  await decide(bo, desk, ['granted', 'granted']);
  await bo.get(`/desk/casefile/${desk}/letter`);
  const letter = /\/desk\/letter\/(\d+)/.exec((await bo.submit('/letter')).path)[1];
  const text = formsOf(bo.last.text).find(f => f.action?.endsWith(letter)).fields.find(f => f.name === 'text').value;
  await twoWindows(bo, `/desk/letter/${letter}`, (page, words) => bo.submit(`/desk/letter/${letter}`, { text: text + '\n\n' + words }, { page }));
});
