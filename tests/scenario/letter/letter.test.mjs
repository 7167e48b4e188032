// Letters as those who get them and those who may not see them: the page, the PDF, paper, languages.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { binary, municipalityWith, startServer, until } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { act, apply, arrived, citizen, decide, pdf, takeCase } from '../lib/people.mjs';
import { faults } from '../lib/pdfa.mjs';

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

/** `name` has applied, Bo has called, decided and sent the letter with an attachment. */
async function letterTo(name, template, house = server) {
  const party = await citizen(house, name), bo = await citizen(house, 'Bo Kjær');
  const { no, id } = await apply(party);
  const deskId = await takeCase(bo, no);
  await act(bo, deskId, 'call', { text: 'Vi talte om badebænken.', reached: 'yes' });
  await decide(bo, deskId, ['granted', 'refused']);
  await bo.get(`/desk/casefile/${deskId}/letter`);
  const page = await bo.submit('/letter', template ? { template } : {});
  const letter = /\/desk\/letter\/(\d+)/.exec(page.path)?.[1];
  assert.ok(letter, textOf(page.text).slice(0, 400));
  await bo.submit('/attach', { file: { name: 'vejledning.pdf', type: 'application/pdf', bytes: pdf } });
  const sent = await bo.submit('/send');
  assert.match(textOf(sent.text), /Kald brevet tilbage/, textOf(sent.text).slice(0, 600));
  return { party, bo, id, deskId, letter };
}

