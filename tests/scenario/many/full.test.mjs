// PostgreSQL refuses to write: its disk is full, its log's disk is full, it is read-only, or the replica that is left is not
// promoted yet. A submission is acknowledged and kept, or refused with a page that says what to do, and its draft is kept; when
// PostgreSQL writes again all goes on without anybody's doing, and the administrator's page and daily mail tell from when to when.
import test from 'node:test';
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { binary, engine, startMany, startOne, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { begin, inARow, learn, settleAll, verify } from '../lib/load.mjs';
import { clusters, isClean, pg, pgWith, sql, under } from '../lib/clusters.mjs';
import { from_to, municipality, told } from '../lib/operation.mjs';

const shim = path.join(path.dirname(binary), 'tests/libfulldisk.so');
const only = { skip: engine === 'postgres' ? false : 'about PostgreSQL', timeout: 300e3 };
const shimmed = { ...only, skip: only.skip || (!existsSync(shim) && 'the shim is not built (sanitizer)') };
const wait = ms => new Promise(r => setTimeout(r, ms));
const refused = /Disken var fuld[^-]*? (?:Første gang (\d+\. \S+ \d+ kl\. \d+\.\d+), s|S)enest (\d+\. \S+ \d+ kl\. \d+\.\d+)\./;

/** The environment of a PostgreSQL whose disk can be made full by a file in the folder: flag(dir). */
const flag = dir => path.join(dir, 'full');
function onFullDisk(dir) {
  const mine = path.join(dir, 'fulldisk.so'); // where the server's user can read it
  copyFileSync(shim, mine);
  chmodSync(mine, 0o755);
  return { LD_PRELOAD: mine, FULLDISK: flag(dir) };
}

/** Refused for want of room, or because something else that needs room came first. */
function saysNoRoom(a) {
  if (a.status === 503) return isClean(a);
  assert.equal(a.status, 507, `${a.status} ${textOf(a.text).slice(0, 300)}`);
  assert.match(textOf(a.text), /ikke plads til at gemme mere hos os, og intet er gemt\. Prøv igen senere, eller ring til os/);
  assert.match(a.text, /<h1>/);
}

/** 8 people send while break_it and mend_it happen; all that was sent is there once. */
async function endure(t, c, { break_it, mend_it, line, clean, url = c.urls[0] + '/indgang' }) {
  const house = await startMany(2, { db: { url, drop() {} }, args: ['--log', 'warn', ...municipality()] });
  try {
    const model = await learn(house), began = Date.now(), fasts = [];
    for (let i = 0; i < 8; i++) fasts.push(await begin(house));
    const r = await under(house, model, fasts, async (goes_on, trouble) => {
      await break_it();
      await until('people to be told', () => trouble.writes > 8, 60000);
      await mend_it();
      t.diagnostic(`goes on after ${await goes_on('it to go on')} ms`);
    }, clean);
    inARow(await settleAll(r.sent, model), r.sent.length);
    await verify(house);
    await told(house, line, began);
    t.diagnostic(`${r.sent.length} submissions, ${r.acknowledged} acknowledged at once; ${JSON.stringify(r.trouble)}`);
  } finally {
    await house.stop();
  }
}

test('the disk of the tables is full: said, nothing lost, and it goes on when there is room', shimmed, async t => {
  const c = clusters(1, onFullDisk);
  try {
    await endure(t, c, {
      break_it() { writeFileSync(flag(c.dir), '/base/'); },
      mend_it() { rmSync(flag(c.dir)); },
      line: refused, clean: saysNoRoom,
    });
  } finally { c.stop(); }
});

test('the disk of its log is full: PostgreSQL ends itself, and goes on when it is started with room', shimmed, async t => {
  const c = clusters(1, onFullDisk);
  const ends = () => { try { for (let i = 0; i < 100; i++) sql(c.urls[0] + '/indgang', 'SELECT pg_switch_wal()'); return false; } catch { return true; } };
  try {
    await endure(t, c, {
      async break_it() {
        writeFileSync(flag(c.dir), '/pg_wal/');
        await until('it to end', ends);
      },
      async mend_it() {
        rmSync(flag(c.dir));
        await until('it to run', () => {
          try { sql(c.urls[0] + '/indgang', 'SELECT 1'); return true; } catch { /* it recovers, or is to be started */ }
          try { pgWith(onFullDisk(c.dir), 'go', c.a); } catch { /* its last process has not ended yet */ }
        }, 60000);
      },
      line: from_to,
    });
  } finally { c.stop(); }
});

test('it becomes read-only: 503, and it goes on when it may be written', only, async t => {
  const c = clusters(1), url = c.urls[0] + '/indgang';
  const say = value => sql(url, `ALTER SYSTEM SET default_transaction_read_only = ${value}`) + sql(url, 'SELECT pg_reload_conf()');
  try {
    await endure(t, c, { break_it() { say('on'); }, mend_it() { say('off'); }, line: from_to });
  } finally { c.stop(); }
});

test('the replica that is left is not promoted for a while: 503, and it goes on when it is', only, async t => {
  const c = clusters(2), ports = c.urls.map(u => new URL(u.replace('postgresql', 'http')).host).join(',');
  try {
    await endure(t, c, {
      url: `postgresql://indgang@${ports}/indgang`,
      break_it() { pg('halt', c.a, 'immediate'); },
      mend_it() { pg('promote', c.b); },
      line: from_to,
    });
  } finally { c.stop(); }
});

test('it is restarted at night, when nobody is there: told all the same, once', only, async () => {
  const c = clusters(1), db = { url: c.urls[0] + '/indgang', drop() {} };
  const one = await startOne({ db, args: ['--log', 'warn', ...municipality()] });
  try {
    const began = Date.now();
    pg('restart', c.a, 'fast');
    await until('the loss to be noticed', async () => { await wait(1000); return +sql(db.url, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'indgang'") > 0; }, 30000);
    const mail = await told(one, from_to, began);
    assert.equal(mail.match(new RegExp(from_to, 'g')).length, 1);
  } finally {
    await one.stop();
    c.stop();
  }
});
