// Law 11: an application that two must sign. The other is asked by the registers, reads exactly what was sent, signs or says no; the
// first sees it, reminds, takes it back; the desk sees who signed when, and decides nothing before.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dateParts } from '../lib/days.mjs';
import { municipalityWith, root, startServer, until } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { act, apply, arrived, citizen, daycare, decide, fill, pdf, sendLetter, takeCase } from '../lib/people.mjs';

const alma = '740519-4826', dagny = '721141-2346', boats = '99000015';
const school = { from: 'Skolen på Engvej', to: 'fjordby', ...dateParts('start', 30), reason: 'Vi er flyttet tættere på Fjordby Skole.' };
const schoolAnswers = [{ child: alma }, school];

/** skoleskift under another key, with another `cosign`, and perhaps another question for who it is. */
function variant(dir, key, cosign, field) {
  const to = path.join(dir, key);
  cpSync(path.join(root, 'services/skoleskift'), to, { recursive: true });
  rmSync(path.join(to, 'examples'), { recursive: true });
  const file = path.join(to, 'service.yaml'), form = path.join(to, 'form.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^cosign:.*$/m, `cosign: ${cosign}`).replace(/^name: .*$/m, `name: {da: ${key}, nb: ${key}, nn: ${key}, en: ${key}}`));
  if (field) writeFileSync(form, readFileSync(form, 'utf8').replace('id: child\n        type: idno', `id: ${field.id}\n        type: ${field.type}`));
}

let server, services, municipality, maja, oskar, mette;
before(async () => {
  services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  cpSync(path.join(root, 'services'), services, { recursive: true });
  variant(services, 'faelles', '{by: custody, field: child, law: fal3, days: 14, counts: all, otherwise: person}');
  variant(services, 'par', '{by: spouse, law: fal3, days: 7, counts: first, otherwise: person}');
  variant(services, 'vidne', '{by: person, field: witness, law: fal3, days: 7, counts: first, otherwise: person}', { id: 'witness', type: 'idno' });
  variant(services, 'baad', '{by: organisation, field: club, law: fal3, days: 7, counts: first, otherwise: person}', { id: 'club', type: 'orgno' });
  const rules = path.join(services, 'fripar');
  cpSync(path.join(root, 'services/oekonomisk-friplads'), rules, { recursive: true });
  rmSync(path.join(rules, 'examples'), { recursive: true });
  writeFileSync(path.join(rules, 'service.yaml'), readFileSync(path.join(rules, 'service.yaml'), 'utf8') + '\ncosign: {by: spouse, law: dtl43, days: 7, counts: first, otherwise: person}\n');
  municipality = municipalityWith();
  server = await startServer({ args: ['--services', services, '--municipality', municipality] });
  maja = await citizen(server, 'Maja Riis');
  oskar = await citizen(server, 'Oskar Bech');
  mette = await citizen(server, 'Mette Bro');
});
after(async () => { await server?.stop(); for (const dir of [services, municipality]) rmSync(dir, { recursive: true, force: true }); });

/** Where the newest thing to sign lies. */
async function toSign(c) {
  await c.get('/mypage/signatures');
  return /\/mypage\/sign\/(\d+)"/.exec(c.last.text)?.[1];
}
const page = async (c, href) => textOf((await c.get(href)).text);
const sign = async (c, id) => { await c.get(`/mypage/sign/${id}`); return c.submit(`/mypage/sign/${id}`, { agree: ['yes'] }); };
const mailsTo = who => server.mails().filter(m => m.includes(`To: ${who}`) || m.includes(`To: <${who}>`));

test('both sign: asked by the register, read exactly, signed once, decided only then', { timeout: 120000 }, async () => {
  const { no, id, receipt } = await apply(maja, [{ child: alma }, { ...school, paper: [{ name: 'plan.pdf', type: 'application/pdf', bytes: pdf }] }], 'skoleskift');
  assert.match(textOf(receipt.text), /Venter på en underskrift/);
  const mine = await page(maja, `/mypage/casefile/${id}`);
  assert.match(mine, /Oskar Bech \(har også forældremyndigheden\)/);
  assert.match(mine, /Har ikke svaret endnu/);
  assert.match(mine, /Vi har bedt Oskar Bech om at skrive under senest/);

  await until('the invitation', () => mailsTo('oskar.bech@post.example').length);
  const mail = mailsTo('oskar.bech@post.example').at(-1);
  assert.doesNotMatch(mail, /Alma|Fjordby Skole|mypage\/sign|2026-0/, 'an e-mail says nothing of the case and holds no key');

  // The desk cannot decide, and says why.
  const bo = mette;
  const queued = async () => textOf((await bo.get('/desk')).text.split('<tr>').find(r => r.includes(no)) ?? '');
  assert.match(await queued(), /Mangler underskrift/, 'the queue says so, before anybody opens it in vain');
  const deskId = await takeCase(bo, no);
  assert.match(textOf(bo.last.text), /Sagen kan ikke afgøres, før alle har skrevet under/);
  assert.doesNotMatch(bo.last.text, new RegExp(`/desk/casefile/${deskId}/decision"`));
  await bo.get(`/desk/casefile/${deskId}/decision`, 404);

  // Others see nothing of it.
  const waits = await toSign(oskar), anna = await citizen(server, 'Anna Holm');
  assert.match(textOf((await oskar.get('/mypage')).text), /1 ansøgning venter på din underskrift/);
  await anna.get(`/mypage/sign/${waits}`, 404);
  await maja.get(`/mypage/sign/${waits}`, 404); // nor the one who asked
  await oskar.get(`/mypage/casefile/${id}`, 404); // who signs sees what is signed, not the case

  // What is signed: the answers, the attachment, the checksum of the stored JSON.
  const shown = await page(oskar, `/mypage/sign/${waits}`);
  assert.match(shown, /Vi er flyttet tættere på Fjordby Skole/);
  assert.match(shown, /forældreansvarsloven § 3/);
  const hash = /SHA-256\): ([0-9a-f]{64})/.exec(shown)[1];
  const json = JSON.parse((await bo.get(`/desk/casefile/${deskId}/export`)).text);
  assert.ok(json.documents.some(d => d.kind === 'application'));
  const file = /\/mypage\/sign\/\d+\/document\/\d+/.exec(oskar.last.text)[0];
  await oskar.get(file);
  await anna.get(file, 404);

  await oskar.get(`/mypage/sign/${waits}`);
  assert.match(textOf((await oskar.submit(`/mypage/sign/${waits}`, {})).text), /Sæt kryds, hvis du har læst ansøgningen/);
  await oskar.get(`/mypage/sign/${waits}`);
  const old = oskar.last;
  const done = await sign(oskar, waits);
  assert.match(textOf(done.text), /Du har skrevet under på ansøgningen fra Maja Riis/);
  assert.match(textOf(done.text), /Fjordby Skole/, 'what I signed can be read afterwards');
  assert.equal((await oskar.submit(`/mypage/sign/${waits}`, { agree: ['yes'] }, { page: old })).status, 409, 'once');

  const now = await page(maja, `/mypage/casefile/${id}`);
  assert.match(now, /Har skrevet under/);
  assert.match(now, /Alle har skrevet under. Vi kan nu behandle din ansøgning/);
  assert.ok(now.includes(hash));
  assert.doesNotMatch(maja.last.text, /take-back|\/remind/);
  assert.match(await page(maja, '/access'), /Skriver under sammen med dig/);

  assert.match(await queued(), /Maja Riis/);
  assert.doesNotMatch(await queued(), /Mangler underskrift/);
  const desk = await page(bo, `/desk/casefile/${deskId}`);
  assert.match(desk, /Oskar Bech, \d+\. \S+ 20\d\d kl\./, 'who signed when');
  assert.ok(desk.includes(hash));
  await decide(bo, deskId, ['granted'], { basis: 'folkeskoleloven § 36' });
  await sendLetter(bo, deskId);
  assert.ok(await arrived(maja, id));
});

