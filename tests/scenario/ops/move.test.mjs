// A municipality outgrows SQLite: everything into PostgreSQL by one command, with equal counts and sums; the seals of the access
// log still hold; the server goes on there, and nobody goes on in the old database by mistake. And back again.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { engine, freshDatabase, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { aidsAnswers, apply, citizen, png, takeCase } from '../lib/people.mjs';
import { ask, counts, indgang } from '../lib/command.mjs';

const lite = { url: null };

test('from SQLite to PostgreSQL and back', { skip: engine !== 'postgres' && 'needs PostgreSQL' }, async t => {
  const place = mkdtempSync(path.join(tmpdir(), 'indgang-move-')), data = path.join(place, 'data');
  const db = freshDatabase();
  let server;
  try {
    const filled = await indgang('demo', '--data', data, '--casefiles', '300');
    assert.equal(filled.code, 0, filled.text);
    server = await startServer({ data, db: lite });
    const anna = await citizen(server);
    const picture = { name: 'hæfte 你好 \u{1F9D1}.png', type: 'image/png', bytes: Buffer.concat([png, Buffer.from(Array.from({ length: 256 }, (_, i) => i))]) };
    const { no } = await apply(anna, [...aidsAnswers, { picture }]);
    const bo = await citizen(server, 'Bo Kjær');
    await takeCase(bo, no); // rows in the access log
    await server.stop({ keep: true }); // sealing is due every minute: let it be due now
    ask(data, lite, "UPDATE job_schedule SET next_us = 1 WHERE kind = 'access_seal'");
    server = await startServer({ data, db: lite });
    await until('the seal', () => ask(data, lite, 'SELECT no FROM access_batch', 'indgang-log.db').length);
    const busy = await indgang('move', '--data', data, '--to-db', db.url);
    assert.equal(busy.code, 1);
    assert.match(busy.text, /stop it first/, 'not while a server runs');
    await server.stop({ keep: true });

    const before = counts(data, lite);
    const moved = await indgang('move', '--data', data, '--to-db', db.url);
    assert.equal(moved.code, 0, moved.text);
    assert.match(moved.text, /counts and checksums are equal on both sides/);
    assert.deepEqual(counts(data, db), before, 'counted from outside');
    const said = Object.fromEntries([...moved.text.matchAll(/^ {2}(\w+) +(\d+) rows/gm)].map(m => [m[1], +m[2]]));
    assert.deepEqual(said, before);
    const titles = `SELECT c.id, c.no, p.id FROM casefile c LEFT JOIN party p ON p.id = c.party_id ORDER BY c.id`;
    assert.deepEqual(ask(data, db, titles), ask(data, lite, titles));
    const verified = await indgang('verify', '--data', data, '--db', db.url);
    assert.equal(verified.code, 0, verified.text);
    assert.match(verified.text, /access log: \d+ rows under [1-9]\d* seals.* 0 faults/);

    const old = await indgang('serve', '--data', data, '--demo');
    assert.equal(old.code, 1);
    assert.match(old.text, /was moved to PostgreSQL on 2\d\d\d-.*start with --db/);
    const twice = await indgang('move', '--data', data, '--db', db.url, '--to-db', db.url);
    assert.match(twice.text, /use backup and restore/);

    server = await startServer({ data, db });
    const again = await citizen(server);
    assert.match(textOf((await again.get('/mypage/casefiles')).text), new RegExp(no));
    await apply(again);
    const caseworker = await citizen(server, 'Bo Kjær');
    await caseworker.get('/desk/search?q=' + no);
    await server.stop({ keep: true });

    const there = counts(data, db), file = path.join(data, 'small.db');
    const back = await indgang('move', '--data', data, '--db', db.url, '--to-db', 'sqlite:' + file);
    assert.equal(back.code, 0, back.text);
    const other = path.join(place, 'other'); // the same house under its usual name
    cpSync(data, other, { recursive: true, filter: f => !/indgang(-log)?\.db/.test(f) });
    for (const part of ['', '-log']) for (const end of ['', '-wal', '-shm']) {
      try { cpSync(path.join(data, `small${part}.db${end}`), path.join(other, `indgang${part}.db${end}`)); } catch { /* none */ }
    }
    assert.deepEqual(counts(other, lite), there);
    const whole = await indgang('verify', '--data', other);
    assert.equal(whole.code, 0, whole.text);
    t.diagnostic(`${Object.values(before).reduce((a, b) => a + b)} rows in ${Object.keys(before).length} tables`);
  } finally {
    if (server?.process.exitCode === null) await server.stop({ keep: true });
    rmSync(place, { recursive: true, force: true });
    db.drop();
  }
});

test('moved is moved, also when counting for the planner fails after it', { skip: engine !== 'postgres' && 'needs PostgreSQL' }, async () => {
  const place = mkdtempSync(path.join(tmpdir(), 'indgang-move-')), data = path.join(place, 'data'), db = freshDatabase();
  // An index whose function will not be asked by ANALYZE, on the first table that is made.
  ask(data, db, `CREATE FUNCTION uncounted(v int8) RETURNS int8 IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
    IF current_query() = 'ANALYZE' THEN RAISE 'not counted'; END IF; RETURN v; END $$;
    CREATE FUNCTION trap() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    IF to_regclass('uncounted_index') IS NULL AND to_regclass('casefile') IS NOT NULL THEN
      CREATE INDEX uncounted_index ON casefile (uncounted(id)); END IF; END $$;
    CREATE EVENT TRIGGER trap ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION trap()`);
  try {
    const filled = await indgang('demo', '--data', data, '--casefiles', '20');
    assert.equal(filled.code, 0, filled.text);
    const before = counts(data, lite), moved = await indgang('move', '--data', data, '--to-db', db.url);
    assert.equal(moved.code, 0, moved.text);
    assert.deepEqual(counts(data, db), before);
    assert.throws(() => ask(data, db, 'ANALYZE'), /not counted/, 'the trap was set');
    assert.match((await indgang('serve', '--data', data, '--demo')).text, /was moved to PostgreSQL/);
  } finally {
    rmSync(place, { recursive: true, force: true });
    db.drop();
  }
});
