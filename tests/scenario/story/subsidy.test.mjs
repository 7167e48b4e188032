// Økonomisk friplads (reduced day-care fee): from the application to the letter, of people whom the registers do not know: decided by a person. In nynorsk in the
// browser, in Danish over HTTP; what is missing is named at its question.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts } from '../lib/days.mjs';
import { municipalityWith, startServer } from '../lib/server.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, pdf, sendLetter, takeCase } from '../lib/people.mjs';
import { file, go } from '../lib/steps.mjs';

const service = 'oekonomisk-friplads', basis = 'dagtilbudsloven § 43 (eksempel)';
let server, browser;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

test('in nynorsk: two adults, two children, a business; a part is granted', { timeout: 400000 }, async () => {
  const page = await visitor(browser, server, { locale: 'nn-NO' });
  await login(page, 'Erik Sand');
  const steps = await go(page, service, {
    phone: '20 00 00 03', lives: 'together', partner_name: 'Signe Krogh', ...dateParts('partner_born', -36 * 365), partner_knows: 'true', changed: 'false',
    income_kinds: ['wage', 'other'], wage_monthly: '22 400', other_monthly: '1500,50', other_what: 'Eg leiger ut eit rom.', partner_income: 'true', partner_monthly: '14000', partner_business: 'true',
    income_changes: 'true', change_why: 'leave', ...dateParts('change_from', 60), change_monthly: '24000', papers_how: 'now', papers: file('loensslipp.pdf', pdf), accounts: file('rekneskap.pdf', pdf),
    ...dateParts('from', 0), duty: 'true', truth: 'true' }, 'nn subsidy', { places: [
    { child_name: 'Lise Sand', ...dateParts('child_born', -4 * 365), child_place: 'kindergarten' },
    { child_name: 'Jens Sand', ...dateParts('child_born', -500), child_place: 'nursery' }] });
  assert.deepEqual([...steps].sort(), ['about', 'change', 'children', 'finish', 'household', 'income']);
  assert.equal(await page.getAttribute('html', 'lang'), 'nn');
  const review = (await page.textContent('main')).replace(/\s+/g, ' ');
  for (const words of ['Sjå gjennom og send', 'Signe Krogh', 'Lise Sand', 'Småbarnsavdeling i barnehage', 'Barn 2: Namn', 'Barn utan plass i kommunal barnehage eller hos dagmamma 0', '22 400,00 kr', '1 500,50 kr', '37 900,50 kr', 'Foreldrepermisjon', 'rekneskap.pdf', 'Kvifor endrar ho seg?'])
    assert.ok(review.includes(words), `${words}: ${review.slice(0, 3000)}`);
  assert.doesNotMatch(review, /åleine med barna\?|Barn 3/, 'what was not asked is not shown');
  await Promise.all([page.waitForNavigation(), page.locator('form[action*="/casefile/submit"] button').first().click()]);
  await check(page, 'nn subsidy: receipt');
  const no = /20\d\d-\d{6}/.exec(await page.textContent('main'))[0];

  const mette = await citizen(server, 'Mette Bro'), erik = await citizen(server, 'Erik Sand', { lang: 'nn' });
  const desk = await takeCase(mette, no);
  await act(mette, desk, 'call', { text: 'Vi gjekk gjennom inntekta. Ho er over grensa for gratis plass.', reached: 'yes' });
  await decide(mette, desk, ['partly'], { basis, granted: '40 prosent redusert betaling for begge barna', reason: 'Husstanden tener meir enn grensa for gratis plass. Difor betaler du ein del sjølv.' });
  await sendLetter(mette, desk);
  const id = /\/mypage\/casefile\/(\d+)"/.exec((await erik.get('/mypage/casefiles')).text)[1];
  await page.goto(`/letter/${await arrived(erik, id)}`);
  await check(page, 'nn subsidy: letter');
  const letter = textOf(await page.content());
  assert.match(letter, /Du får ein del av det du har søkt om/);
  assert.match(letter, /Vi gir deg: Redusert foreldrebetaling: 40 prosent redusert betaling for begge barna.*Slik har vi avgjort: Redusert foreldrebetaling: Delvis innvilga/);
  assert.match(letter, /Husstanden tener meir enn grensa/);
  assert.match(letter, /Du kan klage på vedtaket\. Klaga må vere hos oss seinast 4 veker etter/);
  assert.equal(await page.locator('main [lang="da"], main [lang="nb"]').count(), 0, 'the letter came in his language');
  await page.goto(`/mypage/casefile/${id}`);
  await check(page, 'nn subsidy: my page');
  assert.match(await page.textContent('main'), /Du får: 40 prosent redusert betaling/);
});

const alone = [
  { phone: '20 00 00 01' },
  { lives: 'alone', changed: 'no' },
  { repeat: 'places', rows: [{ child_name: 'Lise', ...dateParts('child_born', -1000), child_place: 'childminder' }] },
  { income_kinds: ['study'], study_monthly: '7086' },
  { income_changes: 'no', papers_how: 'later' },
  { ...dateParts('from', 0), duty: 'yes', truth: 'yes' },
];

test('in Danish: alone with a child, granted; and refused only after a call', { timeout: 120000 }, async () => {
  const anna = await citizen(server), mette = await citizen(server, 'Mette Bro');
  const first = await apply(anna, alone, service);
  let desk = await takeCase(mette, first.no);
  await mette.get(`/desk/casefile/${desk}`);
  assert.match(textOf(mette.last.text), /7\.086,00 kr\./, 'the desk shows what was answered');
  await decide(mette, desk, ['granted'], { basis });
  await sendLetter(mette, desk);
  const granted = textOf((await anna.get(`/letter/${await arrived(anna, first.id)}`)).text);
  assert.match(granted, /Du får fuld økonomisk friplads.*ikke betale for pladsen.*dagtilbudsloven § 43/);
  assert.doesNotMatch(granted, /\{\{|\[skriv her\]/);

  const second = await apply(anna, alone, service);
  desk = await takeCase(mette, second.no);
  const early = await decide(mette, desk, ['refused'], { basis, reason: 'Barnet har ikke en plads i kommunen.' });
  assert.match(early.path, /decision#missing$/, 'no refusal before a call');
  assert.match(textOf(early.text), /Ring til borgeren/);
  await act(mette, desk, 'call', { text: 'Vi talte om, at barnet ikke har en plads.', reached: 'yes' });
  await decide(mette, desk, ['refused'], { basis, reason: 'Barnet har ikke en plads i kommunen.' });
  await sendLetter(mette, desk);
  const refused = textOf((await anna.get(`/letter/${await arrived(anna, second.id)}`)).text);
  assert.match(refused, /Du får ikke økonomisk friplads.*Barnet har ikke en plads.*Du kan søge igen.*Er du ikke enig\?.*klage/);
});

test('what is missing is named at its question', async () => {
  const page = await visitor(browser, server, { locale: 'nn-NO' });
  await login(page, 'Erik Sand');
  await page.goto('/form/' + service);
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/start"] button').first().click()]);
  await page.goto(page.url().replace(/\/[a-z]+(\?.*)?$/, '/income'));
  await page.locator('input[name=income_kinds][value=wage]').check();
  await page.locator('#form button.button-primary:visible').first().click();
  await page.locator('[name=wage_monthly]').fill('mange');
  await Promise.all([page.waitForNavigation(), page.locator('#form button.button-primary:visible').first().click()]);
  assert.match(await page.textContent('.alert-error, .k-errors, [role=alert]'), /Skriv eit beløp i kroner ved «Løn i månaden»/);
  await check(page, 'nn subsidy: a fault');
});