test('the checksum is of the JSON in the record', { timeout: 60000 }, async () => {
  const { id } = await apply(maja, schoolAnswers, 'skoleskift'), waits = await toSign(oskar);
  const hash = /SHA-256\): ([0-9a-f]{64})/.exec(await page(oskar, `/mypage/sign/${waits}`))[1];
  const document = /\/mypage\/casefile\/\d+\/document\/\d+/.exec((await maja.get(`/mypage/casefile/${id}`)).text)[0];
  const json = await maja.get(document); // before the PDF of it is made, the document is the JSON itself
  if (/json/.test(json.headers.get('content-type')))
    assert.equal(hash, createHash('sha256').update(json.text).digest('hex'));
  await maja.get(`/mypage/casefile/${id}/withdraw`);
  await maja.submit('/withdraw', { text: '' });
});

test('no, with a reason: it falls away, both read why, and it can be changed and sent again', { timeout: 60000 }, async () => {
  const { id, no } = await apply(maja, schoolAnswers, 'skoleskift'), waits = await toSign(oskar);
  await oskar.get(`/mypage/sign/${waits}`);
  assert.match(textOf((await oskar.submit('/refuse', { text: ' ' })).text), /Skriv, hvorfor du ikke vil skrive under/);
  await oskar.get(`/mypage/sign/${waits}`);
  const said = textOf((await oskar.submit('/refuse', { text: 'Alma er glad for sin skole.' })).text);
  assert.match(said, /Du har sagt nej/);
  assert.match(said, /Alma er glad for sin skole/);
  assert.doesNotMatch(said, /tættere på Fjordby Skole/, 'who said no has no more use for the answers');

  const mine = await page(maja, `/mypage/casefile/${id}`);
  assert.match(mine, /Har sagt nej/);
  assert.match(mine, /Alma er glad for sin skole/);
  assert.match(mine, /Din ansøgning er bortfaldet/);
  assert.match(mine, /Hvad sker der nu\? Ansøgningen er bortfaldet, fordi ikke alle skrev under\. Du kan rette svarene herunder og sende den igen\./, 'and what she can do');

  // Nobody withdrew it, and no list says so: hers, the desk's, the copy of all that is held about her.
  const fell = 'Bortfaldet: ikke alle har skrevet under';
  const rows = { mine: [maja, '/mypage/casefiles'], search: [mette, `/desk/search?q=${no}`], takeout: [maja, '/takeout/read'] };
  for (const [where, [who, href]] of Object.entries(rows)) {
    const text = await page(who, href);
    assert.match(text, new RegExp(`${no}[^]{0,400}${fell}|${fell}[^]{0,400}${no}`), `${where}: ${text.slice(0, 1000)}`);
  }
  assert.ok(mine.includes(fell));
  const deskId = await takeCase(mette, no);
  assert.ok((await page(mette, `/desk/casefile/${deskId}`)).includes(fell));
  assert.equal(JSON.parse((await mette.get(`/desk/casefile/${deskId}/export`)).text).state, fell);
  for (const [lang, words] of [['nb', 'Falt bort: ikke alle har skrevet under'], ['nn', 'Fallen bort: ikkje alle har skrive under'], ['en', 'Lapsed: not everybody has signed'], ['da', fell]]) {
    await maja.get(`/page/language?to=${lang}&next=/mypage/casefiles`);
    assert.ok((await page(maja, '/mypage/casefiles')).includes(words), lang);
  }

  await maja.get(`/mypage/casefile/${id}/take-back`);
  const review = await maja.submit('/take-back');
  assert.match(review.path, /\/form\/draft\/\d+\/review/);
  assert.match(textOf(review.text), /Vi er flyttet tættere på Fjordby Skole/);
});

