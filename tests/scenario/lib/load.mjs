// A load of submissions, for tests that break things under it: who was told "received" is written down and settled afterwards.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import http from 'node:http';
import { promisify } from 'node:util';
import { binary, root } from './server.mjs';
import { Client, formsOf, textOf } from './client.mjs';

const SERVICE = 'ris-og-ros';
const answers = [
  { kind: 'praise', place: 'borgerservice', happened: 'Det gik hurtigt, og jeg fik svar på det hele.' },
  { answer: 'false' },
];

/** A connection of its own, kept alive, that does no more than it must. null: the server was gone. */
export class Fast {
  constructor(port, cookies) { this.port = port; this.cookies = cookies; this.agent = new http.Agent({ keepAlive: true, maxSockets: 1 }); }
  ask(method, path, body) {
    return new Promise(resolve => {
      const headers = { cookie: this.cookies, accept: 'text/html' };
      if (body !== undefined) Object.assign(headers, { origin: `http://127.0.0.1:${this.port}`, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) });
      const req = http.request({ host: '127.0.0.1', port: this.port, method, path, headers, agent: this.agent }, res => {
        const chunks = [];
        res.on('data', c => chunks.push(c));
        res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, location: res.headers.location ?? '', text: Buffer.concat(chunks).toString() }));
        res.on('error', () => resolve(null));
        res.on('aborted', () => resolve(null));
      });
      req.on('error', () => resolve(null));
      req.end(body);
    });
  }
}

/** What filling the form posts, learnt from the pages once; drafts differ in their id alone. */
export async function learn(server) {
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

export async function begin(server) {
  const c = new Client(server.url);
  const page = await c.login('Anna Holm', { next: `/form/${SERVICE}` });
  const fast = new Fast(server.port, [...c.cookies].map(([k, v]) => `${k}=${v}`).join('; '));
  fast.csrf = encodeURIComponent(/name="csrf" value="([^"]+)"/.exec(page.text)[1]);
  return fast;
}

const isReceipt = (a, draft) => a.status === 303 && a.location.startsWith(`/casefile/receipt/${draft}`);

/** A new draft, filled. Returns its id, or the answer that was not as it should be (null: the server was gone). */
export async function draft(fast, model) {
  let id = '';
  for (const p of model.posts) {
    const a = await fast.ask('POST', p.path.replace(/draft\/\d+/, `draft/${id}`), p.body.replace(/csrf=[^&]*/, `csrf=${fast.csrf}`));
    if (a?.status !== 303) return { id: null, answer: a };
    id = /draft\/(\d+)/.exec(a.location)[1];
  }
  return { id };
}

export const press = (fast, model, id) => fast.ask('POST', `/casefile/submit/${id}`, `version=${model.version}&csrf=${fast.csrf}`);

/**
 * Draft after draft, filled and sent, while state.running. Without state.onTrouble an answer that is none ends it and any other
 * that is not the expected one fails; with it, it is told (answer or null) and goes on with a new draft.
 */
export async function work(fast, model, state) {
  const trouble = async answer => {
    if (state.onTrouble) { state.onTrouble(answer); await new Promise(r => setTimeout(r, 50)); return true; }
    assert.ok(answer === null, answer && `${answer.status}: ${textOf(answer.text).slice(0, 200)}`);
    return false;
  };
  while (state.running) {
    const { id, answer } = await draft(fast, model);
    if (!id) { if (await trouble(answer)) continue; return; }
    const sending = { fast, draft: id, acknowledged: false };
    state.sent.push(sending);
    const a = await press(fast, model, id);
    if (a && isReceipt(a, id)) { sending.acknowledged = true; state.acknowledged++; } else if (!await trouble(a)) return;
  }
}

/** The receipt of an acknowledged one, as it was; one that was cut off is sent again. Its number is taken down. */
export async function settle(sending, model, numbers) {
  if (!sending.acknowledged) {
    const a = await press(sending.fast, model, sending.draft);
    assert.ok(a && isReceipt(a, sending.draft), `sent again: ${a?.status} ${a?.location} ${a && textOf(a.text).slice(0, 300)}`);
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

/** Settle all, each client its own one after another; then the numbers are 1, 2, … : none twice, none left out. */
export async function settleAll(sent, model, numbers = new Set()) {
  const fasts = new Set(sent.map(s => s.fast));
  await Promise.all([...fasts].map(async f => { for (const s of sent) if (s.fast === f) await settle(s, model, numbers); }));
  return numbers;
}
export const inARow = (numbers, n) =>
  assert.deepEqual([...numbers].map(Number).sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i + 1), 'numbers from 1, without gaps: none double, none lost');

/** `indgang verify`, which fails when it finds a fault; what it said. */
export async function verify(server) {
  const args = ['verify', '--data', server.data, '--demo', ...(server.db.url ? ['--db', server.db.url] : [])];
  return (await promisify(execFile)(binary, args, { cwd: root })).stdout;
}
