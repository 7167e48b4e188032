// Somebody who gives no name asks to see documents: the reply is the decision. It is read with the code, or comes by e-mail or letter,
// with legal basis and guidance on appeal; it stands in the journal; an appeal by post is registered, and there is a reply again.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts } from '../lib/days.mjs';
import { startServer, until } from '../lib/server.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { citizen, fill, pdf, takeCase } from '../lib/people.mjs';

const documents = { documents: 'Alt om den nye cykelsti ved Strandvejen' };
const written = { text: 'Du kan se kortet over cykelstien.\n\nDe interne notater kan du ikke se, fordi sagen ikke er slut.', basis: 'offentlighedsloven § 23' };
let server, browser;
before(async () => { server = await startServer({}); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

/** Asks without a name; Rikke takes the case. */
async function asked(rikke, answer, lang = 'da') {
  const nobody = new Client(server.url, { lang });
  await fill(nobody, [documents, answer], 'aktindsigt');
  const receipt = textOf((await nobody.submit('/casefile/submit')).text);
  const no = /\b(20\d\d-\d{6})\b/.exec(receipt)[1], code = /\b([0-9a-z]{4}(?:-[0-9a-z]{4}){3})\b/.exec(receipt)[1];
  return { nobody, no, code, desk: await takeCase(rikke, no) };
}
async function status(c, code) {
  await c.get('/casefile/status');
  return c.submit('/casefile/status', { code });
}
/** Writes the reply, looks at it, and gives it. */
async function reply(rikke, desk, values, files = {}) {
  await rikke.get(`/desk/casefile/${desk}/reply`);
  await rikke.submit('/reply', { ...written, ...values });
  return rikke.submit('/reply', files, { button: 'send' });
}
const mailsTo = who => server.mails().filter(m => m.includes(`To: ${who}`) || m.includes(`To: <${who}>`));
const unfolded = m => Buffer.from(m.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16))), 'latin1').toString('utf8');

