// Figure (a): durable submissions a second at 64 clients over HTTP, against SQLite alone doing the same write transactions from
// one thread. What SQLite was made to do is recorded from a real run (record.c) and done again by bare.c on a copy of the same
// database. Once on the disk, and once in memory, where fsync costs nothing and the ratio is one of computing alone.
//   node tests/bench/submit.mjs [CLIENTS] [DRAFTS EACH]
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startOne } from '../scenario/lib/server.mjs';
import { aidsAnswers, fill } from '../scenario/lib/people.mjs';
import { build, cookiesOf, csrfOf, folder, load, machine, Recorder, remove, table, used } from './lib.mjs';
import { Client } from '../scenario/lib/client.mjs';

const CLIENTS = +(process.argv[2] || 64), EACH = +(process.argv[3] || 30), form = '/form/lette-hjaelpemidler';
const quiet = ['--log', 'warn', ...(process.env.BENCH_FLAGS?.split(' ') ?? [])];

/** Log in, and begin and fill `each` drafts for everybody: all that comes before the clock. Returns the plan of sending them. */
export async function prepare(dir, { db, clients, each } = { clients: CLIENTS, each: EACH }) {
  const server = await startOne({ data: path.join(dir, 'made'), db, args: quiet });
  const model = new Recorder(server.url);
  await model.login('Anna Holm', { next: form });
  model.posts.length = 0;
  const review = await fill(model, aidsAnswers);
  const version = /name="version" value="(\d+)"/.exec(review.text)[1];
  const plan = [], sessions = [];
  for (let i = 0; i < clients; i++) {
    const c = new Client(server.url);
    const csrf = encodeURIComponent(csrfOf(await c.login('Anna Holm', { next: form })));
    sessions.push({ cookies: cookiesOf(c), csrf });
    plan.push(`client ${cookiesOf(c)}`);
    for (const p of model.posts)
      plan.push(`fill POST ${p.path.replace(/draft\/\d+/, 'draft/{id}')} ${p.body.replace(/csrf=[^&]*/, 'csrf=' + csrf)}`);
  }
  const filled = await load(server.port, plan, { times: each, lines: true });
  const drafts = sessions.map(() => new Set());
  for (const l of filled.lines) {
    if (l.status !== 303) throw new Error(`preparing drafts: status ${l.status}, ${l.location}`);
    drafts[l.client].add(/draft\/(\d+)/.exec(l.location)[1]);
  }
  await server.stop({ keep: true });
  return sessions.flatMap((s, i) => [`client ${s.cookies}`, ...[...drafts[i]].map(id => `submit POST /casefile/submit/${id} version=${version}&csrf=${s.csrf}`)]);
}

/** Everything is sent once, on a copy of what was prepared. */
async function send(dir, plan, env) {
  const data = path.join(dir, 'sending');
  cpSync(path.join(dir, 'made'), data, { recursive: true });
  const server = await startOne({ data, args: quiet, env });
  const figures = async () => {
    const text = await (await fetch(server.url + '/metrics')).text();
    return Object.fromEntries(['commits', 'writes'].map(k => [k, +(new RegExp(`^indgang_db_${k}\\S* (\\d+)`, 'm').exec(text)?.[1] ?? NaN)]));
  };
  await new Promise(r => setTimeout(r, 500));
  const cpu = used(server.process.pid), before = await figures();
  const sent = await load(server.port, plan, { lines: true });
  sent.server_cpu = used(server.process.pid) - cpu;
  const after = await figures();
  sent.batch = (after.writes - before.writes) / (after.commits - before.commits);
  await server.stop();
  for (const l of sent.lines) if (l.status !== 303 || !l.location.startsWith('/casefile/receipt/')) throw new Error(`sending: status ${l.status}, ${l.location}`);
  return sent;
}

function bare(dir, batch) {
  const data = path.join(dir, 'bare');
  cpSync(path.join(dir, 'made'), data, { recursive: true });
  const answer = JSON.parse(execFileSync(path.join(build, 'bare'), [path.join(data, 'indgang.db'), path.join(dir, 'log'), 'INSERT INTO casefile (', String(batch)], { encoding: 'utf8' }));
  remove(data);
  return answer;
}

async function runs(where, under, times) {
  const dir = folder(under), rows = [], n = CLIENTS * EACH;
  try {
    const plan = await prepare(dir);
    await send(dir, plan, { LD_PRELOAD: path.join(build, 'record.so'), RECORD: path.join(dir, 'log') });
    for (let i = 0; i < times; i++) {
      const ours = await send(dir, plan), alone = bare(dir, ours.batch);
      const a = n / ours.seconds, b = alone.submissions / alone.seconds, l = ours.labels.submit;
      rows.push([where, a.toFixed(0), b.toFixed(0), (a / b).toFixed(2), `${(l.p50 / 1000).toFixed(0)} ms`, `${(l.p99 / 1000).toFixed(0)} ms`, ours.batch.toFixed(1),
        (alone.submissions / alone.transactions).toFixed(1), (ours.server_cpu / n * 1e6).toFixed(0), (alone.cpu / n * 1e6).toFixed(0), (ours.client_cpu / n * 1e6).toFixed(0)]);
    }
  } finally {
    remove(dir);
  }
  return rows;
}

export async function submit() {
  const head = ['', 'indgang', 'SQLite alone', 'ratio', 'p50', 'p99', 'a commit', 'alone', 'server µs', 'alone µs', 'client µs'];
  const rows = await runs('on disk', tmpdir(), 3);
  if (existsSync('/dev/shm')) rows.push(...await runs('in memory', '/dev/shm', 2));
  table(`(a) Durable submissions a second: ${CLIENTS} clients with ${EACH} each, SQLite. Wanted: ratio ≥ 0.3\n    ${machine()}; µs: processor time of one submission`, [head, ...rows]);
}
if (process.argv[1].endsWith('submit.mjs')) await submit();
