// Ask once: what a person answered in one service fills in another, when the purposes and the law allow it, and nothing else does.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { engine, root, startServer } from '../lib/server.mjs';
import { indgang, ask } from '../lib/command.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { citizen } from '../lib/people.mjs';

const words = text => `{da: "${text}", nb: "${text}", nn: "${text}", en: "${text}"}`;
const option = (key, text) => `{option: ${key}, label: ${words(text)}}`;
const field = (id, type, more = '') => `      - {id: ${id}, type: ${type}, label: ${words(id)}${more}}\n`;
const correct = `correct: ${words('Ring til den afdeling, du søgte hos.')}`;
let server, browser, services;

/** A service whose form has these fields; `purposes`: lines of service.yaml after the purposes there are. */
function put(key, name, fields, purposes = '') {
  const dir = path.join(services, key);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const of = path.join(root, 'services/ris-og-ros');
  cpSync(path.join(of, 'letters'), path.join(dir, 'letters'), { recursive: true });
  writeFileSync(path.join(dir, 'service.yaml'), readFileSync(path.join(of, 'service.yaml'), 'utf8')
    .replace('apply: anonymous', 'apply: person\nassurance: low')
    .replace(/^name: .*$/m, `name: ${words(name)}`)
    .replace(/^purposes:\n/m, `purposes:\n${purposes}`));
  writeFileSync(path.join(dir, 'form.yaml'), `pages:\n  - id: one\n    title: ${words('Side')}\n    fields:\n${fields}`);
}
const law = () => /^laws:\n {2}- key: (\S+)/m.exec(readFileSync(path.join(root, 'services/ris-og-ros/service.yaml'), 'utf8'))[1];
const purpose = (key, more = '') => `  - {key: ${key}, text: ${words('Formålet ' + key)}, law: ${law()}, gdpr: 6(1)(e)${more}}\n`;
const compatible = of => `, compatible: [{purpose: ${of}, law: ${law()}}]`;
const kinds = [option('red', 'Rød'), option('blue', 'Blå')].join(', ');

const first = field('words', 'text', ', why: know') + field('story', 'longtext', ', why: know') + field('size', 'number', ', why: know, decimals: 1') +
  field('rent', 'money', ', why: know') + field('since', 'date', ', why: know') + field('month', 'month', ', why: know') + field('alone', 'yesno', ', why: know') +
  field('colour', 'radio', `, why: know, options: [${kinds}]`) + field('colours', 'multiselect', `, why: know, options: [${kinds}, ${option('old', 'Gammel')}]`) +
  field('land', 'country', ', why: know') + field('mail', 'email', ', why: know') + field('home', 'address', ', why: know') + field('secret', 'text', ', why: other') +
  field('fixed', 'text', ', why: know') + field('long', 'text', ', why: know');
const from = (id, more = '') => `, why: use, prefill: {source: earlier, from: foerst/${id}${more}}`;
const second = field('words', 'text', from('words')) + field('story', 'longtext', from('story')) + field('size', 'number', from('size') + ', decimals: 1') +
  field('rent', 'money', from('rent')) + field('since', 'date', from('since')) + field('month', 'month', from('month')) + field('alone', 'yesno', from('alone')) +
  field('colour', 'select', from('colour') + `, options: [${kinds}]`) + field('tint', 'radio', from('colour') + `, options: [${kinds}]`) +
  field('colours', 'multiselect', from('colours') + `, options: [${kinds}]`) + field('land', 'country', from('land')) + field('mail', 'email', from('mail')) +
  field('home', 'address', from('home')) + field('secret', 'text', from('secret')) + field('fixed', 'text', from('fixed', ', edit: false, ' + correct)) +
  field('long', 'text', from('long', ', edit: false, ' + correct) + ', max_length: 3') + field('whole', 'number', from('size')) + field('why', 'text', ', why: use');

const answers = { words: 'Mine ord', story: 'En lang\nhistorie', size: '12,5', rent: '1.250,50', since_day: '3', since_month: '5', since_year: '2019', month_month: '6', month_year: '2020',
  alone: 'true', colour: 'blue', colours: ['red', 'blue'], land: 'NO', mail: 'anna@example.org', home_street: 'Vejen 2', home_postcode: '4000', home_city: 'Byen', secret: 'Min hemmelighed', fixed: 'Står fast', long: 'Fire' };

