// The story of the main job without a browser: exactly what a page without JavaScript does.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { dateParts } from '../lib/days.mjs';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { act, aidsAnswers, apply, arrived, citizen, decide, fill, pdf, png, sendLetter, takeCase } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 2 })] }); });
after(() => server?.stop());

test('a visitor finds the service', async () => {
  const v = new Client(server.url);
  const front = await v.get('/');
  assert.match(textOf(front.text), /Fjordby Kommune/);
  const found = await v.get('/service?q=rolator'.replace('rolator', 'rollator'));
  assert.match(textOf(found.text), /Lette hjælpemidler/);
  const service = textOf((await v.get('/service/lette-hjaelpemidler')).text);
  for (const words of ['Hjælpemiddelteamet', '10', '70 00 02 10', 'Du bor i kommunen']) assert.ok(service.includes(words), words);
});

test('Anna applies, Bo decides, both can see everything', async t => {
  const anna = await citizen(server);
  let no, id, deskId, letterId;

  await t.test('the draft waits for her when she leaves half-way', async () => {
    await anna.get('/form/lette-hjaelpemidler');
    const first = await anna.submit('/start');
    assert.match(textOf(first.text), /Anna Holm/);
    assert.match(textOf(first.text), /Lærkevej 7/);
    assert.match(textOf(first.text), /folkeregistret/i);
    const half = await anna.submit('/form/draft/', {}, {});
    assert.equal(half.status, 200);
    const again = await citizen(server);
    const page = await again.get('/mypage');
    assert.match(textOf(page.text), /Ansøgninger, du er begyndt på/);
    const href = /href="(\/form\/draft\/[^"]+)"/.exec(page.text)[1];
    const back = await again.get(href);
    assert.match(textOf(back.text), /Lette hjælpemidler/);
  });

  await t.test('she sends it once, however often she presses', async () => {
    await fill(anna, aidsAnswers);
    const review = anna.last;
    assert.match(textOf(review.text), /Badebænk/);
    const first = await anna.submit('/casefile/submit');
    const second = await anna.submit('/casefile/submit', {}, { page: review });
    no = /\b20\d\d-\d{6}\b/.exec(textOf(first.text))[0];
    assert.equal(/\b20\d\d-\d{6}\b/.exec(textOf(second.text))[0], no);
    assert.match(textOf(first.text), /Hjælpemiddelteamet/);
    const list = await anna.get('/mypage/casefiles');
    assert.equal(list.text.split(no).length - 1, 1, 'one case');
    id = /\/mypage\/casefile\/(\d+)"/.exec(list.text)[1];
  });

  await t.test('an e-mail says that there is news and nothing more', async () => {
    const mail = await until('the mail', () => server.mails().find(m => m.includes('anna.holm@post.example')));
    assert.doesNotMatch(mail, /hjælpemid|hj=C3=A6lpemid|20\d\d-\d{6}/i);
  });

  const bo = await citizen(server, 'Bo Kjær');
  await t.test('Bo takes it, asks, notes, calls, extends', async () => {
    const queue = await bo.get('/desk');
    assert.ok(queue.text.includes(no), 'in the queue');
    deskId = await takeCase(bo, no);
    await act(bo, deskId, 'ask', { text: 'Hvor høj er kanten på dit badekar?', days: '5' });
    await act(bo, deskId, 'note', { text: 'Spørg terapeuten om målene.' });
    const page = await bo.get(`/desk/casefile/${deskId}`);
    assert.match(textOf(page.text), /Spørg terapeuten/);
  });

  await t.test('Anna answers with a document and does not see the note', async () => {
    let page = await anna.get(`/mypage/casefile/${id}`);
    assert.doesNotMatch(textOf(page.text), /terapeuten/);
    assert.match(textOf(page.text), /Hvor høj er kanten/);
    await anna.get(/href="(\/mypage\/casefile\/\d+\/question\/\d+)"/.exec(page.text)[1]);
    const empty = await anna.submit('/question/', { text: '' });
    assert.equal(empty.status, 422);
    assert.match(empty.text, /<title>Fejl/);
    page = await anna.submit('/question/', { text: 'Den er 54 cm høj.', files: { name: 'badekar.png', type: 'image/png', bytes: png } });
    assert.match(textOf(page.text), /Vi har fået dit svar/);
    assert.match(textOf(page.text), /badekar\.png/);
    const desk = await bo.get(`/desk/casefile/${deskId}`);
    assert.match(textOf(desk.text), /54 cm/);
  });

  await t.test('the deadline is extended with a reason she can read', async () => {
    const a = await act(bo, deskId, 'extend', { text: 'Vi venter på svar fra din læge.', ...dateParts('day', 40) });
    assert.equal(a.status, 200, textOf(a.text));
    assert.match(textOf((await anna.get(`/mypage/casefile/${id}`)).text), /Vi venter på svar fra din læge/);
  });

  await t.test('a refusal is not possible before he has called', async () => {
    const a = await decide(bo, deskId, ['granted', 'refused']);
    assert.match(a.path, /decision/);
    assert.match(textOf(a.text), /Det mangler, før afgørelsen kan træffes/);
    await act(bo, deskId, 'call', { text: 'Ingen svarede.', reached: 'no' });
    assert.match((await decide(bo, deskId, ['granted', 'refused'])).path, /decision/, 'an unanswered call fulfils nothing');
    await act(bo, deskId, 'call', { text: 'Vi talte om bænken. Anna har en, der kan bruges.', reached: 'yes' });
    assert.match((await decide(bo, deskId, ['granted', 'refused'])).path, /letter/, 'final, on to the letter');
  });

  await t.test('he writes the letter, attaches, sees it as she will, sends, recalls, sends', async () => {
    await bo.get(`/desk/casefile/${deskId}/letter`);
    const page = await bo.submit('/letter');
    letterId = /\/desk\/letter\/(\d+)/.exec(page.path)[1];
    assert.match(textOf(page.text), /Anna/);
    assert.match(textOf(page.text), /Hovedbudskabet først/);
    const attached = await bo.submit('/attach', { file: { name: 'vejledning.pdf', type: 'application/pdf', bytes: pdf } });
    assert.match(textOf(attached.text), /vejledning\.pdf/);
    await bo.submit('/send');
    assert.match(textOf(bo.last.text), /Kald brevet tilbage/);
    const recalled = await bo.submit('/recall');
    assert.match(textOf(recalled.text), /Brevet er kaldt tilbage/);
    assert.doesNotMatch((await anna.get(`/mypage/casefile/${id}`)).text, /\/letter\/\d+"/);
    await bo.submit('/send');
  });

  await t.test('Anna reads it, with a tagged PDF in her language', async () => {
    const letter = await arrived(anna, id);
    const text = textOf((await anna.get(`/letter/${letter}`)).text);
    assert.match(text, /Badebænk|badebænk/);
    const file = await anna.get(`/letter/${letter}/pdf`);
    const out = path.join(mkdtempSync(path.join(tmpdir(), 'indgang-pdf-')), 'letter.pdf');
    writeFileSync(out, file.bytes);
    execFileSync('qpdf', ['--check', out], { stdio: 'pipe' });
    assert.match(execFileSync('pdfinfo', [out]).toString(), /Tagged:\s+yes/);
    assert.match(execFileSync('pdfinfo', ['-struct-text', out]).toString(), /H1|Document/);
    assert.match(file.bytes.toString('latin1') + execFileSync('qpdf', ['--qdf', '--object-streams=disable', out, '-']).toString('latin1'), /\/Lang \(da/);
    assert.match(textOf(await (await anna.get(`/mypage/casefile/${id}`)).text), /kan du klage senest/);
  });

  await t.test('Anna appeals before the deadline', async () => {
    await anna.get(`/mypage/casefile/${id}/appeal`);
    const a = await anna.submit('/appeal', { text: 'Bænken, jeg har, er for smal.' });
    assert.match(textOf(a.text), /Vi har fået din klage/);
    assert.match(textOf((await bo.get(`/desk/casefile/${deskId}`)).text), /for smal/);
  });

  await t.test('an employee of another unit is refused, and Anna can see that', async () => {
    const mette = await citizen(server, 'Mette Bro');
    for (const ref of [deskId, no]) {
      const a = await mette.request(`/desk/casefile/${ref}`);
      assert.ok([403, 404].includes(a.status), `${ref}: ${a.status}`);
      assert.doesNotMatch(a.text, /Anna|Badebænk/);
    }
    assert.doesNotMatch((await mette.get('/desk/search?q=' + no)).text, /\/desk\/casefile\/\d+"/);
    const log = textOf((await anna.get('/access')).text);
    assert.match(log, /Hjælpemiddelteamet/);
    assert.match(log, /Sagsbehandling|sagsbehandling/);
    assert.match(log, /Center for Dagtilbud og Skole/);
    assert.ok(log.includes(no));
    assert.doesNotMatch(log, /Mette|Bo Kjær/, 'names are not shown by this municipality');
  });
});

test('Anna withdraws another application', async () => {
  const anna = await citizen(server);
  const { id } = await apply(anna);
  await anna.get(`/mypage/casefile/${id}/withdraw`);
  const a = await anna.submit('/withdraw');
  assert.match(textOf(a.text), /trukket din ansøgning tilbage/);
  assert.equal(formsOf((await anna.get(`/mypage/casefile/${id}`)).text).filter(f => /withdraw/.test(f.action || '')).length, 0);
});

test('praise without a name gives a code', async () => {
  const v = new Client(server.url);
  await v.get('/service/ris-og-ros');
  assert.ok(v.last.text.includes('/form/ris-og-ros'));
});
