// A letter and an e-mail that came in are registered by an employee: into a case or as a new one, by those who may, once;
// the citizen sees that they came. An e-mail is text, whatever it says.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { ask } from '../lib/command.mjs';
import { dateParts } from '../lib/days.mjs';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, pdf, png, sendLetter, takeCase } from '../lib/people.mjs';

let server, browser;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const crlf = s => Buffer.from(s.replace(/\n/g, '\r\n'));
const mail = crlf(`From: Anna Holm <anna.holm@post.example>
To: post@fjordby.example
Subject: =?utf-8?Q?Kvittering_=3Cb=3Etil=3C/b=3E_min_sag?=
Date: Mon, 01 Dec 2025 10:26:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b1"

--b1
Content-Type: text/html; charset=utf-8

<p>K&aelig;re kommune</p><script>document.title='hacked'</script><p>&lt;img src=x onerror=alert(1)&gt; Her er min kvittering.</p>
--b1
Content-Type: application/pdf; name="kvittering.pdf"
Content-Disposition: attachment; filename="kvittering.pdf"
Content-Transfer-Encoding: base64

${pdf.toString('base64')}
--b1
Content-Type: application/x-msdownload; name="setup.exe"
Content-Disposition: attachment; filename="setup.exe"
Content-Transfer-Encoding: base64

TVqQAAMAAAAEAAAA//8AALgAAAA=
--b1--
`);
const dates = (back = 0) => ({ ...dateParts('written', -back), ...dateParts('arrived', -back) });

async function put(c, name, type, bytes) {
  await c.get('/desk/post/new');
  const a = await c.submit('/desk/post/new', { file: { name, type, bytes } });
  assert.match(a.path, /\/desk\/post\/\d+$/, textOf(a.text).slice(0, 400));
  return a.path;
}

test('an e-mail into a case: text is text, once, and Anna sees it', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), mette = await citizen(server, 'Mette Bro');
  const c = await apply(anna);
  await takeCase(bo, c.no);
  const path = await put(bo, 'besked.eml', 'message/rfc822', mail);
  const page = bo.last;
  assert.match(textOf(page.text), /Anna Holm <anna\.holm@post\.example>/);
  assert.match(textOf(page.text), /<img src=x onerror=alert\(1\)> Her er min kvittering\./);
  assert.doesNotMatch(page.text, /<img src=x|document\.title|<b>til/);
  assert.match(page.text, /kvittering\.pdf/);
  assert.doesNotMatch(page.text, /setup\.exe/, 'a program is not offered, but it is in the message that was kept');
  const eml = /href="([^"]+\/file\/\d+)">e-mail\.eml/.exec(page.text)[1];
  const kept = await bo.get(eml);
  assert.ok(kept.bytes.equals(mail), 'as it came');
  assert.match(kept.headers.get('content-disposition'), /^attachment/);
  for (const other of [mette, anna]) assert.ok([403, 404].includes((await other.request(path)).status));

  // faults are said, and what was typed stays
  const bad = await bo.submit('/desk/post/', { title: 'Brev fra 640357-4218', to: 'old', no: '2026-999999', from: 'party', ...dates() }, { page });
  assert.equal(bad.status, 422);
  assert.match(textOf(bad.text), /Skriv en linje uden personnummer/);
  const wrongNo = await bo.submit('/desk/post/', { title: 'Kvittering', to: 'old', no: '2026-999999', from: 'party', ...dates() }, { page });
  assert.equal(wrongNo.status, 422);
  assert.match(textOf(wrongNo.text), /Du har ingen sag med det nummer/);
  const future = await bo.submit('/desk/post/', { title: 'Kvittering', to: 'old', no: c.no, from: 'party', ...dates(-2) }, { page });
  assert.match(textOf(future.text), /Posten kan ikke komme i fremtiden/);
  assert.match(future.text, new RegExp(`value="${c.no}"`));

  const values = { title: 'Kvittering for en stok', to: 'old', no: c.no, from: 'party', ...dates() };
  const done = await bo.submit('/desk/post/', values, { page });
  assert.match(textOf(done.text), new RegExp(`ligger nu i sag ${c.no}`));
  const twice = await bo.submit('/desk/post/', values, { page });
  assert.equal(twice.path, path, 'pressed twice: the same receipt');
  const mine = await anna.get(`/mypage/casefile/${c.id}`);
  assert.equal((textOf(mine.text).match(/Vi fik en e-mail fra dig/g) || []).length, 1);
  assert.match(mine.text, /kvittering\.pdf/);
  const text = await anna.get(new RegExp(`href="([^"]+)"[^>]*>Kvittering for en stok`).exec(mine.text)[1]);
  assert.match(text.headers.get('content-type'), /^text\/plain/);
  assert.match(text.headers.get('content-disposition'), /^attachment/);
  assert.match(text.text, /^Fra: Anna Holm <anna\.holm@post\.example>\nEmne: Kvittering <b>til<\/b> min sag/);
});

