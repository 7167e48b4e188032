// The power goes, or the process is killed, while people send applications. What a receipt was shown for is there after the
// restart, once; the record, the documents and the seals verify; and who got no receipt can press send again and has one case.
//   POWER_CUTS (50): cuts under the shim of tests/powercut, SQLite.   KILLS (25): kill -9, on each engine.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, engine, freshDatabase, startServer } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { aidsAnswers, fill, png } from '../lib/people.mjs';

const shim = path.join(path.dirname(binary), 'tests/libpowercut.so');
const cuts = +(process.env.POWER_CUTS ?? 50), kills = +(process.env.KILLS ?? 25), workers = 4;
const number = /\b20\d\d-\d{6}\b/;

/** Somebody who applies again and again. `pending`: the review page whose send got no answer. */
class Applicant {
  constructor() { this.pending = null; this.client = null; }

  async send(sent) {
    const page = this.pending;
    const receipt = await this.client.submit('/casefile/submit', {}, { page });
    assert.equal(receipt.status, 200, textOf(receipt.text).slice(0, 400));
    const no = number.exec(textOf(receipt.text))?.[0];
    assert.ok(no, 'a receipt with a number');
    assert.ok(!sent.has(no), `${no} was given twice`);
    sent.add(no);
    this.pending = null;
  }

  /** Until the server is gone. Only the connection may fail: an answer that is wrong fails the test. */
  async work(server, sent) {
    try {
      if (!this.client) {
        const c = new Client(server.url);
        await c.login('Anna Holm');
        this.client = c;
      }
      this.client.base = server.url;
      if (this.pending) await this.send(sent);
      for (;;) {
        const picture = { name: 'bad.png', type: 'image/png', bytes: Buffer.concat([png, randomBytes(Math.random() < 0.5 ? 1000 : 90000), png.subarray(-12)]) }; // it ends as a picture ends
        this.pending = await fill(this.client, [...aidsAnswers, { picture }]);
        await this.send(sent);
      }
    } catch (e) {
      if (e instanceof assert.AssertionError || !server.going) throw e;
      // Half a draft is not a promise; a review page is, and `pending` keeps it.
    }
  }
}

/** The numbers on Anna's list of cases, every page of it. */
async function listed(server) {
  const anna = new Client(server.url), all = [];
  await anna.login('Anna Holm');
  for (let at = '/mypage/casefiles'; at;) {
    const page = await anna.get(at);
    all.push(...textOf(page.text).match(new RegExp(number, 'g')) ?? []);
    const more = /href="(\/mypage\/casefiles\?after=[^"]+)"/.exec(page.text)?.[1];
    at = more && more !== at ? more.replaceAll('&amp;', '&') : null;
  }
  return all;
}

function verify(data, db) {
  const args = ['verify', '--data', data];
  if (db.url) args.push('--db', db.url);
  try {
    return execFileSync(binary, args, { encoding: 'utf8' });
  } catch (e) {
    assert.fail(`indgang verify: ${e.stdout}${e.stderr}`);
  }
}

/** `rounds` times: start, apply, end the process in its own way, verify. Then: everything that was promised is there once. */
async function endure(t, rounds, env, end) {
  const data = realpathSync(mkdtempSync(path.join(tmpdir(), 'indgang-power-'))), db = freshDatabase();
  const people = Array.from({ length: workers }, () => new Applicant()), sent = new Set();
  const starts = [];
  let last;
  try {
    for (let i = 1; i <= rounds; i++) {
      const server = last = await startServer({ data, db, env: env(data, i) });
      if (i > 1) starts.push(server.startedIn);
      const before = sent.size;
      const working = Promise.all(people.map(p => p.work(server, sent)));
      working.catch(() => {}); // awaited below
      const from = Date.now(), wait = 100 + Math.random() * 500;
      while (sent.size < before + 2 && Date.now() - from < 10000) await new Promise(r => setTimeout(r, 10));
      await new Promise(r => setTimeout(r, wait));
      server.going = true;
      await end(server);
      await working;
      verify(data, db);
    }
    const server = last = await startServer({ data, db });
    for (const p of people.filter(p => p.client)) {
      p.client.base = server.url;
      if (p.pending) await p.send(sent); // pressed again: the same case, or the first
    }
    const list = await listed(server);
    assert.equal(new Set(list).size, list.length, 'no number twice');
    assert.deepEqual(list.sort(), [...sent].sort(), 'exactly what was promised');
    const numbers = list.map(n => +n.slice(5));
    assert.equal(Math.max(...numbers) - Math.min(...numbers) + 1, numbers.length, 'no gap in the numbers');
    await server.stop({ keep: true });
    starts.push(server.startedIn);
    starts.sort((a, b) => a - b);
    const usual = starts[starts.length >> 1];
    t.diagnostic(`${rounds} times, ${list.length} applications; a restart took ${usual} ms, at most ${starts.at(-1)} ms`);
    assert.ok(usual < 1000, `a restart took ${usual} ms`);
  } finally {
    last?.process.kill('SIGKILL'); // a test that failed does not wait for its server
    rmSync(data, { recursive: true, force: true });
    rmSync(data + '.powercut', { recursive: true, force: true });
    db.drop();
  }
}

test('power cuts', { skip: !cuts ? 'not wanted' : engine !== 'sqlite' ? 'the shim knows SQLite' : !existsSync(shim) && 'the shim is not built (sanitizer)' }, async t => {
  await endure(t, cuts, (data, i) => ({ LD_PRELOAD: shim, POWERCUT_DIR: data, POWERCUT_SEED: String(i) }), async server => {
    server.process.kill('SIGUSR2');
    assert.equal((await server.ended).code, 137);
  });
});

test('kill -9', { skip: !kills }, async t => {
  await endure(t, kills, () => ({}), server => server.kill());
});

test('a full disk is said, and nothing is lost', { skip: engine !== 'sqlite' ? 'the shim knows SQLite' : !existsSync(shim) && 'the shim is not built (sanitizer)' }, async () => {
  const data = realpathSync(mkdtempSync(path.join(tmpdir(), 'indgang-full-'))), db = freshDatabase(), flag = data + '.full';
  const server = await startServer({ data, db, env: { LD_PRELOAD: shim, POWERCUT_DIR: data, POWERCUT_FULL: flag } });
  try {
    const anna = new Client(server.url);
    await anna.login('Anna Holm');
    const review = await fill(anna, aidsAnswers);
    writeFileSync(flag, '');
    const refused = await anna.submit('/casefile/submit', {}, { page: review });
    assert.equal(refused.status, 507, textOf(refused.text).slice(0, 300));
    assert.equal((await anna.request('/')).status, 200, 'what is there can be read');
    rmSync(flag);
    const receipt = await anna.submit('/casefile/submit', {}, { page: review });
    assert.match(textOf(receipt.text), number);
    const list = await anna.get('/mypage/casefiles');
    assert.equal(textOf(list.text).match(new RegExp(number, 'g')).length, 1, 'one case');
    verify(data, db);
  } finally {
    rmSync(flag, { force: true });
    await server.stop();
    rmSync(data + '.powercut', { recursive: true, force: true });
  }
});
