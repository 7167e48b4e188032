// Figure (b): 100 000 case files of 100 services, one person with 900 of them. My page, the queue and the searches, 16 users in a
// closed loop without a pause. Each label alone first (one user): what the server itself needs.  Then memory.
//   node tests/bench/big.mjs [CASE FILES] [SECONDS] [FOLDER TO KEEP THE DATA IN]
// million.mjs does the same with 10 000 and with 1 000 000.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { engine, freshDatabase, root, startServer } from '../scenario/lib/server.mjs';
import { Client, textOf } from '../scenario/lib/client.mjs';
import { cookiesOf, folder, load, machine, memory, progress, progressEnds, remove, settled, table, used } from './lib.mjs';

const USERS = 16, SERVICES = 100;

/** The real services, and as many more of the one with the longest form that there are 100. */
export function services(dir) {
  const from = path.join(root, 'services'), real = readdirSync(from);
  cpSync(from, dir, { recursive: true });
  for (let i = real.length; i < SERVICES; i++) {
    const to = path.join(dir, `lette-hjaelpemidler-${i}`), file = path.join(to, 'service.yaml');
    cpSync(path.join(from, 'lette-hjaelpemidler'), to, { recursive: true });
    if (existsSync(path.join(to, 'examples'))) remove(path.join(to, 'examples'));
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('Lette hjælpemidler', `Lette hjælpemidler ${i}`));
  }
}

async function logged(server, name) {
  const c = new Client(server.url);
  await c.login(name);
  return c;
}

