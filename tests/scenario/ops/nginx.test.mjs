// Behind nginx as packaging/nginx/indgang.conf has it, with TLS and HTTP/2: pages come through; and the malformed requests that
// some server somewhere answers are refused, through nginx and by the program itself. Only bare LF as line end may pass
// (RFC 9112, 2.2). The file is the real one: name, certificate, addresses and log are put in for the test, nothing else.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import http2 from 'node:http2';
import net from 'node:net';
import tls from 'node:tls';
import { chmodSync, chownSync, cpSync, existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort, root, startServer } from '../lib/server.mjs';

const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx'].find(existsSync), name = 'indgang.example.dk';
const skip = !nginx && 'nginx is not installed';
let server, child, place, port, plainPort, log = '';

before(async () => {
  if (skip) return;
  server = await startServer({ args: ['--trust-proxy', '--public-url', `https://${name}`] });
  place = mkdtempSync(path.join(tmpdir(), 'indgang-nginx-'));
  port = await freePort();
  plainPort = await freePort();
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `/CN=${name}`,
    '-addext', `subjectAltName=DNS:${name}`, '-keyout', path.join(place, 'key.pem'), '-out', path.join(place, 'fullchain.pem')], { stdio: 'ignore' });
  const conf = readFileSync(path.join(root, 'packaging/nginx/indgang.conf'), 'utf8')
    .replaceAll('/etc/ssl/indgang', place).replace('server unix:/run/indgang/http.sock', `server 127.0.0.1:${server.port}`)
    .replace(/listen \[::\].*\n/g, '\n').replace(/listen 443/g, `listen 127.0.0.1:${port}`).replace(/listen 80;/g, `listen 127.0.0.1:${plainPort};`)
    .replace('/usr/share/indgang/proxy', path.join(place, 'pages')).replace('/var/log/nginx/indgang.error.log', path.join(place, 'error.log'));
  for (const t of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(path.join(place, t));
  writeFileSync(path.join(place, 'nginx.conf'), `pid ${place}/pid; daemon off; master_process off; error_log ${place}/main.log; events {}
http { client_body_temp_path ${place}/body; proxy_temp_path ${place}/proxy; fastcgi_temp_path ${place}/fastcgi; uwsgi_temp_path ${place}/uwsgi; scgi_temp_path ${place}/scgi;
${conf}
}`);
  const options = { stdio: ['ignore', 'pipe', 'pipe'] };
  cpSync(path.join(root, 'packaging/proxy'), path.join(place, 'pages'), { recursive: true });
  if (process.getuid() === 0) { // as anybody but root
    const [uid, gid] = [+execFileSync('id', ['-u', 'nobody']), +execFileSync('id', ['-g', 'nobody'])];
    for (const f of ['', 'body', 'proxy', 'fastcgi', 'uwsgi', 'scgi', 'key.pem', 'fullchain.pem', 'nginx.conf']) chownSync(path.join(place, f), uid, gid);
    Object.assign(options, { uid, gid });
  }
  chmodSync(place, 0o700);
  child = spawn(nginx, ['-p', place, '-c', path.join(place, 'nginx.conf'), '-e', path.join(place, 'main.log')], options);
  child.stdout.on('data', d => { log += d; });
  child.stderr.on('data', d => { log += d; });
  for (let i = 0; ; i++) {
    if (child.exitCode !== null) throw new Error('nginx ended: ' + log + (existsSync(path.join(place, 'main.log')) ? readFileSync(path.join(place, 'main.log')) : ''));
    if (await new Promise(r => net.connect(port, '127.0.0.1').on('connect', function () { this.destroy(); r(true); }).on('error', () => r(false)))) break;
    assert.ok(i < 200, 'nginx does not listen: ' + log);
    await new Promise(r => setTimeout(r, 50));
  }
});
after(async () => {
  if (child && child.exitCode === null) { child.kill('SIGTERM'); await new Promise(r => child.on('exit', r)); }
  if (place) rmSync(place, { recursive: true, force: true });
  await server?.stop();
});

/** Bytes into a connection; what comes back until it closes or is quiet. */
function raw(connect, bytes) {
  return new Promise(resolve => {
    const socket = connect();
    let answer = '', timer = setTimeout(() => done(), 10000);
    const done = () => { clearTimeout(timer); socket.destroy(); resolve(answer); };
    socket.on('data', d => { answer += d.toString('latin1'); clearTimeout(timer); timer = setTimeout(done, 300); });
    socket.on('close', done).on('error', done);
    socket.on(socket.encrypted ? 'secureConnect' : 'connect', () => { socket.write(bytes); clearTimeout(timer); timer = setTimeout(done, 4000); });
  });
}
const directly = () => net.connect(server.port, '127.0.0.1');
const through = () => tls.connect({ port, host: '127.0.0.1', servername: name, rejectUnauthorized: false });
const statuses = answer => [...answer.matchAll(/^HTTP\/1\.[01] (\d+)/gm)].map(m => +m[1]);

