// Every imported form is filled in over HTTP, page by page, along three ways through it, and sent; the stored record holds
// the answers again, and the data contract (JSON Schema) fits them.
import test from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { ask } from '../lib/command.mjs';
import { startServer } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { pdf } from '../lib/people.mjs';
import { walk } from './formio.mjs';
import { dice, fill, match, ours } from './answers.mjs';
import { importAll, indgang, municipality, skip } from './imported.mjs';

const WAYS = 3, TRIES = 60;

/** Three sets of answers that can be sent, as different as there are. */
function ways({ name, form, map, folder }, dir) {
  const nodes = walk(form), matched = match(nodes, map), d = dice([...name].reduce((s, c) => s * 33 + c.charCodeAt(0), 5));
  const today = new Date().toISOString().slice(0, 10);
  const sets = Array.from({ length: TRIES }, () => ours(nodes, matched, map, fill(nodes, d, { today, leave: 0, good: true })));
  const file = path.join(dir, name + '.walk.jsonl');
  writeFileSync(file, sets.map(answers => JSON.stringify({ person: 'anna', answers })).join('\n') + '\n');
  const verdicts = indgang('try', folder, '--inputs', file).trim().split('\n').map(l => JSON.parse(l));
  const good = verdicts.map((v, i) => ({ answers: sets[i], ...v })).filter(v => !Object.keys(v.faults).length);
  assert.ok(good.length >= WAYS, `${name}: only ${good.length} of ${TRIES} sets can be sent; faults: ${JSON.stringify(verdicts.flatMap(v => Object.entries(v.faults)).slice(0, 5))}`);
  const chosen = [good[0]], shown = v => new Set(v.shown.map(id => id.replace(/\[\d+\]/, '')));
  const apart = (a, b) => { const x = shown(a), y = shown(b); return [...x].filter(k => !y.has(k)).length + [...y].filter(k => !x.has(k)).length; };
  while (chosen.length < WAYS) chosen.push(good.filter(g => !chosen.includes(g)).sort((a, b) => Math.min(...chosen.map(c => apart(b, c))) - Math.min(...chosen.map(c => apart(a, c))))[0]);
  return { chosen, different: Math.max(apart(chosen[0], chosen[1]), apart(chosen[1], chosen[2]), apart(chosen[0], chosen[2])) };
}

/** What to post for the questions that stand on the page. */
function values(form, answers) {
  const out = {}, names = new Map(form.fields.map(f => [f.name, f]));
  for (const [id, v] of Object.entries(answers)) {
    if (names.has(id + '_year')) {
      const [year, month, day] = String(v).split('-');
      out[id + '_year'] = year; out[id + '_month'] = month;
      if (names.has(id + '_day')) out[id + '_day'] = day;
    } else if (names.has(id + '_street')) for (const k of ['street', 'postcode', 'city']) out[`${id}_${k}`] = v[k];
    else if (!names.has(id)) continue;
    else if (names.get(id).type === 'file') out[id] = v.map(name => ({ name, type: 'application/pdf', bytes: pdf }));
    else out[id] = v === true ? names.get(id).value : Array.isArray(v) ? v : String(v);
  }
  return out;
}

