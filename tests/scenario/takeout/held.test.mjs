// Everything held about Anna: the file for machines and the one to read say the same, and only of her.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HtmlValidate } from 'html-validate';
import { startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, aidsAnswers, apply, citizen, fill, pdf, png, takeCase } from '../lib/people.mjs';
import { dateParts } from '../lib/days.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

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

test('a draft: its answers in words and as data, its picture in the ZIP; nobody else has it', async () => {
  const maja = await citizen(server, 'Maja Riis'), dagny = await citizen(server, 'Dagny Lund');
  await fill(maja, aidsAnswers.map(a => a.difficulty ? { ...a, difficulty: 'Jeg kan ikke komme op ad trappen uden hjælp.' } : a));
  const at = maja.last.path.replace('/review', '/home');
  await maja.get(at);
  await maja.submit(at, { picture: { name: 'min trappe.png', type: 'image/png', bytes: png } });
  const text = textOf((await maja.get('/takeout/read')).text);
  for (const words of ['Jeg kan ikke komme op ad trappen uden hjælp.', 'Hvad har du på badeværelset? Badekar', 'min trappe.png']) assert.ok(text.includes(words), `${words}: ${text}`);
  const draft = JSON.parse((await maja.get('/takeout/data.json')).text).drafts[0];
  assert.equal(draft.application.answers.difficulty, 'Jeg kan ikke komme op ad trappen uden hjælp.');
  assert.deepEqual(draft.application.answers.aids, ['stok', 'badebaenk']);
  const sum = createHash('sha256').update(png).digest('hex');
  assert.deepEqual(draft.files, [{ name: 'min trappe.png', type: 'image/png', size: png.length, sha256: sum }]);
  assert.doesNotMatch((await dagny.get('/takeout/data.json')).text, /min trappe|op ad trappen/);
  await maja.get('/takeout');
  await maja.submit('/takeout/start');
  await until('the file', async () => /Filen er klar/.test(textOf((await maja.get('/takeout')).text)));
  const zip = await maja.get(/\/takeout\/\d+\/file/.exec(maja.last.text)[0]), folder = mkdtempSync(path.join(tmpdir(), 'indgang-held-'));
  try {
    writeFileSync(path.join(folder, 'a.zip'), zip.bytes);
    execFileSync('unzip', ['-q', 'a.zip'], { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    assert.match(execFileSync('sha256sum', ['-c', 'sha256sums.txt'], { cwd: folder, encoding: 'utf8' }), /min trappe\.png: OK/);
    const html = readFileSync(path.join(folder, 'Start her.html'), 'utf8');
    const link = decodeURIComponent(/href="(\.\/Kladde[^"]+)"/.exec(html)[1]);
    assert.deepEqual(readFileSync(path.join(folder, link)), png, 'the page leads to it');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('mandates: the paper, what was offered and what was told, for both sides and nobody else', async () => {
  const carl = await citizen(server, 'Carl Friis'), anna = await citizen(server), dagny = await citizen(server, 'Dagny Lund'), erik = await citizen(server, 'Erik Sand');
  const last = dateParts('until', 60);
  await carl.get('/counter');
  await carl.submit('/counter/open', { idno: '721141-2346', channel: 'counter', purpose: 'apply' });
  await carl.get('/mandate/paper');
  await carl.submit('/mandate/paper', { kind: 'person', idno: '640357-4218', name: 'Anna Holm', scope: 'all', act: 'act', ...last, purpose: 'Dagny kom forbi med sin datter', document: { name: 'fuldmagt.pdf', type: 'application/pdf', bytes: pdf } });
  await anna.get('/mandate/new');
  await anna.submit('/mandate/new', { idno: '890288-3117', name: 'Erik Sand', scope: 'some', services: 'lette-hjaelpemidler', act: 'read', ...last });
  await anna.submit('/mandate/new', {}, { button: 'give' });
  const sum = createHash('sha256').update(pdf).digest('hex');
  for (const [c, other] of [[anna, 'Dagny Lund'], [dagny, 'Anna Holm']]) {
    const text = textOf((await c.get('/takeout/read')).text), json = JSON.parse((await c.get('/takeout/data.json')).text);
    for (const words of [other, 'Formål: Dagny kom forbi med sin datter', `Papiret: Fuldmagt, ${other}`, `fuldmagt på papir mellem dig og ${other}`, 'Giver ret til: Læse sager og breve']) assert.ok(text.includes(words), `${words}: ${text}`);
    const mandate = json.mandates.find(m => m.basis === 'paper');
    assert.deepEqual([mandate.giver, mandate.holder, mandate.registeredBy, mandate.paper], ['Dagny Lund', 'Anna Holm', 'Carl Friis', { type: 'application/pdf', bytes: pdf.length, sha256: sum }]);
    assert.equal(json.mandateMessages[0].what, 'paper');
  }
  assert.match(textOf((await anna.get('/takeout/read')).text), /Du har tilbudt fuldmagt til: Erik Sand .*Giver ret til: Læse sager og breve, og ikke andet .*Venter på svar til og med/);
  assert.match(textOf((await erik.get('/takeout/read')).text), /Du er tilbudt fuldmagt af: Anna Holm/);
  assert.doesNotMatch((await erik.get('/takeout/data.json')).text, /Dagny|"paper"/);
  assert.doesNotMatch((await (await citizen(server, 'Maja Riis')).get('/takeout/data.json')).text, /Dagny|Anna|Erik/);
  await dagny.get('/takeout');
  await dagny.submit('/takeout/start');
  await until('the file', async () => /Filen er klar/.test(textOf((await dagny.get('/takeout')).text)));
  const zip = await dagny.get(/\/takeout\/\d+\/file/.exec(dagny.last.text)[0]), folder = mkdtempSync(path.join(tmpdir(), 'indgang-held-'));
  try {
    writeFileSync(path.join(folder, 'a.zip'), zip.bytes);
    execFileSync('unzip', ['-q', 'a.zip'], { cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8' } });
    const link = decodeURIComponent(/href="(\.\/Fuldmagter\/[^"]+)"/.exec(readFileSync(path.join(folder, 'Start her.html'), 'utf8'))[1]);
    assert.match(link, /01 20\d\d-\d\d-\d\d Fuldmagt, Anna Holm\.pdf$/);
    assert.deepEqual(readFileSync(path.join(folder, link)), pdf, 'the page leads to the paper');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('what is not in it stands there in plain words, in both', async () => {
  const anna = await citizen(server);
  const json = JSON.parse((await anna.get('/takeout/data.json')).text), text = textOf((await anna.get('/takeout/read')).text);
  assert.ok(json.notIncluded.length >= 5);
  for (const words of json.notIncluded) assert.ok(text.includes(words), words);
});

test('the page to read is held against the rules that every page is', async () => {
  const browser = await launch();
  try {
    for (const name of ['Anna Holm', 'Dagny Lund', 'Maja Riis', 'Oskar Bech']) { // cases and looks; a mandate on paper and a copy; a draft; nothing at all
      const page = await visitor(browser, server);
      await login(page, name);
      await page.route('**/takeout/read', async route => { // as she opens it from her own disk
        const response = await route.fetch(), headers = response.headers();
        delete headers['content-disposition'];
        await route.fulfill({ response, headers });
      });
      await page.goto('/takeout/read');
      await check(page, `what is held about ${name}`);
    }
  } finally {
    await browser.close();
  }
});
