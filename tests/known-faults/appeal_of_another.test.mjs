// Nobody appeals a case that is not theirs.
// Origin: authorisation by a number in the address (CWE-639, "IDOR"; OWASP API1:2023): the page asks who is logged in, the
// address says which case, and nobody asks whether the two belong together – most often where a letter links to it.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer } from '../scenario/lib/server.mjs';
import { Client, formsOf, textOf } from '../scenario/lib/client.mjs';
import { act, apply, arrived, citizen, decide, sendLetter, takeCase } from '../scenario/lib/people.mjs';

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

/** POST as if a form had been there: with the visitor's own token, from our own site. */
async function forge(c, path, values) {
  const csrf = formsOf((await c.get('/page/help')).text).flatMap(f => f.fields).find(f => f.name === 'csrf')?.value ?? '';
  return c.request(path, { method: 'POST', body: new URLSearchParams({ csrf, ...values }).toString(), follow: false, headers: { 'content-type': 'application/x-www-form-urlencoded' } });
}

test('another citizen, an employee and nobody; then the party', { timeout: 90000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), inge = await citizen(server, 'Inge Dahl');
  const { no, id } = await apply(anna);
  const desk = await takeCase(bo, no);
  await act(bo, desk, 'call', { text: 'Vi talte om det.', reached: 'yes' });
  await decide(bo, desk, ['refused', 'refused']);
  await sendLetter(bo, desk);
  const letter = await arrived(anna, id);
  const timeline = async () => textOf((await bo.get(`/desk/casefile/${desk}`)).text);

  for (const name of ['Erik Sand', 'Dagny Lund']) {
    const other = await citizen(server, name);
    for (const path of [`/mypage/casefile/${id}`, `/mypage/casefile/${id}/appeal`, `/mypage/casefile/${desk}/appeal`, `/letter/${letter}`])
      assert.doesNotMatch((await other.get(path, 404)).text, /Anna|badebænk/i, path);
    for (const what of ['appeal', 'add', 'withdraw'])
      assert.equal((await forge(other, `/mypage/casefile/${id}/${what}`, { text: 'Jeg klager for hende.' })).status, 404, `${name}: ${what}`);
  }
  for (const c of [inge, new Client(server.url)]) { // an employee is no party; nobody is asked to log in
    const a = await forge(c, `/mypage/casefile/${id}/appeal`, { text: 'Jeg klager for hende.' });
    assert.ok(a.status === 403 || /^\/auth\//.test(a.location), `${a.status} ${a.location}`);
  }
  assert.doesNotMatch(await timeline(), /klager for hende|Klagen er modtaget|har klaget/);

  await anna.get(`/mypage/casefile/${id}/appeal`);
  const mine = await anna.submit('/appeal', { text: 'Jeg klager selv.' });
  assert.equal(mine.status, 200);
  assert.match(await timeline(), /Jeg klager selv/);
});
