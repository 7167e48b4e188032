// The form over HTTP, as a page without JavaScript does it: nothing is lost, nothing is overwritten, nothing that decides is typed.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { aidsAnswers, citizen, fill, pdf, png } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer(); });
after(() => server?.stop());

/** A new draft of Anna's on its first page; gives its number. */
async function begin(c, service = 'lette-hjaelpemidler') {
  await c.get(`/form/${service}`);
  await c.submit('/start');
  return /\/form\/draft\/(\d+)\//.exec(c.last.path)[1];
}
const page = (c, draft, name, query = '') => c.get(`/form/draft/${draft}/${name}${query}`);
const post = (c, values, button, options = {}) => c.submit('/form/draft/', values, { button, ...options });

test('what the register knows stands there with source and date, and cannot be typed (law 9)', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const text = textOf(anna.last.text);
  assert.match(text, /Navn Anna Holm Hentet fra folkeregistret \d+\. \p{L}+ 20\d\d/u);
  assert.ok(!formsOf(anna.last.text).some(f => f.fields.some(x => x.name === 'name')), 'no input for the name');
  await post(anna, { name: 'Somebody Else', address_street: 'Forged Street 1', phone: '20 00 00 01' }, 'next', { forge: true });
  const review = textOf((await anna.get(`/form/draft/${draft}/review`)).text);
  assert.ok(review.includes('Anna Holm') && review.includes('Lærkevej 7'), review);
  assert.ok(!review.includes('Somebody') && !review.includes('Forged'), review);
});

test('every field says why it is asked, and under which law', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  for (const name of ['about', 'aids', 'situation', 'home', 'contact']) {
    const text = textOf((await page(anna, draft, name)).text);
    assert.match(text, /Hvorfor spørger vi/, name);
    assert.match(text, /Hjemmel: /, name);
  }
});

test('a wrong answer is kept, said in words of the field, and leads nowhere', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const a = await post(anna, { phone: '12' }, 'next');
  assert.match(a.path, /\/about\?check=1#errors$/);
  assert.equal(a.status, 200);
  assert.match(a.text, /<title>Fejl: /);
  assert.match(textOf(a.text), /Skriv et telefonnummer med 8 cifre ved “Telefon”/);
  assert.match(a.text, /href="#f-phone"/);
  assert.match(a.text, /id="f-phone"[^>]*value="12"[^>]*aria-invalid="true"/);
  assert.match(textOf((await anna.get(`/form/draft/${draft}/about`)).text), /Telefon/);
  assert.match(anna.last.text, /value="12"/);
});

test('every button saves: back, save and leave, and the languages', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  await page(anna, draft, 'situation');
  const words = 'Jeg kan ikke bøje mig. <b>&"\' æøå';
  await post(anna, { difficulty: words }, 'back');
  assert.match(anna.last.path, /\/aids$/);
  await page(anna, draft, 'situation');
  assert.equal(formsOf(anna.last.text).find(f => f.id === 'form').fields.find(f => f.name === 'difficulty').value, words);
  await post(anna, { difficulty: words + ' 2', language: 'en' }, undefined, { forge: true });
  assert.match(anna.last.text, /<html lang="en"/);
  assert.match(anna.last.path, /\/situation$/);
  assert.equal(formsOf(anna.last.text).find(f => f.id === 'form').fields.find(f => f.name === 'difficulty').value, words + ' 2');
  await post(anna, { difficulty: words + ' 3', language: 'da' }, undefined, { forge: true });
  await post(anna, { difficulty: words + ' 4' }, 'leave');
  assert.match(anna.last.path, /^\/mypage/);
  assert.match(textOf(anna.last.text), /Dine svar er gemt/);
  await page(anna, draft, 'aids');
  await post(anna, { aids: ['stok'], go: 'to-situation' }, undefined, { forge: true }); // a step of the indicator
  assert.match(anna.last.path, /\/situation$/);
  await page(anna, draft, 'aids');
  assert.match(anna.last.text, /value="stok" checked/);
  await page(anna, draft, 'situation');
  await post(anna, {}, 'leave');
  const again = await citizen(server); // another device
  await again.get(`/form/draft/${draft}`);
  assert.match(again.last.path, /\/situation$/);
  assert.equal(formsOf(again.last.text).find(f => f.id === 'form').fields.find(f => f.name === 'difficulty').value, words + ' 4');
});

test('two windows: nothing is overwritten, both are shown, and one chooses (law 2)', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const old = await page(anna, draft, 'situation');
  await post(anna, { difficulty: 'Skrevet i det ene vindue.' }, 'next', { page: old });
  const conflict = await post(anna, { difficulty: 'Skrevet i det andet vindue.' }, 'next', { page: old });
  assert.equal(conflict.status, 409);
  const text = textOf(conflict.text);
  assert.ok(text.includes('Skrevet i det ene vindue.') && text.includes('Skrevet i det andet vindue.'), text);
  await page(anna, draft, 'situation');
  assert.ok(anna.last.text.includes('Skrevet i det ene vindue.'), 'what was saved still stands');
  await anna.submit('/situation', {}, { page: conflict }); // "save what I wrote here"
  await page(anna, draft, 'situation');
  assert.ok(anna.last.text.includes('Skrevet i det andet vindue.'));
});

