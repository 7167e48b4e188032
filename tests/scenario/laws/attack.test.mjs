// More of the laws of house.md 6 attacked over HTTP: letters (4, 5, 6, 8), windows (2), persons (7, 9), and requests that no page of
// ours sent. What is here is what a person with a browser and patience can send.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { dateParts, dayOf } from '../lib/days.mjs';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { act, aidsAnswers, apply, arrived, citizen, decide, fill, pdf, sendLetter, takeCase } from '../lib/people.mjs';

let server;
const start = more => startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })], ...more });
before(async () => { server = await start(); });
after(() => server?.stop());

const field = (page, form, name) => formsOf(page.text).find(f => f.id === form || (f.action || '').includes(form))?.fields.find(f => f.name === name)?.value;
const token = page => formsOf(page.text).flatMap(f => f.fields).find(f => f.name === 'csrf').value;
const send = (c, path, values, headers = {}) => c.request(path, { method: 'POST', follow: false, body: new URLSearchParams(values).toString(),
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers } });
async function asCitizen(name) {
  const c = new Client(server.url);
  await c.get('/auth/demo');
  const at = formsOf(c.last.text).findIndex(f => textOf(f.html).includes(name));
  await c.submit(at, {}, { button: 'citizen' });
  return c;
}
/** A case that Bo has taken; with a call when it is to be refused. */
async function taken(name = 'Anna Holm', { call = false } = {}) {
  const party = await citizen(server, name), bo = await citizen(server, 'Bo Kjær');
  const { no, id } = await apply(party);
  const desk = await takeCase(bo, no);
  if (call) await act(bo, desk, 'call', { text: 'Vi talte om badebænken.', reached: 'yes' });
  return { party, bo, no, id, desk };
}
async function begin(bo, desk) {
  await bo.get(`/desk/casefile/${desk}/letter`);
  return /\/desk\/letter\/(\d+)/.exec((await bo.submit('/letter')).path)[1];
}

test('law 1: the first receipt, at the same moment, again, and after a restart', async () => {
  const own = await start();
  let again;
  try {
    const anna = await citizen(own);
    await fill(anna, aidsAnswers);
    const review = anna.last;
    const answers = await Promise.all(Array.from({ length: 20 }, () => anna.submit('/casefile/submit', {}, { page: review })));
    const numbers = answers.map(a => /\b20\d\d-\d{6}\b/.exec(textOf(a.text))?.[0]);
    assert.equal(new Set(numbers).size, 1, numbers.join());
    await own.stop({ keep: true });
    again = await start({ data: own.data, db: own.db, port: own.port });
    const late = await anna.submit('/casefile/submit', {}, { page: review });
    assert.equal(/\b20\d\d-\d{6}\b/.exec(textOf(late.text))?.[0], numbers[0]);
    assert.equal((await anna.get('/mypage/casefiles')).text.split(numbers[0]).length - 1, 1);
    const bo = new Client(again.url);
    await bo.login('Bo Kjær');
    assert.equal(new Set((await bo.get('/desk')).text.match(/20\d\d-\d{6}/g)).size, 1, 'one case in the queue');
    for (const draft of ['1', '0', '-1', 'x', '9007199254740993', '9223372036854775808'])
      assert.equal((await send(anna, `/casefile/submit/${draft}`, { csrf: token(await anna.get('/mypage')), version: '1' })).status, 404, draft);
  } finally {
    await again?.stop({ keep: true });
    own.discard();
  }
});

