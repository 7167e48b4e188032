// PostgreSQL goes away under two processes that are at work: restarted, killed, failed over to a replica, cut off in the middle of
// a commit; and a process of ours that stands still with its locks. Nobody sees anything but the page that is wanted or a 503 that
// says what to do; afterwards all goes on without a restart of ours, and what was acknowledged is there.
import test from 'node:test';
import assert from 'node:assert/strict';
import net from 'node:net';
import { engine, startMany, startOne, until } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { citizen } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { begin, draft, inARow, learn, press, settleAll, verify, work } from '../lib/load.mjs';
import { clusters, isClean, pg, sql, under } from '../lib/clusters.mjs';
import { from_to, municipality, told } from '../lib/operation.mjs';

const only = { skip: engine === 'postgres' ? false : 'about PostgreSQL', timeout: 300e3 };
const quiet = ['--log', 'warn'];
const wait = ms => new Promise(r => setTimeout(r, ms));

test('PostgreSQL is restarted under load: a pause, not an error', only, async t => {
  const c = clusters(1), db = { url: c.urls[0] + '/indgang', drop() {} };
  const house = await startMany(2, { db, args: [...quiet, ...municipality()] });
  try {
    const model = await learn(house), began = Date.now(), fasts = [], all = [];
    for (let i = 0; i < 8; i++) fasts.push(await begin(house));
    for (const mode of ['fast', 'immediate', 'fast', 'immediate']) {
      let ms; // on a slow machine PostgreSQL itself may need longer than anybody waits for it
      const r = await under(house, model, fasts, async goes_on => {
        const from = Date.now();
        pg('restart', c.a, mode);
        await goes_on('it to go on');
        ms = Date.now() - from;
        t.diagnostic(`${mode}: goes on after ${ms} ms`);
      });
      if (ms < 4000) assert.equal(r.trouble.reads + r.trouble.writes, 0, `${mode}: nobody saw an error but those whose commit was cut off: ${JSON.stringify(r.trouble)}`);
      all.push(...r.sent);
    }
    inARow(await settleAll(all, model), all.length);
    await verify(house);
    await told(house, from_to, began);
    t.diagnostic(`${all.length} submissions`);
  } finally {
    await house.stop();
    c.stop();
  }
});

test('PostgreSQL is away for longer: 503 with a page that says what to do, at once; then all goes on', only, async t => {
  const c = clusters(1), db = { url: c.urls[0] + '/indgang', drop() {} };
  const house = await startMany(2, { db, args: [...quiet, ...municipality()] }), browser = await launch();
  try {
    const model = await learn(house), began = Date.now(), fasts = [], page = await visitor(browser, house);
    for (let i = 0; i < 8; i++) fasts.push(await begin(house));
    await login(page, 'Anna Holm');
    const anna = await citizen(house);
    const r = await under(house, model, fasts, async (goes_on, trouble) => {
      pg('halt', c.a, 'fast');
      await until('people to be told', () => trouble.reads > 8 && trouble.writes > 8, 20000);
      await wait(500);
      const from = Date.now();
      assert.equal((await anna.request('/mypage')).status, 503);
      assert.ok(Date.now() - from < 2000, `told after ${Date.now() - from} ms`);
      assert.equal((await new Client(house.url).get('/service')).status, 200, 'what we offer can be read all the same');
      for (const s of house.all) {
        assert.equal((await fetch(s.url + '/healthz')).status, 200, 'the process lives');
        assert.equal((await fetch(s.url + '/readyz')).status, 503, 'and says that it cannot serve');
      }
      await page.goto('/mypage');
      assert.match(await page.textContent('h1'), /Vi kan ikke nå vores oplysninger/);
      await check(page, 'the database is away');
      pg('go', c.a);
      t.diagnostic(`goes on after ${await goes_on('it to go on')} ms`);
      await page.reload();
      assert.match(await page.textContent('h1'), /Anna Holm/);
    });
    assert.equal(r.trouble.unsure + r.trouble.reads + r.trouble.writes > 16, true);
    inARow(await settleAll(r.sent, model), r.sent.length);
    await verify(house);
    assert.equal((await told(house, from_to, began)).match(new RegExp(from_to, 'g')).length, 1, 'once, though two processes saw it');
    t.diagnostic(JSON.stringify(r.trouble));
  } finally {
    await browser.close();
    await house.stop();
    c.stop();
  }
});

