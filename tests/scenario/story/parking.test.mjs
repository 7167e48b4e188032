// A parking card for a disabled person: the application, the hearing, the refusal; and a child's card that is granted.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts } from '../lib/days.mjs';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, pdf, png, sendLetter, takeCase } from '../lib/people.mjs';
import { file, go } from '../lib/steps.mjs';

const service = 'parkering-handicap', basis = 'bekendtgørelsen om parkeringskort § 2 (eksempel)';
let server, browser;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

test('in nynorsk: walks too far, is heard, answers, is refused with reasons', { timeout: 400000 }, async () => {
  const page = await visitor(browser, server, { locale: 'nn-NO' });
  await login(page, 'Anna Holm');
  const steps = await go(page, service, {
    card_for: 'me', phone: '20 00 00 01', what: 'new', drives: 'both', where: ['home', 'errands'], walking: 'aid', distance: '350', aids: ['cane', 'person'],
    difficulty: 'Eg blir andpusten og må stå stille lenge.', wide: 'false', lasts: 'time', ...dateParts('until', 200), doctor_how: 'now', doctor: file('fraasegn.pdf', pdf),
    photo: file('anna.png', png, 'image/png'), contact_by: 'page', truth: 'true' }, 'nn parking');
  assert.deepEqual([...steps].sort(), ['about', 'card', 'contact', 'documents', 'walking']);
  const review = (await page.textContent('main')).replace(/\s+/g, ' ');
  for (const words of ['Stokk eller krykkjer', '350', 'fraasegn.pdf', 'anna.png', 'Kor langt kan du gå']) assert.ok(review.includes(words), `${words}: ${review.slice(0, 2500)}`);
  await Promise.all([page.waitForNavigation(), page.locator('form[action*="/casefile/submit"] button').first().click()]);
  await check(page, 'nn parking: receipt');
  const no = /20\d\d-\d{6}/.exec(await page.textContent('main'))[0];

  const rikke = await citizen(server, 'Rikke Vang'), anna = await citizen(server, 'Anna Holm', { lang: 'nn' });
  const desk = await takeCase(rikke, no);
  await act(rikke, desk, 'hear', { text: 'Legen skriv at du kan gå 350 meter. Då kan vi truleg ikkje gi deg kortet.', days: '10' });
  const id = /\/mypage\/casefile\/(\d+)"/.exec((await anna.get('/mypage/casefiles')).text)[1];
  const hearing = /href="(\/mypage\/casefile\/\d+\/(?:hearing|question)\/\d+)"/.exec((await anna.get(`/mypage/casefile/${id}`)).text)[1];
  await page.goto(hearing);
  await check(page, 'nn parking: hearing');
  await page.fill('[name=text]', 'Eg kan gå 350 meter på gode dagar.');
  await Promise.all([page.waitForNavigation(), page.locator('main form button.button-primary').first().click()]);
  assert.match(await page.textContent('main'), /Vi har fått merknadene dine/);

  assert.match((await decide(rikke, desk, ['refused'], { basis, reason: 'Du kan gå meir enn 200 meter. Difor kan vi ikkje gi deg kortet.' })).path, /letter/);
  await sendLetter(rikke, desk);
  await page.goto(`/letter/${await arrived(anna, id)}`);
  await check(page, 'nn parking: letter');
  const letter = textOf(await page.content());
  assert.match(letter, /Du får ikkje parkeringskort/);
  assert.match(letter, /Du kan gå meir enn 200 meter\..*Vi har brukt denne lova:.*parkeringskort.*Er du ikkje samd\?.*Du kan klage på vedtaket/);
  assert.equal(await page.locator('main [lang="da"], main [lang="nb"]').count(), 0, 'the letter came in her language');
});

test('in Danish: a child under 18 gets a card; somebody else does not see the case', { timeout: 120000 }, async () => {
  const erik = await citizen(server, 'Erik Sand'), rikke = await citizen(server, 'Rikke Vang'), mette = await citizen(server, 'Mette Bro');
  const { no, id } = await apply(erik, [
    { card_for: 'child', child_name: 'Lise Sand', ...dateParts('child_born', -3000), child_custody: 'yes', phone: '20 00 00 03' },
    { what: 'lost', stolen: 'no', where: ['work'] },
    { walking: 'supervision', supervision_why: 'Lise løber ud foran bilerne, hvis ingen holder hende.', wide: 'no', lasts: 'lasting' },
    { doctor_how: 'fetch', doctor_who: 'Lægerne på Torvet', doctor_consent: 'yes' },
    { contact_by: 'phone', truth: 'yes' },
  ], service);
  await mette.get('/desk/search?q=' + no);
  assert.doesNotMatch(mette.last.text, new RegExp(`/desk/casefile/\\d+"[^]*${no}`), 'another unit does not find it');
  const desk = await takeCase(rikke, no);
  assert.match(textOf((await rikke.get(`/desk/casefile/${desk}`)).text), /Lise løber ud foran bilerne/);
  await decide(rikke, desk, ['granted'], { basis });
  await sendLetter(rikke, desk);
  const letter = textOf((await erik.get(`/letter/${await arrived(erik, id)}`)).text);
  assert.match(letter, /Du får et parkeringskort.*Vi giver dig et parkeringskort.*Sådan bruger du kortet/);
  assert.doesNotMatch(letter, /\{\{|\[skriv her\]/);
});

test('a child of eighteen is too old, and it is said where', async () => {
  const erik = await citizen(server, 'Erik Sand', { lang: 'nn' });
  await erik.get('/form/' + service);
  await erik.submit('/start');
  await erik.submit('/about', { card_for: 'child' });
  const a = await erik.submit('/about', { card_for: 'child', child_name: 'Per', ...dateParts('child_born', -19 * 366), child_custody: 'true', phone: '20 00 00 03' });
  assert.match(a.path, /\/about\?check=1#errors$/);
  assert.match(textOf(a.text), /Det er 1 feil du må rette.*Datoen ved «Fødselsdatoen til barnet» må vere .* eller seinare/);
});
