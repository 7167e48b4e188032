// Several processes on one PostgreSQL and one document folder, each request of a person to the next of them. The stories
// themselves are run so by INDGANG_PROCESSES=2 (tests/all); here is what only shows when two do the same thing at once, and when
// one of them dies or stands still.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, engine, freshDatabase, municipalityWith, root, startMany, startOne, until } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, decide, sendLetter, takeCase } from '../lib/people.mjs';
import { begin, draft, inARow, learn, press, settleAll, verify, work } from '../lib/load.mjs';

const only = { skip: engine === 'postgres' ? false : 'several processes need PostgreSQL', timeout: 300e3 };
const quiet = ['--log', 'warn'];
/** Rows of a query, each a list of texts. */
const sql = (server, query) => execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', query, server.db.url], { encoding: 'utf8' }).trim().split('\n').filter(Boolean).map(l => l.split('|'));
const count = (server, query) => +sql(server, query)[0][0];
const wait = ms => new Promise(r => setTimeout(r, ms));

test('three begin at once on nothing', only, async () => {
  const house = await startMany(3, { db: freshDatabase(), args: quiet });
  try {
    assert.deepEqual(sql(house, 'SELECT key FROM service_version GROUP BY key HAVING count(*) > 1'), [], 'each service was published once');
    assert.ok(count(house, 'SELECT count(*) FROM service') > 2);
    assert.equal(count(house, "SELECT count(*) FROM keys_check WHERE kind = 'lookup'"), 1);
    assert.equal(count(house, 'SELECT count(*) FROM keys_check'), 3, 'one key of each kind');
    for (const s of house.all) assert.doesNotMatch(s.log(), /level=error/);
    await verify(house);
  } finally {
    await house.stop();
  }
});

test('64 people press at the same moment, half of them twice', only, async t => {
  const house = await startMany(3, { args: [...quiet, '--municipality', municipalityWith({ recall_seconds: 1 })] });
  try {
    const model = await learn(house), bo = await citizen(house, 'Bo Kjær'), began = Date.now();
    const first = await apply(await citizen(house)); // with a name, for Bo to see
    const fasts = [], sent = [];
    for (let i = 0; i < 64; i++) fasts.push(await begin(house));
    for (let round = 0; round < 3; round++) {
      const drafts = await Promise.all(fasts.map(f => draft(f, model)));
      for (const [i, d] of drafts.entries()) { assert.ok(d.id, `a draft: ${d.answer?.status}`); sent.push({ fast: fasts[i], draft: d.id, acknowledged: true }); }
      house.proxy.counts.clear();
      // sealing, in all of them at once, while Bo looks
      sql(house, `INSERT INTO job (id, kind, key, payload, state, due_us, attempts, claim, added_us) SELECT ${round} * 100 + n, 'access_seal', 'test-${round}-' || n, '', 0, 0, 0, 0, 0 FROM generate_series(1, 9) n`);
      const answers = await Promise.all([
        ...drafts.flatMap((d, i) => [press(fasts[i], model, d.id), ...(i % 2 ? [press(fasts[i], model, d.id)] : [])]),
        ...Array.from({ length: 12 }, () => bo.get('/desk')),
      ]);
      for (const a of answers) assert.ok(a.status === 303 || a.status === 200, `${a.status} ${textOf(a.text).slice(0, 200)}`);
      assert.deepEqual(house.all.map(s => house.proxy.counts.get(s.port) > 20), [true, true, true], 'all of them answered');
    }
    const numbers = await settleAll(sent, model, new Set([first.no.slice(5)]));
    inARow(numbers, 193);
    assert.equal(count(house, 'SELECT count(*) FROM casefile'), 193, 'one case file each');

    await until('the jobs to be done', () => count(house, "SELECT count(*) FROM job WHERE state <> 2") === 0, 120000);
    assert.deepEqual(sql(house, 'SELECT kind, key, attempts FROM job WHERE attempts <> 1'), [], 'each job ran once');
    assert.equal(count(house, "SELECT count(*) FROM job WHERE kind = 'casefile_pdf'"), 193);
    const minutes = Math.ceil((Date.now() - began) / 60000) + 1;
    assert.ok(count(house, "SELECT count(*) FROM job WHERE kind = 'access_seal' AND key LIKE 'at-%'") <= minutes, 'a schedule adds one job each time, however many processes look');
    const said = await verify(house), batches = +/under (\d+) seals/.exec(said)[1];
    assert.ok(batches > 1, said);
    assert.deepEqual(sql(house, 'SELECT min(no), max(no), count(*) FROM access_batch'), [['1', String(batches), String(batches)]], 'one chain');
    t.diagnostic(`${batches} seals; ${said.split('\n')[0]}`);
  } finally {
    await house.stop();
  }
});

