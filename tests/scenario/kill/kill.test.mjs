// kill -9 of the server under a load of submissions, again and again. After each: it answers within a second, every submission
// that was acknowledged is there under the same number, one that was cut off can be sent again and makes one case, and the
// numbers have neither gaps nor doubles. KILLS says how often (./test: 50; ./bench --kill: 1000).
// Power cuts and full disks: ../power.
import test from 'node:test';
import assert from 'node:assert/strict';
import { engine, freePort, startServer } from '../lib/server.mjs';
import { begin, inARow, learn, settleAll, verify, work } from '../lib/load.mjs';

const kills = +(process.env.KILLS || 50), CLIENTS = 8;

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
      await settleAll(state.sent, model, numbers);
      all.push(...state.sent);
      if (k % 10 === 0) await verify(server);
    }
    await settleAll(all, model, numbers);
    assert.ok(all.length > kills, `only ${all.length} submissions: the load was none`);
    inARow(numbers, all.length);
    await verify(server);
    t.diagnostic(`${all.length} submissions, ${cut} cut off, slowest restart ${slowest} ms`);
  } finally {
    await server.stop();
  }
});