test('reminded, taken back and changed: the signature that was given does not hold for the new one', { timeout: 60000 }, async () => {
  const paper = [{ name: 'plan.pdf', type: 'application/pdf', bytes: pdf }];
  const { id } = await apply(maja, [{ child: alma }, { ...school, paper }], 'skoleskift');
  const before = mailsTo('oskar.bech@post.example').length;
  await maja.get(`/mypage/casefile/${id}`);
  assert.match(textOf((await maja.submit('/remind')).text), /Vi har sendt en påmindelse/);
  assert.doesNotMatch(maja.last.text, /\/remind"/, 'one a day');
  await until('the reminder', () => mailsTo('oskar.bech@post.example').length > before);

  const waits = await toSign(oskar);
  await oskar.get(`/mypage/sign/${waits}`);
  const read = oskar.last;
  await maja.get(`/mypage/casefile/${id}/take-back`);
  assert.match(textOf(maja.last.text), /De underskrifter, der er givet, gælder ikke længere/);
  await maja.submit('/take-back');
  const draft = /\/form\/draft\/(\d+)/.exec(maja.last.path)[1];
  assert.match(textOf(maja.last.text), /plan\.pdf/, 'files come back too');

  const late = await oskar.submit(`/mypage/sign/${waits}`, { agree: ['yes'] }, { page: read });
  assert.equal(late.status, 409);
  assert.match(textOf(late.text), /Der er sket noget imens/);
  assert.match(await page(maja, `/mypage/casefile/${id}`), /Skal ikke længere svare/);

  await maja.get(`/form/draft/${draft}/school`);
  await maja.submit(`/form/draft/${draft}/school`, { to: 'strandhuse' });
  await maja.get(`/form/draft/${draft}/review`);
  const sent = await maja.submit('/casefile/submit');
  assert.equal(sent.status, 200, textOf(sent.text).slice(0, 300));
  const anew = await toSign(oskar);
  assert.notEqual(anew, waits);
  assert.match(await page(oskar, `/mypage/sign/${anew}`), /Strandhuse Skole/);
  assert.match(textOf((await sign(oskar, anew)).text), /Du har skrevet under/);
});

test('a person decides when one says no; signed on paper is recorded with its basis; it counts from the last signature', { timeout: 60000 }, async () => {
  const { id, no } = await apply(maja, schoolAnswers, 'faelles');
  assert.doesNotMatch(await page(maja, `/mypage/casefile/${id}`), /Du får svar senest/, 'no deadline runs yet');
  const waits = await toSign(oskar);
  await oskar.get(`/mypage/sign/${waits}`);
  await oskar.submit('/refuse', { text: 'Jeg kan ikke logge ind igen, jeg skriver på papir.' });
  assert.match(await page(maja, `/mypage/casefile/${id}`), /Har sagt nej/);

  const deskId = await takeCase(mette, no);
  const wrong = await act(mette, deskId, 'signature', { text: 'Oskar skrev under på papir hos Borgerservice.' });
  assert.equal(wrong.status, 422);
  const done = await act(mette, deskId, 'signature', { text: 'Oskar skrev under på papir hos Borgerservice.', basis: 'forældreansvarsloven § 3' });
  assert.match(textOf(done.text), /Underskriften er noteret/);
  assert.match(textOf(done.text), /Mangler ikke længere/);
  const mine = await page(maja, `/mypage/casefile/${id}`);
  assert.match(mine, /Oskar skrev under på papir hos Borgerservice/);
  assert.match(mine, /Din ansøgning gælder fra/);
  assert.match(mine, /Du får svar/);
  assert.match((await mette.get(`/desk/casefile/${deskId}`)).text, new RegExp(`/desk/casefile/${deskId}/decision"`));
});

test('signed while the case stands still: the whole of the time is left when it goes on', { timeout: 60000 }, async () => {
  const { id, no } = await apply(maja, schoolAnswers, 'faelles'), waits = await toSign(oskar);
  const deskId = await takeCase(mette, no);
  assert.equal((await act(mette, deskId, 'suspend', { text: 'Vi venter på skolen.' })).status, 200);
  assert.match(textOf((await sign(oskar, waits)).text), /Du har skrevet under/);
  assert.match(await page(maja, `/mypage/casefile/${id}`), /Din ansøgning gælder fra/);
  await mette.get(`/desk/casefile/${deskId}`);
  await mette.submit(`/desk/casefile/${deskId}/resume`);
  assert.match(await page(maja, `/mypage/casefile/${id}`), /Du får svar senest/);
});

test('a day that was promised before the last signature stays; from when the application counts is told all the same', { timeout: 60000 }, async () => {
  const { id, no } = await apply(maja, schoolAnswers, 'faelles'), waits = await toSign(oskar);
  const deskId = await takeCase(mette, no), day = dateParts('day', 200);
  assert.equal((await act(mette, deskId, 'extend', { text: 'Skolen holder sommerferie.', ...day })).status, 200);
  const promised = new RegExp(`${day.day_day}\\. [a-z]+ ${day.day_year}`);
  assert.match(await page(maja, `/mypage/casefile/${id}`), promised);
  assert.match(textOf((await sign(oskar, waits)).text), /Du har skrevet under/);
  const mine = await page(maja, `/mypage/casefile/${id}`);
  assert.match(mine, /Din ansøgning gælder fra/);
  assert.match(mine.split('Du får svar senest')[1].slice(0, 60), promised);
});

test('the spouse, by the register; a protected address stays protected', { timeout: 60000 }, async () => {
  const erik = await citizen(server, 'Erik Sand');
  const { id } = await apply(erik, schoolAnswers, 'par');
  assert.match(await page(erik, `/mypage/casefile/${id}`), /Oskar Bech \(ægtefælle\)/);
  const shown = await page(oskar, `/mypage/sign/${await toSign(oskar)}`);
  assert.doesNotMatch(shown, /Skovbrynet 31/);
  assert.match(textOf((await sign(oskar, await toSign(oskar))).text), /Du har skrevet under/);
  // Anna is married to nobody: nothing is asked.
  const anna = await citizen(server, 'Anna Holm');
  const alone = await apply(anna, schoolAnswers, 'par');
  assert.doesNotMatch(await page(anna, `/mypage/casefile/${alone.id}`), /Underskrifter/);
});

test('where rules decide, they are asked when all have signed', { timeout: 60000 }, async () => {
  const { id, receipt } = await apply(oskar, daycare(), 'fripar');
  assert.match(textOf(receipt.text), /Venter på en underskrift/);
  assert.doesNotMatch((await oskar.get(`/mypage/casefile/${id}`)).text, /id="ruling"/);
  const erik = await citizen(server, 'Erik Sand');
  await sign(erik, await toSign(erik));
  await oskar.get(`/mypage/casefile/${id}`);
  assert.match(oskar.last.text, /id="ruling"/, 'the rules have answered now');
});

test('who is reserved from digital post is asked by letter, printed by the unit', { timeout: 60000 }, async () => {
  const anna = await citizen(server, 'Anna Holm');
  const { id, no } = await apply(anna, [{ witness: dagny }, school], 'vidne');
  const mine = await page(anna, `/mypage/casefile/${id}`);
  assert.match(mine, /Vi har bedt den, hvis personnummer står i ansøgningen om at skrive under/);
  assert.doesNotMatch(mine, /Dagny/, 'a number that was typed does not get its name told');
  const waiting = await until('the letter to wait for the printer', async () => {
    const text = await page(mette, '/desk/print');
    return text.includes(no) && text;
  });
  assert.match(waiting, /Dagny Lund/);
  assert.doesNotMatch(await page(anna, `/mypage/casefile/${id}`), /Havnegade/, 'the address of the other is not the first party\'s');
  assert.doesNotMatch(anna.last.text, /brev\.pdf/);
  // She can log in all the same.
  const c = await citizen(server, 'Dagny Lund');
  assert.match(textOf((await sign(c, await toSign(c))).text), /Du har skrevet under/);
  assert.match(await page(anna, `/mypage/casefile/${id}`), /Dagny Lund har skrevet under/, 'who answers says who they are');
});

test('naming oneself is no second signature', { timeout: 60000 }, async () => {
  const anna = await citizen(server, 'Anna Holm');
  const { id } = await apply(anna, [{ witness: '640357-4218' }, school], 'vidne');
  assert.match(await page(anna, `/mypage/casefile/${id}`), /En mere skal skrive under, men registrene siger ikke hvem/);
  assert.equal(await toSign(anna), undefined);
});

test('an organisation: one of those who may sign for it; whoever signs does not handle the case', { timeout: 60000 }, async () => {
  const { id } = await apply(maja, [{ club: boats }, school], 'baad');
  const mine = await page(maja, `/mypage/casefile/${id}`);
  assert.match(mine, /Fjordby Bådelaug \(tegner organisationen\)/);
  const anna = await citizen(server, 'Anna Holm'), waits = await toSign(anna);
  assert.match(await page(anna, `/mypage/sign/${waits}`), /Du skriver under for Fjordby Bådelaug/);
  await sign(anna, waits);
  assert.match(await page(maja, `/mypage/casefile/${id}`), /Anna Holm har skrevet under/);
});

test('the pages: four languages, axe, the narrow screen, the keyboard', { timeout: 240000 }, async t => {
  const { id } = await apply(maja, schoolAnswers, 'skoleskift'), waits = await toSign(oskar);
  const browser = await launch();
  t.after(() => browser.close());
  const her = await visitor(browser, server), him = await visitor(browser, server);
  await login(him, 'Oskar Bech');
  await him.goto('/mypage');
  await check(him, 'mypage-front-to-sign');
  await him.goto('/mypage/signatures');
  await check(him, 'mypage-signatures');
  await him.goto(`/mypage/sign/${waits}`);
  await check(him, 'mypage-sign');
  await screenshot(him, 'mypage-sign');
  const stops = await tabThrough(him, 90);
  assert.ok(stops.includes('Skriv under') && stops.includes('Sig nej'), stops.join(' | '));
  for (const [lang, words] of [['nb', 'Dette skriver du under på'], ['nn', 'Dette skriv du under på'], ['en', 'What you sign'], ['da', 'Det skriver du under på']]) {
    await him.goto(`/page/language?to=${lang}&next=/mypage/sign/${waits}`);
    assert.ok((await him.textContent('main')).includes(words), lang);
  }
  // The words of a no survive the language switch, which is a button of that form.
  await him.getByRole('button', { name: 'Skriv under' }).click();
  await check(him, 'mypage-sign-unticked');

  await login(her, 'Maja Riis');
  await her.goto(`/mypage/casefile/${id}`);
  await check(her, 'mypage-casefile-signatures');
  await screenshot(her, 'mypage-casefile-signatures');
  await her.goto(`/mypage/casefile/${id}/take-back`);
  await check(her, 'mypage-take-back');
  await sign(oskar, waits);
  await him.goto(`/mypage/sign/${waits}`);
  await check(him, 'mypage-sign-signed');

  const desk = await visitor(browser, server);
  await login(desk, 'Mette Bro');
  const no = /20\d\d-\d{6}/.exec(await page(maja, `/mypage/casefile/${id}`))[0];
  const deskId = await takeCase(mette, no);
  await desk.goto(`/desk/casefile/${deskId}`);
  await check(desk, 'desk-casefile-signatures');
  await screenshot(desk, 'desk-casefile-signatures');
});
