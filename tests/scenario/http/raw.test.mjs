// Raw bytes at the running program: malformed, oversized, cut off and slow requests end in a clean refusal or a closed
// connection, and the server lives.
import test from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from '../lib/server.mjs';

let server;
test.before(async () => { server = await startServer(); });
test.after(async () => { await server.stop(); });

/** Send bytes, then listen until the other side closes, or says no more for `quiet` ms after it has begun. */
function raw(bytes, { quiet = 150, hold = false } = {}) {
  return new Promise(resolve => {
    const socket = net.connect(server.port, '127.0.0.1');
    const from = Date.now();
    let answer = '', closed = false, timer;
    const done = () => { clearTimeout(timer); socket.destroy(); resolve({ answer, closed, ms: Date.now() - from }); };
    const restart = ms => { clearTimeout(timer); if (!hold) timer = setTimeout(done, ms); };
    socket.on('data', d => { answer += d.toString('latin1'); restart(quiet); });
    socket.on('close', () => { closed = true; done(); });
    socket.on('error', () => { closed = true; });
    socket.on('connect', () => { for (const b of [bytes].flat()) socket.write(b); restart(10000); }); // the first of it may take its time
  });
}

const status = a => +(/^HTTP\/1\.[01] (\d+)/.exec(a.answer)?.[1] ?? 0);
async function lives() {
  const a = await raw('GET /page/help HTTP/1.1\r\nHost: a\r\n\r\n');
  assert.equal(status(a), 200);
}

