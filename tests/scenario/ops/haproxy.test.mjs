// Behind HAProxy as packaging/haproxy/haproxy.cfg has it: who meets a restart, a process that dies under a request, or one that stands
// still gets the page that says what to do. The file is the real one: ports, the page's place and a shorter time-out are put in for
// the test, nothing else.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import http from 'node:http';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { check, launch, visitor } from '../lib/browser.mjs';
import { freePort, root, startOne, until } from '../lib/server.mjs';

const haproxy = ['/usr/sbin/haproxy', '/usr/local/sbin/haproxy'].find(existsSync), skip = !haproxy && 'haproxy is not installed';
const page = readFileSync(path.join(root, 'packaging/proxy/unavailable.html'), 'utf8');
let server, child, place, url, log = '';

before(async () => {
  if (skip) return;
  server = await startOne({ args: ['--trust-proxy'] });
  place = mkdtempSync(path.join(tmpdir(), 'indgang-haproxy-'));
  const port = await freePort(), nobody = await freePort();
  url = `http://127.0.0.1:${port}`;
  writeFileSync(path.join(place, 'haproxy.cfg'), readFileSync(path.join(root, 'packaging/haproxy/haproxy.cfg'), 'utf8')
    .replace('127.0.0.1:8090\n', `127.0.0.1:${port}\n`).replace('127.0.0.1:8081\n', `127.0.0.1:${server.port}\n`).replace('127.0.0.1:8082\n', `127.0.0.1:${nobody}\n`)
    .replaceAll('/usr/share/indgang', path.join(root, 'packaging')).replace('timeout server 75s', 'timeout server 1s'));
  child = spawn(haproxy, ['-db', '-f', path.join(place, 'haproxy.cfg')], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', d => { log += d; });
  child.stderr.on('data', d => { log += d; });
  await until('HAProxy', async () => {
    assert.equal(child.exitCode, null, 'HAProxy ended: ' + log);
    return fetch(url + '/healthz').then(r => r.status === 200, () => false);
  });
});
after(async () => {
  if (child && child.exitCode === null) { child.kill('SIGTERM'); await new Promise(r => child.on('exit', r)); }
  if (place) rmSync(place, { recursive: true, force: true });
  server?.process.kill('SIGCONT');
  await server?.stop();
});

/** On a connection of its own: on one that was used before, HAProxy closes instead of a 502, and nginx in front makes it one. */
const ask = (method, at, body) => new Promise((resolve, reject) => {
  http.request(url + at, { method, agent: false, headers: { 'content-type': 'application/x-www-form-urlencoded' } }, r => {
    let text = '';
    r.setEncoding('utf8').on('data', d => { text += d; }).on('end', () => resolve({ status: r.statusCode, headers: r.headers, text })).on('error', reject);
  }).on('error', reject).end(body);
});
const get = at => ask('GET', at), post = at => ask('POST', at, 'name=Anna');

function saysWhatToDo(answer, status) {
  assert.equal(answer.status, status);
  assert.equal(answer.headers['content-type'], 'text/html; charset=utf-8');
  assert.equal(answer.headers['cache-control'], 'no-store');
  assert.equal(answer.text, page);
}

test('504: a process that stands still', { skip }, async () => {
  server.process.kill('SIGSTOP');
  try { saysWhatToDo(await post('/'), 504); } finally { server.process.kill('SIGCONT'); }
  await until('it to go on', () => get('/').then(r => r.status === 200));
});

test('502: a process that dies under a request', { skip }, async () => {
  server.process.kill('SIGSTOP'); // so that it has the request and has not answered
  const answer = post('/');
  await new Promise(r => setTimeout(r, 300));
  await server.kill();
  saysWhatToDo(await answer, 502);
});

test('503: no process is there; the page in Chromium', { skip }, async () => {
  saysWhatToDo(await get('/'), 503);
  saysWhatToDo(await post('/'), 503);
  const browser = await launch();
  try {
    const anna = await visitor(browser, { url });
    assert.equal((await anna.goto('/mypage')).status(), 503);
    assert.deepEqual(await anna.locator(':is(html, section)[lang]').evaluateAll(e => e.map(x => x.lang)), ['da', 'nb', 'nn', 'en']);
    await check(anna, 'nothing answers');
  } finally { await browser.close(); }
});
