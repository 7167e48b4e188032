// When a service may be applied for: its first and last day, how many it takes, and a draft whose version is over.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { isoDay } from '../lib/days.mjs';
import { engine, root, startServer } from '../lib/server.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';
import { citizen } from '../lib/people.mjs';

const words = text => `{da: "${text}", nb: "${text}", nn: "${text}", en: "${text}"}`;
const sql = (data, db, text) => engine === 'sqlite' ? execFileSync('sqlite3', [path.join(data, 'indgang.db'), text]) : execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', text, db.url]);
let server, browser, services;

/** A service of two questions; `extra`: more lines of service.yaml, `second`: the second question. */
function put(key, extra, second = 'how') {
  const dir = path.join(services, key);
  cpSync(path.join(root, 'services/ris-og-ros'), dir, { recursive: true });
  rmSync(path.join(dir, 'examples'), { recursive: true, force: true });
  const file = path.join(dir, 'service.yaml');
  writeFileSync(file, readFileSync(path.join(root, 'services/ris-og-ros/service.yaml'), 'utf8').replace('apply: anonymous', 'apply: person\nassurance: low\n' + extra));
  writeFileSync(path.join(dir, 'form.yaml'), `pages:
  - id: one
    title: ${words('Side')}
    why: answer
    fields:
      - { id: what, type: text, required: true, label: ${words('Hvad')} }
      - { id: ${second}, type: text, label: ${words('Hvordan')} }
`);
}
const closed = `closed: ${words('Skriv til os, så hører du, når der er plads igen.')}\n`;