const post = 'POST /page/language HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\n';
const malformed = {
  'no Host': 'GET / HTTP/1.1\r\n\r\n',
  'two Host': 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
  'blank before the colon': 'GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n',
  'NUL in a value': 'GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n',
  'NUL in the address': 'GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n',
  'folded header': 'GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n',
  'no header name': 'GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n',
  'bad escape': 'GET /service/%zz HTTP/1.1\r\nHost: a\r\n\r\n',
  'escaped NUL': 'GET /service/%00 HTTP/1.1\r\nHost: a\r\n\r\n',
  'up and away': 'GET /../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
  'escaped up and away': 'GET /static/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
  'unknown version': 'GET / HTTP/9.9\r\nHost: a\r\n\r\n',
  'not HTTP': '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n',
  'length and chunks': post + 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'two lengths': post + 'Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd',
  'signed length': post + 'Content-Length: +4\r\n\r\nabcd',
  'endless length': post + 'Content-Length: 99999999999999999999999\r\n\r\nabcd',
  'unknown coding': post + 'Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
  'chunks that are none': post + 'Transfer-Encoding: chunked\r\n\r\nzz\r\nabcd\r\n0\r\n\r\n',
  'unknown method': 'BREW /service HTTP/1.1\r\nHost: a\r\n\r\n',
  'long address': `GET /${'x'.repeat(9000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  'long header': `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(100000)}\r\n\r\n`,
  'many headers': `GET / HTTP/1.1\r\nHost: a\r\n${Array.from({ length: 200 }, (_, i) => `X-${i}: 1\r\n`).join('')}\r\n`,
  'large body': post + 'Content-Length: 5000000000\r\n\r\nabc',
  'body of a GET': 'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc',
};

for (const [what, bytes] of Object.entries(malformed)) {
  test(`${what} is refused`, async () => {
    const a = await raw(Buffer.from(bytes, 'latin1'));
    assert.ok(a.answer === '' ? a.closed : (status(a) >= 400 && status(a) < 500) || status(a) === 505, a.answer.slice(0, 300));
    await lives();
  });
}

test('a body far over its limit is cut off', async () => {
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')]);
  const a = await raw([post + 'Transfer-Encoding: chunked\r\n\r\n', ...Array(100).fill(chunk), '0\r\n\r\n']);
  assert.ok(a.closed || status(a) >= 400, a.answer.slice(0, 300));
  await lives();
});

test('a hundred broken connections change nothing', async () => {
  await Promise.all(Array.from({ length: 100 }, (_, i) => new Promise(resolve => {
    const socket = net.connect(server.port, '127.0.0.1', () => {
      socket.write(['', 'GET', 'GET / HTTP/1.1\r\nHost: a\r\n', 'GET /service HTTP/1.1\r\nHost: a\r\n\r\n', post + 'Content-Length: 900\r\n\r\nab'][i % 5],
        () => socket.resetAndDestroy ? socket.resetAndDestroy() : socket.destroy());
    });
    socket.on('close', resolve).on('error', () => {});
  })));
  await lives();
});

test('a slow head and a slow body are cut off; others are served meanwhile', { timeout: 60000 }, async () => {
  const slow = async (start, more) => {
    const socket = net.connect(server.port, '127.0.0.1');
    const from = Date.now();
    let closed = false;
    socket.on('close', () => { closed = true; }).on('error', () => {}).on('data', () => {});
    socket.write(start);
    while (!closed && Date.now() - from < 40000) { await wait(500); if (!closed) socket.write(more); }
    socket.destroy();
    return { closed, ms: Date.now() - from };
  };
  const all = Promise.all([
    slow('GET / HTTP/1.1\r\nHost: a\r\n', 'X: 1\r\n'),
    slow('G', 'E'),
    slow(post + 'Content-Length: 30000\r\n\r\n', 'x'),
  ]);
  for (let i = 0; i < 5; i++) { await wait(500); await lives(); }
  for (const s of await all) assert.ok(s.closed && s.ms < 30000, JSON.stringify(s));
  await lives();
});

test('two requests on one connection have two answers, in order', async () => {
  const a = await raw('GET /page/help HTTP/1.1\r\nHost: a\r\n\r\nHEAD /page/privacy HTTP/1.1\r\nHost: a\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: a\r\n\r\n', { quiet: 1000 });
  assert.deepEqual([...a.answer.matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(m => +m[1]), [200, 200, 404]);
});

test('every page has the headers of safety', async () => {
  for (const path of ['/', '/service', '/page/help', '/nowhere', '/auth/login']) {
    const res = await fetch(server.url + path, { redirect: 'manual' });
    const csp = res.headers.get('content-security-policy');
    assert.match(csp, /default-src 'none'/, path);
    assert.match(csp, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(csp, /unsafe/, path);
    assert.equal(res.headers.get('x-content-type-options'), 'nosniff', path);
    assert.equal(res.headers.get('referrer-policy'), 'same-origin', path);
    assert.ok(res.headers.get('cache-control'), path);
    assert.ok(res.headers.get('x-request-id'), path);
  }
});

test('what a page refers to is there, compressed and kept for ever', async () => {
  const html = await (await fetch(server.url + '/page/help')).text();
  const urls = [...new Set([...html.matchAll(/(?:href|src)="(\/static\/[^"#]+)/g)].map(m => m[1]))];
  assert.ok(urls.length >= 3, html.slice(0, 500));
  for (const url of urls) {
    const res = await fetch(server.url + url, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(res.status, 200, url);
    assert.match(res.headers.get('cache-control'), /immutable/, url);
    if (url.endsWith('.css')) assert.equal(res.headers.get('content-encoding'), 'gzip', url);
    const again = await fetch(server.url + url, { headers: { 'if-none-match': res.headers.get('etag') } });
    assert.equal(again.status, 304, url);
  }
});

test('a form from elsewhere is refused', async () => {
  for (const headers of [{}, { origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site', origin: server.url }, { origin: server.url }]) {
    const res = await fetch(server.url + '/auth/logout', { method: 'POST', headers, body: new URLSearchParams({ csrf: 'made up' }), redirect: 'manual' });
    assert.equal(res.status, 403, JSON.stringify(headers));
  }
});

test('probes and figures', async () => {
  assert.equal((await fetch(server.url + '/healthz')).status, 200);
  assert.equal((await fetch(server.url + '/readyz')).status, 200);
  const text = await (await fetch(server.url + '/metrics')).text();
  assert.match(text, /^indgang_requests_total\{area="page",class="2xx"\} \d+$/m);
  assert.match(text, /^indgang_request_seconds_bucket\{le="\+Inf"\} \d+$/m);
  assert.equal((await fetch(server.url + '/metrics', { headers: { 'x-forwarded-for': '192.0.2.1' } })).status, 404);
});

test('the log has no query and no address of ours', async () => {
  await fetch(server.url + '/service?q=hemmeligt-ord');
  await fetch(server.url + '/service/hemmelig-sti');
  await wait(100);
  assert.match(server.log(), /event=request .*route=\/service\b/);
  assert.doesNotMatch(server.log(), /hemmelig/);
});

test('SIGTERM: what runs is finished, and the end is quick', async () => {
  const other = await startServer();
  const from = Date.now();
  const answer = fetch(other.url + '/page/help');
  await answer;
  const end = await other.stop();
  assert.equal(end.code, 0);
  assert.ok(Date.now() - from < 3000);
});
