// 24 000 requests a minute, mixed, for ten minutes: citizens and employees who read, applicants who fill and send, visitors who lose
// their way. Neither memory nor descriptors may grow: what each process has after warming up is held against what it has at the
// end. Fails when they did, when the rate was not reached, or when anything was refused.
//   node tests/bench/soak.mjs [SECONDS] [REQUESTS A SECOND]      (INDGANG_PROCESSES=2 on PostgreSQL: two processes)
import { execFile, execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { engine, freshDatabase, root, startServer } from '../scenario/lib/server.mjs';
import { Client } from '../scenario/lib/client.mjs';
import { aidsAnswers, fill } from '../scenario/lib/people.mjs';
import { cookiesOf, csrfOf, folder, load, machine, memory, progress, progressEnds, Recorder, remove, table, used, verdicts } from './lib.mjs';

const seconds = +(process.argv[2] || 600), rate = +(process.argv[3] || 400), warm = Math.min(120, seconds / 3);
const CASEFILES = 5000, FORM = '/form/lette-hjaelpemidler', CITIZENS = ['Anna Holm', 'Erik Sand', 'Dagny Lund'];
/* What may be more at the end: sums that the allocator and SQLite's caches still reach after warming up. A leak of 50 bytes a
   request would be 10 MB. */
const MORE_MB = 10, MORE_DESCRIPTORS = 8;

async function logged(server, name, next) {
  const c = new Client(server.url);
  c.page = await c.login(name, next ? { next } : {});
  return c;
}

async function plan(server) {
  const lines = [], client = (c, steps) => lines.push(`client ${c ? cookiesOf(c) : 'none=1'}`, ...steps);
  const get = (label, ...paths) => paths.map(p => `${label} GET ${p}`);
  for (let i = 0; i < 16; i++) {
    const c = await logged(server, CITIZENS[i % 3]), cases = [...(await c.get('/mypage/casefiles')).text.matchAll(/\/mypage\/casefile\/\d+/g)].map(m => m[0]);
    client(c, [...get('my_page', '/mypage'), ...get('my_cases', '/mypage/casefiles'), ...get('my_case', ...cases.slice(i % 5, i % 5 + 2)), ...get('my_data', '/mypage/data'), ...get('who_saw', '/access')]);
  }
  for (let i = 0; i < 16; i++) {
    const c = await logged(server, i % 2 ? 'Bo Kjær' : 'Inge Dahl'), cases = [...new Set([...(await c.get('/desk')).text.matchAll(/\/desk\/casefile\/\d+/g)].map(m => m[0]))];
    client(c, [...get('queue', '/desk', '/desk?scope=all'), ...get('search', '/desk/search?q=Fre', '/desk/search?q=rollator'), ...get('case_file', ...cases.slice(i, i + 3))]);
  }
  const model = new Recorder(server.url);
  await model.login('Anna Holm', { next: FORM });
  model.posts.length = 0;
  const version = /name="version" value="(\d+)"/.exec((await fill(model, aidsAnswers)).text)[1];
  for (let i = 0; i < 8; i++) {
    const c = await logged(server, CITIZENS[i % 3], FORM), csrf = encodeURIComponent(csrfOf(c.page));
    client(c, [...model.posts.map(p => `fill POST ${p.path.replace(/draft\/\d+/, 'draft/{id}')} ${p.body.replace(/csrf=[^&]*/, 'csrf=' + csrf)}`),
      `submit POST /casefile/submit/{id} version=${version}&csrf=${csrf}`, ...get('receipt', '/casefile/receipt/{id}')]);
  }
  for (let i = 0; i < 8; i++)
    client(null, [...get('front_page', '/'), ...get('catalogue', '/service', '/service?q=rollator'), ...get('service', '/service/lette-hjaelpemidler'), ...get('lost', '/desk', '/nothing/here'), 'forged POST /casefile/submit/1 version=1&csrf=no']);
  return lines;
}

const now = server => (server.all ?? [server]).map(s => {
  const m = memory(s.process.pid), fds = readdirSync(`/proc/${s.process.pid}/fd`).length;
  return { rss: m.rss, own: m.anonymous, fds, threads: readdirSync(`/proc/${s.process.pid}/task`).length };
});
const median = list => [...list].sort((a, b) => a - b)[list.length >> 1];

export async function soak() {
  const dir = folder(), data = path.join(dir, 'data'), db = freshDatabase();
  execFileSync(process.env.INDGANG_BIN, ['demo', '--data', data, '--casefiles', String(CASEFILES), '--log', 'warn', ...(db.url ? ['--db', db.url] : [])], { cwd: root, stdio: 'ignore' });
  const server = await startServer({ data, db, args: ['--log', 'error'] }), all = server.all ?? [server], checks = [];
  try {
    const lines = await plan(server), limits = machine(), samples = [], from = Date.now(), cpu = all.map(s => used(s.process.pid));
    const timer = setInterval(() => {
      const sample = { s: (Date.now() - from) / 1000, now: now(server) };
      samples.push(sample);
      progress(`${sample.s.toFixed(0)} of ${seconds} s: ${sample.now.map(p => `${p.rss.toFixed(0)} MB, ${p.fds} descriptors`).join('; ')}`);
    }, Math.min(5000, seconds * 10));
    const loaded = await load(all.map(s => s.port), lines, { seconds, rate });
    clearInterval(timer);
    progressEnds();
    const labels = Object.entries(loaded.labels), n = labels.reduce((sum, [, l]) => sum + l.n, 0), reached = n / loaded.seconds;
    table(`Soak: ${rate * 60} requests a minute for ${seconds} s, ${engine}, ${all.length} process(es), ${CASEFILES} case files at the beginning; ms\n    ${limits}`,
      [['', 'requests', 'p50', 'p95', 'p99', 'refused'], ...labels.map(([k, l]) => [k, l.n, ...[l.p50, l.p95, l.p99].map(us => (us / 1000).toFixed(1)), l.bad])]);
    console.log(`  ${n} requests, ${(reached * 60).toFixed(0)} a minute; processor ${all.map((s, i) => ((used(s.process.pid) - cpu[i]) / n * 1e6).toFixed(0)).join(' + ')} µs a request`);
    checks.push(['requests a minute', `≥ ${(rate * 60 * 0.98).toFixed(0)}`, (reached * 60).toFixed(0), reached >= rate * 0.98]);
    for (const [k, l] of labels) {
      const wanted = ['lost', 'forged'].includes(k) ? l.n : 0;
      checks.push([`refused of ${k}`, wanted, l.bad, l.bad === wanted]);
    }

    const every = Math.max(1, Math.floor(samples.length / 12));
    all.forEach((_, i) => {
      table(`Process ${i + 1}`, [['seconds', 'resident MB', 'its own MB', 'descriptors', 'threads'], ...samples.filter((s, k) => k % every === 0 || k === samples.length - 1).map(s => [s.s.toFixed(0), s.now[i].rss.toFixed(1), s.now[i].own.toFixed(1), s.now[i].fds, s.now[i].threads])]);
      const part = (a, b, key) => median(samples.filter(s => s.s >= a && s.s < b).map(s => s.now[i][key]));
      const early = key => part(warm, warm + seconds / 6, key), late = key => part(seconds - seconds / 6, Infinity, key);
      for (const [key, name, most] of [['rss', 'MB resident', MORE_MB], ['own', 'MB of its own', MORE_MB], ['fds', 'descriptors', MORE_DESCRIPTORS]]) {
        const more = late(key) - early(key);
        checks.push([`process ${i + 1}: ${name}, ${early(key).toFixed(1)} after warming up`, `≤ ${most} more`, `${more.toFixed(1)} more`, more <= most]);
      }
    });
    const faults = await promisify(execFile)(process.env.INDGANG_BIN, ['verify', '--data', data, '--demo', ...(db.url ? ['--db', db.url] : [])], { cwd: root }).then(() => '', e => e.stdout || String(e));
    console.log(faults.trim());
    checks.push(['verify', 'no fault', faults ? 'faults' : 'none', !faults]);
  } finally {
    await server.stop({ keep: true });
    remove(dir);
    db.drop();
  }
  if (verdicts(`Soak, ${engine}, ${seconds} s: what was asked`, checks).length) process.exitCode = 1;
}
if (process.argv[1].endsWith('soak.mjs')) await soak();