const get = `GET /page/help HTTP/1.1\r\nHost: ${name}\r\n`, post = `POST /page/help HTTP/1.1\r\nHost: ${name}\r\n`;
const probes = {
  'Content-Length and chunks': post + 'Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'TE: gzip, chunked': post + 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'TE: xchunked': post + 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
  'two different Content-Length': post + 'Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc',
  'Content-Length: +3': post + 'Content-Length: +3\r\n\r\nabc',
  'chunk size 0x3': post + 'Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n',
  'bare LF line ends': get.replaceAll('\r', '') + '\n',
  'space before the colon': get + 'X-A : b\r\n\r\n',
  'folded header': get + 'X-A: a\r\n b\r\n\r\n',
  'empty header name': get + ': b\r\n\r\n',
  'NUL in a value': get + 'X-A: a\0b\r\n\r\n',
  'no Host': 'GET /page/help HTTP/1.1\r\n\r\n',
  'two Host': get + `Host: other.example\r\n\r\n`,
};

test('a well-formed request is answered both ways', { skip }, async () => {
  assert.deepEqual(statuses(await raw(directly, get + '\r\n')), [200]);
  assert.deepEqual(statuses(await raw(through, get + '\r\n')), [200]);
});

for (const [what, bytes] of Object.entries(probes)) {
  test(`${what}: ${what.startsWith('bare LF') ? 'may be answered' : 'refused'}, through nginx and directly`, { skip }, async () => {
    for (const [how, connect] of [['directly', directly], ['through nginx', through]]) {
      const seen = statuses(await raw(connect, Buffer.from(bytes, 'latin1')));
      if (what.startsWith('bare LF')) assert.ok(seen.every(s => s === 200 || (s >= 400 && s < 500)), `${how}: ${seen}`);
      else assert.ok(seen.every(s => s >= 400 && s < 510), `${how}: ${seen}`);
    }
    assert.deepEqual(statuses(await raw(directly, get + '\r\n')), [200], 'it lives');
  });
}

test('HTTP/2 over TLS: pages, assets, security headers, and cookies that are Secure', { skip }, async () => {
  const session = http2.connect(`https://127.0.0.1:${port}`, { servername: name, rejectUnauthorized: false });
  const ask = (method, at, headers = {}) => new Promise((resolve, reject) => {
    const r = session.request({ ':method': method, ':path': at, ':authority': name, ...headers });
    let body = '', head;
    r.on('response', h => { head = h; }).on('data', d => { body += d; }).on('end', () => resolve({ status: head[':status'], head, body })).on('error', reject);
    r.end();
  });
  try {
    const front = await ask('GET', '/');
    assert.equal(front.status, 200);
    assert.match(String(front.head['strict-transport-security'] ?? ''), /max-age=\d{7,}/);
    assert.match(front.head['content-security-policy'], /default-src 'none'/);
    assert.equal(session.alpnProtocol, 'h2');
    const css = await ask('GET', /href="(\/static\/[^"]+\.css)"/.exec(front.body)[1]);
    assert.equal(css.status, 200);
    const login = await ask('GET', '/auth/demo');
    assert.match(String(login.head['set-cookie']), /__Host-.*Secure/);
    for (const hidden of ['/metrics', '/readyz']) assert.equal((await ask('GET', hidden)).status, 404, hidden);
    assert.equal((await ask('POST', '/auth/logout', { origin: 'https://evil.example' })).status, 403);
  } finally {
    session.close();
  }
});

test('another name gets no handshake, and plain HTTP leads to TLS', { skip }, async () => {
  const other = await new Promise(resolve => tls.connect({ port, host: '127.0.0.1', servername: 'other.example', rejectUnauthorized: false })
    .on('secureConnect', function () { this.destroy(); resolve('answered'); }).on('error', () => resolve('refused')));
  assert.equal(other, 'refused');
  const plain = await raw(() => net.connect(plainPort, '127.0.0.1'), get + '\r\n');
  assert.match(plain, /^HTTP\/1\.1 301[\s\S]*Location: https:\/\/indgang\.example\.dk\/page\/help/);
});

test('the program dies under a request, and is away: 502 with the page that says what to do', { skip }, async () => {
  const page = readFileSync(path.join(root, 'packaging/proxy/unavailable.html'), 'utf8');
  const saysWhatToDo = answer => {
    assert.deepEqual(statuses(answer), [502]);
    assert.match(answer, /^Content-Type: text\/html; charset=utf-8\r\n/mi);
    assert.match(answer, /^Cache-Control: no-store\r\n/mi);
    assert.equal(Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1').toString(), page);
  };
  const form = post + 'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\nConnection: close\r\n\r\nname=Anna';
  server.process.kill('SIGSTOP'); // so that it has the request and has not answered
  const cut = raw(through, form);
  await new Promise(r => setTimeout(r, 500));
  await server.kill();
  saysWhatToDo(await cut);
  saysWhatToDo(await raw(through, form));
  saysWhatToDo(await raw(through, get + 'Connection: close\r\n\r\n'));
  assert.deepEqual(statuses(await raw(through, `GET /indgang-unavailable HTTP/1.1\r\nHost: ${name}\r\nConnection: close\r\n\r\n`)), [404], 'it has no address of its own');
});
