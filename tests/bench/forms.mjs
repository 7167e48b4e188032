// Figure (h): forms. How long the largest form takes to load, and what a step on a page of 300 fields and as many conditions takes
// in the server. Asked: under 50 ms to load; p95 under 5 ms a step. ../shared/data/forms, when it is there, gives the largest of the
// published forms; else only the made ones are measured.
//   node tests/bench/forms.mjs [STEPS]
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '../scenario/lib/client.mjs';
import { binary, root, sharedData, startServer } from '../scenario/lib/server.mjs';
import { folder, remove } from './lib.mjs';

const steps = +(process.argv[2] || 200), dir = folder(), services = path.join(dir, 'services');
const words = text => `{da: "${text}", nb: "${text}", nn: "${text}", en: "${text}"}`;

/** A service whose form has these pages. */
function service(key, form) {
  const to = path.join(services, key);
  mkdirSync(services, { recursive: true });
  cpSync(path.join(root, 'services/ris-og-ros'), to, { recursive: true });
  rmSync(path.join(to, 'examples'), { recursive: true });
  const file = path.join(to, 'service.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('apply: anonymous', 'apply: person\nassurance: low'));
  writeFileSync(path.join(to, 'form.yaml'), form);
  return to;
}

/** n fields of four types on a page, each with a condition on an earlier one; two pages more before it. */
function made(n) {
  const field = i => {
    const type = ['yesno', 'number', 'text', 'money'][i % 4];
    const when = i < 4 ? '' : `, when: { any: [{ not: { empty: f${i - 4} } }, { eq: [first, true] }] }`;
    return `      - { id: f${i}, type: ${type}, label: ${words('Spørgsmål ' + i)}${when} }`;
  };
  return `pages:
  - { id: start, title: ${words('Start')}, why: answer, fields: [{ id: first, type: yesno, label: ${words('Først')} }] }
  - id: many
    title: ${words('Mange')}
    why: answer
    fields:
${Array.from({ length: n }, (_, i) => field(i)).join('\n')}
      - { id: sum, type: money, label: ${words('I alt')}, value: { sum: [${Array.from({ length: n / 4 }, (_, i) => 'f' + (i * 4 + 3)).join(', ')}] } }
`;
}

/** A repeat of 12 fields, to be filled with rows. */
const rows = `pages:
  - id: many
    title: ${words('Rækker')}
    why: answer
    fields:
      - id: rows
        type: repeat
        title: ${words('Rækker')}
        row: ${words('Række')}
        max: 300
        fields:
${Array.from({ length: 12 }, (_, i) => `          - { id: r${i}, type: ${i % 2 ? 'number' : 'text'}, label: ${words('Felt ' + i)}${i > 1 ? `, when: { not: { empty: r${i - 2} } }` : ''} }`).join('\n')}
      - { id: total, type: number, label: ${words('I alt')}, value: { total: r1 } }
`;

/** What one check of a service takes beyond that of one with a form of two fields, in ms; the best of five. */
function loads(folder) {
  const once = f => { const from = process.hrtime.bigint(); execFileSync(binary, ['check', f], { stdio: 'pipe' }); return Number(process.hrtime.bigint() - from) / 1e6; };
  const best = f => Math.min(...Array.from({ length: 5 }, () => once(f)));
  return best(folder) - best(path.join(services, 'small'));
}

/** Microseconds in the server of each request to a route, from the log. */
const handled = (log, route) => [...log.matchAll(/method=(\S+) route=(\S+) status=\d+ us=(\d+)/g)].filter(m => `${m[1]} ${m[2]}` === route).map(m => +m[3]);
const at = (list, p) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))] / 1000;

try {
  service('small', `pages:\n  - { id: a, title: ${words('A')}, why: answer, fields: [{ id: x, type: text, label: ${words('X')} }] }\n`);
  const measured = [['300 fields, as many conditions', service('many', made(300))], ['10 000 fields', service('most', made(9992))]];
  if (sharedData && existsSync(path.join(sharedData, 'forms/nav/forms'))) {
    const from = path.join(sharedData, 'forms/nav/forms');
    const largest = readdirSync(from).sort((a, b) => statSync(path.join(from, b)).size - statSync(path.join(from, a)).size)[0];
    const to = path.join(services, 'largest');
    try {
      execFileSync(binary, ['import', 'formio', path.join(from, largest), '--to', to], { stdio: 'pipe' });
      measured.push([`the largest published form (${largest})`, to]);
    } catch (e) { console.log(`${largest} was not imported: ${String(e.stderr || e).split('\n')[0]}`); }
  } else console.log('../shared/data/forms is not there: the largest published form is not measured');
  console.log('loading and checking, beyond what a form of one field takes');
  for (const [name, folder] of measured) console.log(`  ${name.padEnd(48)} ${loads(folder).toFixed(1).padStart(8)} ms`);
  rmSync(path.join(services, 'most'), { recursive: true });
  rmSync(path.join(services, 'largest'), { recursive: true, force: true });
  service('rows', rows);
  const server = await startServer({ args: ['--services', services, '--log', 'info'] });
  try {
    const c = new Client(server.url);
    await c.login('Anna Holm');
    await c.get('/form/many'); await c.submit('/start'); await c.submit('/start', { first: 'true' }, { page: c.last });
    const values = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`f${i}`, ['true', '12', 'et svar', '1.250,50'][i % 4]]));
    const settle = () => new Promise(r => setTimeout(r, 300)), page = '/form/draft/{id}/{page}', figures = [];
    await settle();
    let from = server.log().length;
    for (let i = 0; i < steps; i++) { await c.submit('/many', { ...values, f1: String(i) }, { button: 'next' }); await c.get(c.last.path.replace(/review.*/, 'many')); }
    await settle();
    const log = server.log().slice(from);
    figures.push(['save a page of 300 fields and conditions', handled(log, 'POST ' + page)], ['show it', handled(log, 'GET ' + page)]);
    await c.get('/form/rows'); await c.submit('/start');
    const list = c.last.path;
    from = server.log().length;
    for (let i = 0; i < 100; i++) { await c.submit('/many', {}, { button: 'add-rows' }); await c.submit('/rows/', Object.fromEntries(Array.from({ length: 2 }, (_, k) => ['r' + k, k % 2 ? String(i) : 'navn']))); }
    await settle();
    figures.push(['save a row, the hundredth among them', handled(server.log().slice(from), `POST ${page}/{repeat}/{row}`)]);
    from = server.log().length;
    for (let i = 0; i < steps; i++) await c.get(list);
    await settle();
    figures.push(['show the list of 100 rows', handled(server.log().slice(from), 'GET ' + page)]);
    console.log(`\nserver time of a step, ms (${steps} steps)                    p50      p95      p99`);
    for (const [name, us] of figures) console.log(`  ${name.padEnd(48)} ${[0.5, 0.95, 0.99].map(p => at(us, p).toFixed(2).padStart(8)).join(' ')}`);
  } finally { await server.stop(); }
} finally { remove(dir); }
