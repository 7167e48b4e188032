// Story 6: Carl at the counter finds Dagny by her full number, fills in with her; over HTTP, without JavaScript.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { thisYear } from '../lib/days.mjs';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, aidsAnswers, apply, citizen, daycare, decide, fill, sendLetter, takeCase } from '../lib/people.mjs';

const DAGNY = '721141-2346', ANNA = '640357-4218', CARL = '810695-1579', ERIK = '890288-3117';
let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

async function open(c, idno, { channel = 'counter', purpose = 'apply', other = '' } = {}) {
  await c.get('/counter');
  return c.submit('/counter/open', { idno, channel, purpose, other });
}

function pdfText(bytes) {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'indgang-pdf-')), 'a.pdf');
  writeFileSync(file, bytes);
  return execFileSync('pdftotext', ['-layout', file, '-']).toString();
}

test('only the counter opens a citizen, by the whole number and with a purpose', async () => {
  const bo = await citizen(server, 'Bo Kjær'), carl = await citizen(server, 'Carl Friis'), anna = await citizen(server, 'Anna Holm');
  const dagny = await citizen(server, 'Dagny Lund');
  assert.equal((await bo.request('/counter')).status, 403, 'a caseworker without the role');
  assert.equal((await anna.request('/counter')).status, 403, 'a citizen');
  const token = /name="csrf" value="([^"]+)"/.exec((await bo.get('/desk')).text)[1];
  const forged = await bo.request('/counter/open', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf: token, idno: DAGNY, channel: 'counter', purpose: 'apply' }).toString() });
  assert.equal(forged.status, 403, 'also when he sends the form himself');
  assert.equal((await bo.request('/counter')).status, 403);
  for (const idno of ['721141', '72114123', 'Dagny Lund', '7211412347123', '721141-2346 640357-4218']) {
    const a = await open(carl, idno);
    assert.equal(a.status, 422, idno);
    assert.match(textOf(a.text), /Skriv hele personnummeret/);
  }
  assert.match(textOf((await open(carl, DAGNY, { purpose: null })).text), /Vælg, hvad du skal bruge oplysningerne til/);
  assert.match(textOf((await open(carl, DAGNY, { purpose: 'other', other: 'kort' })).text), /mindst 10 tegn, hvad du skal bruge/);
  assert.match(textOf((await open(carl, DAGNY, { channel: null })).text), /Vælg, hvordan borgeren kommer til os/);
  for (const idno of [CARL, ERIK]) {
    const a = await open(carl, idno);
    assert.equal(a.status, 403, idno);
    assert.match(textOf(a.text), /Du må ikke åbne denne borger.*Få en kollega/);
    assert.ok(!a.text.includes(idno), 'the number does not stay on the screen');
  }
  assert.match(textOf((await open(carl, '721141-2354')).text), /Registret kender ikke/);
  const seen = textOf((await dagny.get('/access')).text);
  assert.match(seen, /[Aa]fvist/, 'Bo’s attempt stands in her access log: ' + seen.slice(0, 600));
  const erik = await citizen(server, 'Erik Sand');
  assert.match(textOf((await erik.get('/access')).text), /Borgerservice/, 'so does Carl’s in Erik’s');
});

