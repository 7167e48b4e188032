// A backup made while people apply and the desk works; put back into an empty place, verified, served: everything that had a
// receipt when the backup began is there. And what restore refuses.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync, existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, engine, freshDatabase, startServer } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { aidsAnswers, apply, citizen, fill, png, takeCase, act } from '../lib/people.mjs';
import { counts, indgang, indgangIn } from '../lib/command.mjs';

const place = mkdtempSync(path.join(tmpdir(), 'indgang-backup-')), databases = [];
after(() => { rmSync(place, { recursive: true, force: true }); for (const db of databases) db.drop(); });
const empty = () => { const db = freshDatabase(); databases.push(db); return db; };
const dbFlag = db => db.url ? ['--db', db.url] : [];
const documents = data => readdirSync(path.join(data, 'files'), { recursive: true }).map(String).filter(n => !n.startsWith('.')).sort();
const number = /\b20\d\d-\d{6}\b/;

/** Somebody who applies again and again while `state.going`, with pictures on both sides of what the database holds itself. */
async function applying(server, name, state) {
  const c = await citizen(server, name);
  while (state.going) {
    const picture = { name: 'bad.png', type: 'image/png', bytes: Buffer.concat([png, randomBytes(state.sent.length % 2 ? 1000 : 90000), png.subarray(-12)]) }; // it ends as a picture ends
    await fill(c, [...aidsAnswers, { picture }]);
    const receipt = await c.submit('/casefile/submit');
    assert.equal(receipt.status, 200, textOf(receipt.text).slice(0, 300));
    state.sent.push(number.exec(textOf(receipt.text))[0]);
  }
}

/** Bo, who takes what comes and asks about it. */
async function working(server, state) {
  const bo = await citizen(server, 'Bo Kjær');
  for (let i = 0; state.going;) {
    await bo.get('/desk');
    if (i === state.sent.length) { await new Promise(r => setTimeout(r, 20)); continue; }
    const id = await takeCase(bo, state.sent[i++]);
    await act(bo, id, 'note', { text: 'Jeg har set på sagen og ringer i morgen.' });
    state.noted++;
  }
}

test(`a backup under load is whole, and is put back (${engine})`, async t => {
  const server = await startServer(), state = { going: true, sent: [], noted: 0 };
  let back;
  try {
    const load = Promise.all([...['Anna Holm', 'Dagny Lund', 'Anna Holm'].map(n => applying(server, n, state)), working(server, state)]);
    load.catch(() => { state.going = false; });
    while (state.sent.length < 12 && state.going) await new Promise(r => setTimeout(r, 20));
    const promised = [...state.sent], backup = path.join(place, 'warm');
    const made = await indgang('backup', '--data', server.data, '--to', backup, ...dbFlag(server.db));
    assert.equal(made.code, 0, made.text);
    assert.match(made.text, /key file .* is NOT in it/);
    const during = state.sent.length - promised.length;
    state.going = false;
    await load;

    const data = path.join(place, 'restored'), db = empty();
    const restored = await indgang('restore', '--from', backup, '--data', data, ...dbFlag(db));
    assert.equal(restored.code, 0, restored.text);
    assert.match(restored.text, /key file is never in a backup/);
    const keyless = await indgang('verify', '--data', data, ...dbFlag(db));
    assert.equal(keyless.code, 1);
    assert.match(keyless.text, /key/i, 'it says what is missing');
    cpSync(path.join(server.data, 'keys'), path.join(data, 'keys'));
    const verified = await indgang('verify', '--data', data, ...dbFlag(db));
    assert.equal(verified.code, 0, verified.text);
    assert.match(verified.text, /all is as it was left/);

    back = await startServer({ data, db });
    const people = ['Anna Holm', 'Dagny Lund'], seen = new Set();
    for (const name of people) {
      const c = await citizen(back, name);
      for (let at = '/mypage/casefiles'; at;) {
        const page = await c.get(at);
        for (const no of textOf(page.text).match(new RegExp(number, 'g')) ?? []) seen.add(no);
        at = /href="(\/mypage\/casefiles\?after=[^"]+)"/.exec(page.text)?.[1]?.replaceAll('&amp;', '&');
      }
    }
    assert.deepEqual(promised.filter(no => !seen.has(no)), [], 'what had a receipt when the backup began');
    await back.stop({ keep: true });
    t.diagnostic(`${promised.length} before, ${during} during the backup, ${seen.size} in it, ${state.noted} notes at the desk`);
    assert.ok(state.noted > 0, 'the desk worked');

    // At a standstill the copy is the house, row for row.
    await server.stop({ keep: true });
    const still = path.join(place, 'still'), again = path.join(place, 'again'), db2 = empty();
    mkdirSync(again);
    cpSync(path.join(server.data, 'keys'), path.join(again, 'keys')); // an administrator who thinks ahead
    assert.equal((await indgang('backup', '--data', server.data, '--to', still, ...dbFlag(server.db))).code, 0);
    const second = await indgang('restore', '--from', still, '--data', again, ...dbFlag(db2));
    assert.equal(second.code, 0, second.text);
    assert.match(second.text, /key file is in place/);
    assert.deepEqual(counts(again, db2), counts(server.data, server.db));
    assert.deepEqual(documents(again), documents(server.data));
    assert.ok(documents(again).length > 2, 'large documents were in it');
  } finally {
    state.going = false;
    await back?.stop({ keep: true }).catch(() => {});
    await server.stop();
  }
});

