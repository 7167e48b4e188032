// kill -9 of the server under a load of submissions, again and again. After each: it answers within a second, every submission
// that was acknowledged is there under the same number, one that was cut off can be sent again and makes one case, and the
// numbers have neither gaps nor doubles. KILLS says how often (./test: 50; ./bench --kill: 1000).
// Power cuts and full disks: ../power.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import http from 'node:http';
import { binary, engine, freePort, root, startServer } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';

const kills = +(process.env.KILLS || 50), CLIENTS = 8, SERVICE = 'ris-og-ros';
const answers = [
  { kind: 'praise', place: 'borgerservice', happened: 'Det gik hurtigt, og jeg fik svar på det hele.' },
  { answer: 'false' },
];

/** A connection of its own, kept alive, that does no more than it must. null: the server was gone. */
class Fast {
  constructor(port, cookies) { this.port = port; this.cookies = cookies; this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 }); }
  ask(method, path, body) {
    return new Promise(resolve => {
      const headers = { cookie: this.cookies };
      if (body !== undefined) Object.assign(headers, { origin: `http://127.0.0.1:${this.port}`, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) });
      const req = http.request({ host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent }, res => {
        const chunks = [];
        res.on('data', c => chunks.push(c));
        res.on('end', () => resolve({ status: res.statusCode, location: res.headers.location ?? '', text: Buffer.concat(chunks).toString() }));
        res.on('error', () => resolve(null));
        res.on('aborted', () => resolve(null));
      });
      req.on('error', () => resolve(null));
      req.end(body);
    });
  }
}

/** What filling the form posts, learnt from the pages once; drafts differ in their id alone. */
async function learn(server) {
  const c = new Client(server.url), posts = [];
  const plain = c.request;
  c.request = function (path, options = {}) {
    if (options.method === 'POST' && path.includes('/form/')) posts.push({ path, body: String(options.body) });
    return plain.call(this, path, options);
  };
  await c.login('Anna Holm', { next: `/form/${SERVICE}` });
  await c.submit('/start');
  for (const page of answers) {
    const form = formsOf(c.last.text).find(f => (f.action ?? c.last.path).includes('/form/draft/'));
    const known = Object.fromEntries(Object.entries(page).filter(([k]) => form.fields.some(f => f.name === k)));
    await c.submit('/form/draft/', known);
  }
  assert.match(c.last.path, /\/review/, textOf(c.last.text).slice(0, 500));
  return { posts, version: /name="version" value="(\d+)"/.exec(c.last.text)[1] };
}

async function begin(server) {
  const c = new Client(server.url);
  const page = await c.login('Anna Holm', { next: `/form/${SERVICE}` });
  const fast = new Fast(server.port, [...c.cookies].map(([k, v]) => `${k}=${v}`).join('; '));
  fast.csrf = encodeURIComponent(/name="csrf" value="([^"]+)"/.exec(page.text)[1]);
  return fast;
}

/** Draft after draft, filled and sent, until the server is gone. */
async function work(fast, model, state) {
  while (state.running) {
    let draft = '', gone = false;
    for (const p of model.posts) {
      const a = await fast.ask('POST', p.path.replace(/draft\/\d+/, `draft/${draft}`), p.body.replace(/csrf=[^&]*/, `csrf=${fast.csrf}`));
      if (!a) { gone = true; break; }
      assert.equal(a.status, 303, `${p.path}: ${textOf(a.text).slice(0, 200)}`);
      draft = /draft\/(\d+)/.exec(a.location)[1];
    }
    if (gone) return;
    const sending = { fast, draft };
    state.sent.push(sending);
    sending.acknowledged = Boolean(await send(sending, model));
    if (sending.acknowledged) state.acknowledged++;
    else return;
  }
}

async function send({ fast, draft }, model) {
  const a = await fast.ask('POST', `/casefile/submit/${draft}`, `version=${model.version}&csrf=${fast.csrf}`);
  if (a) assert.ok(a.status === 303 && a.location.startsWith(`/casefile/receipt/${draft}`), `submit: ${a.status} ${a.location}`);
  return a;
}

/** The receipt of an acknowledged one, as it was; one that was cut off is sent again. Its number is taken down. */
async function settle(sending, model, numbers) {
  if (!sending.acknowledged) {
    assert.ok(await send(sending, model), 'the server answers after its restart');
    sending.acknowledged = true;
  }
  const receipt = await sending.fast.ask('GET', `/casefile/receipt/${sending.draft}`);
  assert.equal(receipt?.status, 200, `an acknowledged submission was lost: draft ${sending.draft}`);
  const no = /\b20\d\d-(\d{6})\b/.exec(textOf(receipt.text))?.[1];
  assert.ok(no, 'a receipt has a number');
  assert.equal(sending.no ?? no, no, 'a receipt keeps its number');
  assert.ok(sending.no || !numbers.has(no), `number ${no} was given twice`);
  sending.no = no;
  numbers.add(no);
}

function verify(server) {
  const args = ['verify', '--data', server.data, '--demo', ...(server.db.url ? ['--db', server.db.url] : [])];
  execFileSync(binary, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

test(`${kills} kills under load on ${engine}`, { timeout: 3600e3 }, async t => {
  const port = await freePort(), args = ['--log', 'error'];
  let server = await startServer({ port, args }), slowest = 0;
  const { data, db } = server;
  const model = await learn(server), fasts = [];
  for (let i = 0; i < CLIENTS; i++) fasts.push(await begin(server));
  const all = [], numbers = new Set();
  let cut = 0;
  try {
    for (let k = 1; k <= kills; k++) {
      const state = { running: true, sent: [], acknowledged: 0 };
      const working = fasts.map(f => work(f, model, state));
      await new Promise(r => setTimeout(r, 60 + Math.random() * 240));
      await server.kill();
      state.running = false;
      await Promise.all(working);
      const from = Date.now();
      server = await startServer({ port, data, db, args });
      slowest = Math.max(slowest, Date.now() - from);
      assert.ok(Date.now() - from < 1000, `restart ${k} took ${Date.now() - from} ms`);
      cut += state.sent.filter(s => !s.acknowledged).length;
      for (const f of fasts) await Promise.all(state.sent.filter(s => s.fast === f).map(s => settle(s, model, numbers)));
      all.push(...state.sent);
      if (k % 10 === 0) verify(server);
    }
    for (const f of fasts) await Promise.all(all.filter(s => s.fast === f).map(s => settle(s, model, numbers)));
    assert.ok(all.length > kills, `only ${all.length} submissions: the load was none`);
    assert.deepEqual([...numbers].map(Number).sort((a, b) => a - b), all.map((_, i) => i + 1), 'numbers from 1, without gaps: none double, none lost');
    verify(server);
    t.diagnostic(`${all.length} submissions, ${cut} cut off, slowest restart ${slowest} ms`);
  } finally {
    await server.stop();
  }
});