test('read with the code, appealed by post, replied to again', { timeout: 120000 }, async () => {
  const rikke = await citizen(server, 'Rikke Vang'), q = await asked(rikke, { answer_by: 'page' }), { nobody, no, code, desk } = q;
  const page = (await rikke.get(`/desk/casefile/${desk}`)).text;
  assert.doesNotMatch(page, /casefile\/\d+\/close"|\/decision"/, 'not closed undecided, and no decision for nobody');
  assert.match(page, new RegExp(`/desk/casefile/${desk}/reply"`));
  assert.doesNotMatch(textOf((await status(nobody, code)).text), /Vores svar/);

  // what is missing is said, what was written stays, nothing is given before it was looked at
  await rikke.get(`/desk/casefile/${desk}/reply`);
  const bad = await rikke.submit('/reply', { ...written, basis: '' });
  assert.equal(bad.status, 422);
  assert.match(textOf(bad.text), /Skriv lovgrundlaget/);
  assert.match(bad.text, /De interne notater/);
  const look = await rikke.submit('/reply', { ...written, way: 'page' });
  for (const what of [/Er du sikker\?/, /med koden fra kvitteringen/, /offentlighedsloven § 23/, /Du kan klage over svaret/, /borgerraadgiver@fjordby\.example/, new RegExp(no)]) assert.match(textOf(look.text), what);
  assert.doesNotMatch(textOf((await status(nobody, code)).text), /Vores svar/);
  const exe = await rikke.submit('/reply', { files: { name: 'kort.exe', type: 'application/x', bytes: Buffer.from('MZ') } }, { button: 'send', page: look });
  assert.match(textOf(exe.text), /ikke PDF, JPEG eller PNG/);
  assert.match(exe.text, /type="file"/, 'where it was chosen, another can be');
  const done = await rikke.submit('/reply', { files: { name: 'kort.pdf', type: 'application/pdf', bytes: pdf } }, { button: 'send', page: look });
  assert.match(textOf(done.text), /Svaret er givet/);

  const seen = await status(nobody, code);
  for (const what of [/Vores svar/, /Du kan se kortet over cykelstien/, /offentlighedsloven § 23/, /Du kan klage over svaret/, /Du kan klage til og med/]) assert.match(textOf(seen.text), what);
  const file = await nobody.submit('/casefile/status/document');
  assert.ok(file.bytes.equals(pdf), 'the document that went with it');
  // with another code it is nobody's, and no other document of the case is had so
  const other = await asked(rikke, { answer_by: 'page' });
  await status(nobody, code);
  assert.equal((await nobody.submit('/casefile/status/document', { code: other.code }, { page: seen })).status, 404);
  await until('the journal', async () => /Svar på henvendelse/.test(textOf((await nobody.get('/journal?q=' + no)).text)));

  // closed; an appeal comes by post, is registered, opens it again; a new reply
  await rikke.get(`/desk/casefile/${desk}`);
  await rikke.submit('/close');
  await rikke.get('/desk/post/new');
  await rikke.submit('/desk/post/new', { file: { name: 'klage.pdf', type: 'application/pdf', bytes: pdf } });
  const post = await rikke.submit('/desk/post/', { title: 'Klage over svaret', to: 'old', kind: 'appeal', no, from: 'other', name: 'En borger', ...dateParts('written', 0), ...dateParts('arrived', 0) });
  assert.match(textOf(post.text), new RegExp(`sag ${no}`));
  assert.match(textOf((await status(nobody, code)).text), /Vi har modtaget din klage/);
  assert.doesNotMatch((await rikke.get(`/desk/casefile/${desk}`)).text, /casefile\/\d+\/close"/);
  await reply(rikke, desk, { way: 'page', text: 'Du kan nu se det hele.', basis: 'offentlighedsloven § 7' });
  const again = textOf((await status(nobody, code)).text);
  for (const what of [/Du kan nu se det hele/, /Tidligere svar/, /De interne notater/]) assert.match(again, what);
  await rikke.get(`/desk/casefile/${desk}`);
  await rikke.submit('/close');
  assert.match(textOf((await rikke.get(`/desk/casefile/${desk}`)).text), /[Ll]ukket|[Aa]fsluttet/);
});

test('by e-mail: the whole reply, and the case waits until it has left', { timeout: 60000 }, async () => {
  const rikke = await citizen(server, 'Rikke Vang'), { no, code, nobody, desk } = await asked(rikke, { answer_by: 'email', email: 'nogen@post.example' });
  assert.match((await rikke.get(`/desk/casefile/${desk}/reply`)).text, /value="nogen@post\.example"/, 'as the request says');
  const bad = await rikke.submit('/reply', { ...written, email: 'nogen' });
  assert.match(textOf(bad.text), /Skriv en e-mailadresse/);
  await reply(rikke, desk, {});
  const mail = unfolded(await until('the e-mail', () => mailsTo('nogen@post.example')[0]));
  for (const what of [/Du kan se kortet over cykelstien/, /offentlighedsloven § 23/, /Du kan klage over svaret/, new RegExp(no)]) assert.match(mail, what);
  await until('it is known', async () => /Afleveret til nogen@post\.example/.test(textOf((await rikke.get(`/desk/casefile/${desk}`)).text)));
  assert.match(textOf((await status(nobody, code)).text), /Vi har sendt svaret til din e-mail/);
  assert.doesNotMatch(textOf(nobody.last.text), /nogen@post/, 'the code shows no address');
  await rikke.get(`/desk/casefile/${desk}`);
  await rikke.submit('/close');
});

test('by letter: printed and posted by the caseworker', { timeout: 60000 }, async () => {
  const rikke = await citizen(server, 'Rikke Vang'), { nobody, code, desk } = await asked(rikke, { answer_by: 'post', address: 'Lærkevej 2, 9999 Fjordby' });
  const page = await reply(rikke, desk, { way: 'letter' });
  assert.match(page.path, /\/reply\/last$/);
  assert.match(textOf(page.text), /klagefristen løber ikke før/);
  assert.match(textOf(page.text), /De interne notater/);
  // law 5: no clock runs until it is posted, and it is seen that it is not
  const waits = textOf((await rikke.get(`/desk/casefile/${desk}`)).text);
  for (const what of [/Brev, der skal udskrives og sendes/, /Anonym sendte ansøgningen/]) assert.match(waits, what);
  const seen = textOf((await status(nobody, code)).text);
  assert.match(seen, /Vi sender svaret med brev/);
  assert.doesNotMatch(seen, /Du kan klage til og med/);
  await rikke.get(page.path);
  const posted = textOf((await rikke.submit('/posted')).text);
  assert.match(posted, /Brevet er noteret som sendt/);
  assert.match(posted, /Brev, regnes for fremme/);
  assert.doesNotMatch((await rikke.get(page.path)).text, /\/posted"/);
});

test('two at once: the second sees that it was done (law 2); others may not', { timeout: 60000 }, async () => {
  const rikke = await citizen(server, 'Rikke Vang'), { desk } = await asked(rikke, { answer_by: 'page' });
  await rikke.get(`/desk/casefile/${desk}/reply`);
  const look = await rikke.submit('/reply', { ...written, way: 'page' });
  await rikke.submit('/desk/casefile', { text: 'Set.' }, { page: await rikke.get(`/desk/casefile/${desk}/do/note`) });
  const late = await rikke.submit('/reply', {}, { button: 'send', page: look });
  assert.equal(late.status, 409);
  assert.match(late.text, /id="conflict"[\s\S]*De interne notater/);
  const bo = await citizen(server, 'Bo Kjær');
  for (const where of ['/reply', '/reply/last', '/reply/1']) assert.equal((await bo.request(`/desk/casefile/${desk}${where}`)).status, 403);
});

test('the pages, at both widths, and without JavaScript', { timeout: 180000 }, async () => {
  const rikke = await citizen(server, 'Rikke Vang'), { code, desk } = await asked(rikke, { answer_by: 'email', email: 'nogen@post.example' });
  for (const javaScriptEnabled of [true, false]) {
    const page = await visitor(browser, server, { javaScriptEnabled });
    await login(page, 'Rikke Vang');
    await page.goto(server.url + `/desk/casefile/${desk}/reply`);
    if (javaScriptEnabled) { await check(page, 'desk: reply'); await screenshot(page, 'reply'); }
    await page.locator('button[value=look]').click();
    await page.locator('#errors').waitFor();
    if (javaScriptEnabled) await check(page, 'desk: reply, errors');
    await page.fill('[name=text]', written.text);
    await page.fill('[name=basis]', written.basis);
    await page.check('input[name=way][value=page]');
    await page.locator('button[value=look]').click();
    if (javaScriptEnabled) { await check(page, 'desk: reply, look'); await screenshot(page, 'reply-sure'); }
    assert.match(await page.locator('#whole').innerText(), /cykelstien\.\s*\n\s*\nDe interne/, 'paragraphs as they were written');
    await page.locator('button[value=edit]').click();
    assert.equal(await page.inputValue('[name=text]'), written.text);
    if (javaScriptEnabled) { await page.context().close(); continue; }
    await page.locator('button[value=look]').click();
    await page.locator('button[value=send]').click();
    await page.waitForURL(`**/desk/casefile/${desk}`);
    await page.context().close();
  }
  const desktop = await visitor(browser, server);
  await login(desktop, 'Rikke Vang');
  await desktop.goto(server.url + `/desk/casefile/${desk}`);
  await check(desktop, 'desk: a case with a reply');
  await desktop.goto(server.url + `/desk/casefile/${desk}/reply/1`);
  await check(desktop, 'desk: reply, to print');
  await desktop.context().close();
  const reader = await visitor(browser, server);
  await reader.goto(server.url + '/casefile/status');
  await reader.fill('[name=code]', code);
  await reader.locator('form[action="/casefile/status"] button').click();
  await check(reader, 'status: a reply');
  await screenshot(reader, 'reply-read');
  await reader.context().close();
});