const formOf = c => formsOf(c.last.text).find(f => /\/form\/draft\//.test(f.action ?? c.last.path) && (f.method || '').toLowerCase() === 'post');

/** Through all pages to the review. Returns the number of requests. */
async function fillIn(c, service, answers) {
  await c.get('/form/' + service);
  await c.submit('/start');
  const added = {}, refused = {}, files = new Set();
  let row = null, steps = 0;
  for (; steps < 600 && !/\/review/.test(c.last.path); steps++) {
    const form = formOf(c);
    assert.ok(form, `no form on ${c.last.path}: ${textOf(c.last.text).slice(0, 200)}`);
    const at = new URL(form.action ?? c.last.path, 'http://x').pathname;
    const v = values(form, row ?? answers);
    for (const k of Object.keys(v)) if (Array.isArray(v[k]) && typeof v[k][0] === 'object') { if (files.has(at + k)) delete v[k]; else files.add(at + k); }
    const add = row ? null : form.buttons.map(b => /^add-(.+)/.exec(b.value ?? '')?.[1]).find(r => r && (answers[r]?.length ?? 0) > (added[r] ?? 0));
    const was = c.last.path;
    const a = await c.submit(form.action ?? c.last.path, v, { page: c.last, button: add ? 'add-' + add : 'next' });
    assert.ok([200, 422].includes(a.status), `${service} ${at}: ${a.status} ${textOf(a.text).slice(0, 300)}`);
    const wrong = textOf(/id="errors"[\s\S]*?<\/ul>/.exec(a.text)?.[0] ?? '');
    if (a.status === 422 || c.last.path === was) {
      refused[was] = (refused[was] ?? 0) + 1;
      assert.ok(refused[was] < 12, `${service} ${was} will not go on: ${wrong}`);
    }
    if (add && /\/new|\/[^/]+\/[^/]+\/[^/]+\/[^/]+$/.test(c.last.path) && a.status === 200) { row = answers[add][added[add] ?? 0]; added[add] = (added[add] ?? 0) + 1; }
    else if (row && a.status === 200 && !/\/form\/draft\/\d+\/[^/]+\/[^/]+\/[^/?#]+/.test(c.last.path)) row = null;
  }
  assert.match(c.last.path, /\/review/, `${service}: ${textOf(c.last.text).slice(0, 300)}`);
  return steps;
}

/** Without what is another each time: who a number belongs to, and the bytes of files. */
const plain = v => Array.isArray(v) ? v.map(plain)
  : v && typeof v === 'object' ? ('party' in v ? 'a person' : 'mime' in v ? v.name : Object.fromEntries(Object.entries(v).sort().map(([k, x]) => [k, plain(x)]))) : v;

/** The stored application that was sent last. */
function stored(server) {
  const bytes = server.db.url ? "encode(f.bytes, 'hex')" : 'hex(f.bytes)';
  const [[hex]] = ask(server.data, server.db, `SELECT ${bytes} FROM record_object o JOIN file f ON f.hash = o.hash WHERE o.mime = 'application/json' ORDER BY o.created_us DESC LIMIT 1`);
  return JSON.parse(Buffer.from(hex, 'hex').toString('utf8'));
}

test('all forms are filled in over HTTP along three ways, and come out again equal', { skip, timeout: 900000 }, async t => {
  const all = importAll(), told = [];
  t.after(all.done);
  const server = await startServer({ args: ['--municipality', municipality, '--services', all.services] });
  t.after(() => server.stop());
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const f of all.forms) {
    const schema = ajv.compile(JSON.parse(indgang('export', 'jsonschema', f.folder)));
    const { chosen, different } = ways(f, all.dir);
    const conditions = /(\d+) of \d+ conditions/.exec(f.told)[1];
    for (const way of chosen) {
      const c = new Client(server.url, { lang: 'nb' });
      await c.login('Anna Holm');
      await fillIn(c, f.name, way.answers);
      const receipt = await c.submit('/casefile/submit');
      assert.equal(receipt.status, 200, `${f.name}: ${textOf(receipt.text).slice(0, 400)}`);
      const record = stored(server);
      assert.deepEqual(plain(record.answers), plain(way.record.answers), f.name);
      assert.ok(schema(record), `${f.name}: ${JSON.stringify(schema.errors?.slice(0, 3))}`);
      told.push(f.name);
    }
    if (+conditions > 0) assert.ok(different > 0, `${f.name}: all ways are the same`);
  }
  t.diagnostic(`${told.length} submissions of ${all.forms.length} forms`);
  assert.equal(told.length, 41 * WAYS);
});
