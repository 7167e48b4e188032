// A port that somebody has already: the program says which and ends. A test that took the answer of whoever has the port for its
// own server's worked in another test's house, and a case nobody had sent stood there.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startOne } from '../lib/server.mjs';

test('a port that is taken', async () => {
  const first = await startOne(), second = await startOne();
  try {
    assert.notEqual(first.port, second.port, 'without a port asked for, each has its own');
    await assert.rejects(startOne({ port: first.port }), /cannot listen on 127\.0\.0\.1:\d+: Address already in use/);
  } finally {
    await first.stop();
    await second.stop();
  }
});
