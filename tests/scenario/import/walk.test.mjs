// Every imported form is filled in over HTTP, page by page, along three ways through it, and sent; the stored record holds
// the answers again, and the data contract (JSON Schema) fits them.
import test from 'node:test';
import assert from 'node:assert/strict';
import Ajv2020 from 'ajv/dist/2020.js';
import { ask } from '../lib/command.mjs';
import { startServer } from '../lib/server.mjs';
import { Client, textOf } from '../lib/client.mjs';
import { WAYS, fillIn, ways } from './walker.mjs';
import { importAll, indgang, municipality, skip } from './imported.mjs';

/** Without what is another each time: who a number belongs to, and the bytes of files. */
const plain = v => Array.isArray(v) ? v.map(plain)
  : v && typeof v === 'object' ? ('party' in v ? 'a person' : 'mime' in v ? v.name : Object.fromEntries(Object.entries(v).sort().map(([k, x]) => [k, plain(x)]))) : v;

/** The stored application that was sent last. */
function stored(server) {
  const bytes = server.db.url ? "encode(f.bytes, 'hex')" : 'hex(f.bytes)';
  const [[hex]] = ask(server.data, server.db, `SELECT ${bytes} FROM record_object o JOIN file f ON f.hash = o.hash WHERE o.mime = 'application/json' ORDER BY o.created_us DESC LIMIT 1`);
  return JSON.parse(Buffer.from(hex, 'hex').toString('utf8'));
}

test('all forms are filled in over HTTP along three ways, and come out again equal', { skip, timeout: 900000 }, async t => {
  const all = importAll(), told = [];
  t.after(all.done);
  const server = await startServer({ args: ['--municipality', municipality, '--services', all.services] });
  t.after(() => server.stop());
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  for (const f of all.forms) {
    const schema = ajv.compile(JSON.parse(indgang('export', 'jsonschema', f.folder)));
    const { chosen, different } = ways(f, all.dir);
    const conditions = /(\d+) of \d+ conditions/.exec(f.told)[1];
    for (const way of chosen) {
      const c = new Client(server.url, { lang: 'nb' });
      await c.login('Anna Holm');
      await fillIn(c, f.name, way.answers);
      const receipt = await c.submit('/casefile/submit');
      assert.equal(receipt.status, 200, `${f.name}: ${textOf(receipt.text).slice(0, 400)}`);
      const record = stored(server);
      assert.deepEqual(plain(record.answers), plain(way.record.answers), f.name);
      assert.ok(schema(record), `${f.name}: ${JSON.stringify(schema.errors?.slice(0, 3))}`);
      told.push(f.name);
    }
    if (+conditions > 0) assert.ok(different > 0, `${f.name}: all ways are the same`);
  }
  t.diagnostic(`${told.length} submissions of ${all.forms.length} forms`);
  assert.equal(told.length, 41 * WAYS);
});