test('the letter of a case goes out once, and one mail tells of it', only, async () => {
  const house = await startMany(2, { args: [...quiet, '--municipality', municipalityWith({ recall_seconds: 1 })] });
  try {
    const anna = await citizen(house), bo = await citizen(house, 'Bo Kjær');
    const { no, id } = await apply(anna);
    const desk = await takeCase(bo, no);
    await act(bo, desk, 'call', { text: 'Vi talte om det.', reached: 'yes' });
    await decide(bo, desk, ['granted', 'granted']);
    await sendLetter(bo, desk);
    await arrived(anna, id);
    await until('every mail', () => count(house, "SELECT count(*) FROM job WHERE kind = 'mail' AND state <> 2") === 0);
    const keys = sql(house, "SELECT key FROM job WHERE kind = 'mail'").map(r => r[0]);
    assert.ok(keys.length >= 2, 'of the receipt and of the letter');
    assert.equal(house.mails().length, keys.length, 'a mail of each notice');
    assert.equal(count(house, 'SELECT count(*) FROM letter'), 1);
  } finally {
    await house.stop();
  }
});

test('services change while another process runs: it offers them too, and who has begun goes on as before', only, async () => {
  const services = mkdtempSync(path.join(tmpdir(), 'indgang-services-')), file = path.join(services, 'ris-og-ros/service.yaml');
  cpSync(path.join(root, 'services'), services, { recursive: true });
  const house = await startMany(2, { args: [...quiet, '--services', services] });
  try {
    const anna = await citizen(house), model = await learn(house), fast = await begin(house), before = await draft(fast, model);
    assert.ok(before.id);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('{da: Ris og ros,', '{da: Ros og ris til os,'));
    cpSync(path.join(services, 'ris-og-ros'), path.join(services, 'ros-alene'), { recursive: true });
    rmSync(path.join(services, 'brystprotese'), { recursive: true });
    await house.all[1].stop({ keep: true });
    house.all[1] = await startOne({ data: house.data, db: house.db, args: [...quiet, '--services', services] });
    await wait(1500); // ops.md: within a second
    for (const s of house.all) {
      const c = new Client(s.url);
      assert.match(textOf((await c.get('/service')).text), /Ros og ris til os/, 'the new name');
      assert.equal((await c.request('/service/brystprotese')).status, 404, 'withdrawn');
      assert.equal((await c.request('/service/ros-alene')).status, 200, 'the new service');
      assert.equal((await c.request('/form/ros-alene')).status, 200, 'can be begun');
    }
    for (let i = 0; i < 2; i++) assert.equal((await fast.ask('GET', `/form/draft/${before.id}/review`)).status, 200, 'the draft lives on in both');
    assert.equal((await press(fast, model, before.id)).status, 303, 'and is sent under the version it was begun with');
    assert.equal(count(house, "SELECT count(*) FROM service_version WHERE key = 'ris-og-ros'"), 2);
    assert.equal((await anna.get('/mypage')).status, 200);
  } finally {
    await house.stop();
    rmSync(services, { recursive: true });
  }
});

