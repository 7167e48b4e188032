// A PostgreSQL of a test's own that things are done to, and people at work meanwhile.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, until } from './server.mjs';
import { textOf } from './client.mjs';
import { citizen } from './people.mjs';
import { work } from './load.mjs';

const wait = ms => new Promise(r => setTimeout(r, ms));
/** tests/pg, with more in the environment of the servers that it starts. */
export const pgWith = (env, ...args) => execFileSync(path.join(root, 'tests/pg'), args, { encoding: 'utf8', env: { ...process.env, PG_FSYNC: 'on', ...env }, stdio: ['ignore', 'pipe', 'pipe'] }).trim();
export const pg = (...args) => pgWith({}, ...args);
export const sql = (url, query) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', query, url], { encoding: 'utf8' }).trim();

/** Clusters of one test: one, or two with the second a synchronous replica. .dir is a folder that they can read. */
export function clusters(n, env = () => ({})) {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-clusters-'));
  chmodSync(dir, 0o755);
  const [a, b] = ['a', 'b'].map(x => path.join(dir, x));
  const urls = [pgWith(env(dir), 'start', a)];
  if (n > 1) urls.push(pg('replica', b, a));
  return { dir, a, b, urls, stop() { for (const x of [a, b].slice(0, n)) try { pg('stop', x); } catch { /* was ended */ } rmSync(dir, { recursive: true, force: true }); } };
}

/** What a 503 must be: when to come back, and a page that says what to do. */
export function isClean(a) {
  assert.equal(a.status, 503, `${a.status} ${textOf(a.text).slice(0, 300)}`);
  assert.match(a.headers['retry-after'], /^\d+$/);
  assert.match(textOf(a.text), /genindlæs|prøv igen/i, 'says what to do');
  assert.match(a.text, /<h1>/);
}

/**
 * 8 people send and 4 read while happen() happens. Returns what became of it; every answer was the wanted one or a clean 503,
 * or what clean(answer) takes. happen gets a function that waits until something new has been acknowledged.
 */
export async function under(house, model, fasts, happen, clean = isClean) {
  const trouble = { writes: 0, reads: 0, unsure: 0 };
  const state = { running: true, sent: [], acknowledged: 0, onTrouble(a) { assert.ok(a, 'an answer comes'); clean(a); if (/Vi ved ikke, om det blev gemt/.test(a.text)) trouble.unsure++; else trouble.writes++; } };
  const readers = await Promise.all([['Anna Holm', '/mypage'], ['Anna Holm', '/mypage/casefiles'], ['Bo Kjær', '/desk'], ['Anna Holm', '/service']].map(async ([name, where]) => ({ c: await citizen(house, name), where, read: 0 })));
  const reading = readers.map(async r => { while (state.running) { const a = await r.c.request(r.where); if (a.status === 200) r.read++; else { trouble.reads++; clean({ ...a, headers: Object.fromEntries(a.headers) }); await wait(50); } } });
  const working = fasts.map(f => work(f, model, state));
  const goes_on = async what => { const from = state.acknowledged, began = Date.now(); await until(what, () => state.acknowledged > from + 8, 60000); return Date.now() - began; };
  const all = [...working, ...reading];
  try {
    await Promise.race([goes_on('the load to begin').then(() => happen(goes_on, trouble)), Promise.all(all)]);
  } finally {
    state.running = false;
    await Promise.allSettled(all);
  }
  await Promise.all(all);
  for (const r of readers) assert.ok(r.read > 3, `${r.where} was read`);
  return { ...state, trouble };
}