test('law 2: a decision, a letter and an extension in two windows', async t => {
  const { bo, desk } = await taken('Anna Holm', { call: true });
  await t.test('decision', async () => {
    const old = await bo.get(`/desk/casefile/${desk}/decision`);
    await bo.submit('/decision', { 'lines-0-reason': 'Skrevet i den ene rude.' }, { page: old });
    const mine = { 'lines-0-reason': 'Skrevet i den anden rude.' };
    const late = await bo.submit('/decision', mine, { page: old });
    assert.equal(late.status, 409);
    assert.match(textOf(late.text), /den ene rude/);
    assert.match(late.text, /den anden rude/);
    // Another language is not a way around it.
    const switched = await bo.submit('/decision', { ...mine, language: 'en' }, { page: old, forge: true });
    assert.match(switched.text, /<html lang="en"/);
    const after = await bo.submit('/decision', {}, { page: switched });
    assert.equal(after.status, 409, 'a window in another language is the same window');
    bo.cookies.delete('language');
    assert.match((await bo.get(`/desk/casefile/${desk}/decision`)).text, /den ene rude/);
    assert.doesNotMatch(bo.last.text, /den anden rude/);
  });
  await t.test('extension', async () => {
    const old = await bo.get(`/desk/casefile/${desk}/do/extend`);
    const values = dateParts('day', 40);
    await bo.submit('/extend', { ...values, text: 'Vi venter på lægen.' }, { page: old });
    const wrong = await bo.submit('/extend', { ...values, text: '' }, { page: old });
    assert.equal(wrong.status, 422);
    const later = { ...values, day_year: String(Number(values.day_year) + 1), text: 'Vi har travlt.' };
    for (const page of [old, wrong]) {
      const late = await bo.submit('/extend', later, { page });
      assert.equal(late.status, 409, page === wrong ? 'a mistake does not renew the window' : 'late');
      assert.match(late.text, /Vi har travlt/);
    }
    assert.doesNotMatch(textOf((await bo.get(`/desk/casefile/${desk}`)).text), /Vi har travlt/);
  });
  await t.test('letter', async () => {
    await decide(bo, desk, ['granted', 'refused']);
    const letter = await begin(bo, desk), old = await bo.get(`/desk/letter/${letter}`);
    const text = field(old, 'letter', 'text');
    await bo.submit(`/desk/letter/${letter}`, { text: text + '\n\nDen ene rude.' }, { page: old });
    const late = await bo.submit(`/desk/letter/${letter}`, { text: text + '\n\nDen anden rude.' }, { page: old });
    assert.equal(late.status, 409);
    assert.match(late.text, /Den ene rude/);
    assert.match(late.text, /Den anden rude/);
    const wrong = await bo.submit(`/desk/letter/${letter}`, { title: '' }, { page: old });
    assert.equal(wrong.status, 422);
    assert.equal((await bo.submit(`/desk/letter/${letter}`, { title: 'Nyt' }, { page: wrong })).status, 409, 'a mistake does not renew the window');
    for (const what of ['send', 'delete']) {
      const stale = await send(bo, `/desk/letter/${letter}/${what}`, { csrf: token(old), ...Object.fromEntries(['version', 'title', 'text'].map(n => [n, field(old, 'letter', n)])) });
      assert.equal(stale.status, 409, what);
    }
    assert.match((await bo.get(`/desk/letter/${letter}`)).text, /Den ene rude/);
  });
});

test('law 3: nothing adverse without a call, whatever is posted and wherever', async () => {
  const { bo, desk } = await taken();
  const final = async outcomes => {
    const page = await bo.get(`/desk/casefile/${desk}/decision`);
    const values = { csrf: token(page), do: 'final', version: field(page, 'decision', 'version'), casefile_version: field(page, 'decision', 'casefile_version') };
    outcomes.forEach((o, i) => Object.assign(values, { [`lines-${i}-outcome`]: o, [`lines-${i}-basis`]: 'x', [`lines-${i}-reason`]: 'x', [`lines-${i}-granted`]: 'x' }));
    return send(bo, `/desk/casefile/${desk}/decision`, values);
  };
  for (const outcomes of [['refused', 'refused'], ['partly', 'granted'], ['granted', 'refused'], ['granted'], ['granted', 'other'], []]) {
    const a = await final(outcomes);
    assert.doesNotMatch(a.location ?? '', /\/letter/, outcomes.join());
  }
  for (const [what, values] of [['call', { text: 'Ingen svarede.', reached: 'no' }], ['hear', { text: 'Vi påtænker at give afslag.', days: '10' }]]) {
    await act(bo, desk, what, values);
    assert.doesNotMatch((await final(['granted', 'refused'])).location ?? '', /\/letter/, what);
  }
  const empty = await act(bo, desk, 'exempt', { text: 'Det haster.', basis: '' });
  assert.equal(empty.status, 422);
  assert.doesNotMatch((await final(['granted', 'refused'])).location ?? '', /\/letter/, 'an exemption without a law');
  assert.doesNotMatch(textOf((await bo.get(`/desk/casefile/${desk}`)).text), /traf en afgørelse/);
  await act(bo, desk, 'exempt', { text: 'Det haster.', basis: 'forvaltningsloven § 19, stk. 2' });
  assert.match((await final(['granted', 'refused'])).location, /\/letter/, 'and with one');
});

