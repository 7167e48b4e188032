// Figure (e): decision tables of 100 and 10 000 rules, and a loop in FEEL, evaluated by one thread with the program's own
// `indgang dmn bench`.      node tests/bench/dmn.mjs
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { binary } from '../scenario/lib/server.mjs';
import { folder, machine, remove, table } from './lib.mjs';

const head = name => `<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="${name}" namespace="urn:${name}">`;
const input = (name, type) => `<inputData id="${name}" name="${name}"><variable name="${name}" typeRef="${type}"/></inputData>`;
const needs = names => names.map(n => `<informationRequirement><requiredInput href="#${n}"/></informationRequirement>`).join('');

/** A UNIQUE table over amounts, regions, days and levels: as many rules as the product; exactly one matches. */
function rules(amounts, regions, days) {
  const rows = [], day = n => new Date(Date.UTC(2020, 0, 1 + n)).toISOString().slice(0, 10);
  for (let a = 0; a < amounts; a++) for (let r = 0; r < regions; r++) for (let d = 0; d < days; d++)
    rows.push(`<rule><inputEntry><text>[${a * 100}..${(a + 1) * 100})</text></inputEntry><inputEntry><text>"region ${r}"</text></inputEntry>` +
      `<inputEntry><text>${d === 0 ? `&lt; date("${day(100)}")` : d === days - 1 ? `&gt;= date("${day(100 * d)}")` : `[date("${day(100 * d)}")..date("${day(100 * (d + 1))}"))`}</text></inputEntry>` +
      `<inputEntry><text>${(a + r) % 2 ? '[0..10]' : '&lt; 11'}</text></inputEntry><outputEntry><text>${rows.length}</text></outputEntry></rule>`);
  const columns = ['amount', 'region', 'day', 'level'];
  return `${head('table')}${input('amount', 'number')}${input('region', 'string')}${input('day', 'date')}${input('level', 'number')}
    <decision id="d" name="D"><variable name="D" typeRef="number"/>${needs(columns)}<decisionTable hitPolicy="UNIQUE">
    ${columns.map(c => `<input><inputExpression><text>${c}</text></inputExpression></input>`).join('')}<output/>${rows.join('\n')}</decisionTable></decision></definitions>`;
}
/** 400 different inputs that each match. */
function inputs(amounts, regions, days) {
  const lines = [];
  for (let i = 0; i < 400; i++)
    lines.push(JSON.stringify({ amount: (i * 7919 % (amounts * 1000)) / 10, region: `region ${i * 31 % regions}`, day: new Date(Date.UTC(2020, 0, 1 + i * 17 % (100 * days))).toISOString().slice(0, 10), level: i % 11 }));
  return lines.join('\n') + '\n';
}
const loop = `${head('loop')}${input('n', 'number')}${input('x', 'number')}<decision id="d" name="D">${needs(['n', 'x'])}
  <literalExpression><text>sum(for i in 1..n return i * x)</text></literalExpression></decision></definitions>`;

const dir = folder();
function run(name, model, lines) {
  writeFileSync(`${dir}/${name}.dmn`, model);
  writeFileSync(`${dir}/${name}.jsonl`, lines);
  const out = spawnSync(binary, ['dmn', 'bench', `${dir}/${name}.dmn`, '--decision', 'D', '--inputs', `${dir}/${name}.jsonl`], { encoding: 'utf8' });
  const m = /^(\d+) evaluations a second, (\d+) ns each; \d+ inputs, of which (\d+) give null/.exec(out.stdout);
  if (!m || m[3] !== '0') throw new Error(out.stdout + out.stderr);
  return +m[1];
}
const small = run('small', rules(10, 5, 2), inputs(10, 5, 2));
const large = run('large', rules(100, 25, 4), inputs(100, 25, 4));
const loops = run('loop', loop, [1, 2.5, -3, 0.01].map(x => JSON.stringify({ n: 100, x })).join('\n'));
table(`(e) Decisions a second, one thread. Wanted: table of 100 rules ≥ 1 000 000, of 10 000 at most 3 times slower; loop ≥ 300 000\n    ${machine()}`,
  [['', 'a second', 'ns each'], ...[['100 rules × 4 inputs, UNIQUE', small], ['10 000 rules × 4 inputs', large], ['sum(for i in 1..n return i * x), n = 100', loops]]
    .map(([what, n]) => [what, String(n), (1e9 / n).toFixed(0)]), ['10 000 against 100 rules', `${(small / large).toFixed(2)} times slower`, '']]);
remove(dir);
