// Submissions a second of one process and of two on the same PostgreSQL, and the processor time of each: of the processes, and of
// PostgreSQL, where all computing of the database is. On few processors two can hardly be faster; then a submission must not cost
// more. Its cost is that of all it brings about: the clock of the processors runs until every receipt has its PDF and its mail; the
// words of the files are read at leisure, for minutes, and not waited for.
//      INDGANG_ENGINE=postgres node tests/bench/two.mjs [CLIENTS] [DRAFTS EACH] [TIMES]
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { engine, freshDatabase, startOne } from '../scenario/lib/server.mjs';
import { children, folder, load, machine, remove, table, used } from './lib.mjs';
import { prepare } from './submit.mjs';

const clients = +(process.argv[2] || 64), each = +(process.argv[3] || 15), times = +(process.argv[4] || 3), n = clients * each;
const base = process.env.INDGANG_TEST_PG;
const sql = command => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', command, base + '/postgres'], { encoding: 'utf8' }).trim();

/** Processor seconds of PostgreSQL, those of its ended children included. */
function postgres() {
  const pid = +sql("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"), f = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return children(pid).reduce((sum, child) => { try { return sum + used(child); } catch { return sum; } }, used(pid) + (+f[13] + +f[14]) / 100);
}

/** All drafts sent once, on a copy of database and folder. */
async function send(dir, made, plan, processes) {
  const data = path.join(dir, 'sending'), name = 'two_' + Date.now(), db = { url: `${base}/${name}`, drop: () => sql(`DROP DATABASE ${name} WITH (FORCE)`) };
  cpSync(path.join(dir, 'made'), data, { recursive: true });
  sql(`CREATE DATABASE ${name} TEMPLATE ${path.basename(made.url)}`);
  const servers = [];
  for (let i = 0; i < processes; i++) servers.push(await startOne({ data, db, args: ['--log', 'warn'] }));
  await new Promise(r => setTimeout(r, 500));
  const cpu = () => servers.reduce((sum, s) => sum + used(s.process.pid), 0);
  const ours = cpu(), theirs = postgres(), sent = await load(servers.map(s => s.port), plan, { lines: true });
  const waiting = () => +execFileSync('psql', ['-X', '-q', '-A', '-t', '-c', "SELECT count(*) FROM job WHERE state < 2 AND kind IN ('casefile_pdf', 'mail')", db.url]);
  for (const until = Date.now() + 300e3; waiting() && Date.now() < until;) await new Promise(r => setTimeout(r, 1000));
  const answer = { rate: n / sent.seconds, ours: (cpu() - ours) / n * 1e6, theirs: (postgres() - theirs) / n * 1e6, client: sent.client_cpu / n * 1e6, ...sent.labels.submit };
  for (const s of servers) await s.stop({ keep: true });
  servers[0].discard();
  for (const l of sent.lines) if (l.status !== 303 || !l.location.startsWith('/casefile/receipt/')) throw new Error(`sending: status ${l.status}, ${l.location}`);
  return answer;
}

export async function two() {
  if (engine !== 'postgres') throw new Error('two processes need PostgreSQL: ./bench --engine postgres two');
  const dir = folder(), made = freshDatabase(), runs = { 1: [], 2: [] };
  try {
    const plan = await prepare(dir, { db: made, clients, each });
    const limits = machine();
    for (let i = 0; i < times; i++) for (const p of [1, 2]) runs[p].push(await send(dir, made, plan, p));
    const median = (p, key) => runs[p].map(r => r[key]).sort((a, b) => a - b)[times >> 1];
    const row = p => [p === 1 ? 'one process' : 'two processes', median(p, 'rate').toFixed(0), `${(median(p, 'p50') / 1000).toFixed(0)} ms`, `${(median(p, 'p99') / 1000).toFixed(0)} ms`,
      ...['ours', 'theirs', 'client'].map(k => median(p, k).toFixed(0)), runs[p].map(r => r.rate.toFixed(0)).join(' ')];
    const ratio = key => (median(2, key) / median(1, key)).toFixed(2);
    table(`Submissions a second on PostgreSQL, ${clients} clients with ${each} each, medians of ${times}. Wanted: 1.5 times as many with two where there are processors\n    for it, else the same µs of processor time\n    ${limits}`,
      [['', 'a second', 'p50', 'p99', 'indgang µs', 'PostgreSQL µs', 'client µs', 'each run'], row(1), row(2), ['two against one', ratio('rate'), '', '', ratio('ours'), ratio('theirs'), '', '']]);
  } finally {
    remove(dir);
    made.drop();
  }
}
if (process.argv[1].endsWith('two.mjs')) await two();
