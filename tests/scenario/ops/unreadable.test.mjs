// A folder that cannot be read to its end, as a sick disk answers: what is left in it is not known, and each command says which
// folder it was; none takes what it has seen for all there is.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, engine, root, sharedData, startServer, until } from '../lib/server.mjs';
import { ask, indgang, indgangIn } from '../lib/command.mjs';

const shim = path.join(path.dirname(binary), 'tests/libpowercut.so');
const skip = engine !== 'sqlite' ? 'the shim knows SQLite' : !existsSync(shim) && 'the shim is not built (sanitizer)';
const place = realpathSync(mkdtempSync(path.join(tmpdir(), 'indgang-unreadable-')));
let server;
after(async () => { await server?.stop(); rmSync(place, { recursive: true, force: true }); });

const sick = (below, folder) => ({ LD_PRELOAD: shim, POWERCUT_DIR: below, POWERCUT_UNREADABLE: folder });

/** It works; and with this folder unreadable it fails and names it. */
async function refuses(below, folder, ...args) {
  const well = await indgang(...args);
  assert.equal(well.code, 0, well.text);
  const ill = await indgangIn(sick(below, folder), ...args);
  assert.notEqual(ill.code, 0, ill.text);
  assert.match(ill.text, new RegExp(`${path.basename(folder)}: Input/output error`), ill.text);
}

test('the folders of services, and a service’s own', { skip }, async () => {
  const services = path.join(place, 'services');
  for (const key of ['ris-og-ros', 'lette-hjaelpemidler']) cpSync(path.join(root, 'services', key), path.join(services, key), { recursive: true });
  await refuses(place, services, 'check', services);
  await refuses(place, path.join(services, 'ris-og-ros', 'letters'), 'check', services);
});

test('the exported seals, and the documents that are swept', { skip }, async () => {
  const data = path.join(place, 'data');
  server = await startServer({ data });
  const seals = path.join(data, 'seals'), { db } = server;
  await server.stop({ keep: true });
  mkdirSync(seals, { recursive: true });
  await refuses(data, seals, 'verify', '--data', data);

  const due = () => ask(data, db, "UPDATE job_schedule SET next_us = 0 WHERE kind = 'files_sweep'");
  const folder = path.join(data, 'files', 'a7');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'f'.repeat(62)), 'nobody’s');
  due();
  server = await startServer({ data, db, env: sick(data, folder) });
  await until('the sweep to say so', () => /event=job-failed .*kind=files_sweep .*a7: Input\/output error/.test(server.log()));
  await server.stop({ keep: true });
  rmSync(data + '.powercut', { recursive: true, force: true });
});

test('a deposit that is checked, and taken in', { skip: skip || !sharedData && 'the official schemas are not in ../shared/data/noark' }, async () => {
  const from = path.join(place, 'from'), to = path.join(place, 'to'), out = path.join(place, 'out'), year = new Date().getFullYear();
  const demo = await indgang('demo', '--data', from, '--casefiles', '20', '--log', 'warn');
  assert.equal(demo.code, 0, demo.text);
  const made = await indgang('deposit', '--data', from, '--from', `${year - 2}-01-01`, '--to', `${year}-12-31`, '--all', '--schemas', path.join(sharedData, 'noark'), '--out', out);
  assert.equal(made.code, 0, made.text);
  const documents = path.join(out, 'dokumenter');
  assert.ok(readdirSync(documents).length > 0);
  await refuses(place, documents, 'deposit', '--verify', out);
  const taken = await indgangIn(sick(place, documents), 'import', 'deposit', out, '--data', to, '--schemas', path.join(sharedData, 'noark'));
  assert.notEqual(taken.code, 0, taken.text);
  assert.match(taken.text, /dokumenter: Input\/output error/);
});
