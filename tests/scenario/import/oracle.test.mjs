// An independent judge: the original JavaScript of the published forms, run in node:vm, against what our forms show and
// accept, on 200 sets of random answers each.
import test from 'node:test';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { walk, settle, accepts, objectOf, isData } from './formio.mjs';
import { dice, fill, match, ours, part } from './answers.mjs';
import { importAll, indgang, skip } from './imported.mjs';

const SETS = 200, today = '2026-06-15';

/** What ours show of a component, per row; null: it is no thing of its own here. */
function shownHere(node, m, verdict, row) {
  if (!m?.id) return null;
  const at = node.grid ? `${verdict.gridIds.get(node.grid)}[${row}].${m.id}` : m.id;
  return verdict.set.has(at);
}

/** Judge one form: fills in `result`. */
function judge({ name, form, map, folder }, dir, result) {
  const nodes = walk(form), matched = match(nodes, map), d = dice([...name].reduce((s, c) => s * 31 + c.charCodeAt(0), 7));
  const sets = Array.from({ length: SETS }, (_, i) => fill(nodes, d, { today, leave: i % 4 ? 0.1 : 0.3, mad: i % 2 === 1 }));
  const lines = sets.map(data => JSON.stringify({ person: 'anna', today, answers: ours(nodes, matched, map, data) }));
  const file = path.join(dir, name + '.jsonl');
  writeFileSync(file, lines.join('\n') + '\n');
  const verdicts = indgang('try', folder, '--inputs', file).trim().split('\n').map(line => JSON.parse(line));
  assert.equal(verdicts.length, SETS);
  const gridIds = new Map(nodes.filter(n => n.c.type === 'datagrid').map(n => [n, matched.get(n)?.id]));
  const below = new Map(nodes.map(n => [n, nodes.filter(x => { for (let p = x; p; p = p.parent) if (p === n) return true; return false; })]));
  const seen = new Map(); // node → { on, off, wrong, example }
  for (const n of nodes) {
    const c = n.c;
    if (c.conditional?.when || c.customConditional?.trim()) seen.set(n, { on: 0, off: 0, wrong: 0 });
  }
  const checks = new Map(nodes.filter(n => n.c.validate?.custom?.trim()).map(n => [n, { yes: 0, no: 0, wrong: 0 }]));
  sets.forEach((full, i) => {
    const { shown, data } = settle(nodes, full);
    const verdict = { set: new Set(verdicts[i].shown), gridIds };
    const wrongHere = new Set();
    for (const n of nodes) {
      const m = matched.get(n), print = c => c.textDisplay === 'pdf'; // stands in print only: never on a page
      const rows = Array.isArray(shown.get(n)) ? shown.get(n) : [shown.get(n)];
      rows.forEach((want, row) => {
        const got = shownHere(n, m, verdict, row);
        if (got === null || print(n.c)) return;
        if (m.out && !want) return;
        const page = !n.parent; // a page with nothing on it is not gone to
        if (page ? got && !want : got !== want) wrongHere.add(n);
      });
    }
    for (const [n, s] of seen) {
      const rows = Array.isArray(shown.get(n)) ? shown.get(n) : [shown.get(n)];
      for (const on of rows) on ? s.on++ : s.off++;
      // a container is judged by what is in it; what has a condition of its own is judged there
      const own = matched.get(n)?.id ? [n] : below.get(n).filter(x => x !== n && !seen.has(x) && matched.get(x)?.id);
      if (own.some(x => wrongHere.has(x))) { s.wrong++; s.example ??= i; }
    }
    for (const [n, s] of checks) {
      const m = matched.get(n);
      const rows = n.grid ? objectOf(data, n.grid)?.[n.grid.c.key] ?? [] : [null];
      rows.forEach((row, r) => {
        const on = n.grid ? shown.get(n)[r] : shown.get(n);
        const input = objectOf(data, n, row)?.[n.c.key];
        if (!on || input === undefined || input === '' || !m?.id) return;
        const want = accepts(n, input, data, row, today);
        const got = !(verdicts[i].faults[n.grid ? `${gridIds.get(n.grid)}[${r}].${m.id}` : m.id]);
        want ? s.yes++ : s.no++;
        if (want !== got) { s.wrong++; s.example ??= { set: i, input, want, message: verdicts[i].faults[m.id] }; }
      });
    }
  });
  for (const [n, s] of seen) {
    const kind = n.c.customConditional?.trim() ? 'custom' : 'when';
    result[kind].all++;
    if (n.c.conditional?.when && kind === 'custom') result.when.all++, result.when.equal += !s.wrong;
    if (!s.wrong) result[kind].equal++;
    else result.told.push(`${name} ${n.path}: ${s.wrong} of ${SETS} sets differ (first ${s.example}): ${n.c.customConditional?.trim() || JSON.stringify(n.c.conditional)}`);
    if (s.on && s.off) result[kind].both++;
  }
  for (const [n, s] of checks) {
    result.checks.all++;
    if (!s.wrong) result.checks.equal++;
    else result.told.push(`${name} ${n.path}: ${s.wrong} answers judged otherwise (${JSON.stringify(s.example)}): ${n.c.validate.custom}`);
    if (s.yes && s.no) result.checks.both++;
  }
}

test('the original scripts show and accept what our forms do', { skip }, t => {
  const all = importAll();
  t.after(all.done);
  const result = { when: { all: 0, equal: 0, both: 0 }, custom: { all: 0, equal: 0, both: 0 }, checks: { all: 0, equal: 0, both: 0 }, told: [] };
  for (const f of all.forms) judge(f, all.dir, result);
  for (const line of result.told) t.diagnostic(line.replace(/\s+/g, ' ').slice(0, 400));
  for (const k of ['when', 'custom', 'checks']) t.diagnostic(`${k}: ${result[k].equal} of ${result[k].all} equal; ${result[k].both} seen both ways`);
  assert.equal(all.forms.length, 41);
  assert.equal(result.when.all, 832);
  assert.equal(result.custom.all, 369);
  assert.equal(result.checks.all, 162);
  const conditions = (result.when.equal + result.custom.equal) / (result.when.all + result.custom.all);
  assert.ok(conditions >= 0.95, `conditions: ${conditions}`);
  assert.ok(result.checks.equal / result.checks.all >= 0.95, 'validations');
});