test('Carl fills in with Dagny: she is reserved, who typed is kept, she sees it', async t => {
  const carl = await citizen(server, 'Carl Friis');
  let page = await open(carl, DAGNY);
  assert.equal(page.path, '/counter');
  assert.match(textOf(page.text), /Dagny Lund.*721141-••••.*Havnegade 12/s);
  assert.match(textOf(page.text), /Fritaget for digital post/);
  assert.match(textOf(page.text), /Borgeren har ingen åbne sager/);
  assert.ok(!page.text.includes('2346'), 'the number is not shown again');

  let no;
  await t.test('the form knows her data, with its source, and every page says for whom', async () => {
    for (const where of ['/desk', '/service', '/form/lette-hjaelpemidler', '/page/help', '/nowhere'])
      assert.match(textOf((await carl.request(where)).text), /Du udfylder for Dagny Lund ved skranken/, where);
    await carl.get('/form/lette-hjaelpemidler');
    const first = await carl.submit('/start');
    assert.match(first.path, /^\/form\/draft\/\d+\//);
    assert.match(textOf(first.text), /Dagny Lund/);
    assert.match(textOf(first.text), /Hentet fra folkeregistret/);
    assert.doesNotMatch(textOf(first.text), /Rådhusgade/, 'nothing of Carl’s own');
  });

  await t.test('leaving saves; the draft is found again at the counter', async () => {
    const form = carl.last;
    const left = await carl.submit(/\/form\/draft\/\d+\/\w+/.exec(form.text)[0], {}, { button: 'leave' });
    assert.equal(left.path, '/counter');
    assert.match(textOf(left.text), /Begyndt her.*Lette hjælpemidler/s);
    await carl.submit('/counter/stop');
    const draft = /\/form\/draft\/\d+/.exec(left.text)[0];
    const closed = await carl.request(draft);
    assert.equal(closed.path, '/counter', 'closed with the citizen');
    assert.match(textOf(closed.text), /Åbn borgeren igen for at gå videre/);
    await open(carl, ANNA);
    assert.equal((await carl.request(draft)).status, 404, 'nor in Anna’s name');
    await carl.submit('/counter/stop');
    await open(carl, DAGNY, { purpose: 'continue' });
    assert.equal((await carl.get(draft)).status, 200);
    await carl.get('/counter');
    await carl.get(draft + '/delete');
    await carl.submit('/delete');
    assert.equal(carl.last.path, '/counter');
  });

  await t.test('the receipt is hers, to be printed', async () => {
    await fill(carl, aidsAnswers);
    const receipt = await carl.submit('/casefile/submit');
    assert.equal(receipt.status, 200, textOf(receipt.text).slice(0, 400));
    no = /\b(20\d\d-\d{6})\b/.exec(textOf(receipt.text))[1];
    assert.match(textOf(receipt.text), /Ansøger Dagny Lund/);
    assert.match(textOf(receipt.text), /Udfyldt af Borgerservice \(Carl Friis\) sammen med dig ved skranken/);
    assert.doesNotMatch(receipt.text, /\/mypage\/casefile/);
    page = await carl.get('/counter');
    assert.match(textOf(page.text), new RegExp(`Lette hjælpemidler Modtaget ${no}`));
    assert.equal((await carl.request(`/desk/casefile/${no}`)).status, 403, 'what is in the case is the unit’s');
    const stopped = await carl.submit('/counter/stop');
    assert.match(textOf(stopped.text), /Borgeren er lukket/);
    assert.doesNotMatch(textOf(stopped.text), /Du udfylder for/);
    assert.equal((await carl.request(receipt.path)).status, 404, 'the receipt closes with her');
  });

  await t.test('Dagny sees who typed, and who looked, when and why', async () => {
    const dagny = await citizen(server, 'Dagny Lund');
    const list = await dagny.get('/mypage/casefiles');
    const id = /\/mypage\/casefile\/(\d+)/.exec(list.text)[1];
    page = await dagny.get(`/mypage/casefile/${id}`);
    assert.match(textOf(page.text), /Borgerservice \(Carl Friis\) udfyldte ansøgningen sammen med dig ved skranken/);
    const seen = textOf((await dagny.get('/access')).text);
    assert.match(seen, /Borgerservice/);
    assert.match(seen, /Hjalp dig med at søge om noget/);
    assert.match(seen, /Hjalp dig videre med en ansøgning, der var begyndt/);
    const doc = await until('the application’s PDF', async () => {
      const p = await dagny.get(`/mypage/casefile/${id}`);
      for (const m of p.text.matchAll(/\/mypage\/casefile\/\d+\/document\/\d+/g)) {
        const d = await dagny.get(m[0]);
        if (d.headers.get('content-type') === 'application/pdf') return d;
      }
    });
    assert.match(pdfText(doc.bytes).replace(/\s+/g, ' '), /Udfyldt af Borgerservice \(Carl Friis\) sammen med dig ved skranken/);
  });

  await t.test('the desk sees it, and that her letters go on paper', async () => {
    const bo = await citizen(server, 'Bo Kjær');
    const id = await takeCase(bo, no);
    page = await bo.get(`/desk/casefile/${id}`);
    assert.match(textOf(page.text), /Udfyldt af Borgerservice \(Carl Friis\) sammen med borgeren ved skranken/);
    assert.match(textOf(page.text), /Fritaget for digital post/);
    await act(bo, id, 'call', { text: 'Vi talte om badebænken.', reached: 'yes' });
    for (const where of [`/desk/casefile/${id}/decision`, `/desk/casefile/${id}/letter`])
      assert.match(textOf((await bo.get(where)).text), /[Ff]ritaget for digital post/, where);

    await decide(bo, id, ['granted', 'refused']);
    const letter = await sendLetter(bo, id);
    await until('her letter in the paper queue', async () => (await bo.get('/desk/print')).text.includes(`/desk/letter/${letter}/pdf`));
    const dagny = await citizen(server, 'Dagny Lund');
    const mine = /\/mypage\/casefile\/(\d+)/.exec((await dagny.get('/mypage/casefiles')).text)[0];
    assert.doesNotMatch(textOf((await dagny.get(mine)).text), /kan klage senest|klage til og med/, 'no clock runs yet');
    await bo.get('/desk/print');
    const batch = /\/desk\/print\/batch\/\d+/.exec((await bo.submit('/desk/print/batch')).text)[0];
    assert.match(pdfText((await bo.get(batch + '/pdf')).bytes), /Kære Dagny Lund/);
    const asked = textOf((await bo.get(batch + '/posted')).text), until_ = /(?:klage over afgørelsen|påklages) til og med (\d+\. \p{L}+ 20\d\d)/u.exec(asked)[1];
    await bo.submit('/posted');
    assert.ok(textOf((await dagny.get(mine)).text).includes(until_), `Dagny reads that she can appeal until ${until_}`);
    assert.ok(textOf((await bo.get(`/desk/casefile/${id}`)).text).includes(until_), 'and Bo the same');
    assert.equal(server.mails().filter(m => /dagny/i.test(m)).length, 0, 'nothing went to her by e-mail');
  });

  await t.test('no address and no log line has held her number', () => {
    assert.doesNotMatch(server.log(), /721141-?2346|640357-?4218|890288-?3117|810695-?1579/);
  });
});

test('what rules grant on the spot, they grant at the counter too, from the citizen’s own registers', async () => {
  const carl = await citizen(server, 'Carl Friis');
  await open(carl, '740591-2468');
  await fill(carl, daycare(), 'oekonomisk-friplads');
  const receipt = textOf((await carl.submit('/casefile/submit')).text);
  assert.match(receipt, /Svaret er ja.*Udfyldt af Borgerservice \(Carl Friis\).*Du får et brev med afgørelsen/s);
  await carl.get('/counter');
  await carl.submit('/counter/stop');
  const maja = await citizen(server, 'Maja Riis');
  const page = textOf((await maja.get(/\/mypage\/casefile\/\d+/.exec((await maja.get('/mypage/casefiles')).text)[0])).text);
  assert.match(page, /198\.400,00 kr\. Kilde: indkomstregistret/, 'Maja’s income, not Carl’s');
  assert.match(page, /Borgerservice \(Carl Friis\) udfyldte ansøgningen sammen med dig ved skranken/);
});

test('a telephone call and a letter are told apart; the share without a computer is counted', async () => {
  const carl = await citizen(server, 'Carl Friis'), anna = await citizen(server, 'Anna Holm');
  for (const channel of ['telephone', 'letter']) {
    await open(carl, ANNA, { channel });
    await fill(carl, aidsAnswers);
    const receipt = await carl.submit('/casefile/submit');
    assert.match(textOf(receipt.text), channel === 'telephone' ? /sammen med dig i telefonen/ : /Skrevet ind af Borgerservice \(Carl Friis\) fra dit brev/);
    await carl.submit('/counter/stop');
  }
  await apply(anna);
  const inge = await citizen(server, 'Inge Dahl');
  const year = thisYear();
  const page = await inge.get('/desk/channels');
  assert.match(textOf(page.text), /Lette hjælpemidler 4 1 1 1 1 0 75,0/, textOf(page.text).slice(0, 1500));
  const csv = await inge.get(`/desk/channels.csv?year=${year}`);
  assert.match(csv.headers.get('content-type'), /text\/csv/);
  assert.match(csv.text, /Lette hjælpemidler;4;1;1;1;1;0;"75,0"/);
  assert.match(textOf((await inge.get(`/desk/channels?year=${year - 1}`)).text), /ingen ansøgninger/i);
  assert.equal((await (await citizen(server, 'Bo Kjær')).request('/desk/channels')).status, 403);
  const ulla = await citizen(server, 'Ulla Thorsen');
  assert.match(textOf((await ulla.get('/desk/channels')).text), /Lette hjælpemidler 4 1 1 1 1 0 75,0/, 'an administrator sees all units');
});

test('another citizen is opened while a form is open: what is wrong is said, and what was typed can be copied', async () => {
  const carl = await citizen(server, 'Carl Friis');
  await open(carl, DAGNY);
  await carl.get('/form/lette-hjaelpemidler');
  const form = await carl.submit('/start');
  await carl.get('/counter');
  await carl.submit('/counter/stop');
  await open(carl, ANNA);
  const words = 'Hun er bange for at falde på vej ud i badet.';
  const token = /name="csrf" value="([^"]+)"/.exec(carl.last.text)[1];
  const send = () => carl.request(form.path.split('?')[0], { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf: token, phone: '20 00 00 01', difficulty: words }).toString() });
  for (const closed of [false, true]) {
    if (closed) { await carl.get('/counter'); await carl.submit('/counter/stop'); }
    const lost = await send();
    assert.equal(lost.status, 404);
    assert.match(textOf(lost.text), /Borgeren er lukket\. Åbn borgeren igen/);
    assert.ok(textOf(lost.text).includes(words));
    assert.doesNotMatch(textOf(lost.text), /Dagny/);
  }
});