test('a replica takes over under load: nothing acknowledged is lost', only, async t => {
  const c = clusters(2), ports = c.urls.map(u => new URL(u.replace('postgresql', 'http')).host).join(',');
  const db = { url: `postgresql://indgang@${ports}/indgang`, drop() {} };
  const house = await startMany(2, { db, args: [...quiet, ...municipality()] });
  try {
    assert.equal(sql(c.urls[0] + '/indgang', 'SELECT sync_state FROM pg_stat_replication'), 'sync');
    const model = await learn(house), began = Date.now(), fasts = [];
    for (let i = 0; i < 8; i++) fasts.push(await begin(house));
    const r = await under(house, model, fasts, async goes_on => {
      pg('halt', c.a, 'immediate');
      await wait(300);
      pg('promote', c.b);
      t.diagnostic(`goes on after ${await goes_on('it to go on')} ms`);
    });
    assert.equal(sql(c.urls[1] + '/indgang', 'SELECT pg_is_in_recovery()'), 'f');
    inARow(await settleAll(r.sent, model), r.sent.length);
    await verify(house);
    assert.equal((await told(house, from_to, began)).match(new RegExp(from_to, 'g')).length, 1, 'once, though two processes saw it');
    t.diagnostic(`${r.sent.length} submissions, ${r.acknowledged} acknowledged at once, seen by people: ${JSON.stringify(r.trouble)}`);
  } finally {
    await house.stop();
    c.stop();
  }
});

