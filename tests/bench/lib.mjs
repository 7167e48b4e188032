// What the parts of ./bench share: the machine's limits, processor time, the C client, tables.
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { root } from '../scenario/lib/server.mjs';
import { Client } from '../scenario/lib/client.mjs';

export const build = process.env.INDGANG_BENCH_BUILD || path.join(root, 'build-bench');
const ticks = +execFileSync('getconf', ['CLK_TCK']);

const folders = new Set();
export const folder = (under = tmpdir()) => { const dir = mkdtempSync(path.join(under, 'indgang-bench-')); folders.add(dir); return dir; };
export const remove = dir => { folders.delete(dir); rmSync(dir, { recursive: true, force: true }); };
/* Who breaks it off, or sees it fail, is left neither with servers nor with gigabytes. */
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(1));
process.on('exit', () => {
  for (const pid of children(process.pid)) try { process.kill(pid); } catch { /* it has ended */ }
  for (const dir of folders) remove(dir);
});

/** Processor seconds a process has used. */
export function used(pid) {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (+f[11] + +f[12]) / ticks;
}
/** Resident memory in MB: all of it, what is shared pages counted by share, and what is nobody else's. */
export function memory(pid) {
  const f = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const mb = key => +new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(f)[1] / 1024;
  return { rss: mb('Rss'), pss: mb('Pss'), anonymous: mb('Anonymous') };
}
export const children = pid => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

/** Appends of 4 KiB made durable, a second, from one thread: what no database here can exceed without group commit. */
export function fsyncs() {
  const dir = folder(), fd = openSync(path.join(dir, 'f'), 'w'), block = Buffer.alloc(4096, 1);
  const from = process.hrtime.bigint();
  let n = 0;
  for (; Number(process.hrtime.bigint() - from) < 5e8; n++) { writeSync(fd, block); fsyncSync(fd); }
  const rate = n / (Number(process.hrtime.bigint() - from) / 1e9);
  closeSync(fd);
  remove(dir);
  return rate;
}

/** The C client on a plan (a list of lines), on a port or several. Returns its summary, and `lines` when opts.lines. */
export function load(port, plan, { times, seconds, rate, lines = false } = {}) {
  const dir = folder(), out = path.join(dir, 'out');
  const args = [...(times ? ['-n', times] : []), ...(seconds ? ['-t', seconds] : []), ...(rate ? ['-r', rate] : []), ...(lines ? ['-o', out] : []), ...[port].flat()].map(String);
  return new Promise((resolve, reject) => {
    const child = spawn(path.join(build, 'load'), args, { stdio: ['pipe', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', c => { text += c; });
    child.on('close', code => {
      if (code) return reject(new Error(`the client ended with ${code}`));
      const answer = JSON.parse(text);
      if (lines) answer.lines = readFileSync(out, 'utf8').trim().split('\n').map(l => {
        const [client, label, status, us, location] = l.split(' ');
        return { client: +client, label, status: +status, us: +us, location };
      });
      remove(dir);
      resolve(answer);
    });
    child.stdin.end(plan.join('\n') + '\n');
  });
}

/** A client that writes down what it posts, so that the C client can do the same. */
export class Recorder extends Client {
  posts = [];
  async request(where, options = {}) {
    if (options.method === 'POST') {
      const text = String(options.body); // no files, so a form with a place for one can go as the others do
      const parts = [...text.matchAll(/form-data; name="([^"]+)"\r\n\r\n([\s\S]*?)\r\n--/g)].map(m => [m[1], m[2]]);
      this.posts.push({ path: where, body: parts.length ? String(new URLSearchParams(parts)) : text });
    }
    return super.request(where, options);
  }
}
export const cookiesOf = c => [...c.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
export const csrfOf = page => /name="csrf" value="([^"]+)"/.exec(page.text)?.[1];

/** Figures under names: [[what, figure, peer or limit, ratio], …] */
export function table(title, rows) {
  const widths = rows[0].map((_, i) => Math.max(...rows.map(r => String(r[i] ?? '').length)));
  console.log(`\n${title}`);
  for (const r of rows) console.log('  ' + r.map((c, i) => i ? String(c ?? '').padStart(widths[i]) : String(c).padEnd(widths[i])).join('  '));
}
/** What was asked, beside what was seen: [[what, limit, figure, whether it is kept], …]. Returns those that are not. */
export function verdicts(title, rows) {
  table(title, [['', 'limit', 'figure', ''], ...rows.map(([what, limit, figure, kept]) => [what, limit, figure, kept ? 'kept' : 'NOT KEPT'])]);
  return rows.filter(r => !r[3]);
}
/** What is going on, for who waits: over itself on a terminal, else a line at most every half minute. */
let last = 0;
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${text}`);
  else if (Date.now() - last > 30e3) { last = Date.now(); process.stderr.write(`  ${text}\n`); }
}
export const progressEnds = () => { last = 0; if (process.stderr.isTTY) process.stderr.write('\r\x1b[K'); };
/** Wait until a server has nothing of its own left to do: a second with hardly any processor time. At most two minutes. */
export async function settled(pid) {
  for (const until = Date.now() + 120e3; Date.now() < until;) {
    const before = used(pid);
    await new Promise(r => setTimeout(r, 1000));
    if (used(pid) - before < 0.03) return;
    progress('waiting until the server has nothing left to do');
  }
  console.log('  the server still had work of its own after two minutes');
}
export const machine = () => `${cpus().length} processors (${cpus()[0].model.trim()}), load ${loadavg().map(l => l.toFixed(1)).join(' ')}, ${fsyncs().toFixed(0)} fsync/s`;