function pdfText(bytes) {
  assert.deepEqual(faults(bytes), [], 'PDF/A-2b, by our own list');
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'indgang-pdf-')), 'letter.pdf');
  writeFileSync(file, bytes);
  execFileSync('qpdf', ['--check', file], { stdio: 'pipe' });
  return execFileSync('pdfinfo', ['-struct-text', file], { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
}

test('the letter is its reader’s alone', async t => {
  const { party: anna, bo, id, letter } = await letterTo('Anna Holm');
  await arrived(anna, id);

  await t.test('Anna reads the page, the PDF says the same, the attachment is what was attached', async () => {
    const page = await anna.get(`/letter/${letter}`);
    assert.match(textOf(page.text), /Du får noget af det, du har søgt om/);
    assert.match(textOf(page.text), /Du kan klage til og med/);
    const text = pdfText((await anna.get(`/letter/${letter}/pdf`)).bytes);
    for (const words of ['"Du får noget af det, du har søgt om"', 'Kære Anna Holm', 'senest 4 uger', 'Fjordby Kommune', 'H2'])
      assert.ok(text.includes(words), words + ' in ' + text);
    const file = await anna.get(`/letter/${letter}/attachment/1`);
    assert.equal(Buffer.compare(file.bytes, pdf), 0);
    for (const n of ['0', '2', '-1', 'x', '1e9']) assert.equal((await anna.request(`/letter/${letter}/attachment/${n}`)).status, 404, n);
  });

  await t.test('a stranger, another citizen and another unit do not', async () => {
    const dagny = await citizen(server, 'Dagny Lund'), mette = await citizen(server, 'Mette Bro'), nobody = new Client(server.url);
    for (const what of ['', '/pdf', '/attachment/1']) {
      assert.equal((await dagny.request(`/letter/${letter}${what}`)).status, 404, what);
      assert.equal((await mette.request(`/letter/${letter}${what}`)).status, 403, what);
      assert.match((await nobody.get(`/letter/${letter}${what}`)).path, /^\/auth\//, what);
    }
    assert.equal((await anna.request('/letter/1')).status, 404);
    assert.equal((await anna.request('/letter/x')).status, 404);
    const seen = textOf((await anna.get('/access')).text);
    assert.match(seen, /Afvist|afvist/, 'the refusal stands in who has seen my data');
  });

  await t.test('the notice says that there is news and nothing else', async () => {
    const mails = await until('a mail', () => server.mails().length >= 2 && server.mails());
    for (const mail of mails) assert.doesNotMatch(mail, /Badeb|stok|afg=C3=B8r|Lette/i);
  });

  await t.test('Bo sees what he sent, and can no longer recall it', async () => {
    const page = await bo.get(`/desk/letter/${letter}`);
    assert.doesNotMatch(textOf(page.text), /Kald brevet tilbage/);
    assert.match(textOf((await bo.get(`/letter/${letter}`)).text), /Kære Anna Holm/);
  });
});

test('an English letter on a Danish page says so to a screen reader', async () => {
  const { party: erik, id, letter } = await letterTo('Erik Sand', 'en:partly');
  await arrived(erik, id);
  const page = (await erik.get(`/letter/${letter}`)).text;
  assert.match(page, /<h1[^>]* lang="en"/);
  assert.match(page, /<section[^>]* lang="en"/);
  const text = pdfText((await erik.get(`/letter/${letter}/pdf`)).bytes);
  assert.match(text, /Dear Erik Sand/);
  assert.match(text, /4 weeks/);
  assert.doesNotMatch(text, /vej \d/i, 'a protected address stands on paper alone');
});

test('Dagny is reserved: her letter goes by post, and the clock waits for it', async () => {
  const { party: dagny, bo, id, letter } = await letterTo('Dagny Lund');
  await until('the letter to be made', async () => (await bo.get('/desk/print')).text.includes(`/desk/letter/${letter}`));
  assert.equal((await dagny.request(`/letter/${letter}`)).status, 404, 'it has not arrived');
  const text = pdfText((await bo.get(`/desk/letter/${letter}/pdf`)).bytes);
  assert.match(text, /"Dagny Lund [^"]*\d{4} /, 'her address stands in the window: ' + text.slice(0, 500));
  await bo.get(`/desk/print/letter/${letter}/posted`);
  const posted = await bo.submit(`/desk/print/letter/${letter}/posted`);
  assert.equal(posted.status, 200, textOf(posted.text).slice(0, 300));
  assert.ok(!(await bo.get('/desk/print')).text.includes(`/desk/letter/${letter}/pdf`));
  assert.match(textOf((await dagny.get(`/mypage/casefile/${id}`)).text), /med posten/);
  assert.equal((await dagny.request(`/letter/${letter}`)).status, 404, 'the copy comes when the letter has arrived');
  assert.equal(server.mails().filter(m => /dagny/i.test(m)).length, 0, 'no e-mail to one who is reserved');
});

test('the process is killed while the letter waits: it arrives all the same, once', async () => {
  const municipality = municipalityWith({ recall_seconds: 1 });
  let own = await startServer({ args: ['--municipality', municipality] });
  try {
    const { id, letter } = await letterTo('Anna Holm', undefined, own);
    await own.kill();
    const { data, db } = own;
    own = await startServer({ args: ['--municipality', municipality], data, db });
    const anna = await citizen(own);
    assert.equal(await arrived(anna, id), letter);
    const list = await anna.get('/mypage/letters');
    assert.equal([...list.text.matchAll(new RegExp(`"/letter/${letter}"`, 'g'))].length, 1);
    await own.stop({ keep: true });
    const verify = execFileSync(binary, ['verify', '--data', data, ...(db.url ? ['--db', db.url] : [])]).toString();
    assert.match(verify, /letters: 0 faults/);
  } finally {
    await own.stop();
  }
});

test('in the browser: the page of a letter at 1280 and 320 px', async () => {
  const { party, id, letter } = await letterTo('Anna Holm');
  await arrived(party, id);
  const browser = await launch();
  try {
    const page = await visitor(browser, server);
    await login(page, 'Anna Holm');
    await page.goto(`/letter/${letter}`);
    await check(page, 'a letter');
    if (process.env.INDGANG_SHOTS) await page.screenshot({ path: path.join(process.env.INDGANG_SHOTS, 'letter.png'), fullPage: true });
  } finally {
    await browser.close();
  }
});
