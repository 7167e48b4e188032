// Starts the real program for a test: a data directory of its own, a database of its own, a free port of 127.0.0.1.
import assert from 'node:assert/strict';
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync, cpSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { startProxy } from './proxy.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
export const binary = process.env.INDGANG_BIN || path.join(root, 'build/indgang');
/** 'sqlite' or 'postgres': ./test runs every scenario with each. */
export const engine = process.env.INDGANG_ENGINE || 'sqlite';
/** How many processes answer, in turn, behind a small load balancer (PostgreSQL only): any scenario can be run so. */
export const processes = engine === 'postgres' ? +(process.env.INDGANG_PROCESSES || 1) : 1;
/** ../shared/data beside the project, or null: tests that need it skip with a clear line. */
export const sharedData = existsSync(path.join(root, '../shared/data')) ? path.join(root, '../shared/data') : null;

const isFree = port => new Promise(resolve => {
  const s = createServer().on('error', () => resolve(false)).listen(port, '127.0.0.1', () => s.close(() => resolve(true)));
});

/** A port nobody listens on, below those that the kernel gives to who asks for any: it stays free until it is used, or unused. */
export async function freePort() {
  const highest = Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s/)[0]), lowest = 10240;
  assert.ok(highest > lowest + 1000, 'net.ipv4.ip_local_port_range leaves no ports to choose from');
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) return port;
  }
}

/** A new empty database on the engine under test: { url: null } for SQLite (it lies in the data directory). like: the database
 *  it is a copy of; INDGANG_TEST_MIGRATED names one in which all migrations have run, which takes longer than many a test. */
