// A municipality's year goes out, is valid by a foreign validator (xmllint), and every way to spoil the package is seen by the rule
// that is there for it. Then it comes into another house and out again, byte for byte.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { thisYear } from '../lib/days.mjs';
import { binary, freshDatabase, sharedData } from '../lib/server.mjs';

const skip = sharedData ? false : 'the official schemas are not in ../shared/data/noark';
const schemas = sharedData && path.join(sharedData, 'noark');
const dir = mkdtempSync(path.join(tmpdir(), 'indgang-deposit-'));
const year = thisYear(), period = ['--from', `${year - 2}-01-01`, '--to', `${year}-12-31`];

const run = (...args) => spawnSync(binary, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
const house = name => ({ data: path.join(dir, name), db: freshDatabase() });
const at = h => ['--data', h.data, ...(h.db.url ? ['--db', h.db.url] : [])];
const files = folder => readdirSync(folder, { recursive: true, withFileTypes: true }).filter(f => f.isFile()).length;

let from, out;
test.before(() => {
  if (skip) return;
  from = house('from');
  out = path.join(dir, 'out');
  const demo = run('demo', ...at(from), '--casefiles', '600', '--log', 'warn');
  assert.equal(demo.status, 0, demo.stderr);
  const made = run('deposit', ...at(from), ...period, '--all', '--schemas', schemas, '--out', out);
  assert.equal(made.status, 0, made.stdout + made.stderr);
  assert.match(made.stdout, /^0 faults/m);
});
test.after(() => { from?.db.drop(); rmSync(dir, { recursive: true, force: true }); });

test('valid by xmllint, the schemas byte for byte, the counts those of the files', { skip }, () => {
  for (const [xml, xsd] of [['arkivstruktur', 'arkivstruktur'], ['loependeJournal', 'loependeJournal'], ['offentligJournal', 'offentligJournal'], ['endringslogg', 'endringslogg'], ['arkivuttrekk', 'addml']])
    execFileSync('xmllint', ['--noout', '--nonet', '--schema', path.join(out, xsd + '.xsd'), path.join(out, xml + '.xml')], { stdio: 'pipe' });
  for (const name of readdirSync(out).filter(f => f.endsWith('.xsd')))
    assert.deepEqual(readFileSync(path.join(out, name)), readFileSync(path.join(schemas, name)), name);
  const structure = readFileSync(path.join(out, 'arkivstruktur.xml'), 'utf8'), n = structure.match(/<dokumentobjekt>/g).length;
  assert.ok(n > 300);
  assert.equal(files(path.join(out, 'dokumenter')), n);
  const journal = readFileSync(path.join(out, 'offentligJournal.xml'), 'utf8');
  assert.ok(!/<korrespondansepartNavn>(?!\*{5}<)/.test(journal), 'the demo’s senders are all screened');
});

test('without --all nothing goes out that is to be erased in time, and a folder is never written twice', { skip }, () => {
  const kept = run('deposit', ...at(from), ...period, '--schemas', schemas, '--out', path.join(dir, 'kept'));
  assert.equal(kept.status, 1);
  assert.match(kept.stderr, /NOT_FOUND: no case file .* --all/);
  const twice = run('deposit', ...at(from), ...period, '--all', '--schemas', schemas, '--out', out);
  assert.match(twice.stderr, /exists already: name a new folder/);
  assert.equal(run('deposit', ...at(from), '--from', '2026-02-30', '--schemas', schemas, '--out', 'x').status, 2);
});

/** A copy of the package, spoiled; which rules see it. */
function seen(spoil, ...more) {
  const copy = mkdtempSync(path.join(dir, 'spoiled-'));
  cpSync(out, copy, { recursive: true });
  const file = name => path.join(copy, name), text = name => readFileSync(file(name), 'utf8');
  const edit = (name, search, replace) => { const before = text(name), after = before.replace(search, replace); assert.notEqual(after, before, name); writeFileSync(file(name), after); };
  spoil({ file, text, edit });
  const said = run('deposit', '--verify', copy, ...more);
  rmSync(copy, { recursive: true });
  assert.equal(said.status, 1, said.stdout + said.stderr);
  return { rules: [...said.stdout.matchAll(/^ *\d+ ([A-Z]+): /gm)].map(m => m[1]), text: said.stdout };
}
const structure = 'arkivstruktur.xml';

const faults = [
  ['FILES', ({ file }) => unlinkSync(file('endringslogg.xml'))],
  ['FILES', ({ file }) => unlinkSync(file('metadatakatalog.xsd'))],
  ['OFFICIAL', ({ file }) => appendFileSync(file('addml.xsd'), '\n'), '--schemas', schemas],
  ['FORM', ({ edit }) => edit(structure, '</arkivdel>', '')],
  ['FORM', ({ edit }) => edit(structure, '<arkiv ', '<!DOCTYPE arkiv [<!ENTITY x SYSTEM "file:///etc/hostname">]><arkiv ')],
  ['SCHEMA', ({ edit }) => edit(structure, /<arkivstatus>([^<]*)<.arkivstatus>/, '<arkivstatut>$1</arkivstatut>')],
  ['EMPTY', ({ edit }) => edit(structure, /<journalenhet>[^<]*</, '<journalenhet> <')],
  ['CHECKSUM', ({ edit }) => edit(structure, '</arkiv>', '<!-- changed --></arkiv>')],
  ['COUNT', ({ edit }) => edit('arkivuttrekk.xml', /(\/\/registrering<\/value>[^]*?<value>)\d+/, '$17')],
  ['COUNT', ({ edit }) => edit('arkivuttrekk.xml', /(antallDokumentfiler"[^]*?<value>)\d+/, '$17')],
  ['COUNT', ({ edit }) => edit('loependeJournal.xml', /<antallJournalposter>\d+/, '<antallJournalposter>7')],
  ['FLAG', ({ edit }) => edit('arkivuttrekk.xml', /(inneholderSkjermetInformasjon"[^]*?<value>)true/, '$1false')],
  ['PERIOD', ({ edit }) => edit('arkivuttrekk.xml', /(startDate"[^]*?<value>)[\d-]+/, '$12099-01-01')],
  ['PERIOD', ({ edit }) => { edit('arkivuttrekk.xml', /(startDate"[^]*?<value>)[\d-]+/, `$1${year}-12-30`); edit('arkivuttrekk.xml', /(inngaaendeSkille"[^]*?<value>)mykt/, '$1skarpt'); }],
  ['UNIQUE', ({ edit, text }) => { const ids = [...text(structure).matchAll(/<dokumentobjekt>\s*<systemID>([^<]*)/g)].map(m => m[1]); edit(structure, ids[5], ids[9]); }],
  ['REFERENCE', ({ edit }) => edit('endringslogg.xml', /<referanseArkivenhet>[^<]*/, '<referanseArkivenhet>a0000000-0000-4000-8000-000000000000')],
  ['DOCUMENT', ({ file, text }) => unlinkSync(file(/referanseDokumentfil>([^<]*)/.exec(text(structure))[1]))],
  ['DOCUMENT', ({ edit }) => edit(structure, /referanseDokumentfil>[^<]*/, 'referanseDokumentfil>../../../../../../../etc/hostname')],
  ['DOCUMENT', ({ file, text }) => { const f = file(/referanseDokumentfil>([^<]*)/.exec(text(structure))[1]); unlinkSync(f); symlinkSync('/etc/hostname', f); }],
  ['DOCUMENT', ({ edit, text }) => { const names = [...text(structure).matchAll(/<referanseDokumentfil>([^<]*)/g)].map(m => m[1]); edit(structure, names[3], names[8]); }],
  ['DOCUMENT', ({ file, text }) => writeFileSync(file(/referanseDokumentfil>([^<]*)/.exec(text(structure))[1]), '')],
  ['ORPHAN', ({ file }) => writeFileSync(file('dokumenter/forgotten.txt'), 'x')],
  ['BYTES', ({ file, text }) => { const f = file(/referanseDokumentfil>([^<]*)/.exec(text(structure))[1]); writeFileSync(f, readFileSync(f, 'utf8').replace('da', 'nb')); }],
  ['BYTES', ({ edit }) => edit(structure, /<filstoerrelse>\d+/, '<filstoerrelse>7')],
  ['BYTES', ({ edit }) => edit(structure, '<sjekksumAlgoritme>SHA-256', '<sjekksumAlgoritme>CRC-32')],
  ['CLOSED', ({ edit }) => edit(structure, '<journalstatus>Arkivert', '<journalstatus>Journalført')],
  ['CLOSED', ({ edit }) => edit(structure, '<saksstatus>Avsluttet', '<saksstatus>Under behandling')],
  ['CLOSED', ({ edit }) => edit(structure, 'Dokumentet er ferdigstilt', 'Dokumentet er under redigering')],
  ['HOLLOW', ({ edit }) => edit(structure, /<korrespondansepart>[^]*?<\/korrespondansepart>/, '')],
  ['JOURNAL', ({ edit }) => edit('loependeJournal.xml', /<journalregistrering>[^]*?<\/journalregistrering>/, '')],
  ['JOURNAL', ({ edit }) => edit('offentligJournal.xml', /(<journalregistrering>[^]*?<\/journalregistrering>)(\s*)(<journalregistrering>[^]*?<\/journalregistrering>)/, '$3$2$1')],
  ['JOURNAL', ({ edit }) => edit('offentligJournal.xml', /<journalpostnummer>\d+/, '<journalpostnummer>77')],
  ['IDENTITY', ({ edit }) => edit('offentligJournal.xml', /<offentligTittel>/, '<offentligTittel>Om 610190-1234 ')],
];
for (const [rule, spoil, ...more] of faults)
  test(`${rule} sees ${String(spoil).replace(/\s+/g, ' ').slice(0, 90)}`, { skip }, () => {
    const { rules, text } = seen(spoil, ...more);
    assert.ok(rules.includes(rule), `${rule} among ${rules}\n${text}`);
  });

test('another house takes it in, once, and gives it back byte for byte', { skip }, () => {
  const to = house('to'), back = path.join(dir, 'back');
  try {
    const first = run('import', 'deposit', out, ...at(to), '--schemas', schemas);
    assert.equal(first.status, 0, first.stdout + first.stderr);
    const counts = /^package (\d+): (\d+) case files, (\d+) registrations, (\d+) documents, (\d+) document files; all in all (\d+) files/m.exec(first.stdout);
    const checked = /^(\d+) case files, (\d+) registrations .*?, (\d+) documents, (\d+) files/m.exec(first.stdout);
    assert.deepEqual(counts.slice(2, 6), checked.slice(1, 5));
    assert.equal(+counts[6], files(out));
    assert.match(run('import', 'deposit', out, ...at(to)).stdout, /is here already: nothing was done/);
    assert.equal(run('deposit', '--package', counts[1], '--out', back, ...at(to)).status, 0);
    execFileSync('diff', ['-r', out, back]);
    assert.match(run('verify', ...at(to)).stdout, /all is as it was left/);
  } finally { to.db.drop(); }
});

test('a package with a fault is not taken in', { skip }, () => {
  const to = house('not'), copy = path.join(dir, 'faulty');
  cpSync(out, copy, { recursive: true });
  writeFileSync(path.join(copy, 'dokumenter/forgotten.txt'), 'x');
  try {
    const said = run('import', 'deposit', copy, ...at(to));
    assert.equal(said.status, 1);
    assert.match(said.stderr, /LAW: .* has 1 faults: nothing was taken/);
    assert.match(said.stdout, /ORPHAN dokumenter\/forgotten.txt/);
  } finally { to.db.drop(); }
});
