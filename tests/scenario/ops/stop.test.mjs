// SIGTERM while the night's erasure has much to do: the program ends with work left. What was erased stays erased, the run that was
// cut off counts no try, and the next start goes on where it was.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { engine, freshDatabase, startOne, until } from '../lib/server.mjs';
import { ask, indgang } from '../lib/command.mjs';

const data = mkdtempSync(path.join(tmpdir(), 'indgang-stop-')), db = freshDatabase(process.env.INDGANG_TEST_MIGRATED);
let server;
after(async () => {
  await server?.stop({ keep: true });
  rmSync(data, { recursive: true, force: true });
  db.drop();
});
const dbFlag = db.url ? ['--db', db.url] : [], sql = text => ask(data, db, text);
const YEAR = 366n * 86400n * 1000000n;

test(`a retention that is cut off goes on, on ${engine}`, { timeout: 300e3 }, async t => {
  const demo = await indgang('demo', '--data', data, ...dbFlag, '--casefiles', '600', '--log', 'warn');
  assert.equal(demo.code, 0, demo.text);
  const closed = BigInt(Date.now()) * 1000n - 40n * YEAR;
  sql(`UPDATE record_casefile SET closed_us = ${closed}, dispose_us = ${closed + 30n * YEAR} WHERE closed_us IS NOT NULL AND retention LIKE 'years:%'`);
  sql("INSERT INTO job_schedule (kind, next_us) VALUES ('retention_run', 0)");
  const erased = () => +sql('SELECT count(*) FROM record_casefile WHERE disposal_id IS NOT NULL')[0][0];
  const due = +sql(`SELECT count(*) FROM record_casefile WHERE closed_us = ${closed}`)[0][0];
  const job = () => sql("SELECT state, attempts FROM job WHERE kind = 'retention_run'");
  assert.ok(due > 200, `${due} are due`);

  server = await startOne({ data, db });
  await until('the first to be erased', erased);
  await server.stop({ keep: true });
  assert.match(server.log(), /event=job-stopped .*kind=retention_run/);
  const some = erased();
  assert.ok(some > 0 && some < due, `${some} of ${due} were erased`);
  assert.deepEqual(job(), [['0', '0']], 'it waits, and has lost no try');
  t.diagnostic(`${some} of ${due} before the end`);

  server = await startOne({ data, db });
  await until('the rest to be erased', () => erased() === due, 120e3);
  await until('the job to end', () => job()[0][0] === '2');
  assert.deepEqual(job(), [['2', '1']]);
  await server.stop({ keep: true });
  const verified = await indgang('verify', '--data', data, ...dbFlag);
  assert.equal(verified.code, 0, verified.text);
});