test('a session that is over: log in again and go on at the same step', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  await post(anna, { phone: '20 00 00 01' }, 'next');
  anna.cookies.clear();
  const sent = await anna.get(`/form/draft/${draft}`, 200);
  assert.match(sent.path, /^\/auth\/\w+\?.*next=/);
  const next = new URL(sent.path, server.url).searchParams.get('next');
  await anna.login('Anna Holm');
  await anna.get(next);
  assert.match(anna.last.path, /\/aids$/);
});

test("another's draft does not exist", async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const dagny = await citizen(server, 'Dagny Lund');
  for (const path of ['', '/about', '/review', '/delete', '/file/1']) await dagny.get(`/form/draft/${draft}${path}`, 404);
  const forged = await begin(dagny);
  await dagny.get(`/form/draft/${forged}/about`);
  const a = await dagny.request(`/form/draft/${draft}/about`, {
    method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrf: formsOf(dagny.last.text).find(f => f.id === 'form').fields.find(f => f.name === 'csrf').value, phone: '1' }).toString(),
  });
  assert.equal(a.status, 404);
  const bo = await citizen(server, 'Bo Kjær');
  await bo.get(`/form/draft/${draft}/about`, 404);
});

test('files are judged by their content, listed, shown, removed', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  await page(anna, draft, 'home');
  const wrong = await post(anna, { picture: [{ name: 'trappe.png', type: 'image/png', bytes: png },
    { name: 'regning.pdf', type: 'application/pdf', bytes: Buffer.from('MZ this is a program') },
    { name: 'tom.png', type: 'image/png', bytes: Buffer.alloc(0) }], steps: null }, 'stay', { forge: true });
  assert.equal(wrong.status, 422);
  assert.match(textOf(wrong.text), /“regning\.pdf” er ikke en fil, vi kan modtage\. Vedhæft JPG, PNG eller PDF/);
  assert.match(textOf(wrong.text), /trappe\.png/);
  assert.ok(!/regning\.pdf<\/a>/.test(wrong.text), 'nothing of it is kept');
  const href = /href="(\/form\/draft\/\d+\/file\/\d+)"/.exec(wrong.text)[1];
  const file = await anna.get(href);
  assert.equal(file.headers.get('content-type'), 'image/png');
  assert.equal(file.headers.get('x-content-type-options'), 'nosniff');
  assert.match(file.headers.get('content-security-policy'), /sandbox/);
  assert.ok(file.bytes.equals(png));
  await page(anna, draft, 'home');
  await post(anna, { picture: [1, 2, 3, 4].map(i => ({ name: `${i}.pdf`, type: 'application/pdf', bytes: pdf })) }, 'stay');
  assert.match(textOf(anna.last.text), /Der må højst være 4 filer her\. “4\.pdf” blev ikke vedhæftet/);
  await anna.get(href + '/delete');
  await anna.submit('/delete');
  assert.match(textOf(anna.last.text), /Filen er fjernet/);
  await anna.get(href, 404);
  const review = textOf((await anna.get(`/form/draft/${draft}/review`)).text);
  assert.match(review, /1\.pdf.*2\.pdf.*3\.pdf/);
});

test('hidden answers are not sent, and one is told before', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  await page(anna, draft, 'aids');
  await post(anna, { aids: ['rollator'], used_before: 'false' }, 'next');
  await page(anna, draft, 'situation');
  await post(anna, { difficulty: 'Jeg kan ikke gå så langt.', lasts: 'true' }, 'next');
  await page(anna, draft, 'situation');
  await post(anna, { fallen: 'true' }, 'next');
  await page(anna, draft, 'situation');
  await post(anna, { falls: '17' }, 'next');
  await page(anna, draft, 'aids');
  await post(anna, { aids: ['badebaenk'] }, 'next');
  const review = textOf((await anna.get(`/form/draft/${draft}/review`)).text);
  assert.match(review, /Disse svar bliver ikke sendt.*Hvor mange gange\? – 17/);
});

test('the review says what is missing, and there is nothing to send with', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const review = await anna.get(`/form/draft/${draft}/review`);
  assert.match(review.text, /<title>Fejl: /);
  assert.ok(!formsOf(review.text).some(f => /casefile\/submit/.test(f.action || '')));
  assert.match(textOf(review.text), /Vælg mindst ét svar ved “Hvilke hjælpemidler søger du om\?”/);
});