before(async () => {
  services = mkdtempSync(path.join(tmpdir(), 'indgang-services-'));
  put('snart', `valid: {from: ${isoDay(20)}}\n${closed}`);
  put('forbi', `valid: {from: 2020-01-01, until: ${isoDay(-2)}}\n${closed}`);
  put('to-pladser', `ceiling: 2\n${closed}`);
  put('skifter', '');
  server = await startServer({ args: ['--services', services] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); rmSync(services, { recursive: true }); });

async function begin(c, key, answers = { what: 'Noget' }) {
  await c.get('/form/' + key);
  await c.submit('/start');
  await c.submit('/one', answers);
  assert.match(c.last.path, /\/review/);
  return c.last;
}

test('too early and too late: the page says when, and what one can do', async () => {
  const p = await visitor(browser, server);
  await login(p, 'Anna Holm');
  for (const [key, says] of [['snart', /Du kan søge fra \d+\. [a-z]+ \d{4}\./], ['forbi', /Du kunne søge til og med \d+\. [a-z]+ \d{4}\. Fristen er gået\./]]) {
    for (const page of ['/service/', '/form/']) {
      await p.goto(page + key);
      const text = textOf(await p.content());
      assert.match(text, says);
      assert.match(text, /så hører du, når der er plads igen/);
      await check(p, `closed: ${page}${key}`);
      assert.equal(await p.locator('form[action$="/start"], a[href="/form/' + key + '"].button').count(), 0, 'nothing to start');
    }
  }
  const anna = await citizen(server);
  await anna.get('/form/to-pladser');
  const forged = await anna.submit('/start');
  assert.match(forged.path, /draft/);
  await anna.get('/form/to-pladser');
  const start = anna.last.text.replace('/form/to-pladser/start', '/form/forbi/start');
  const a = await anna.submit('/start', {}, { page: { ...anna.last, text: start } });
  assert.match(textOf(a.text), /Fristen er gået/);
  assert.doesNotMatch(a.path, /draft/, 'a forged start begins nothing');
});

test('as many as there can be: the store takes no more, whoever is first', { timeout: 60000 }, async () => {
  const all = await Promise.all(['Anna Holm', 'Erik Sand', 'Maja Riis', 'Dagny Lund'].map(n => citizen(server, n)));
  const reviews = [];
  for (const c of all) reviews.push(await begin(c, 'to-pladser'));
  const sent = await Promise.all(all.map((c, i) => c.submit('/casefile/submit', {}, { page: reviews[i] })));
  const taken = sent.filter(a => /\/receipt\//.test(a.path)), refused = sent.filter(a => /\/review/.test(a.path));
  assert.equal(taken.length, 2, sent.map(a => a.path).join());
  assert.equal(refused.length, 2);
  for (const a of refused) {
    assert.match(textOf(a.text), /Der er ikke flere pladser: 2 har søgt/);
    assert.doesNotMatch(a.text, /casefile\/submit/, 'no button that cannot work');
  }
  const again = await all[sent.indexOf(taken[0])].submit('/casefile/submit', {}, { page: reviews[sent.indexOf(taken[0])] });
  assert.match(again.path, /\/receipt\//, 'the first receipt, and no place more');
  const p = await visitor(browser, server);
  await login(p, 'Anna Holm');
  await p.goto('/form/to-pladser');
  assert.match(textOf(await p.content()), /Der er ikke flere pladser/);
  await check(p, 'closed: full');
  await p.goto('/service/to-pladser');
  assert.match(textOf(await p.content()), /Der er ikke flere pladser.*så hører du, når der er plads igen/, 'the page of the service says so at once');
  assert.equal(await p.locator('a[href="/form/to-pladser"].button').count(), 0);
  await check(p, 'closed: full, the service');
});

test('a new version meanwhile: the old form is finished until its last day, then the new one goes on with the answers', { timeout: 120000 }, async () => {
  const anna = await citizen(server), erik = await citizen(server, 'Erik Sand');
  await begin(anna, 'skifter', { what: 'Min historie', how: 'Med cykel' });
  const annas = anna.last.path, eriks = await begin(erik, 'skifter', { what: 'Eriks' });
  const { data, db } = server;
  await server.stop({ keep: true });
  put('skifter', '', 'why');
  server = await startServer({ data, db, args: ['--services', services] });
  for (const c of [anna, erik]) c.base = server.url;
  await erik.get(eriks.path);
  assert.match(textOf(erik.last.text), /Eriks/, 'the old form, and nothing is said');
  const sent = await erik.submit('/casefile/submit');
  assert.match(sent.path, /\/receipt\//);
  await anna.get(annas);
  assert.match(textOf(anna.last.text), /Min historie.*Med cykel/);

  await server.stop({ keep: true }); // … and the old version's last day goes by
  const id = /draft\/(\d+)/.exec(annas)[1];
  sql(data, db, `DROP TRIGGER ${engine === 'sqlite' ? 'service_file_u' : 'service_file_ud ON service_file'};
    UPDATE service_file SET content = replace(content, 'assurance: low', 'assurance: low\nvalid: {until: ${isoDay(-1)}}')
    WHERE path = 'service.yaml' AND version_id = (SELECT version_id FROM form_draft WHERE id = ${id})`);
  server = await startServer({ data, db, args: ['--services', services] });
  anna.base = server.url;
  await anna.get(annas);
  assert.match(anna.last.path, /\/closed$/);
  assert.match(textOf(anna.last.text), /Fristen er gået.*Der er kommet et nyt skema/);
  const p = await visitor(browser, server);
  await login(p, 'Anna Holm');
  await p.goto(`/form/draft/${id}`);
  await check(p, 'closed: a newer form');
  await p.locator('form[action$="/renew"] button').click();
  await p.waitForURL(/\/one$/);
  assert.equal(await p.locator('[name=what]').inputValue(), 'Min historie', 'the answer came along');
  assert.equal(await p.locator('[name=why]').inputValue(), '', 'the new question is asked');
  await p.locator('#form button[value=next]:visible').click();
  await p.waitForURL(/review/);
  assert.doesNotMatch(textOf(await p.content()), /Med cykel/, 'what is asked no more is not sent');
  await p.locator('form[action*="/casefile/submit"] button').click();
  await p.waitForURL(/receipt/);
});
