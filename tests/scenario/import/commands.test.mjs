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

/** A webform as it is imported: what is shown and accepted of answers, and what the report says. */
async function imported(t, name) {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-webform-')), to = path.join(dir, name);
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const made = await indgang('import', 'webform', path.join(root, `tests/scenario/import/forms/${name}.yml`), '--to', to);
  assert.equal(made.code, 0, made.text);
  const check = await indgang('check', to);
  assert.equal(check.code, 0, check.text);
  const judge = async answers => {
    const file = path.join(dir, 'one.jsonl');
    writeFileSync(file, JSON.stringify({ person: 'anna', today: '2026-06-15', answers }) + '\n');
    const a = await indgang('try', to, '--inputs', file);
    assert.equal(a.code, 0, a.text);
    return JSON.parse(a.text);
  };
  const read = f => readFileSync(path.join(to, f), 'utf8');
  return { to, told: made.text, judge, report: read('import-report.md'), form: read('form.yaml') };
}

test('a Drupal webform becomes a service that loads, and the report tells the rest', async t => {
  const { to, told, judge, report } = await imported(t, 'parkering');
  assert.match(told, /16 questions; 6 of 6 conditions and 1 of 1 validations translated/);
  for (const words of ['this kind of element is never asked here', 'webform_signature', 'files of the kind doc']) assert.match(report, new RegExp(words));
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

/** Which of these are shown. */
const among = (verdict, ids) => ids.filter(id => verdict.shown.includes(id));

test('a form of several steps with contacts, rows and conditions on all of them asks as the original did', async t => {
  const { told, judge, report, form } = await imported(t, 'arrangement');
  assert.match(told, /27 questions; 10 of 10 conditions/);
  const firm = ['cvr', 'firmanavn', 'vej'], contact = ['kontakt_name', 'kontakt_email', 'kontakt_phone'];
  const by = async hvem => among(await judge({ hvem }), [...firm, ...contact, 'hvem_other']);
  assert.deepEqual(await by('privat'), []);
  assert.deepEqual(await by('forening'), contact);
  assert.deepEqual(await by('firma'), [...firm, ...contact]);
  assert.deepEqual(await by('other'), [...contact, 'hvem_other']);
  const size = async n => among(await judge({ gaester: n }), ['toiletter', 'sikkerhedsplan', 'vilkaar']);
  assert.deepEqual(await size(9), []);
  assert.deepEqual(await size(10), ['vilkaar']);
  assert.deepEqual(await size(100), ['toiletter', 'vilkaar']);
  assert.deepEqual(await size(999), ['toiletter', 'vilkaar']);
  assert.deepEqual(await size(1000), ['sikkerhedsplan', 'vilkaar']);
  assert.ok('sikkerhedsplan' in (await judge({ gaester: 1000 })).faults, 'required when it is shown');
  const what = async (musik, sent) => among(await judge({ musik, sent }), ['stoej', 'bevilling', 'en_af_to', 'musik_other']);
  assert.deepEqual(await what(['musik'], false), []);
  assert.deepEqual(await what(['musik'], true), ['stoej']);
  assert.deepEqual(await what(['mad'], true), ['en_af_to']);
  assert.deepEqual(await what(['mad', 'oel'], true), ['bevilling']);
  assert.deepEqual(await what(['oel', 'other'], false), ['bevilling', 'en_af_to', 'musik_other']);
  const rows = await judge({ boder: [{ ejer: 'Ida', gas: true }, { ejer: 'Bo' }] });
  assert.deepEqual(among(rows, ['boder[0].flasker', 'boder[1].flasker']), ['boder[0].flasker']);
  assert.ok('boder' in (await judge({ boder: [] })).faults, 'at least one row');
  assert.match(form, /min: "?today\+28d/);
  assert.match(form, /da: "?Bod"?\n/);
  for (const said of ['has a token in it', 'pid` (os2forms_nemid_pid)', 'webform_signature', 'the receipt is made by itself', 'payment is not taken here', 'a day to open', 'ceiling', 'Tak. Vi svarer', 'Mail til kulturafdelingen', 'the time of day', 'where it was grey'])
    assert.ok(report.includes(said), said);
  assert.ok(!report.includes('Bruges ikke'), 'what was switched off is not told');
  for (const gone of ['intern', 'mit_cpr', 'husnr', 'betaling']) assert.ok(!form.includes(`id: ${gone}\n`), gone);
});

test('a form without steps about a child becomes one page', async t => {
  const { told, judge, report, form } = await imported(t, 'skolefritid');
  assert.match(told, /12 questions; 4 of 4 conditions/);
  assert.equal(form.match(/^ {4}id: /gm).length, 1, 'one page');
  assert.deepEqual(among(await judge({ dage: ['tir', 'ons'] }), ['morgen']), []);
  assert.deepEqual(among(await judge({ dage: ['man', 'ons'] }), ['morgen']), ['morgen']);
  const ill = await judge({ allergi: true }), well = await judge({ allergi: false });
  assert.deepEqual(among(ill, ['hvilken', 'allergi_brev']), ['hvilken', 'allergi_brev']);
  assert.ok('hvilken' in ill.faults);
  assert.deepEqual(among(well, ['hvilken', 'allergi_brev']), []);
  assert.match(form, /id: barn_cpr\n\s+type: idno/);
  assert.match(form, /id: skole\n\s+type: select[\s\S]*option: soe[\s\S]*option: eng/);
  assert.match(form, /mad i ordningen \(https:\/\/www\.fjordby\.example\/allergi\)/, 'where the link goes is not lost');
  assert.ok(!/ny fane/.test(form), 'links open in the same window');
  assert.ok(report.includes('vaelg_barn') && report.includes('ny fane') && report.includes('mandate'));
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