test('a draft is deleted when one says so twice', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  await anna.get(`/form/draft/${draft}/delete`);
  assert.match(textOf(anna.last.text), /Vil du slette kladden\?/);
  await anna.submit('/delete');
  await anna.get(`/form/draft/${draft}/about`, 404);
});

test('without a name: the draft belongs to the browser', async () => {
  const v = new Client(server.url);
  const draft = await begin(v, 'ris-og-ros');
  await post(v, { kind: 'praise', place: 'kultur', happened: 'Personalet var venligt og hurtigt.' }, 'next');
  assert.match(v.last.path, /\/answer$/);
  await new Client(server.url).get(`/form/draft/${draft}/answer`, 404);
});

test('what was forged is not what is sent; and a draft that was sent leads to its receipt (laws 9 and 1)', async () => {
  const dagny = await citizen(server, 'Dagny Lund');
  await fill(dagny, aidsAnswers);
  const review = dagny.last, draft = /\/form\/draft\/(\d+)\//.exec(review.path)[1];
  await page(dagny, draft, 'about');
  await post(dagny, { phone: '20 00 00 02', name: 'Somebody Else', address_street: 'Forged Street 1', address_postcode: '1', address_city: 'X' }, 'next', { forge: true });
  const stale = await dagny.submit('/casefile/submit', {}, { page: review }); // the draft was changed after this review
  assert.notEqual(stale.path.split('?')[0], `/casefile/receipt/${draft}`, 'what was reviewed is what is sent');
  await dagny.get(`/form/draft/${draft}/review`);
  await dagny.submit('/casefile/submit');
  assert.equal(dagny.last.path.split('?')[0], `/casefile/receipt/${draft}`);
  const list = await dagny.get('/mypage/casefiles');
  const sent = textOf((await dagny.get(/\/mypage\/casefile\/\d+/.exec(list.text)[0])).text);
  assert.ok(sent.includes('Dagny Lund') && sent.includes('20 00 00 02'), sent);
  assert.ok(!sent.includes('Somebody') && !sent.includes('Forged'), sent);
  for (const path of ['', '/about', '/review', '/delete']) {
    await dagny.get(`/form/draft/${draft}${path}`);
    assert.match(dagny.last.path, /^\/casefile\/receipt\//, path);
  }
});

test('begun without a name, and then logged in: it is still there, and still without a name', async () => {
  const v = new Client(server.url);
  const draft = await begin(v, 'ris-og-ros');
  await v.login('Anna Holm');
  await page(v, draft, 'message');
  assert.ok(!textOf((await v.get(`/form/draft/${draft}/review`)).text.split('<main')[1]).includes('Anna Holm'));
});

test('a session that is over while one writes: what was saved is there after a login', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const situation = await page(anna, draft, 'situation');
  anna.cookies.clear();
  const refused = await post(anna, { difficulty: 'Skrevet for længe' }, 'next', { page: situation, headers: { referer: server.url + situation.path } });
  assert.equal(refused.status, 403);
  assert.match(textOf(refused.text), /Det, du har gemt, er ikke gået tabt/);
  const login = /href="(\/auth\/login\?[^"]*)"[^>]*>Log ind<\/a>/.exec(refused.text.split('<main')[1])[1].replaceAll('&amp;', '&');
  assert.equal(new URL(login, server.url).searchParams.get('next'), situation.path);
});

test('many windows at the same moment: one page has one winner, every other page is kept', async () => {
  const anna = await citizen(server);
  const draft = await begin(anna);
  const seen = {};
  for (const name of ['about', 'situation', 'home', 'contact']) seen[name] = await page(anna, draft, name);
  const window = () => { const c = new Client(server.url); c.cookies = new Map(anna.cookies); return c; };
  const send = (name, values) => window().submit('/form/draft/', values, { page: seen[name], button: 'leave', follow: false, forge: true });
  const answers = await Promise.all([
    ...Array.from({ length: 8 }, (_, i) => send('situation', { difficulty: `Vindue nummer ${i}` })),
    send('about', { phone: '20 00 00 77' }), send('home', { stairs: 'true' }), send('contact', { contact_by: 'page' }),
  ]);
  const statuses = answers.map(a => a.status);
  assert.deepEqual(statuses.slice(8), [303, 303, 303]);
  assert.equal(statuses.slice(0, 8).filter(s => s === 303).length, 1, statuses.join());
  assert.equal(statuses.slice(0, 8).filter(s => s === 409).length, 7, statuses.join());
  const winner = statuses.findIndex(s => s === 303);
  assert.ok((await page(anna, draft, 'situation')).text.includes(`Vindue nummer ${winner}`));
  assert.match((await page(anna, draft, 'about')).text, /20 00 00 77/);
  assert.match((await page(anna, draft, 'home')).text, /value="true" checked/);
  assert.match((await page(anna, draft, 'contact')).text, /value="page" checked/);
});