test('the answer to a question comes by letter: asked for, closed, and told', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const c = await apply(anna), desk = await takeCase(bo, c.no);
  await act(bo, desk, 'ask', { text: 'Hvor højt er badekarret?', days: '5' });
  assert.match((await anna.get(`/mypage/casefile/${c.id}`)).text, /\/question\//);
  const path = await put(bo, 'brev.pdf', 'application/pdf', pdf);
  const values = { title: 'Målene på badekarret', to: 'old', no: c.no, from: 'party', ...dates() };
  const asked = await bo.submit('/desk/post/', values);
  assert.equal(asked.status, 422);
  assert.match(textOf(asked.text), /Vælg, om posten er svaret/);
  assert.match(textOf(asked.text), /Ja, på spørgsmålet fra \d+\. \p{L}+ 20\d\d Hvor højt er badekarret\?/u);
  assert.match(asked.text, /value="Målene på badekarret"/, 'what was typed stays');
  const page = await visitor(browser, server);
  await login(page, 'Bo Kjær');
  await page.goto(path);
  await page.getByLabel('En sag, der findes').check();
  await page.getByLabel('Sagens nummer').fill(c.no);
  await page.getByLabel('Borgeren i sagen').check();
  await page.getByLabel('Hvad handler det om?').fill('Målene på badekarret');
  for (const [name, value] of Object.entries(dates())) await page.locator(`[name=${name}]`).fill(value);
  await page.getByRole('button', { name: 'Registrer', exact: true }).click();
  await check(page, 'post: is it the answer?');
  await page.getByLabel(/Ja, på spørgsmålet/).check();
  await page.getByRole('button', { name: 'Registrer', exact: true }).click();
  await page.getByText(`sag ${c.no}`).first().waitFor();
  await page.context().close();
  const mine = await anna.get(`/mypage/casefile/${c.id}`);
  assert.doesNotMatch(mine.text, /\/question\//, 'nobody waits for her any more');
  assert.match(textOf(mine.text), /Vi fik et brev fra Anna Holm den .* som svar på vores spørgsmål: Målene på badekarret/);
  assert.match(textOf((await bo.get(`/desk/casefile/${desk}`)).text), /som svar på et spørgsmål: Målene på badekarret/);
});

test('a letter becomes a case of another unit, with its deadline from the day it came', { timeout: 120000 }, async () => {
  const carl = await citizen(server, 'Carl Friis'), bo = await citizen(server, 'Bo Kjær'), dagny = await citizen(server, 'Dagny Lund');
  await put(carl, 'brev.pdf', 'application/pdf', pdf);
  const page = carl.last;
  const service = /<option value="(lette-hjaelpemidler)"/.exec(page.text)[1];
  const nobody = await carl.submit('/desk/post/', { title: 'Ansøgning om en rollator', to: 'new', service, from: 'idno', idno: '010101-0000', ...dates(4) }, { page });
  assert.equal(nobody.status, 422);
  const done = await carl.submit('/desk/post/', { title: 'Ansøgning om en rollator', to: 'new', service, from: 'idno', idno: '721141-2346', ...dates(4) }, { page });
  const no = /sag (20\d\d-\d{6})/.exec(textOf(done.text))?.[1];
  assert.ok(no, textOf(done.text).slice(0, 300));
  assert.match(textOf(done.text), /Hjælpemiddelteamet/);
  assert.match(textOf(done.text), /du kan ikke åbne den|så du kan ikke åbne den/);
  assert.equal((await carl.request(`/desk/casefile/${no}`)).status, 403);
  const desk = await takeCase(bo, no);
  await bo.get(`/desk/casefile/${desk}`);
  assert.match(textOf(bo.last.text), /Carl Friis oprettede sagen efter et brev/);
  const doc = await bo.get(/href="([^"]+\/document\/\d+)"[^>]*>Ansøgning om en rollator/.exec(bo.last.text)[1]);
  assert.ok(doc.bytes.equals(pdf));
  const list = await dagny.get('/mypage/casefiles');
  assert.ok(list.text.includes(no));
  const hers = await dagny.get(/\/mypage\/casefile\/\d+/.exec(list.text)[0]);
  assert.match(textOf(hers.text), /Vi fik et brev fra dig den .* og har oprettet en sag: Ansøgning om en rollator/);
  assert.match(textOf((await dagny.get('/access')).text), /Registrering af post/);

  // an appeal by letter, after the decision
  await act(bo, desk, 'call', { text: 'Vi talte om det.', reached: 'yes' });
  await decide(bo, desk, ['refused']);
});

