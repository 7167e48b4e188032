// Everything held about Anna: the file for machines and the one to read say the same, and only of her.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { HtmlValidate } from 'html-validate';
import { startServer } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, citizen, takeCase } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer(); });
after(async () => { await server?.stop(); });

test('two files, the same content', async () => {
  const anna = await citizen(server), dagny = await citizen(server, 'Dagny Lund'), bo = await citizen(server, 'Bo Kjær');
  const mine = await apply(anna), hers = await apply(dagny);
  const id = await takeCase(bo, mine.no);
  await act(bo, id, 'note', { text: 'Hun ringede om et målebånd.' });
  await act(bo, id, 'ask', { text: 'Hvor høj er din badekarskant?', days: '5' });
  await anna.get('/form/lette-hjaelpemidler');
  await anna.submit('/start');
  const page = await anna.get('/takeout/read');
  assert.match(page.headers.get('content-disposition'), /attachment.*mine-data-.*\.html/);
  assert.doesNotMatch(page.text, /<(script|link|img)\b|https?:\/\//, 'nothing from outside');
  const text = textOf(page.text);
  for (const words of ['Anna Holm', 'Lærkevej 7', mine.no, 'Jeg er bange for at falde', 'Hun ringede om et målebånd.', 'Hvor høj er din badekarskant?', 'ansoegning', 'Lette hjælpemidler:', 'Hjælpemiddelteamet, Sagsbehandler'])
    assert.ok(text.includes(words), `${words} is in it: ${text.slice(0, 300)}`);
  assert.doesNotMatch(page.text, /640357-?4218/, 'the identity number is masked');
  assert.ok(!text.includes(hers.no) && !text.includes('Dagny'), 'nobody else is in it');
  const report = await new HtmlValidate({ extends: ['html-validate:standard'] , rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off' } }).validateString(page.text, 'held');
  assert.deepEqual(report.results.flatMap(r => r.messages).map(m => `${m.line} ${m.ruleId}: ${m.message}`), []);
  const json = JSON.parse((await anna.get('/takeout/data.json')).text);
  assert.equal(json.person.name, 'Anna Holm');
  assert.match(json.person.identityNumber, /•/);
  assert.deepEqual(json.casefiles.map(c => c.number), [mine.no]);
  assert.equal(json.casefiles[0].notes[0].text, 'Hun ringede om et målebånd.');
  assert.ok(json.casefiles[0].timeline.some(e => e.detail.includes('badekarskant')), JSON.stringify(json.casefiles[0].timeline));
  assert.equal(json.drafts.length, 1);
  assert.ok(json.seenBy.some(l => l.case === mine.no && l.unit === 'Hjælpemiddelteamet'));
  for (const key of ['mandates', 'letters', 'facts']) assert.ok(Array.isArray(json[key]), key);
  await anna.get('/page/language?to=en&next=/mypage');
  assert.match(textOf((await anna.get('/takeout/read')).text), /All we hold about you/);
  assert.equal((await bo.request('/takeout/read')).status, 403);
});
