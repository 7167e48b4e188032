// A typed identity number does nothing by itself: no case on the other's page, no mail, no name, no address.
// Origin: trusting what was typed (CWE-807, untrusted input in a security decision): a form without a login asks for an
// identity number, and the system files the case with that person, sends them a receipt, or shows what the register says.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, startServer } from '../scenario/lib/server.mjs';
import { Client, formsOf, textOf } from '../scenario/lib/client.mjs';
import { dateParts } from '../scenario/lib/days.mjs';
import { aidsAnswers, apply, citizen, fill, takeCase } from '../scenario/lib/people.mjs';

const dagny = { name: 'Dagny Lund', idno: '7211412346', street: 'Havnegade 12' };
let server, services;
before(async () => {
  services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  cpSync(path.join(root, 'services'), services, { recursive: true });
  // The form without a login also asks whom it is about; so does the one with a login.
  for (const [service, question] of [['ris-og-ros', 'kind'], ['lette-hjaelpemidler', 'aids']]) {
    const file = path.join(services, service, 'form.yaml'), text = readFileSync(file, 'utf8');
    const why = service === 'ris-og-ros' ? 'answer' : 'handle';
    const about = '{da: Hvis personnummer?, nb: Hvems fødselsnummer?, nn: Kven sitt fødselsnummer?, en: Whose identity number?}';
    const at = text.indexOf(`      - id: ${question}\n`);
    assert.ok(at > 0);
    writeFileSync(file, text.slice(0, at) + `      - id: about\n        type: idno\n        label: ${about}\n        why: ${why}\n        required: true\n` + text.slice(at));
    rmSync(path.join(services, service, 'examples'), { recursive: true, force: true });
  }
  server = await startServer({ args: ['--services', services] });
});
after(async () => { await server?.stop(); rmSync(services, { recursive: true, force: true }); });

const shows = (html, words) => words.filter(w => textOf(html).includes(w));

test('without a login', async () => {
  const v = new Client(server.url), pages = [];
  await v.get('/form/ris-og-ros');
  await v.submit('/start');
  await v.submit('/form/draft/', { about: dagny.idno, kind: 'praise', place: 'kultur', happened: 'Hun fik det forkerte brev, men I hjalp.' }, { button: 'next' });
  pages.push(v.last.text);
  for (let i = 0; i < 5 && !/review/.test(v.last.path); i++) {
    const form = formsOf(v.last.text).find(f => /\/form\/draft\//.test(f.action ?? v.last.path) && f.method === 'post');
    const answer = form.fields.find(f => f.name === 'answer') ? { answer: form.fields.filter(f => f.name === 'answer').map(f => f.value).find(x => ['false', 'no', '0'].includes(x)) } : {};
    await v.submit(form.action ?? v.last.path, answer);
    pages.push(v.last.text);
  }
  assert.match(v.last.path, /review/, textOf(v.last.text).slice(0, 300));
  const receipt = await v.submit('/casefile/submit');
  assert.equal(receipt.status, 200);
  pages.push(receipt.text);
  const code = /\b([0-9a-z]{4}(?:-[0-9a-z]{4}){3})\b/.exec(textOf(receipt.text))[1];
  await v.get('/casefile/status');
  pages.push((await v.submit('/status', { code })).text);
  for (const html of pages) assert.deepEqual(shows(html, [dagny.name, dagny.street, 'Strandhuse,']), [], 'the register is not read aloud');
});

test('with a login of one\'s own', async () => {
  const anna = await citizen(server);
  const { no, id } = await apply(anna, [{ about: dagny.idno }, ...aidsAnswers]);
  for (const page of [`/mypage/casefile/${id}`, '/mypage/data'])
    assert.deepEqual(shows((await anna.get(page)).text, [dagny.name, dagny.street]), []);
  const bo = await citizen(server, 'Bo Kjær');
  const desk = await takeCase(bo, no);
  assert.match(textOf((await bo.get(`/desk/casefile/${desk}`)).text), /Anna Holm/);
  const found = textOf((await bo.get('/desk/search?q=' + dagny.idno)).text);
  assert.doesNotMatch(found, new RegExp(no), 'it is not found as a case of hers');
});

test('the one whose number was typed has no case, no letter, no mail', async () => {
  const c = await citizen(server, dagny.name);
  for (const page of ['/mypage', '/mypage/casefiles', '/mypage/letters'])
    assert.doesNotMatch((await c.get(page)).text, /20\d\d-\d{6}/, page);
  const mine = (await c.get('/takeout/data.json')).text;
  assert.doesNotMatch(mine, /20\d\d-\d{6}|forkerte brev|bange for at falde/);
  assert.equal(server.mails().filter(m => /dagny/i.test(m)).length, 0);
});

test('a child of others: their names are not told, and nobody is written to', async () => {
  const anna = await citizen(server), before = server.mails().length;
  const school = { from: 'Skolen på Engvej', to: 'fjordby', ...dateParts('start', 30), reason: 'Vi er flyttet.' };
  const { no, id, receipt } = await apply(anna, [{ child: '740519-4826' }, school], 'skoleskift');
  const pages = [receipt.text];
  for (const page of [`/mypage/casefile/${id}`, '/mypage/data', '/takeout/data.json']) pages.push((await anna.get(page)).text);
  for (const html of pages) assert.deepEqual(shows(html, ['Maja', 'Oskar', 'Bech', 'Alma']), [], 'the register is not read aloud');
  assert.match(textOf(pages[1]), /registrene siger ikke hvem. Vi ser på det/);
  for (const name of ['Maja Riis', 'Oskar Bech']) {
    const c = await citizen(server, name);
    for (const page of ['/mypage', '/mypage/casefiles', '/mypage/signatures', '/mypage/letters'])
      assert.doesNotMatch((await c.get(page)).text, new RegExp(`${no}|mypage/sign/`), page);
  }
  const bo = await citizen(server, 'Bo Kjær');
  assert.doesNotMatch((await bo.get('/desk/print')).text, new RegExp(no));
  assert.deepEqual(server.mails().slice(before).filter(m => /maja|oskar/i.test(m)), []);
});
