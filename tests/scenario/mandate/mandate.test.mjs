// Acting for another: a mandate offered, accepted, used and withdrawn; a child by custody; an association; on paper at the counter.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts } from '../lib/days.mjs';
import { ask } from '../lib/command.mjs';
import { startServer, until } from '../lib/server.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { aidsAnswers, apply, citizen, fill, pdf } from '../lib/people.mjs';
import { check, launch, login, tabThrough, visitor } from '../lib/browser.mjs';

let server, browser, mine;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const sql = text => ask(server.data, server.db, text);
const day = (years = 0, days = 0) => { const until = dateParts('until', days); return years ? { until_day: '28', until_month: until.until_month, until_year: String(Number(until.until_year) + years) } : until; };
const aids = 'lette-hjaelpemidler';

/** Offer a mandate: what is to be given, and the answer after the last press. */
async function offer(c, idno, name, { act = 'act', services = aids, scope = 'some', until = day(1) } = {}) {
  await c.get('/mandate/new');
  const sure = await c.submit('/mandate/new', { idno, name, scope, services: scope === 'some' ? services : null, act, ...until });
  if (sure.status !== 200) return sure;
  assert.match(textOf(sure.text), /Er det sådan, det skal være\?/);
  return c.submit('/mandate/new', {}, { button: 'give' });
}
async function accept(c, from) {
  await c.get('/mandate');
  const form = formsOf(c.last.text).find(f => /offer\/\d+\/yes/.test(f.action) && textOf(f.html).includes(from));
  assert.ok(form, `an offer of ${from}: ${textOf(c.last.text).slice(0, 600)}`);
  return c.submit(form.action);
}
/** The page where a mandate of that person ends. */
async function end(c, who) {
  const list = await c.get('/mandate');
  const at = list.text.indexOf(who + '</span></a>');
  const link = [...list.text.slice(0, at).matchAll(/\/mandate\/(\d+)\/end/g)].at(-1);
  assert.ok(at > 0 && link, `a mandate of ${who}`);
  await c.get(link[0]);
  return c.submit('/end');
}
/** The place of a form on the page one is at. */
const formAt = (c, which) => formsOf(c.last.text).findIndex(which);
const startFor = async (c, service, name) => {
  await c.get(`/form/${service}`);
  const form = formsOf(c.last.text).find(f => /\/start/.test(f.action) && f.buttons.some(b => b.name === 'mandate'));
  assert.ok(form, 'somebody to apply for');
  const button = [...c.last.text.matchAll(/name="mandate" value="(\d+)">Søg for ([^<]+)/g)].find(m => m[2] === name);
  assert.ok(button, `one can apply for ${name}: ${textOf(form.html)}`);
  return c.submit(formAt(c, f => f.buttons.some(b => b.name === 'mandate')), {}, { button: button[1] });
};
/** Apply for somebody: fill() begins for oneself, so the draft is begun here. */
async function applyFor(c, service, name, answers = aidsAnswers) {
  const first = await startFor(c, service, name);
  assert.match(first.path, /\/form\/draft\/\d+/, textOf(first.text).slice(0, 300));
  const draft = /\/form\/draft\/(\d+)/.exec(first.path)[1];
  for (let i = 0; i < 20 && !/\/review/.test(c.last.path); i++) {
    assert.match(textOf(c.last.text), new RegExp(`Du handler for ${name}`), `${c.last.path} says for whom`);
    const form = formsOf(c.last.text).find(f => /\/form\/draft\//.test(f.action ?? ''));
    const names = new Set(form.fields.map(f => f.name)), values = {};
    for (const page of answers) for (const [k, v] of Object.entries(page)) {
      if (!names.has(k)) continue;
      const options = form.fields.filter(f => f.name === k && ['radio', 'checkbox'].includes(f.type)).map(f => f.value);
      values[k] = !options.length || Array.isArray(v) || options.includes(v) ? v : v === 'yes' ? options.find(o => ['true', 'yes', '1', 'on'].includes(o)) ?? options[0] : options.find(o => ['false', 'no', '0'].includes(o)) ?? options[1];
    }
    await c.submit(form.action, values);
  }
  assert.match(c.last.path, /\/review/, textOf(c.last.text).slice(0, 500));
  return draft;
}

test('nothing can be found out by typing: a number that is somebody, one that is nobody, and a wrong name get one answer', async () => {
  const anna = await citizen(server), erik = await citizen(server, 'Erik Sand');
  const answers = [];
  for (const [idno, name] of [['890288-3117', 'Erik Sand'], ['610170-1234', 'Erik Sand'], ['890288-3117', 'Jens Jensen'], ['721141-2346', 'Dagny Lund']]) {
    const before = sql('SELECT id FROM party WHERE kind = 1').length;
    const a = await offer(anna, idno, name);
    answers.push([a.status, a.path, textOf(a.text).match(/Fuldmagten er tilbudt[^.]*\./)?.[0]].join());
    assert.equal(sql('SELECT id FROM party WHERE kind = 1').length, before, 'nobody was looked up in the register');
  }
  assert.equal(new Set(answers).size, 1, answers.join('\n'));
  assert.doesNotMatch(textOf(anna.last.text), /Skovbrynet|Strandhuse/);
  const got = await erik.get('/mandate');
  assert.equal([...got.text.matchAll(/offer\/\d+\/yes/g)].length, 1, 'Erik sees the one that has his number and his name');
  assert.ok(!sql('SELECT holder_name FROM mandate_offer').some(r => /\d{6}/.test(JSON.stringify(r))), 'no number is kept');
  await erik.submit('/yes', {}, { button: undefined });
  assert.match(textOf(erik.last.text), /Du har taget imod fuldmagten/);
  await end(anna, 'Erik Sand');
});

test('what is wrong is said where it can be mended, and so many a day are enough', async () => {
  const oskar = await citizen(server, 'Oskar Bech');
  const wrong = async (values, text) => {
    await oskar.get('/mandate/new');
    const a = await oskar.submit('/mandate/new', { idno: '740591-2468', name: 'Maja Riis', scope: 'some', services: aids, act: 'act', ...day(1), ...values });
    assert.equal(a.status, 422);
    assert.match(textOf(a.text), text);
  };
  await wrong({ idno: '123' }, /Skriv hele nummeret/);
  await wrong({ idno: '631188-3579' }, /en anden person/);
  await wrong({ name: 'Maja' }, /både fornavn og efternavn/);
  await wrong({ services: null }, /mindst én ting/);
  await wrong({ ...day(6) }, /højst 5 år/);
  await wrong({ ...day(0, -1) }, /i dag eller senere/);
  await wrong({ act: null }, /kun må læse/);
  for (let i = 0; i < 10; i++) assert.equal((await offer(oskar, '610170-1234', 'Ingen Nogen')).status, 200);
  assert.match(textOf((await offer(oskar, '610170-1234', 'Ingen Nogen')).text), /10 fuldmagter/);
});

test('Maja acts for Anna: every page says for whom, the receipt and the case say who sent it, and Anna sees what Maja saw', async () => {
  const anna = await citizen(server), maja = await citizen(server, 'Maja Riis');
  await offer(anna, '740591-2468', 'maja riis');
  await until('an e-mail that there is news', () => server.mails().some(m => /To: <?maja\.riis/.test(m) && /Nyt om en fuldmagt/.test(m) && !/Anna/.test(m)));
  assert.match(textOf((await maja.get('/mypage')).text), /Der er nyt om dine fuldmagter/);
  await accept(maja, 'Anna Holm');
  assert.match(textOf((await anna.get('/mandate')).text), /Maja Riis|maja riis har sagt ja/i);
  await maja.get('/form/oekonomisk-friplads');
  assert.doesNotMatch(maja.last.text, /Søg for Anna/, 'the mandate covers one service');
  const draft = await applyFor(maja, aids, 'Anna Holm');
  assert.match(textOf((await anna.get('/mypage')).text), /Begyndt af Maja Riis/);
  await maja.get(`/form/draft/${draft}/review`);
  const receipt = await maja.submit('/casefile/submit');
  assert.match(textOf(receipt.text), /Sendt af Maja Riis/);
  assert.match(textOf(receipt.text), /Du handler for Anna Holm/);
  mine = { no: /\b(20\d\d-\d{6})\b/.exec(textOf(receipt.text))[1] };
  const list = await anna.get('/mypage/casefiles');
  mine.id = [...list.text.slice(0, list.text.indexOf(mine.no)).matchAll(/\/mypage\/casefile\/(\d+)"/g)].at(-1)[1];
  assert.match(textOf((await anna.get(`/mypage/casefile/${mine.id}`)).text), /Sendt af Maja Riis på dine vegne/);
  assert.match(textOf((await maja.get(`/mypage/casefile/${mine.id}`)).text), /Du handler for Anna Holm/);
  await until('the look in the log', async () => /Maja Riis/.test(textOf((await anna.get('/access')).text)));
  const log = JSON.parse((await anna.get('/access/list.json')).text).filter(r => r.name === 'Maja Riis').map(r => r.what);
  for (const what of ['draft', 'casefile']) assert.ok(log.includes(what), `Anna sees the ${what}: ${log}`);
});

test('a mandate to read lets one read and nothing else: not by a page, not by a request of one\'s own', async () => {
  const anna = await citizen(server), erik = await citizen(server, 'Erik Sand');
  await offer(anna, '890288-3117', 'Erik Sand', { act: 'read', scope: 'all' });
  await accept(erik, 'Anna Holm');
  const page = await erik.get(`/mypage/casefile/${mine.id}`);
  assert.doesNotMatch(page.text, new RegExp(`/mypage/casefile/${mine.id}/(add|withdraw)`));
  await erik.get('/form/' + aids);
  assert.doesNotMatch(erik.last.text, /Søg for Anna/);
  const csrf = /name="csrf" value="([^"]+)"/.exec(erik.last.text)[1], events = sql(`SELECT n FROM casefile_event WHERE casefile_id = ${mine.id}`).length;
  for (const [path, body] of [['add', 'text=Jeg+ville+gerne'], ['withdraw', 'text=Slut']])
    assert.ok([403, 409].includes((await erik.request(`/mypage/casefile/${mine.id}/${path}`, { method: 'POST', body: `csrf=${csrf}&${body}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status), path);
  const mandate = sql('SELECT id FROM mandate WHERE act = 0')[0];
  assert.equal((await erik.request(`/form/${aids}/start`, { method: 'POST', body: `csrf=${csrf}&mandate=${Object.values(mandate)[0]}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status, 403);
  assert.equal(sql(`SELECT n FROM casefile_event WHERE casefile_id = ${mine.id}`).length, events);
});

test('withdrawn: the draft, what was kept, the case and the copy are closed at once; Maja is told', async () => {
  const anna = await citizen(server), maja = await citizen(server, 'Maja Riis');
  const first = await startFor(maja, aids, 'Anna Holm');
  const draft = /\/form\/draft\/(\d+)/.exec(first.path)[1];
  await maja.get('/takeout');
  await maja.submit(formAt(maja, f => f.action === '/takeout/start' && /Anna Holm/.test(f.html)));
  const file = await until('the copy', async () => /\/takeout\/\d+\/file/.exec((await maja.get('/takeout')).text)?.[0], 30000);
  await maja.get(file);
  // her session ends while she writes: what she wrote is kept for her
  await maja.get(`/mypage/casefile/${mine.id}/add`);
  sql('UPDATE session SET seen_us = seen_us - 3600000000');
  await maja.submit('/add', { text: 'Anna beder mig om at fortælle om sit bad.' });
  const kept = new URL(maja.last.path, server.url).searchParams.get('next') ?? maja.last.path;
  await maja.login('Maja Riis');
  assert.match(textOf((await maja.get(kept)).text), /fortælle om sit bad/);
  await anna.login('Anna Holm');
  const done = await end(anna, 'Maja Riis');
  assert.match(textOf(done.text), /Fuldmagten er slut/);
  for (const path of [`/form/draft/${draft}`, `/mypage/casefile/${mine.id}`, file, kept]) assert.equal((await maja.request(path)).status, 404, path);
  assert.equal(sql('SELECT t.id FROM takeout t JOIN party p ON p.id = t.asker_id WHERE t.party_id <> t.asker_id').length, 0, 'the file is gone');
  assert.match(textOf((await maja.get('/mandate')).text), /Anna Holm har trukket sin fuldmagt/);
  assert.doesNotMatch(textOf((await maja.get('/mypage')).text), new RegExp(mine.no));
  assert.match(textOf((await anna.get(`/mypage/casefile/${mine.id}`)).text), /Sendt af Maja Riis/, 'what was sent stands');
  await anna.get(`/form/draft/${draft}`);
});

test('a child: only whom the register says, to 15 years; the copy leaves out what the other parent sent', async () => {
  const maja = await citizen(server, 'Maja Riis'), oskar = await citizen(server, 'Oskar Bech'), dagny = await citizen(server, 'Dagny Lund');
  const page = textOf((await maja.get('/mandate')).text);
  assert.match(page, /Alma Riis/);
  assert.match(page, /du har forældremyndigheden/);
  assert.doesNotMatch(page, /Emil Riis/, 'he is 16: his own to act');
  assert.doesNotMatch(textOf((await dagny.get('/mandate')).text), /Alma/);
  await oskar.get('/mandate');
  const sent = {};
  for (const [c, who] of [[maja, 'Maja Riis'], [oskar, 'Oskar Bech']]) {
    const draft = await applyFor(c, aids, 'Alma Riis');
    await c.get(`/form/draft/${draft}/review`);
    sent[who] = /\b(20\d\d-\d{6})\b/.exec(textOf((await c.submit('/casefile/submit')).text))[1];
  }
  await until('news for the parent, as the child reads no e-mail', () => server.mails().some(m => /To: <?maja\.riis/.test(m) && /Nyt i din sag/.test(m) && !/Alma/.test(m)));
  assert.equal(sql("SELECT reserved FROM party WHERE name = 'Alma Riis'")[0][0], '1', 'letters to a child go by post');
  const list = textOf((await maja.get('/mypage/casefiles')).text);
  assert.ok(list.includes(sent['Maja Riis']) && !list.includes(sent['Oskar Bech']));
  await maja.get('/takeout');
  await maja.submit(formAt(maja, f => f.action === '/takeout/start' && /Alma Riis/.test(f.html)));
  const file = await until('the copy of Alma', async () => /\/takeout\/\d+\/file/.exec((await maja.get('/takeout')).text)?.[0], 30000);
  const zip = await maja.get(file);
  assert.ok(zip.bytes.length > 1000);
  assert.equal((await oskar.request(file)).status, 404, 'it is Maja\'s');
  const kinds = ask(server.data, server.db, 'SELECT v.kind FROM access_view v WHERE v.viewer_kind = 1', 'indgang-log.db').map(r => Object.values(r)[0]);
  assert.ok(kinds.includes('export'), 'the copy is in the log');
});

test('an association acts where no person is needed, and nowhere else', async () => {
  const anna = await citizen(server);
  assert.match(textOf((await anna.get('/mandate')).text), /Fjordby Bådelaug/);
  await anna.get('/form/' + aids);
  assert.doesNotMatch(anna.last.text, /Søg for Fjordby/);
  const first = await startFor(anna, 'ris-og-ros', 'Fjordby Bådelaug');
  assert.match(textOf(first.text), /Du handler for Fjordby Bådelaug/);
});

test('on paper at the counter: with document and purpose; both are told, the reserved one by letter; withdrawn there', async () => {
  const carl = await citizen(server, 'Carl Friis'), anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  assert.equal((await bo.request('/mandate/letters')).status, 403);
  await carl.get('/counter');
  await carl.submit('/counter/open', { idno: '721141-2346', channel: 'counter', purpose: 'apply' });
  await carl.get('/mandate/paper');
  const values = { kind: 'person', idno: '640357-4218', name: 'Anna Holm', scope: 'all', act: 'act', ...day(2), purpose: 'Dagny kom forbi med sin datter', document: { name: 'fuldmagt.pdf', type: 'application/pdf', bytes: pdf } };
  for (const [change, text] of [[{ name: 'Anna Hansen' }, /passer ikke til nummeret/], [{ purpose: 'kort' }, /mindst 10 tegn/], [{ document: { name: 'x.txt', type: 'text/plain', bytes: Buffer.from('hej') } }, /scannede dokument/], [{ idno: '610170-1234' }, /kender ikke nummeret/], [{ idno: '810695-1579', name: 'Carl Friis' }, /selv er part i/]]) {
    await carl.get('/mandate/paper');
    const a = await carl.submit('/mandate/paper', { ...values, ...change });
    assert.equal(a.status, 422);
    assert.match(textOf(a.text), text);
  }
  await carl.get('/mandate/paper');
  const done = await carl.submit('/mandate/paper', values);
  assert.match(textOf(done.text), /Fuldmagten er registreret/);
  assert.match(textOf(done.text), /Anna Holm.*registreret .* af Carl Friis\. Formål: Dagny kom forbi/);
  const list = await anna.get('/mandate');
  assert.match(textOf(list.text), /registreret en fuldmagt på papir mellem dig og Dagny Lund/);
  const document = await anna.get(/\/mandate\/\d+\/document/.exec(list.text)[0]);
  assert.deepEqual(document.bytes, pdf);
  assert.equal((await bo.request(/\/mandate\/\d+\/document/.exec(list.text)[0])).status, 404);
  await until('the log', async () => /Dagny kom forbi med sin datter/.test(textOf((await anna.get('/access')).text)));
  const letters = await carl.get('/mandate/letters');
  assert.match(textOf(letters.text), /Dagny Lund/);
  const letter = await carl.get(/\/mandate\/letters\/\d+/.exec(letters.text)[0]);
  assert.match(textOf(letter.text), /Dagny Lund Havnegade 12 9998 Strandhuse/);
  assert.match(textOf(letter.text), /mellem dig og Anna Holm/);
  await carl.submit('/posted');
  assert.doesNotMatch(textOf(carl.last.text), /Dagny Lund \d/);
  const paper = await carl.get('/mandate/paper');
  await carl.get(/\/mandate\/\d+\/end/.exec(paper.text)[0]);
  assert.match(textOf((await carl.submit('/end')).text), /Fuldmagten er slut/);
  assert.doesNotMatch(textOf((await anna.get('/mandate')).text), /Sager for Dagny Lund/);
});

test('the store refuses what a mandate does not let one do, whoever writes', async () => {
  const refused = (text, law = /LAW 7/) => assert.throws(() => sql(text), e => law.test(e.message), text);
  const one = text => Object.values(sql(text)[0])[0];
  const now = Date.now() * 1000, read = one('SELECT id FROM mandate WHERE act = 0 AND withdrawn_us IS NULL'), over = one('SELECT m.id FROM mandate m JOIN form_draft d ON d.mandate_id = m.id WHERE m.withdrawn_us IS NOT NULL AND d.sent_us IS NULL');
  const erik = one(`SELECT holder_id FROM mandate WHERE id = ${read}`), anna = one(`SELECT giver_id FROM mandate WHERE id = ${read}`);
  refused(`UPDATE mandate SET act = 1 WHERE id = ${read}`);
  refused(`UPDATE mandate SET until_us = until_us + 1 WHERE id = ${read}`);
  refused(`UPDATE mandate SET scope = 'pas' WHERE id = ${read}`);
  refused(`UPDATE mandate SET withdrawn_us = NULL WHERE id = ${over}`);
  refused(`UPDATE mandate_offer SET answer = 0, answered_us = NULL WHERE answer = 1`);
  refused(`INSERT INTO mandate (id, giver_id, holder_id, scope, act, basis, from_us, given_us) VALUES (1, ${anna}, ${erik}, '', 1, 2, ${now}, ${now})`);
  refused(`INSERT INTO mandate (id, giver_id, holder_id, scope, act, basis, from_us, given_us) VALUES (1, ${anna}, ${anna}, '', 1, 1, ${now}, ${now})`);
  const n = one(`SELECT max(n) FROM casefile_event WHERE casefile_id = ${mine.id}`);
  refused(`INSERT INTO casefile_event (casefile_id, n, at_us, kind, party_id, party_visible, params, detail) VALUES (${mine.id}, ${+n + 1}, ${now}, 'added', ${erik}, 1, '{}', '')`);
  refused(`UPDATE form_draft SET version = version + 1, changed_us = ${now}, typed_mandate_id = mandate_id WHERE mandate_id = ${over} AND sent_us IS NULL`);
  refused(`UPDATE form_draft SET version = version + 1, mandate_id = ${read}, typed_mandate_id = ${read} WHERE party_id = ${anna} AND sent_us IS NULL`);
});

for (const [tag, options] of [['', {}], [' without JavaScript', { javaScriptEnabled: false }]]) {
  test('the pages in Chromium' + tag, async () => {
    const look = options.javaScriptEnabled === false ? async () => {} : (page, name) => check(page, 'mandate-' + name);
    const emil = await visitor(browser, server, options), maja = await visitor(browser, server, options), carl = await visitor(browser, server, options);
    await login(emil, /Emil Riis/);
    await emil.getByRole('link', { name: /^Fuldmagter: handle/ }).click();
    await look(emil, 'empty');
    await emil.getByRole('link', { name: 'Giv en fuldmagt' }).click();
    await look(emil, 'new');
    if (options.javaScriptEnabled !== false) assert.ok((await tabThrough(emil, 80)).some(s => /Se, hvad fuldmagten/.test(s)));
    await emil.getByRole('button', { name: 'Se, hvad fuldmagten giver ret til' }).click();
    assert.match(await emil.title(), /^Fejl:/);
    await look(emil, 'new-errors');
    await emil.getByLabel('Personnummer').fill('740591-2468');
    await emil.getByLabel('Navn på den').fill('Maja Riis');
    await emil.getByLabel('Alle sager hos kommunen').check();
    await emil.getByLabel('Læse og handle').check();
    await emil.getByRole('button', { name: 'Se, hvad fuldmagten giver ret til' }).click();
    await look(emil, 'sure');
    await emil.getByRole('button', { name: 'Ret', exact: true }).click();
    assert.equal(await emil.getByLabel('Navn på den').inputValue(), 'Maja Riis');
    await emil.getByRole('button', { name: 'Se, hvad fuldmagten giver ret til' }).click();
    await emil.getByRole('button', { name: 'Ja, giv fuldmagten' }).click();
    await look(emil, 'offered');
    await login(maja, /Maja Riis/);
    await maja.goto('/mandate');
    await look(maja, 'got');
    await maja.getByRole('button', { name: /Ja, jeg tager imod/ }).first().click();
    await look(maja, 'accepted');
    await maja.goto('/form/' + aids);
    await look(maja, 'start');
    await maja.getByRole('button', { name: 'Søg for Emil Riis' }).click();
    await look(maja, 'draft');
    await maja.getByRole('link', { name: 'Dem, du kan handle for' }).click();
    await emil.goto('/mandate');
    await look(emil, 'news');
    await emil.getByRole('link', { name: /Træk fuldmagten tilbage/ }).first().click();
    await look(emil, 'end');
    await emil.getByRole('button', { name: 'Træk tilbage nu' }).click();
    await emil.getByText('Fuldmagten er slut').waitFor();
    await login(carl, /Carl Friis/);
    await carl.goto('/mandate/letters');
    await look(carl, 'letters');
    await carl.goto('/counter');
    if (await carl.getByLabel('Personnummer').count()) {
      await carl.getByLabel('Personnummer').fill('721141-2346');
      await carl.getByLabel('Ved skranken').check();
      await carl.getByLabel('Hjælpe med at søge om noget').check();
      await carl.getByRole('button', { name: 'Åbn borgeren' }).click();
    }
    await carl.getByRole('link', { name: /^Fuldmagter: se/ }).click();
    await look(carl, 'paper');
    await carl.getByRole('button', { name: 'Registrer fuldmagten' }).click();
    await look(carl, 'paper-errors');
    await carl.getByLabel('Dagny Lund giver en anden person fuldmagt').check();
    await carl.getByLabel(/^Personnummer/).fill('640357-4218');
    await carl.getByLabel(/^Navn på den/).fill('Anna Holm');
    await carl.getByLabel('Alle sager hos kommunen').check();
    await carl.getByLabel('Kun læse').check();
    await carl.getByLabel('Hvorfor registrerer du den?').fill('Dagny er her og viser papiret');
    await carl.getByLabel('Dokumentet').setInputFiles({ name: 'papir.pdf', mimeType: 'application/pdf', buffer: pdf });
    await carl.getByRole('button', { name: 'Registrer fuldmagten' }).click();
    await carl.getByText('Fuldmagten er registreret').waitFor();
    await look(carl, 'paper-done');
    await carl.goto('/mandate/letters');
    await carl.getByRole('link', { name: 'Dagny Lund' }).first().click();
    await look(carl, 'letter');
    await carl.getByRole('button', { name: 'Lagt i posten' }).click();
    for (const page of [emil, maja, carl]) await page.context().close();
  });
}
