// Figure (c): what a page costs. The front page, the catalogue and my page, with session, language and catalogue live, against
// nginx serving the same bytes from files, one after the other in the same run. Needs wrk and nginx.
//   node tests/bench/pages.mjs [SECONDS] [CONNECTIONS]
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, startServer } from '../scenario/lib/server.mjs';
import { Client } from '../scenario/lib/client.mjs';

const seconds = +(process.argv[2] || 5), connections = +(process.argv[3] || 16);
const ticks = +execFileSync('getconf', ['CLK_TCK']);

/** Processor seconds a process has used. */
function used(pid) {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
  return (+f[11] + +f[12]) / ticks;
}
const memory = pid => +/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1] / 1024;
const children = pid => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

function load(url, cookie, pids) {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', '-H', `Cookie: ${cookie}`, url];
  execFileSync('wrk', ['-t1', `-c${connections}`, '-d1s', '-H', `Cookie: ${cookie}`, url]); // warm
  const before = pids.map(used);
  const out = execFileSync('wrk', args, { encoding: 'utf8' });
  const cpu = pids.reduce((sum, p, i) => sum + used(p) - before[i], 0);
  const requests = +/(\d+) requests in/.exec(out)[1];
  if (/Non-2xx/.test(out)) throw new Error(`${url}: ${/Non-2xx.*/.exec(out)[0]}`);
  return { rate: +/Requests\/sec:\s+([\d.]+)/.exec(out)[1], us: cpu / requests * 1e6, p99: /99%\s+(\S+)/.exec(out)[1] };
}

function startNginx(dir, port) {
  writeFileSync(path.join(dir, 'nginx.conf'), `daemon off; pid ${dir}/pid; error_log ${dir}/error.log; worker_processes ${cpus().length};
${process.getuid() === 0 ? 'user root;' : ''}
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000; open_file_cache max=100; default_type "text/html; charset=utf-8";
  client_body_temp_path ${dir}/t1; proxy_temp_path ${dir}/t2; fastcgi_temp_path ${dir}/t3; uwsgi_temp_path ${dir}/t4; scgi_temp_path ${dir}/t5;
  server { listen 127.0.0.1:${port}; root ${dir}/www; } }`);
  return spawn('nginx', ['-c', path.join(dir, 'nginx.conf')], { stdio: ['ignore', 'ignore', 'inherit'] });
}

const server = await startServer({ args: ['--log', 'warn'] });
const dir = mkdtempSync(path.join(tmpdir(), 'indgang-bench-'));
mkdirSync(path.join(dir, 'www'));
const port = await freePort();
const nginx = startNginx(dir, port);
try {
  const anna = new Client(server.url);
  await anna.login('Anna Holm');
  await anna.get('/');
  const cookie = [...anna.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
  await new Promise(r => setTimeout(r, 300));
  console.log(`${cpus().length} processors, ${connections} connections, ${seconds} s each; processor time of the server alone\n`);
  console.log('page              bytes   indgang µs  req/s   p99      nginx µs  req/s   p99      req/s to nginx');
  for (const [i, page] of ['/', '/service', '/mypage'].entries()) {
    const a = await anna.request(page);
    if (a.status !== 200) { console.log(`${page.padEnd(14)} status ${a.status}`); continue; }
    writeFileSync(path.join(dir, 'www', `${i}.html`), a.bytes);
    const ours = load(server.url + page, cookie, [server.process.pid]);
    const theirs = load(`http://127.0.0.1:${port}/${i}.html`, cookie, children(nginx.pid));
    console.log([page.padEnd(14), String(a.bytes.length).padStart(8), ours.us.toFixed(1).padStart(12), ours.rate.toFixed(0).padStart(6), ours.p99.padStart(8),
      theirs.us.toFixed(1).padStart(13), theirs.rate.toFixed(0).padStart(6), theirs.p99.padStart(8), (ours.rate / theirs.rate).toFixed(2).padStart(14)].join(' '));
  }
  console.log(`\nstart ${server.startedIn} ms (first start, with database and publishing), memory ${memory(server.process.pid).toFixed(0)} MB`);
} finally {
  nginx.kill();
  await server.stop();
  rmSync(dir, { recursive: true, force: true });
}
