// The commands as a designer meets them: a webform of OS2forms, what is said when something is wrong, and the contract.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync, rmSync, existsSync } from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import Ajv2020 from 'ajv/dist/2020.js';
import { root } from '../lib/server.mjs';
import { indgang } from '../lib/command.mjs';

const webform = path.join(root, 'tests/scenario/import/forms/parkering.yml');

test('a Drupal webform becomes a service that loads, and the report tells the rest', async t => {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-webform-')), to = path.join(dir, 'parkeringslicens');
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const made = await indgang('import', 'webform', webform, '--to', to);
  assert.equal(made.code, 0, made.text);
  assert.match(made.text, /17 questions; 6 of 6 conditions and 1 of 1 validations translated/);
  const check = await indgang('check', to);
  assert.equal(check.code, 0, check.text);
  const report = readFileSync(path.join(to, 'import-report.md'), 'utf8');
  for (const told of ['this kind of element is never asked here', 'webform_signature', 'files of the kind doc']) assert.match(report, new RegExp(told));

  const judge = async answers => {
    const file = path.join(dir, 'one.jsonl');
    writeFileSync(file, JSON.stringify({ person: 'anna', today: '2026-06-15', answers }) + '\n');
    const a = await indgang('try', to, '--inputs', file);
    assert.equal(a.code, 0, a.text);
    return JSON.parse(a.text);
  };
  const guest = await judge({ slags: 'gaest', zoner: ['c'], kontakt_om: 'other', biler: [{ plade: 'AB12345' }, { plade: 'x' }] });
  for (const id of ['dage', 'hvorfor_c', 'kontakt_om_other', 'uden_dage']) assert.ok(guest.shown.includes(id), id);
  assert.ok(!guest.shown.includes('cvr'));
  assert.match(guest.faults['biler[1].plade'], /to bogstaver og fem tal/);
  assert.ok(!('biler[0].plade' in guest.faults));
  const resident = await judge({ slags: 'beboer', firma: true, zoner: ['c'] });
  assert.ok(resident.shown.includes('cvr') && 'cvr' in resident.faults, 'required when it is shown');
  for (const id of ['dage', 'hvorfor_c', 'uden_dage']) assert.ok(!resident.shown.includes(id), id);
  assert.equal(resident.record.sources.navn?.attr, 'name');

  const schema = JSON.parse((await indgang('export', 'jsonschema', to)).text);
  const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
  const good = await judge({ e_mail: 'anna@post.example', slags: 'beboer', zoner: ['a'], biler: [{ plade: 'AB12345', elbil: true }], fra: '2026-07-01' });
  assert.deepEqual(good.faults, {});
  assert.ok(validate(good.record), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...good.record, answers: { ...good.record.answers, slags: 'fly' } }), 'an option that is none');
  assert.ok(!validate({ ...good.record, answers: { ...good.record.answers, more: 'x' } }), 'a question that is none');
});

test('what is wrong is said with what to do', async t => {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-wrong-'));
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const file = (name, text) => { writeFileSync(path.join(dir, name), text); return path.join(dir, name); };
  const to = path.join(dir, 'ny');
  const cases = [
    [['import', 'formio', file('a.json', '{"components": ['), '--to', to], /a\.json: .*line 1/, 1],
    [['import', 'formio', file('b.json', '{"pages": []}'), '--to', to], /not a form of Form\.io: it has no list `components`/, 1],
    [['import', 'formio', path.join(dir, 'gone.json'), '--to', to], /gone\.json/, 1],
    [['import', 'webform', file('c.yml', 'title: x\n'), '--to', to], /not a webform: it has no text `elements`/, 1],
    [['import', 'webform', webform, '--to', dir], /it is there already; name a new folder, or remove it first/, 1],
    [['import', 'word', webform, '--to', to], /expected: indgang import formio\|webform FILE --to services\/NAME/, 2],
    [['import', 'webform', webform, '--to', to, '--language', 'xx'], /--language da, nb, nn or en/, 2],
  ];
  for (const [args, said, code] of cases) {
    const a = await indgang(...args);
    assert.match(a.text, said, args.join(' '));
    assert.equal(a.code, code, args.join(' '));
    assert.ok(!existsSync(to), 'nothing was made');
  }
});