test('an appeal by letter, and post that belongs elsewhere', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), carl = await citizen(server, 'Carl Friis');
  const c = await apply(anna);
  const desk = await takeCase(bo, c.no);
  await decide(bo, desk, ['granted', 'granted']);
  await sendLetter(bo, desk);
  await arrived(anna, c.id);
  // Carl opens the envelope; it is not for him
  const path = await put(carl, 'scan.png', 'image/png', png);
  const unit = /<option value="(\d+)"[^>]*>Hjælpemiddelteamet/.exec(carl.last.text)[1];
  assert.doesNotMatch(carl.last.text, /<option[^>]*>Kultur og Fritid/, 'nobody there could open it');
  const open = carl.last, kultur = String(ask(server.data, server.db, "SELECT id FROM unit WHERE key = 'kultur'")[0]);
  assert.equal((await carl.submit('/pass-on', { unit: kultur }, { page: open, forge: true })).status, 422);
  assert.equal((await carl.submit('/pass-on', { unit, note: 'lang '.repeat(101) }, { page: open })).status, 422);
  assert.match(textOf(carl.last.text), /Beskeden er for lang/);
  // it is asked first; "no" keeps what was chosen and written, and so does another language
  const sure = await carl.submit('/pass-on', { unit, note: 'Om Annas sag.' }, { page: open });
  assert.match(textOf(sure.text), /»scan\.png« går til Hjælpemiddelteamet\. Din enhed kan ikke længere åbne posten/);
  assert.match(textOf(sure.text), /Besked til enheden Om Annas sag\./);
  await carl.submit('/pass-on', {}, { button: 'edit' });
  assert.match(carl.last.text, new RegExp(`<option value="${unit}" selected`));
  assert.match(carl.last.text, />\s*Om Annas sag\.<\/textarea>/);
  const english = await carl.submit('/pass-on', { language: 'en' }, { page: sure, forge: true });
  assert.match(textOf(english.text), /Pass on to the unit/);
  assert.match(english.text, />\s*Om Annas sag\.<\/textarea>/);
  await carl.submit('/pass-on', { language: 'da' }, { page: sure, forge: true });
  const passed = await carl.submit('/pass-on', {}, { page: sure, button: 'sure' });
  assert.match(textOf(passed.text), /Posten er givet videre/);
  assert.equal((await carl.request(path)).status, 403);
  await bo.get('/desk/post');
  assert.match(bo.last.text, new RegExp(path));
  await bo.get(path);
  assert.match(textOf(bo.last.text), /Om Annas sag/);
  const done = await bo.submit('/desk/post/', { title: 'Klage over afgørelsen', to: 'old', kind: 'appeal', no: c.no, from: 'party', ...dates() });
  assert.match(textOf(done.text), new RegExp(`sag ${c.no}`));
  assert.match(textOf((await anna.get(`/mypage/casefile/${c.id}`)).text), /Vi fik din klage i et brev/);
  assert.match(textOf((await bo.get(`/desk/casefile/${desk}`)).text), /registrerede en klage, der kom i et brev/);
  // thrown away only after a question
  const waste = await put(bo, 'reklame.pdf', 'application/pdf', pdf);
  await bo.get(waste + '/discard');
  await bo.submit('/discard');
  assert.match(textOf(bo.last.text), /Posten er smidt væk/);
  assert.equal((await bo.request(waste)).status, 404);
  // what is not post
  await bo.get('/desk/post/new');
  for (const [name, bytes, words] of [['x.exe', Buffer.from('MZ\x90\x00'), /Vælg PDF, JPG eller PNG/], ['x.eml', Buffer.from('not a message'), /ikke en e-mail, vi kan læse/]]) {
    const a = await bo.submit('/desk/post/new', { file: { name, type: 'application/octet-stream', bytes } });
    assert.equal(a.status, 422);
    assert.match(textOf(a.text), words);
  }
  assert.equal((await anna.request('/desk/post')).status, 403);
});