export function freshDatabase(like = 'template1') {
  if (engine === 'sqlite') return { url: null, drop() {} };
  const base = process.env.INDGANG_TEST_PG;
  if (!base) throw new Error('INDGANG_TEST_PG must name a PostgreSQL (tests/pg start DIR prints one)');
  const name = 'scenario_' + randomBytes(6).toString('hex');
  const sql = command => execFileSync('psql', ['-X', '-q', '-v', 'ON_ERROR_STOP=1', '-c', command, base + '/postgres'], { stdio: ['ignore', 'pipe', 'pipe'] });
  sql(`CREATE DATABASE ${name} TEMPLATE ${like}`);
  return { url: `${base}/${name}`, drop: () => sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

/** A copy of the example municipality with other settings: a recall time that a test can wait for. */
export function municipalityWith(changes = { recall_seconds: 2 }) {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-municipality-'));
  cpSync(path.join(root, 'municipality'), dir, { recursive: true });
  const file = path.join(dir, 'municipality.yaml');
  let text = readFileSync(file, 'utf8');
  for (const [key, value] of Object.entries(changes)) {
    const line = new RegExp(`^( *${key}:) *[^#\\n]*`, 'm');
    if (!line.test(text)) throw new Error(`municipality.yaml has no ${key}`);
    text = text.replace(line, `$1 ${value} `);
  }
  writeFileSync(file, text);
  return dir;
}

/**
 * Start `indgang serve`. Options: demo (default true), args (more flags), env, data and db (to start again on the same),
 * port. Returns { url, port, data, mail, log(), stop(), kill(), process }. With INDGANG_PROCESSES it is as startMany.
 */
export function startServer(options = {}) {
  return processes > 1 ? startMany(processes, options) : startOne(options);
}

/**
 * Several processes at once on one database and one data directory, each request to the next of them. Returns what startServer
 * does, and .all, the processes (start and end single ones with startOne, keeping the list up to date), and .proxy.
 */
export async function startMany(n, options = {}) {
  const data = options.data || mkdtempSync(path.join(tmpdir(), 'indgang-data-'));
  const db = options.db || freshDatabase(process.env.INDGANG_TEST_MIGRATED);
  const started = Date.now(), begun = await Promise.allSettled(Array.from({ length: n }, () => startOne({ ...options, port: undefined, data, db })));
  const all = begun.filter(b => b.status === 'fulfilled').map(b => b.value), failed = begun.find(b => b.status === 'rejected');
  if (failed) { await Promise.all(all.map(s => s.stop({ keep: true }))); throw failed.reason; }
  const proxy = await startProxy(() => server.all.map(s => s.port), { port: options.port });
  const server = {
    url: `http://127.0.0.1:${proxy.port}`, port: proxy.port, data, db, proxy, all, startedIn: Date.now() - started,
    get process() { return server.all[0].process; },
    mail: all[0].mail, mails: all[0].mails, discard: all[0].discard,
    log: () => server.all.map(s => s.log()).join(''),
    async stop({ keep = false } = {}) {
      await proxy.stop();
      const ends = await Promise.allSettled(server.all.map(s => s.stop({ keep: true })));
      if (!keep) server.discard();
      for (const e of ends) if (e.status === 'rejected') throw e.reason;
      return ends[0].value;
    },
    async kill() { await proxy.stop(); const ends = await Promise.all(server.all.map(s => s.kill())); return ends[0]; },
  };
  return server;
}

/** The port this very process listens on, or 0. Whoever answers on a port need not be who was told to: of two tests that were
 *  given the same free port, the second would work in the first one's house. */
function listening(pid) {
  try {
    const fds = readdirSync(`/proc/${pid}/fd`).map(fd => { try { return readlinkSync(`/proc/${pid}/fd/${fd}`); } catch { return ''; } });
    const own = new Set(fds.map(f => /^socket:\[(\d+)\]$/.exec(f)?.[1]));
    const [, port] = readFileSync(`/proc/${pid}/net/tcp`, 'utf8').split('\n').map(line => line.trim().split(/\s+/))
      .filter(f => f[3] === '0A' && own.has(f[9])).map(f => f[1].split(':'))[0] ?? [0, '0']; // 0A: LISTEN; its local address
    return parseInt(port, 16);
  } catch { return 0; } // it has ended, or not begun
}

/** What each process that runs now has said, for who waits in vain. */
const logs = new Set();

/** One process. */
export async function startOne(options = {}) {
  const data = options.data || mkdtempSync(path.join(tmpdir(), 'indgang-data-'));
  const db = options.db || freshDatabase(process.env.INDGANG_TEST_MIGRATED);
  const args = ['serve', '--data', data, '--listen', `127.0.0.1:${options.port || 0}`];
  if (options.demo !== false) args.push('--demo');
  if (db.url) args.push('--db', db.url);
  args.push(...(options.args || []));
  const child = spawn(options.binary || binary, args, { cwd: options.cwd || root, env: { ...process.env, ...options.env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  const add = chunk => { log += chunk; if (process.env.INDGANG_TEST_LOG) process.stderr.write(chunk); };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const said = () => log;
  logs.add(said);
  const ended = new Promise(resolve => child.on('exit', (code, signal) => { logs.delete(said); resolve({ code, signal }); }));
  const server = {
    get url() { return `http://127.0.0.1:${server.port}`; },
    port: 0, data, db, process: child, ended,
    mail: path.join(data, 'mail'),
    log: said,
    /** SIGTERM, wait, and by default throw the data away. */
    async stop({ keep = false } = {}) {
      const running = child.exitCode === null && child.signalCode === null;
      if (running) child.kill('SIGTERM');
      const end = await ended;
      if (!keep) server.discard();
      // A crash, a leak or undefined behaviour (the sanitizers' build) shows in how it ends.
      if (running && end.code !== 0) throw new Error(`indgang ended with ${end.code ?? end.signal}:\n${log.slice(-4000)}`);
      return end;
    },
    async kill() { child.kill('SIGKILL'); return ended; },
    discard() { rmSync(data, { recursive: true, force: true }); db.drop(); },
    /** The mails sent so far (demo: .eml files), oldest first. */
    mails: () => existsSync(server.mail) ? readdirSync(server.mail).filter(f => f.endsWith('.eml')).sort().map(f => readFileSync(path.join(server.mail, f), 'utf8')) : [],
  };
  const started = Date.now();
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null) { const text = log; if (!options.data) server.discard(); throw new Error(`indgang ended at start (${child.exitCode ?? child.signalCode}):\n${text}`); }
    server.port ||= listening(child.pid);
    if (server.port) try { if ((await fetch(server.url + '/readyz')).status === 200) break; } catch { /* not listening any more */ }
    if (Date.now() - started > (options.timeout || 30000)) { child.kill('SIGKILL'); throw new Error('indgang is not ready after 30 s:\n' + log); }
    await new Promise(r => setTimeout(r, 20));
  }
  server.startedIn = Date.now() - started;
  return server;
}

/** Wait until check() gives something true; fails with `what` after `timeout` ms, and with what the servers said but of requests. */
export async function until(what, check, timeout = 15000) {
  const from = Date.now();
  for (;;) {
    const value = await check();
    if (value) return value;
    if (Date.now() - from > timeout) throw new Error([`waited ${timeout} ms for ${what}`, ...[...logs].map(said => said().split('\n').filter(line => !line.includes('event=request')).slice(-20).join('\n'))].join('\n'));
    await new Promise(r => setTimeout(r, 50));
  }
}
