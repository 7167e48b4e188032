// Figures for Prometheus: what is there, that it moves, and that the dashboard asks for nothing that is not.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root, startServer } from '../lib/server.mjs';
import { apply, citizen, takeCase } from '../lib/people.mjs';

let server;
before(async () => { server = await startServer(); });
after(async () => { await server.stop(); });

/** name{labels} → value, and the names that have # TYPE. */
async function figures() {
  const text = await (await fetch(server.url + '/metrics')).text();
  const values = new Map(), typed = new Set(), bad = [];
  for (const line of text.trim().split('\n')) {
    const m = /^(?:# (?:HELP|TYPE) ([a-z_]+) .+|([a-z_]+(?:\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})?) (-?[\d.e+-]+|[+-]Inf))$/.exec(line);
    if (!m) bad.push(line);
    else if (m[1] && line.startsWith('# TYPE')) typed.add(m[1]);
    else if (m[2]) { assert.ok(!values.has(m[2]), `${m[2]} twice`); values.set(m[2], +m[3]); }
  }
  assert.deepEqual(bad, [], 'every line is of the text format');
  return { values, typed };
}

test('every figure has a type, and moves with what happens', async () => {
  const a = await figures();
  const base = n => n.replace(/\{.*/, '').replace(/_(bucket|sum|count)$/, '');
  for (const name of a.values.keys()) assert.ok(a.typed.has(base(name)) || a.typed.has(name.replace(/\{.*/, '')), `${name} has no # TYPE`);
  const anna = await citizen(server), { no } = await apply(anna);
  await takeCase(await citizen(server, 'Bo Kjær'), no);
  await anna.request('/nowhere');
  const b = await figures();
  const grew = name => assert.ok(b.values.get(name) > (a.values.get(name) ?? 0), `${name}: ${a.values.get(name)} → ${b.values.get(name)}`);
  for (const name of ['indgang_requests_total{area="form",class="2xx"}', 'indgang_requests_total{area="desk",class="2xx"}', 'indgang_requests_total{area="casefile",class="3xx"}',
    'indgang_requests_total{area="none",class="4xx"}', 'indgang_request_seconds_count', 'indgang_db_writes_total', 'indgang_access_unsealed', 'process_cpu_seconds_total']) grew(name);
  assert.equal(b.values.get('indgang_db_up'), 1);
  assert.ok(b.values.get('indgang_disk_free_bytes') > 0 && b.values.get('indgang_disk_free_bytes') <= b.values.get('indgang_disk_bytes'));
  assert.ok(b.values.get('process_open_fds') > 5 && b.values.get('process_open_fds') < b.values.get('process_max_fds'));
  assert.ok(b.values.get('process_resident_memory_bytes') > 10e6);
});

test('every error of ours is counted by its name', async () => {
  const table = [...readFileSync(path.join(root, 'src/base/err.tbl'), 'utf8').matchAll(/^X\((\w+), \d+, (\d+),/gm)];
  const ours = table.filter(m => +m[2] >= 500 && m[1] !== 'RETRY').map(m => m[1]); // RETRY is never seen above db/
  const counted = [...(await figures()).values.keys()].map(n => /^indgang_errors_total\{err="(\w+)"\}$/.exec(n)?.[1]).filter(Boolean);
  assert.deepEqual(counted.sort(), ours.sort());
});

test('the dashboard names no figure that is not there, and leaves none out', async () => {
  const dashboard = JSON.parse(readFileSync(path.join(root, 'packaging/grafana/indgang.json'), 'utf8'));
  const names = new Set(dashboard.panels.flatMap(p => p.targets ?? []).flatMap(t => t.expr.match(/\b(?:indgang|process)_[a-z_]+/g)));
  const { values } = await figures(), there = new Set([...values.keys()].map(n => n.replace(/\{.*/, '')));
  assert.deepEqual([...names].filter(n => !there.has(n)), []);
  assert.deepEqual([...there].filter(n => !names.has(n)), []);
  assert.equal(new Set(dashboard.panels.map(p => p.id)).size, dashboard.panels.length);
  for (const p of dashboard.panels.filter(p => p.targets)) assert.ok(p.title && p.gridPos.x + p.gridPos.w <= 24);
});