/** What is asked: label → who and which addresses (users take them in turn, so that nobody asks what was just answered). */
async function questions(server) {
  const bo = await logged(server, 'Bo Kjær');
  const queue = await bo.get('/desk');
  const no = /\b20\d\d-\d{6}\b/.exec(textOf(queue.text))[0];
  const idnos = [...readFileSync(path.join(root, 'municipality/people.yaml'), 'utf8').matchAll(/idno: *"?(\d[\d-]+)/g)].map(m => m[1]);
  const search = words => words.map(w => '/desk/search?q=' + encodeURIComponent(w));
  const few = (k, make) => Array.from({ length: k }, (_, i) => make(i));
  return {
    'my page (900 cases)': ['Anna Holm', ['/mypage']],
    'my cases (900)': ['Anna Holm', ['/mypage/casefiles']],
    'front page': ['Anna Holm', ['/']],
    'queue': ['Bo Kjær', ['/desk']],
    'queue, all units': ['Bo Kjær', ['/desk?scope=all']],
    'number prefix': ['Bo Kjær', search(few(8, i => no.slice(0, 8) + i))],
    'whole number': ['Bo Kjær', search([no])],
    'name prefix': ['Bo Kjær', search(['Fre', 'Dor', 'Han', 'Ceci', 'Aag', 'Carl', 'B', 'Gorm F'])],
    'identity number': ['Bo Kjær', search(idnos.slice(0, 4))],
    'leader’s figures': ['Inge Dahl', ['/desk/numbers']],
    'word': ['Bo Kjær', search(['rollator', 'hjælpemidler', 'badebænk', 'stok'])],
  };
}

async function plan(server, asked, users) {
  const lines = [];
  for (let u = 0; u < users; u++) {
    const clients = {};
    // half of the users are citizens, half employees, when both are asked
    for (const [label, [who, paths]] of Object.entries(asked)) {
      clients[who] ??= [`client ${cookiesOf(await logged(server, who))}`];
      for (let i = 0; i < paths.length; i++) clients[who].push(`${label.replaceAll(' ', '_')} GET ${paths[(i + u) % paths.length]}`);
    }
    const all = Object.values(clients);
    lines.push(...all[u % all.length]);
  }
  return lines;
}

/** Make the case files; says how long it took. They come to PostgreSQL as a house does that moves there, which is quicker than filling
 * it; it is then left as its own autovacuum leaves it some minutes later. */
export function fill(n, data, flags, db = {}) {
  const from = Date.now(), indgang = (...args) => execFileSync(process.env.INDGANG_BIN, [...args, '--data', data, '--log', 'warn', ...flags], { stdio: ['ignore', 'ignore', 'inherit'], cwd: root });
  console.log(`  making ${n} case files …`);
  indgang('demo', '--casefiles', String(n));
  if (db.url) indgang('move', '--to-db', db.url);
  const took = (Date.now() - from) / 1000;
  if (db.url) execFileSync('psql', ['-X', '-q', '-c', 'VACUUM ANALYZE', db.url]);
  return took;
}

/** The data of an earlier run in a folder that is kept, else made now; what has moved to PostgreSQL serves once. Returns the seconds. */
export function filled(n, data, flags, db) {
  if (db.url) remove(data);
  return existsSync(data) ? 0 : fill(n, data, flags, db);
}

/** n case files, asked as above for so many seconds. Prints the table; returns { p95: { label: µs with 16 users }, filled (s), rss (MB) }. */
export async function big(n, seconds, keep) {
  const dir = keep || folder(), db = freshDatabase(), data = path.join(dir, db.url ? 'data-of-postgres' : 'data');
  if (!existsSync(path.join(dir, 'services'))) { mkdirSync(dir, { recursive: true }); services(path.join(dir, 'services')); }
  const flags = ['--services', path.join(dir, 'services')];
  const took = filled(n, data, flags, db);
  const server = await startServer({ data, db, args: ['--log', 'warn', ...flags] });
  try {
    await settled(server.process.pid);
    const asked = await questions(server);
    const rows = [['', 'alone µs', 'p50', 'p95', `${USERS} users p50`, 'p95', 'p99', 'refused']];
    const ms = us => (us / 1000).toFixed(1);
    const alone = {}, p95 = {};
    for (const [label, question] of Object.entries(asked)) {
      progress(`${label}: one user`);
      const one = await plan(server, { [label]: question }, 1), cpu = used(server.process.pid);
      alone[label] = (await load(server.port, one, { seconds: 0.7 })).labels[label.replaceAll(' ', '_')];
      alone[label].us = (used(server.process.pid) - cpu) / alone[label].n * 1e6;
    }
    const together = await plan(server, asked, USERS), cpu = used(server.process.pid), limits = machine();
    progress(`${USERS} users`);
    await load(server.port, together, { seconds: 1 });
    const loaded = await load(server.port, together, { seconds });
    progressEnds();
    let requests = 0;
    for (const label of Object.keys(asked)) {
      const l = loaded.labels[label.replaceAll(' ', '_')], a = alone[label];
      requests += l.n;
      p95[label] = l.n ? l.p95 : NaN; // never asked: no figure
      rows.push([label, a.us.toFixed(0), ms(a.p50), ms(a.p95), ms(l.p50), ms(l.p95), ms(l.p99), l.bad + a.bad]);
    }
    const m = memory(server.process.pid);
    table(`(b) ${n} case files, ${SERVICES} services, a person with 900, ${engine}: milliseconds, and the server’s processor time alone. Wanted: p95 ≤ 10 with 16 users\n    ${limits}; filled in ${took ? took.toFixed(0) + ' s' : 'an earlier run'}`, rows);
    console.log(`  ${(requests / loaded.seconds).toFixed(0)} requests/s, server ${((used(server.process.pid) - cpu) / requests * 1e6 * loaded.seconds / (loaded.seconds + 1)).toFixed(0)} µs each, client ${(loaded.client_cpu / requests * 1e6).toFixed(0)} µs each`);
    console.log(`  memory after that: ${m.rss.toFixed(0)} MB resident, ${m.pss.toFixed(0)} MB by share, ${m.anonymous.toFixed(0)} MB its own (not pages of files). Wanted: < 150`);
    return { p95, filled: took, rss: m.rss };
  } finally {
    await server.stop({ keep: true });
    if (!keep) { remove(dir); db.drop(); }
  }
}
if (process.argv[1].endsWith('big.mjs')) await big(+(process.argv[2] || 100000), +(process.argv[3] || 10), process.argv[4]);