test('law 4: reasons, law, guidance and contact cannot be taken out', async t => {
  const { party, bo, id, desk } = await taken('Anna Holm', { call: true });
  await decide(bo, desk, ['granted', 'refused']);
  const letter = await begin(bo, desk), url = `/desk/letter/${letter}`;
  const whole = field(await bo.get(url), 'letter', 'text');
  for (const slot of ['{{reasons}}', '{{legal_basis}}', '{{appeal}}']) await t.test(slot, async () => {
    assert.ok(whole.includes(slot), slot);
    for (const instead of ['', '{ {']) {
      await bo.get(url);
      const saved = await bo.submit(url, { text: whole.replace(slot, instead) });
      if (saved.status === 422) continue; // not even saved
      await send(bo, url + '/send', { csrf: token(saved), ...Object.fromEntries(['version', 'title', 'text'].map(n => [n, field(saved, 'letter', n)])) });
      const page = await bo.get(url);
      assert.ok(field(page, 'letter', 'text') !== undefined, 'still a draft');
      assert.match(page.text, /id="missing"/);
    }
  });
  await t.test('{{contact}}', async () => { // whom to contact stands in the guidance too: it is the words that count
    await bo.get(url);
    const saved = await bo.submit(url, { text: whole.replace('{{contact}}', '') });
    assert.match(textOf(saved.text), /70 00 02 10|hjaelpemidler@fjordby/);
    await bo.submit(url, { text: whole.replace('{{contact}}', '').replace('{{appeal}}', '') });
    assert.match(/id="missing"[\s\S]*?<\/ul>/.exec((await bo.get(url)).text)[0], /kontakt|spørgsmål|ringe|telefon/i);
  });
  await new Promise(r => setTimeout(r, 1500));
  assert.doesNotMatch((await party.get(`/mypage/casefile/${id}`)).text, /\/letter\/\d+"/);
  await bo.get(url);
  await bo.submit(url, { text: whole });
  assert.doesNotMatch(textOf((await bo.submit('/send')).text), /Send til/, 'whole again, it goes');
  await arrived(party, id);
});

/** Working days after a day, Danish public holidays aside: the tests run far from them or allow for them. */

test('laws 5 and 6: Dagny gets paper, whatever is posted, and the clock runs from the day it has arrived', async () => {
  const { party: dagny, bo, id, desk } = await taken('Dagny Lund', { call: true });
  await decide(bo, desk, ['granted', 'refused']);
  const letter = await begin(bo, desk), url = `/desk/letter/${letter}`;
  await bo.get(url);
  const typed = Object.fromEntries(['version', 'title', 'text'].map(n => [n, field(bo.last, 'letter', n)]));
  const forged = await send(bo, url + '/send', { csrf: token(bo.last), ...typed, channel: 'digital', paper: '0', reserved: '0' });
  if (forged.status !== 303) { await bo.get(url); await bo.submit('/send'); } // fields of nobody are refused: then without
  await until('the paper queue', async () => (await bo.get('/desk/print')).text.includes(`${url}/pdf`));
  assert.equal((await dagny.request(`/letter/${letter}`)).status, 404);
  assert.equal((await dagny.request(`/letter/${letter}/pdf`)).status, 404);
  const casefile = await bo.get(`/desk/casefile/${desk}`);
  assert.doesNotMatch(textOf((await dagny.get(`/mypage/casefile/${id}`)).text), /kan du klage senest/, 'nothing has arrived');
  const close = await send(bo, `/desk/casefile/${desk}/close`, { csrf: token(casefile), version: formsOf(casefile.text).flatMap(f => f.fields).find(f => f.name === 'version').value });
  assert.equal(close.status, 409, 'not while the letter waits for the printer');
  const posting = `/desk/print/letter/${letter}/posted`, print = await bo.get(posting), today = field(print, 'posted', 'shown');
  const on = day => { const [y, m, d] = day.split('-'); return { day_day: d ?? '', day_month: m ?? '', day_year: y ?? '', shown: day }; };
  for (const day of ['2000-01-01', '2999-01-01', '', 'i dag', new Date(Date.parse(today) - 86400e3).toISOString().slice(0, 10)]) {
    const a = await send(bo, posting, { csrf: token(print), ...on(day) });
    assert.ok(a.status >= 400 && a.status < 500, `${day}: ${a.status}`);
  }
  assert.ok((await bo.get('/desk/print')).text.includes(`${url}/pdf`), 'still waits');
  const mette = await citizen(server, 'Mette Bro');
  assert.ok(!(await mette.get('/desk/print')).text.includes(letter), 'another unit does not even see that it waits');
  assert.equal((await send(mette, posting, { csrf: token(await mette.get('/desk/print').then(() => mette.get('/auth/unit'), () => mette.last)), ...on(today) }).catch(() => ({ status: 403 }))).status, 403);
  await bo.get(posting);
  await bo.submit(posting);
  let arrival = Date.parse(today);
  for (let n = 0; n < 5;) { arrival += 86400e3; if (![0, 6].includes(new Date(arrival).getUTCDay())) n++; }
  const text = textOf((await bo.get(`/desk/casefile/${desk}`)).text);
  const until4 = dayOf(/Kan klages[^.]*?(\d{1,2}\. \p{L}+ 20\d\d)|[Kk]lage\p{L}* (?:til|senest)[^.]*?(\d{1,2}\. \p{L}+ 20\d\d)/u.exec(text)?.[0] ?? '');
  assert.ok(until4, 'the desk shows the last day of appeal: ' + text.slice(0, 500));
  const days = (until4 - arrival) / 86400e3;
  assert.ok(days >= 28 && days <= 28 + 11, `four weeks after ${new Date(arrival).toISOString().slice(0, 10)}, moved by holidays at most: ${days} days`);
  assert.equal(server.mails().filter(m => /dagny|Dagny/.test(m)).length, 0);
  assert.equal((await dagny.request(`/letter/${letter}`)).status, 404, 'the copy comes with the letter');
  const mine = await dagny.get(`/mypage/casefile/${id}`);
  assert.doesNotMatch(textOf(mine.text), /Du får noget af det/, 'nor stands its PDF among the documents');
  assert.doesNotMatch(textOf(mine.text), /Afslået|Bevilget/, 'nor does my page tell what it says');
  assert.match(mine.text, new RegExp(`/mypage/casefile/${id}/appeal"`), 'she may appeal when the post is quicker');
});

test('law 7: Erik lives at a protected address: Bo does not see it, Inge does', async () => {
  const { bo, no, desk } = await taken('Erik Sand');
  const inge = await citizen(server, 'Inge Dahl');
  const looks = async c => {
    const page = await c.get(`/desk/casefile/${desk}`);
    const links = [...new Set([...page.text.matchAll(/href="(\/desk\/casefile\/\d+\/(?:document|letter|decision|do|export)[^"]*)"/g)].map(m => m[1]))];
    const seen = {};
    for (const url of [`/desk/casefile/${desk}`, ...links, '/desk', '/desk/search?q=' + no, '/desk/search?q=Skovbrynet'])
      seen[url.replace(/\d{5,}/g, '…')] = (await c.request(url)).text.includes('Skovbrynet') && !/q=Skov/.test(url);
    return seen;
  };
  const his = await looks(bo), hers = await looks(inge);
  assert.ok(Object.keys(his).some(u => u.includes('document')) && Object.keys(his).some(u => u.includes('export')), Object.keys(his).join());
  assert.deepEqual(Object.entries(his).filter(([, seen]) => seen), [], 'Bo');
  assert.ok(Object.entries(hers).filter(([, seen]) => seen).length >= 2, 'Inge: page and export (the document is a PDF): ' + JSON.stringify(hers));
  assert.ok(!/\/desk\/casefile\/\d+"/.test((await bo.get('/desk/search?q=Skovbrynet')).text), 'nor is he found by it');
});

test('law 7: Bo applies himself; it is a case of everybody’s but his', async () => {
  const himself = await asCitizen('Bo Kjær');
  const { no, id } = await apply(himself);
  assert.match(textOf((await himself.get(`/mypage/casefile/${id}`)).text), new RegExp(no));
  assert.equal((await himself.request('/desk')).status, 403, 'at home he is a citizen');
  const inge = await citizen(server, 'Inge Dahl'), bo = await citizen(server, 'Bo Kjær');
  await inge.get('/desk/search?q=' + no);
  const desk = /\/desk\/casefile\/(\d+)"/.exec(inge.last.text)?.[1];
  assert.ok(desk, 'Inge finds it');
  assert.ok(!(await bo.get('/desk')).text.includes(no) && !(await bo.get('/desk?scope=all')).text.includes(no));
  assert.doesNotMatch((await bo.get('/desk/search?q=' + no)).text, /\/desk\/casefile\/\d+"/);
  const csrf = token(bo.last.text.includes('name="csrf"') ? bo.last : await bo.get('/desk'));
  for (const path of ['', '/export', '/decision', '/letter', '/do/note']) assert.equal((await bo.request(`/desk/casefile/${desk}${path}`)).status, 403, path);
  for (const path of ['/take', '/close', '/decision']) assert.equal((await send(bo, `/desk/casefile/${desk}${path}`, { csrf, version: '1' })).status, 403, path);
  assert.equal((await send(bo, `/desk/casefile/${desk}/do/note`, { csrf, version: '1', text: 'x' })).status, 403);
});

test('law 7: a letter, its PDF, its attachment and its draft are nobody else’s; a list shows nothing that cannot be opened', async () => {
  const { party: anna, bo, no, id, desk } = await taken();
  await decide(bo, desk, ['granted', 'granted']);
  const letter = await begin(bo, desk);
  const draft = [`/desk/letter/${letter}`, `/desk/letter/${letter}/pdf`];
  await bo.get(draft[0]);
  await bo.submit('/attach', { file: { name: 'vejledning.pdf', type: 'application/pdf', bytes: pdf } });
  const refused = async urls => {
    for (const who of ['Mette Bro', 'Carl Friis', 'Ulla Thorsen', 'Dagny Lund']) {
      const c = await citizen(server, who);
      for (const url of urls) {
        const a = await c.request(url);
        assert.ok([403, 404].includes(a.status), `${who} ${url}: ${a.status}`);
        assert.doesNotMatch(a.text, /Anna Holm|Badebænk/, `${who} ${url}`);
      }
    }
  };
  await refused(draft);
  assert.equal((await anna.request(`/letter/${letter}`)).status, 404, 'a draft is not a letter yet');
  await bo.get(draft[0]);
  await bo.submit('/send');
  await arrived(anna, id);
  await refused([...draft, `/letter/${letter}`, `/letter/${letter}/pdf`, `/letter/${letter}/attachment/1`]);
  for (const who of ['Bo Kjær', 'Inge Dahl', 'Mette Bro', 'Carl Friis', 'Rikke Vang']) {
    const c = await citizen(server, who);
    for (const list of ['/desk', '/desk?scope=unit', '/desk?scope=all', '/desk/search?q=' + no, '/desk/search?q=Anna', '/desk/search?q=20'])
      for (const [, url] of [...(await c.get(list)).text.matchAll(/href="(\/desk\/casefile\/\d+)"/g)].slice(0, 8)) await c.get(url);
  }
});

test('law 8: a letter that was sent is not changed by any address', async () => {
  const { party, bo, id, desk } = await taken();
  await decide(bo, desk, ['granted', 'granted']);
  const letter = await sendLetter(bo, desk), url = `/desk/letter/${letter}`;
  await arrived(party, id);
  const main = page => page.text.split('<main')[1].split('</main>')[0].replace(/csrf" value="[^"]*"/g, '');
  const read = main(await party.get(`/letter/${letter}`));
  const sent = (await party.get(`/letter/${letter}/pdf`)).bytes;
  const csrf = token(await bo.get('/desk/casefile/' + desk));
  for (let version = 1; version < 9; version++) {
    const v = { csrf, version: String(version) };
    for (const [path, values] of [['', { title: 'Andet', text: 'Noget andet' }], ['/detach', { attachment: '1' }], ['/delete', {}], ['/send', {}], ['/recall', {}], ['/retry', {}]]) {
      const a = await send(bo, url + path, { ...v, ...values });
      assert.ok(a.status === 409 || a.status === 404 && path === '/detach', `${path} ${version}: ${a.status} ${a.location ?? textOf(a.text).slice(0, 200)}`);
    }
    const boundary = 'x1y2z3';
    const body = `--${boundary}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n${csrf}\r\n--${boundary}\r\nContent-Disposition: form-data; name="version"\r\n\r\n${version}\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n${pdf.toString('latin1')}\r\n--${boundary}--\r\n`;
    assert.equal((await bo.request(url + '/attach', { method: 'POST', follow: false, body, headers: { 'content-type': 'multipart/form-data; boundary=' + boundary } })).status, 409, 'attach');
  }
  assert.equal(main(await party.get(`/letter/${letter}`)), read);
  assert.ok((await party.get(`/letter/${letter}/pdf`)).bytes.equals(sent));
});

test('law 9: what the caseworker downloads says what the register says', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  await anna.get('/form/lette-hjaelpemidler');
  const about = await anna.submit('/start');
  const draft = /\/form\/draft\/(\d+)/.exec(about.path)[1];
  const false_ = { name: 'Falsk Navn', idno: '7211412346', address: 'Falskvej 1', address_street: 'Falskvej 1', 'address-street': 'Falskvej 1', street: 'Falskvej 1', 'sources': 'x', party_id: '1', version_id: '1' };
  await anna.submit('/form/draft/', { ...false_, phone: '20 00 00 01' }, { page: about, forge: true });
  await fill(anna, aidsAnswers);
  const { no } = await (async () => {
    const receipt = await send(anna, formsOf(anna.last.text).find(f => f.action?.includes('/casefile/submit')).action,
      { csrf: token(anna.last), version: field(anna.last, '/casefile/submit', 'version') });
    assert.equal(receipt.status, 303);
    return { no: /\b20\d\d-\d{6}\b/.exec(textOf((await anna.get(receipt.location)).text))[0] };
  })();
  const desk = await takeCase(bo, no);
  const documents = [...(await bo.get(`/desk/casefile/${desk}`)).text.matchAll(/href="(\/desk\/casefile\/\d+\/document\/\d+)"/g)].map(m => m[1]);
  for (const url of [`/desk/casefile/${desk}/export`, ...documents]) {
    const file = await bo.get(url);
    if (!/json/.test(file.headers.get('content-type'))) continue;
    const json = JSON.parse(file.text), answers = (json.application ?? json).answers;
    assert.equal(answers.name, 'Anna Holm');
    assert.equal(answers.address.street, 'Lærkevej 7, 1. tv.');
    assert.doesNotMatch(JSON.stringify(json), /Falsk|7211412346|6403574218/);
  }
  assert.ok(draft);
});

test('a request that no page of ours sent changes nothing', async () => {
  const { party: anna, bo, id, desk } = await taken();
  const page = await bo.get(`/desk/casefile/${desk}/do/note`), csrf = token(page), version = field(page, 'act', 'version');
  const others = token(await anna.get(`/mypage/casefile/${id}/add`)), url = `/desk/casefile/${desk}/do/note`;
  const values = { version, text: 'Kom udefra' };
  const flipped = (csrf[0] === '0' ? '1' : '0') + csrf.slice(1);
  for (const [why, forged, headers] of [['none', {}, {}], ['empty', { csrf: '' }, {}], ['forged', { csrf: flipped }, {}], ['cut', { csrf: csrf.slice(0, -1) }, {}],
    ['of another session', { csrf: others }, {}], ['another site', { csrf }, { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['another site, by Origin alone', { csrf }, { origin: 'https://evil.example', 'sec-fetch-site': '' }],
    ['Origin null', { csrf }, { origin: 'null', 'sec-fetch-site': '' }]]) {
    const a = await send(bo, url, { ...values, ...forged }, headers);
    assert.equal(a.status, 403, why);
  }
  const nobody = await send(new Client(server.url), url, { ...values, csrf });
  assert.ok(nobody.status === 403 || /\/auth\//.test(nobody.location ?? ''), 'without the cookie');
  for (const values2 of [{ ...values, csrf, extra: '1' }]) { // a field that is nobody's: refused or ignored, never stored
    const a = await send(bo, url, { ...values2, text: '' });
    assert.ok([400, 422].includes(a.status), String(a.status));
  }
  assert.doesNotMatch((await bo.get(`/desk/casefile/${desk}`)).text, /Kom udefra/);
  const get = await bo.request(`${url}?${new URLSearchParams({ ...values, csrf })}`);
  assert.ok(get.status < 500);
  assert.doesNotMatch((await bo.get(`/desk/casefile/${desk}`)).text, /Kom udefra/, 'nor does a GET');
});
