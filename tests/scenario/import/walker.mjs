// Through an imported form over HTTP, page by page, with answers that can be sent.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { isoDay } from '../lib/days.mjs';
import { formsOf, textOf } from '../lib/client.mjs';
import { pdf } from '../lib/people.mjs';
import { walk } from './formio.mjs';
import { dice, fill, match, ours } from './answers.mjs';
import { indgang } from './imported.mjs';

export const WAYS = 3;
const TRIES = 60;

/** Sets of answers that can be sent, each with what `indgang try` says of it. */
function sendable({ name, form, map, folder }, dir, tries) {
  const nodes = walk(form), matched = match(nodes, map), d = dice([...name].reduce((s, c) => s * 33 + c.charCodeAt(0), 5));
  const today = isoDay();
  const sets = Array.from({ length: tries }, () => ours(nodes, matched, map, fill(nodes, d, { today, leave: 0, good: true })));
  const file = path.join(dir, name + '.walk.jsonl');
  writeFileSync(file, sets.map(answers => JSON.stringify({ person: 'anna', answers })).join('\n') + '\n');
  const verdicts = indgang('try', folder, '--inputs', file).trim().split('\n').map(l => JSON.parse(l));
  const good = verdicts.map((v, i) => ({ answers: sets[i], ...v })).filter(v => !Object.keys(v.faults).length);
  assert.ok(good.length >= WAYS, `${name}: only ${good.length} of ${tries} sets can be sent; faults: ${JSON.stringify(verdicts.flatMap(v => Object.entries(v.faults)).slice(0, 5))}`);
  return good;
}

/** What is shown along a way: pages, questions and texts; rows count once. */
const shownOn = v => new Set(v.shown.map(id => id.replace(/\[\d+\]/, '')));

/** Three sets of answers that can be sent, as different as there are. */
export function ways(f, dir) {
  const good = sendable(f, dir, TRIES), chosen = [good[0]];
  const apart = (a, b) => { const x = shownOn(a), y = shownOn(b); return [...x].filter(k => !y.has(k)).length + [...y].filter(k => !x.has(k)).length; };
  while (chosen.length < WAYS) chosen.push(good.filter(g => !chosen.includes(g)).sort((a, b) => Math.min(...chosen.map(c => apart(b, c))) - Math.min(...chosen.map(c => apart(a, c))))[0]);
  return { chosen, different: Math.max(apart(chosen[0], chosen[1]), apart(chosen[1], chosen[2]), apart(chosen[0], chosen[2])) };
}

/** As few sets as it takes to see everything that any of very many shows: each adds most to what was seen before it. */
export function covering(f, dir) {
  const left = sendable(f, dir, TRIES * 10).map(v => ({ ...v, ids: shownOn(v) })), seen = new Set(), chosen = [];
  const adds = v => [...v.ids].filter(id => !seen.has(id)).length;
  for (;;) {
    const best = left.reduce((a, b) => (adds(b) > adds(a) ? b : a));
    if (!adds(best)) return { chosen, shown: seen.size };
    chosen.push(best);
    best.ids.forEach(id => seen.add(id));
  }
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

/** Through all pages to the review. Returns the addresses of the pages. */
export async function fillIn(c, service, answers) {
  await c.get('/form/' + service);
  await c.submit('/start');
  const added = {}, refused = {}, files = new Set();
  const pages = new Set();
  let row = null, steps = 0;
  for (; steps < 600 && !/\/review/.test(c.last.path); steps++) {
    const form = formOf(c);
    assert.ok(form, `no form on ${c.last.path}: ${textOf(c.last.text).slice(0, 200)}`);
    const at = new URL(form.action ?? c.last.path, 'http://x').pathname;
    pages.add(new URL(c.last.path, 'http://x').pathname);
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
  return [...pages];
}