before(async () => {
  services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  put('foerst', 'Den første', first, purpose('know') + purpose('other'));
  put('siden', 'Den anden', second, purpose('use', compatible('foerst/know')));
  server = await startServer({ args: ['--services', services] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); rmSync(services, { recursive: true }); });

async function send(c, service, values) {
  await c.get('/form/' + service);
  await c.submit('/start');
  await c.submit('/one', values, { forge: true });
  assert.match(c.last.path, /\/review/, textOf(c.last.text).slice(0, 1500));
  await c.submit('/casefile/submit');
  assert.match(c.last.path, /\/receipt\//);
  return /2\d{3}-\d{6}/.exec(textOf(c.last.text))[0];
}
/** The values of the boxes of a form of the second service. */
async function begin(c, service = 'siden') {
  await c.get('/form/' + service);
  await c.submit('/start');
  assert.match(c.last.path, /\/one/);
  return Object.fromEntries(formsOf(c.last.text).find(f => (f.action || '').includes('/one')).fields
    .filter(f => !['radio', 'checkbox'].includes(f.type) || 'checked' in f).map(f => [f.name + (f.type === 'checkbox' ? '_' + f.value : ''), f.value]));
}

test('nothing was answered before: everything is asked', async () => {
  const erik = await citizen(server, 'Erik Sand'), shown = await begin(erik);
  for (const [name, value] of Object.entries(shown)) if (!['csrf', 'seen', 'go', 'language'].includes(name)) assert.equal(value, '', name);
  assert.ok('fixed' in shown, 'what could not be found can be typed');
});

test('what was answered stands there, with its source and date, and can be corrected or says where', { timeout: 120000 }, async () => {
  const anna = await citizen(server), no = await send(anna, 'foerst', answers);
  const shown = await begin(anna);
  const expected = { words: 'Mine ord', story: 'En lang\nhistorie', size: '12,5', rent: '1250,50', since_day: '3', since_month: '5', since_year: '2019', month_month: '6', month_year: '2020', alone: 'true', tint: 'blue',
    colours_red: 'red', colours_blue: 'blue', land: 'NO', mail: 'anna@example.org', home_street: 'Vejen 2', home_postcode: '4000', home_city: 'Byen' };
  for (const [name, value] of Object.entries(expected)) assert.equal(shown[name], value, name);
  assert.equal(shown.secret, '', 'asked there for a purpose that is not named');
  assert.equal(shown.colour, '', 'another type of question');
  assert.equal(shown.whole, '', '12,5 is no whole number');
  assert.equal(shown.long, '', 'too long for this form: it is asked');
  assert.ok(!('fixed' in shown), 'not typed here');
  const text = textOf(anna.last.text);
  assert.match(text, /Står fast Fra det, du svarede i “Den første” \d+\. [a-zæøå]+ 20\d\d/);
  assert.match(text, /Ring til den afdeling, du søgte hos/);
  assert.match(text, /Fra det, du svarede i “Den første” \d+\. [a-zæøå]+ 20\d\d\. Du kan rette det her\./);
  const page = anna.last;

  await anna.get('/access');
  const seen = textOf(anna.last.text);
  assert.match(seen, new RegExp(`Automatisk, ingen ansat har set det Brugte igen det, du svarede i sag ${no} Formål: Den anden\\. Formålet use Lovgrundlag: .+`));
  const list = JSON.parse((await anna.get('/access/list.json')).text);
  assert.deepEqual(list.filter(r => r.what === 'reuse').map(r => [r.case, r.refused]), [[no, false]]);

  await anna.submit('/one', { words: 'Rettet her', fixed: 'Forsøg', why: 'x' }, { page, forge: true });
  assert.match(anna.last.path, /\/review/);
  const review = textOf(anna.last.text);
  assert.match(review, /words Rettet her Ændret i dette skema\. Der var udfyldt noget andet på forhånd\. story/, 'what was corrected is no longer an earlier answer, and is marked');
  assert.match(review, /Står fast Fra det, du svarede/, 'whatever was posted for it');
  assert.doesNotMatch(review, /Forsøg/);
  await anna.submit('/casefile/submit');
  assert.match(anna.last.path, /\/receipt\//);
  const record = ask(server.data, server.db, `SELECT count(*) FROM casefile_reuse`);
  assert.equal(record[0][0], '0', 'the permits are gone with the draft');
});

test('a page of it in the browser, with a keyboard and without a script', { timeout: 120000 }, async () => {
  for (const javaScriptEnabled of [true, false]) {
    const p = await visitor(browser, server, { javaScriptEnabled });
    await login(p, 'Anna Holm');
    await p.goto('/form/siden');
    await p.locator('form[action$="/start"] button').click();
    assert.equal(await p.locator('[name=words]').inputValue(), 'Mine ord');
    if (javaScriptEnabled) await check(p, 'once: a form filled in with earlier answers');
    await p.locator('#f-fixed details summary').last().click();
    await p.locator('#form button[value=next]:visible').click();
    await p.waitForURL(/review/);
    if (javaScriptEnabled) await check(p, 'once: review');
    await p.goto('/access');
    if (javaScriptEnabled) await check(p, 'once: who has seen my data');
  }
});

test('not at the counter, not what is withdrawn, and not what is to be erased, also not in a draft that had it', { timeout: 120000 }, async () => {
  const maja = await citizen(server, 'Maja Riis');
  const no = await send(maja, 'foerst', { ...answers, words: 'Majas ord' });
  assert.equal((await begin(maja)).words, 'Majas ord');
  const draft = maja.last.path;

  const carl = await citizen(server, 'Carl Friis');
  const idno = /key: maja[\s\S]*?idno: "?([\d-]+)/.exec(readFileSync(path.join(root, 'municipality/people.yaml'), 'utf8'))[1];
  await carl.get('/counter');
  await carl.submit('/counter/open', { idno, purpose: 'apply', channel: 'counter', other: '' });
  assert.equal((await begin(carl)).words, '', 'an employee may not see her other case');

  const sql = text => engine === 'sqlite' ? execFileSync('sqlite3', ['-cmd', '.timeout 10000', path.join(server.data, 'indgang.db'), text]) : execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', text, server.db.url]);
  const record = `(SELECT record_id FROM casefile WHERE no = '${no}')`;
  const drop = engine === 'sqlite' ? 'DROP TRIGGER record_casefile_10s;' : 'ALTER TABLE record_casefile DISABLE TRIGGER USER;';
  sql(`${drop} UPDATE record_casefile SET dispose_us = 1 WHERE id = ${record}`);
  await maja.get(draft);
  assert.doesNotMatch(textOf(maja.last.text), /Majas ord/, 'its time is out: not even in a draft that had it');
  assert.equal((await begin(maja)).words, '');
  sql(`UPDATE record_casefile SET dispose_us = NULL WHERE id = ${record}`);
  assert.equal((await begin(maja)).words, 'Majas ord');
  const id = ask(server.data, server.db, `SELECT id FROM casefile WHERE no = '${no}'`)[0][0];
  await maja.get(`/mypage/casefile/${id}/withdraw`);
  await maja.submit('/withdraw', { text: 'Ikke mere' }, { forge: true });
  assert.equal((await begin(maja)).words, '', 'withdrawn');
  await maja.get(draft);
  assert.doesNotMatch(textOf(maja.last.text), /Majas ord/);
});

test('check refuses a use without a compatible purpose and a law', async () => {
  const faults = async () => (await indgang('check', path.join(services, 'siden'), '--municipality', path.join(root, 'municipality'))).text;
  assert.match(await faults(), /1 service in order/);
  put('siden', 'Den anden', second, purpose('use'));
  assert.match(await faults(), /form\.yaml:\d+:\d+: the purpose of `words` names no purpose of the service `foerst` that it is compatible with; add `compatible/);
  put('siden', 'Den anden', second, purpose('use', ', compatible: [{purpose: foerst/know, law: nothing}]'));
  assert.match(await faults(), /there is no law 'nothing'/);
  put('siden', 'Den anden', second.replaceAll('why: use, ', ''), purpose('use', compatible('foerst/know')));
  assert.match(await faults(), /the field `words` does not say why it is asked/);
});