test('restore refuses what is not empty or not a backup, and says why', async () => {
  const server = await startServer(), backup = path.join(place, 'small');
  try {
    await indgang('backup', '--data', server.data, '--to', backup, ...dbFlag(server.db));
    const used = await indgang('restore', '--from', backup, '--data', server.data, ...dbFlag(empty()));
    assert.equal(used.code, 1);
    assert.match(used.text, /stop it first/, 'a server works there');
    const full = path.join(place, 'full');
    mkdirSync(full);
    writeFileSync(path.join(full, 'something'), 'x');
    const refused = await indgang('restore', '--from', backup, '--data', full, ...dbFlag(empty()));
    assert.equal(refused.code, 1);
    assert.match(refused.text, /not empty \(it has something\)/);
    assert.deepEqual(readdirSync(full).filter(n => n !== 'lock'), ['something'], 'nothing was touched');
    const none = await indgang('restore', '--from', full, '--data', path.join(place, 'x'), ...dbFlag(empty()));
    assert.equal(none.code, 1);
    assert.match(none.text, /is no backup/);
    if (engine === 'postgres') {
      const taken = await indgang('restore', '--from', backup, '--data', path.join(place, 'y'), '--db', server.db.url);
      assert.equal(taken.code, 1);
      assert.match(taken.text, /database is not empty/);
    }
    const other = await indgang('restore', '--from', backup, '--data', path.join(place, 'z'), ...(engine === 'sqlite' ? ['--db', 'postgresql://nowhere/x'] : []));
    assert.equal(other.code, 1);
    assert.match(other.text, engine === 'sqlite' ? /use indgang move/ : /name an empty one with --db/);
    // cut off in the middle: nothing opens half a house
    const half = path.join(place, 'half'), db = empty();
    mkdirSync(half);
    writeFileSync(path.join(half, 'restoring'), '');
    const opened = await indgang('verify', '--data', half, ...dbFlag(db));
    assert.equal(opened.code, 1);
    assert.match(opened.text, /did not end: empty it and restore again/);
    assert.ok(!existsSync(path.join(half, 'indgang.db')));
  } finally {
    await server.stop();
  }
});

/** A house at rest with a document that lies in a file of its own. */
async function quietHouse() {
  const server = await startServer(), anna = await citizen(server);
  const picture = { name: 'bad.png', type: 'image/png', bytes: Buffer.concat([png, randomBytes(300000), png.subarray(-12)]) };
  await apply(anna, [...aidsAnswers, { picture }]);
  await server.stop({ keep: true });
  return server;
}

const memory = '/dev/shm', elsewhere = existsSync(memory) && statSync(memory).dev !== statSync(place).dev;

test('a backup on another file system, and back from there', { skip: !elsewhere && `${memory} is not there or no other file system` }, async () => {
  const server = await quietHouse(), far = mkdtempSync(path.join(memory, 'indgang-backup-'));
  try {
    const backup = path.join(far, 'backup'), data = path.join(place, 'from-far'), db = empty();
    const made = await indgang('backup', '--data', server.data, '--to', backup, ...dbFlag(server.db));
    assert.equal(made.code, 0, made.text);
    const restored = await indgang('restore', '--from', backup, '--data', data, ...dbFlag(db));
    assert.equal(restored.code, 0, restored.text);
    cpSync(path.join(server.data, 'keys'), path.join(data, 'keys'));
    const verified = await indgang('verify', '--data', data, ...dbFlag(db));
    assert.equal(verified.code, 0, verified.text);
    assert.deepEqual(documents(data), documents(server.data));
    assert.ok(documents(data).some(n => statSync(path.join(data, 'files', n)).size > 300000), 'a large document was in it');
  } finally {
    rmSync(far, { recursive: true, force: true });
    await server.stop();
  }
});

const shim = path.join(path.dirname(binary), 'tests/libpowercut.so');

test('a backup that could not read everything does not call itself whole', async t => {
  const server = await quietHouse(), files = realpathSync(path.join(server.data, 'files')), strange = path.join(files, 'strange');
  const refuses = async (name, why, env = {}) => {
    const to = path.join(place, name), made = await indgangIn(env, 'backup', '--data', server.data, '--to', to, ...dbFlag(server.db));
    assert.equal(made.code, 1, made.text);
    assert.match(made.text, why);
    assert.ok(!existsSync(to), 'no folder of that name: a backup that has one is whole');
  };
  try {
    symlinkSync(strange, strange); // cannot be looked at
    await refuses('blind', /strange: Too many levels/);
    rmSync(strange);
    symlinkSync(path.join(place, 'nowhere'), strange); // gone: an orphan that was swept meanwhile
    const made = await indgang('backup', '--data', server.data, '--to', path.join(place, 'swept'), ...dbFlag(server.db));
    assert.equal(made.code, 0, made.text);
    rmSync(strange);
    await t.test('a sick disk', { skip: engine !== 'sqlite' ? 'the shim knows SQLite' : !existsSync(shim) && 'the shim is not built (sanitizer)' }, () =>
      refuses('sick', /files: Input\/output error/, { LD_PRELOAD: shim, POWERCUT_DIR: server.data, POWERCUT_UNREADABLE: files }));
  } finally {
    await server.stop();
  }
});
