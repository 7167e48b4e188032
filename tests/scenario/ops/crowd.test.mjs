// Three thousand jobs are late (a night's import, a mail server that came back): what is sent now is done now, the administrator reads
// it, and the queue empties by itself.
import test from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { apply, citizen } from '../lib/people.mjs';
import { ask } from '../lib/command.mjs';

const LATE = 3000;

test('a full job queue: what is sent now does not stand behind it, a line to the administrator, and it empties', { timeout: 180000 }, async () => {
  const server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] });
  const number = sql => Number(ask(server.data, server.db, sql)[0][0]);
  try {
    const ulla = await citizen(server, 'Ulla Thorsen'), anna = await citizen(server);
    ask(server.data, server.db, `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${LATE})
      INSERT INTO job (id, kind, key, payload, state, due_us, attempts, claim, added_us) SELECT i, 'jobs_sweep', 'late-' || i, '', 0, 1000000 + i, 0, 0, 1000000 FROM n`);
    assert.match(textOf((await ulla.get('/admin/digest')).text), /Arbejde i baggrunden: Noget skulle have været gjort/);
    const { no } = await apply(anna);
    await until('the mail that says so', () => server.mails().some(m => /anna/i.test(m)), 60000);
    assert.ok(textOf((await anna.get('/mypage/casefiles')).text).includes(no));
    await until('the queue to empty', () => !number("SELECT count(*) FROM job WHERE kind = 'jobs_sweep' AND state < 2"), 120000);
    assert.equal(number("SELECT count(*) FROM job WHERE key LIKE 'late-%' AND state <> 2"), 0, 'each was done, none given up');
    const mailed = number("SELECT min(ended_us) FROM job WHERE kind = 'mail' AND state = 2"), last = number("SELECT max(ended_us) FROM job WHERE key LIKE 'late-%'");
    assert.ok(mailed < last, 'the mail went before the last of them');
    assert.doesNotMatch(textOf((await ulla.get('/admin/digest')).text), /Noget skulle have været gjort/);
  } finally {
    await server.stop();
  }
});
