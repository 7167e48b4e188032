// Praise and complaints without a name: a receipt code, no party, and the answer is found with the code.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { act, citizen, fill, takeCase } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

const praise = [
  { kind: 'praise', place: 'borgerservice', happened: 'Jeg fik hjælp med det samme, og I var venlige.' },
  { answer: 'no' },
];

test('who gives no name gets a code and can see the case with it', async () => {
  const visitor = new Client(server.url, { lang: 'da' });
  await fill(visitor, praise, 'ris-og-ros');
  const receipt = await visitor.submit('/casefile/submit');
  assert.equal(receipt.status, 200, textOf(receipt.text).slice(0, 600));
  const text = textOf(receipt.text);
  const no = /20\d\d-\d{6}/.exec(text)[0], code = /[0-9a-z]{4}(-[0-9a-z]{4}){3}/.exec(text)[0];
  const rikke = await citizen(server, 'Rikke Vang');
  const id = await takeCase(rikke, no);
  const desk = textOf(rikke.last.text);
  assert.match(desk, /Luk sagen/);
  assert.doesNotMatch(desk, /Skriv afgørelse|afslag|Partshøring/, 'nothing is decided here');
  await act(rikke, id, 'note', { text: 'Sig det videre til kollegerne.' });
  await act(rikke, id, 'ask', { text: 'Tak. Hvilken dag var det?', days: '5' });
  const other = new Client(server.url, { lang: 'da' });
  await other.get('/casefile/status');
  const status = await other.submit('/casefile/status', { code });
  const seen = textOf(status.text);
  assert.match(seen, /Tak\. Hvilken dag var det\?/);
  assert.match(seen, /Borgerservice/);
  assert.doesNotMatch(seen, /kollegerne/);
  await other.get('/casefile/status');
  assert.equal((await other.submit('/casefile/status', { code: code.replace(/^./, c => c === 'a' ? 'b' : 'a') })).status, 422);
  assert.doesNotMatch(textOf((await rikke.get(`/desk/casefile/${id}`)).text), new RegExp(code), 'the code is the visitor\'s alone');
});