test('the pages, at two widths and without JavaScript', { timeout: 180000 }, async () => {
  const page = await visitor(browser, server);
  await login(page, 'Inge Dahl');
  await page.goto('/desk/post');
  await check(page, 'post that waits');
  await page.getByRole('link', { name: 'Registrer post' }).click();
  await check(page, 'put in post');
  await page.getByRole('button', { name: 'Læg ind' }).click();
  await check(page, 'put in post: nothing chosen');
  await page.setInputFiles('#file', { name: 'besked.eml', mimeType: 'message/rfc822', buffer: mail });
  await page.getByRole('button', { name: 'Læg ind' }).click();
  await page.getByLabel('En ny sag').check();
  await page.getByLabel('En anden: skriv navnet').check();
  await check(page, 'register an e-mail');
  await screenshot(page, 'desk-post');
  await page.getByRole('button', { name: 'Registrer' }).click();
  await check(page, 'register an e-mail: faults');
  await page.getByLabel('Enhed', { exact: true }).selectOption({ index: 1 });
  await page.getByLabel(/^Besked til enheden/).fill('Det er vist jeres.');
  await page.getByRole('button', { name: 'Giv til enheden' }).click();
  await check(page, 'pass it on: sure?');
  await page.getByRole('button', { name: 'Fortryd' }).click();
  await page.getByRole('link', { name: 'Smid væk' }).click();
  await check(page, 'throw away');
  await page.goto('/desk/post');
  await check(page, 'post that waits: one');
  const plain = await visitor(browser, server, { javaScriptEnabled: false, viewport: { width: 320, height: 800 } });
  await login(plain, 'Bo Kjær');
  await plain.goto('/desk/post');
  await plain.locator('table a').first().click();
  await plain.getByLabel('En ny sag').check();
  await plain.locator('select[name=service]').selectOption('ris-og-ros');
  await plain.getByLabel('En anden: skriv navnet').check();
  await plain.locator('input[name=name]').fill('Peter Hansen');
  await plain.locator('input[name=title]').fill('Ros til hjemmeplejen');
  await plain.getByRole('button', { name: 'Registrer' }).click();
  assert.match(await plain.textContent('main'), /ligger nu i sag 20\d\d-\d{6}/);
  await page.goto(plain.url());
  await check(page, 'receipt');
});