test('the replica does not confirm: nobody is told that it was saved', only, async () => {
  const c = clusters(2), db = { url: c.urls[0] + '/indgang', drop() {} };
  const one = await startOne({ db, args: quiet });
  try {
    const model = await learn(one), fast = await begin(one), d = await draft(fast, model);
    pg('halt', c.b, 'fast');
    let answer = null;
    press(fast, model, d.id).then(a => { answer = a; });
    const cancel = () => sql(db.url, "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
    await until('a commit to wait for its replica', () => +sql(db.url, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0);
    assert.equal(answer, null, 'and the person with it');
    await until('an answer, when the commits are told to wait no longer', () => { cancel(); return answer; });
    isClean(answer);
    assert.match(textOf(answer.text), /Vi ved ikke, om det blev gemt/);
    pg('go', c.b);
    const again = await press(fast, model, d.id);
    assert.equal(again.status, 303, 'sent again');
    inARow(await settleAll([{ fast, draft: d.id, acknowledged: true }], model), 1);
  } finally {
    try { pg('go', c.b); } catch { /* it runs */ }
    await one.stop();
    c.stop();
  }
});

/** Between a process of ours and PostgreSQL: passes on what is said, until cut('before' or 'after') says that the next COMMIT is
    the last that goes through, or the last that does not. */
async function between(port) {
  let how = null, cuts = 0;
  const server = net.createServer(near => {
    const far = net.connect(port, '127.0.0.1');
    for (const [from, to] of [[near, far], [far, near]]) { from.on('error', () => to.destroy()); from.on('close', () => to.destroy()); }
    far.on('data', d => near.write(d));
    near.on('data', d => {
      if (!how || !d.includes('COMMIT')) return far.write(d);
      cuts++;
      if (how === 'before') { how = null; near.destroy(); return; }
      how = null;
      near.pause();
      far.removeAllListeners('data');
      far.on('data', () => { near.destroy(); far.destroy(); }); // it has answered, and nobody hears it
      far.write(d);
    });
  });
  await new Promise(r => server.listen(0, '127.0.0.1', r));
  return { port: server.address().port, cut(when) { how = when; }, get cuts() { return cuts; }, stop: () => new Promise(r => { server.close(r); }) };
}

test('the connection is lost between a commit and its answer: a submission is found again, anything else is told as it is', only, async () => {
  const c = clusters(1), way = await between(+new URL(c.urls[0].replace('postgresql', 'http')).port);
  const db = { url: `postgresql://indgang@127.0.0.1:${way.port}/indgang`, drop() {} };
  const one = await startOne({ db, args: quiet });
  try {
    const model = await learn(one), fast = await begin(one), sent = [];
    for (const when of ['after', 'before', 'after', 'before']) {
      const d = await draft(fast, model), cuts = way.cuts;
      await wait(1500); // the jobs of the last one
      way.cut(when);
      const a = await press(fast, model, d.id);
      assert.equal(way.cuts, cuts + 1, 'it was cut');
      assert.equal(a.status, 303, `${when}: ${textOf(a.text).slice(0, 300)}`);
      sent.push({ fast, draft: d.id, acknowledged: true });
    }
    inARow(await settleAll(sent, model), 4);

    // a draft that is saved: nobody can know, and the page says so
    const anna = await citizen(one);
    let form, told;
    for (let i = 0; i < 3 && told?.status !== 503; i++) { // a commit of a scheduled job may have been the one that was cut
      await anna.get('/form/lette-hjaelpemidler');
      await anna.submit('/start');
      form = anna.last;
      await wait(1500);
      way.cut('after');
      told = await anna.submit('/form/draft/', { phone: '20 00 00 01' }, { page: form });
    }
    assert.equal(told.status, 503);
    assert.match(textOf(told.text), /Vi ved ikke, om det blev gemt/);
    assert.match(textOf(told.text), /se efter, om det er kommet med/);
    const again = await anna.submit('/form/draft/', { phone: '20 00 00 01' }, { page: form });
    assert.ok([200, 409].includes(again.status), `sent again: ${again.status}`);
    assert.match(again.text, /20 00 00 01|aids/, 'it had been saved, and is shown as it is');
    await verify(one);
  } finally {
    await one.stop();
    await way.stop();
    c.stop();
  }
});

test('the connection is lost between the commit of the access log and its answer: the page comes, and the look stands there once', only, async () => {
  const c = clusters(1), way = await between(+new URL(c.urls[0].replace('postgresql', 'http')).port);
  const url = `${c.urls[0]}/indgang`, one = await startOne({ db: { url: `postgresql://indgang@127.0.0.1:${way.port}/indgang`, drop() {} }, args: quiet });
  try {
    const model = await learn(one), fast = await begin(one), rikke = await citizen(one, 'Rikke Vang');
    assert.equal((await press(fast, model, (await draft(fast, model)).id)).status, 303);
    const no = sql(url, 'SELECT no FROM casefile LIMIT 1'), looks = () => +sql(url, 'SELECT count(*) FROM access_view');
    for (const when of ['after', 'before', 'after', 'after']) { // a commit of a scheduled job may be the one that is cut
      await wait(1500);
      const cuts = way.cuts, before = looks();
      way.cut(when);
      const a = await rikke.get('/desk/search?q=' + no);
      assert.equal(a.status, 200);
      assert.match(textOf(a.text), new RegExp(no));
      assert.equal(looks(), before + 1, when);
      assert.equal(way.cuts, cuts + 1, 'it was cut');
    }
    await verify(one);
  } finally {
    await one.stop();
    await way.stop();
    c.stop();
  }
});

test('a process stands still in the middle of its work: the others go on without it', only, async t => {
  const c = clusters(1), db = { url: c.urls[0] + '/indgang', drop() {} };
  const house = await startMany(2, { db, args: quiet }), [first, second] = house.all;
  try {
    const model = await learn(house), fasts = [], all = [];
    for (let i = 0; i < 8; i++) fasts.push(await begin(house));
    // stopped again and again until it holds the row that every submission waits for
    let held = false, late = 0; // those whose own process stood still may be told to try again
    const state = { running: true, sent: [], acknowledged: 0, onTrouble(a) { assert.ok(a, 'an answer comes'); isClean(a); late++; } };
    const working = fasts.map(f => work(f, model, state));
    working.forEach(w => w.catch(() => {}));
    for (let i = 0; i < 60 && !held; i++) {
      await wait(200 + Math.random() * 100);
      second.process.kill('SIGSTOP');
      await wait(300);
      held = +sql(db.url, "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' AND query ~ 'UPDATE'") > 0;
      if (!held) second.process.kill('SIGCONT');
    }
    assert.ok(held, 'it was stopped in the middle of a transaction');
    house.all = [first]; // the load balancer notices
    const more = await Promise.all([begin(first), begin(first)]), from = Date.now();
    const others = { running: true, sent: [], acknowledged: 0, onTrouble: state.onTrouble }, on = more.map(f => work(f, model, others));
    on.forEach(w => w.catch(() => {}));
    await until('the other to go on', () => others.acknowledged > 4, 60000);
    const ms = Date.now() - from;
    second.process.kill('SIGCONT');
    house.all = [first, second];
    await wait(500);
    state.running = others.running = false;
    await Promise.all([...working, ...on]);
    all.push(...state.sent, ...others.sent);
    inARow(await settleAll(all, model), all.length);
    await verify(house);
    t.diagnostic(`the other went on after ${ms} ms; ${all.length} submissions, ${late} told to try again`);
  } finally {
    second.process.kill('SIGCONT');
    house.all = [first, second];
    await house.stop();
    c.stop();
  }
});