test('keys are rotated while both run: all go over to the new key at once', only, async () => {
  const house = await startMany(2, { args: quiet });
  const of_key = () => sql(house, "SELECT DISTINCT get_byte(answers, 1)::bigint + get_byte(answers, 2) * 256 + get_byte(answers, 3) * 65536 + get_byte(answers, 4) * 16777216::bigint FROM form_draft WHERE sent_us IS NULL").flat();
  try {
    const model = await learn(house), fasts = [await begin(house), await begin(house)];
    for (const f of fasts) for (let i = 0; i < 3; i++) assert.ok((await draft(f, model)).id);
    assert.deepEqual(of_key(), ['1']);
    const kept = await draft(fasts[0], model);
    execFileSync(binary, ['keys', 'rotate', '--data', house.data, '--db', house.db.url, '--demo'], { cwd: root, stdio: 'pipe' });
    const [first, ...none] = of_key();
    assert.notEqual(first, '1');
    assert.deepEqual(none, [], 'all were sealed anew');
    for (const f of fasts) for (let i = 0; i < 4; i++) assert.ok((await draft(f, model)).id, 'both can seal');
    assert.deepEqual(of_key(), [first], 'and nobody seals with the old key any more');
    assert.equal((await press(fasts[1], model, kept.id)).status, 303, 'what was sealed before is read by both');
    for (const name of ['Anna Holm', 'Bo Kjær']) for (const s of house.all) await citizen(s, name);
  } finally {
    await house.stop();
  }
});

/** Let it stand still while a job of its is running: one that the others' do not end. Not for ever: it may have none. */
async function stopAtWork(house, victim) {
  const running = () => sql(house, "SELECT id FROM job WHERE state = 1 AND kind = 'casefile_pdf' AND attempts = 1").flat();
  for (let i = 0; i < 40; i++) {
    victim.process.kill('SIGSTOP');
    const before = running();
    if (before.length) await wait(200);
    if (before.length && running().some(id => before.includes(id))) return;
    victim.process.kill('SIGCONT');
    await wait(20 + Math.random() * 50);
  }
}

test('kill -9 of one under load: nothing acknowledged is lost, the other goes on and takes over its jobs', only, async t => {
  const house = await startMany(2, { args: quiet });
  try {
    const model = await learn(house), fasts = [], all = [], numbers = new Set();
    for (let i = 0; i < 8; i++) fasts.push(await begin(house));
    let taken = 0, troubles = 0, kills = 0;
    for (; kills < 6 && (kills < 4 || !taken); kills++) {
      const state = { running: true, sent: [], acknowledged: 0, onTrouble(a) { assert.ok(a === null || a.status === 502, `the other answers as always: ${a?.status}`); troubles++; } };
      const working = fasts.map(f => work(f, model, state));
      await wait(500 + Math.random() * 300);
      const victim = house.all.splice(kills % house.all.length, 1)[0];
      if (!taken) await stopAtWork(house, victim);
      await victim.kill();
      const so_far = state.acknowledged;
      await until('the other to go on', () => state.acknowledged > so_far);
      await wait(700);
      state.running = false;
      await Promise.all(working);
      // its jobs: their leases end, here at once
      const running = sql(house, "UPDATE job SET due_us = 1 WHERE state = 1 AND kind = 'casefile_pdf' AND attempts = 1 RETURNING id").flat();
      if (running.length) await until('its jobs to be taken over', () => count(house, `SELECT count(*) FROM job WHERE id IN (${running}) AND state = 2`) === running.length, 60000);
      taken += running.length;
      house.all.push(await startOne({ data: house.data, db: house.db, args: quiet }));
      await settleAll(state.sent, model, numbers);
      all.push(...state.sent);
    }
    inARow(numbers, all.length);
    assert.ok(taken, 'a job was running when its process was killed');
    await verify(house);
    t.diagnostic(`${kills} kills, ${all.length} submissions, ${troubles} requests cut off, ${taken} jobs taken over`);
  } finally {
    await house.stop();
  }
});
