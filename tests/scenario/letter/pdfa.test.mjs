// Our own list of PDF/A-2b (lib/pdfa.mjs) lets an application as the house keeps it through, and finds each thing that is broken in
// it on purpose, under the clause that forbids it.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { startServer, until } from '../lib/server.mjs';
import { aidsAnswers, apply, citizen } from '../lib/people.mjs';
import { faults } from '../lib/pdfa.mjs';

let server, dir, whole;
before(async () => {
  server = await startServer();
  dir = mkdtempSync(path.join(tmpdir(), 'indgang-pdfa-'));
  const anna = await citizen(server);
  await apply(anna, aidsAnswers);
  const own = /\/mypage\/casefile\/\d+/.exec((await anna.get('/mypage/casefiles')).text)[0];
  whole = await until('the application as PDF', async () => {
    for (const [, href] of (await anna.get(own)).text.matchAll(/href="([^"]*\/document\/[^"]*)"/g)) {
      const { bytes } = await anna.get(href);
      if (bytes.subarray(0, 4).toString() === '%PDF') return bytes;
    }
  }, 60000);
});
after(async () => { await server?.stop(); if (dir) rmSync(dir, { recursive: true }); });

const at = name => path.join(dir, name);
const qpdf = (...args) => execFileSync('qpdf', args, { stdio: ['ignore', 'ignore', 'pipe'] });

/** The same with its objects changed: change(objects, trailer, find), find(type) → the first dictionary of that Type. */
function broken(change) {
  writeFileSync(at('in.pdf'), whole);
  qpdf('--json-output', '--json-stream-data=inline', '--decode-level=generalized', at('in.pdf'), at('in.json'));
  const json = JSON.parse(readFileSync(at('in.json'), 'utf8')), objects = json.qpdf[1];
  const dictionaries = () => Object.values(objects).map(o => o.stream ? o.stream.dict : o.value).filter(v => v && typeof v === 'object');
  change(objects, objects.trailer.value, (type, key = '/Type') => dictionaries().find(d => d[key] === type));
  writeFileSync(at('out.json'), JSON.stringify(json));
  qpdf('--json-input', at('out.json'), at('out.pdf'));
  return readFileSync(at('out.pdf'));
}
const real = (o, v) => typeof v === 'string' ? o['obj:' + v].value : v;
const stream = (objects, has) => Object.values(objects).find(o => o.stream && has(o.stream)).stream;
const edit = (s, change) => { s.data = Buffer.from(change(Buffer.from(s.data, 'base64').toString('latin1')), 'latin1').toString('base64'); };
const page = objects => stream(objects, s => /\bTJ?j?\b/.test(Buffer.from(s.data, 'base64').toString('latin1')) && / BDC\n/.test(Buffer.from(s.data, 'base64').toString('latin1')));
const xmp = objects => stream(objects, s => s.dict['/Subtype'] === '/XML');

test('the application holds the list; so does a copy that only was written again', () => {
  assert.deepEqual(faults(whole), []);
  assert.deepEqual(faults(broken(() => {})), []);
});

const wrongs = {
  'the output intent is gone': ['6.2.3', (o, t, find) => delete find('/Catalog')['/OutputIntents']],
  'the profile is cut': ['6.2.3', o => { const s = stream(o, s => s.dict['/N'] === 3); s.data = Buffer.from(s.data, 'base64').subarray(0, 400).toString('base64'); }],
  'the profile has four channels': ['6.2.3', o => { stream(o, s => s.dict['/N'] === 3).dict['/N'] = 4; }],
  'it does not say what it is': ['6.6.4', o => edit(xmp(o), s => s.replace('<pdfaid:part>2', '<pdfaid:part>9'))],
  'the metadata says another title': ['6.6.3', o => edit(xmp(o), s => s.replace(/(<rdf:li xml:lang="x-default">)/, '$1X'))],
  'another time': ['6.6.3', (o, t) => { const info = o['obj:' + t['/Info']].value; info['/CreationDate'] = 'u:D:19990101000000Z'; }],
  'the metadata is not XML': ['6.6.2', o => edit(xmp(o), s => s.replace('</rdf:RDF>', ''))],
  'there is no metadata': ['6.6.2', (o, t, find) => delete find('/Catalog')['/Metadata']],
  'a mark nobody described': ['6.6.2.3', o => edit(xmp(o), s => s.replace(/<pdfaExtension:schemas>[\s\S]*<\/pdfaExtension:schemas>/, ''))],
  'a font is not embedded': ['6.2.11.4', (o, t, find) => delete find('/FontDescriptor')['/FontFile2']],
  'widths are others than the font’s': ['6.2.11.5', (o, t, find) => { const f = find('/TrueType', '/Subtype'); f['/Widths'] = f['/Widths'].map(w => w + 40); }],
  'a font of no known kind': ['6.2.11', (o, t, find) => { find('/TrueType', '/Subtype')['/Subtype'] = '/Type1'; }],
  'letters without glyphs': ['6.2.11.8', o => edit(page(o), s => s.replace(/\(([^()\\]*)\)Tj|\[\(([^()\\]*)\)/, m => m.replace(/\(.*?\)/, '(\\001\\002)')))],
  'it runs a script': ['6.5.1', (o, t, find) => { find('/Catalog')['/OpenAction'] = { '/S': '/JavaScript', '/JS': 'u:app.alert(1)' }; }],
  'it starts a program': ['6.5.1', (o, t, find) => { find('/Catalog')['/OpenAction'] = { '/S': '/Launch', '/F': 'u:x' }; }],
  'it does something by itself': ['6.5.2', (o, t, find) => { find('/Page')['/AA'] = {}; }],
  'another file lies in it': ['6.8', (o, t, find) => { find('/Catalog')['/Names'] = { '/EmbeddedFiles': { '/Names': [] } }; }],
  'a film': ['6.3.1', (o, t, find) => { find('/Page')['/Annots'] = [{ '/Type': '/Annot', '/Subtype': '/Movie', '/Rect': [0, 0, 1, 1], '/F': 4 }]; }],
  'a hidden note': ['6.3.2', (o, t, find) => { find('/Page')['/Annots'] = [{ '/Type': '/Annot', '/Subtype': '/Link', '/Rect': [0, 0, 1, 1], '/F': 6 }]; }],
  'a form the reader draws': ['6.4', (o, t, find) => { find('/Catalog')['/AcroForm'] = { '/Fields': [], '/NeedAppearances': true }; }],
  'layers': ['6.9', (o, t, find) => { find('/Catalog')['/OCProperties'] = {}; }],
  'colours of print': ['6.2.4.3', o => edit(page(o), s => '0 0 0 1 k\n' + s)],
  'an operator nobody knows': ['6.2.2', o => edit(page(o), s => s + '\nxyzzy\n')],
  'a blend mode nobody knows': ['6.2.10', (o, t, find) => { real(o, find('/Page')['/Resources'])['/ExtGState'] = { '/a0': { '/Type': '/ExtGState', '/BM': '/Sparkle' } }; }],
  'a transfer function': ['6.2.5', (o, t, find) => { real(o, find('/Page')['/Resources'])['/ExtGState'] = { '/a0': { '/Type': '/ExtGState', '/TR': '/Identity' } }; }],
  'resources of another': ['6.2.2', (o, t, find) => { const p = find('/Page'), r = p['/Resources']; delete p['/Resources']; find('/Pages')['/Resources'] = r; }],
  'bytes outside': ['6.1.7.1', o => { page(o).dict['/FFilter'] = '/FlateDecode'; }],
};
for (const [name, [clause, change]] of Object.entries(wrongs))
  test(`found: ${name} (${clause})`, () => {
    const found = faults(broken(change));
    assert.ok(found.some(f => f.clause === clause), JSON.stringify(found));
  });

test('found: encrypted, no identifier, something behind its end, no PDF at all (6.1)', () => {
  const clauses = bytes => faults(bytes).map(f => f.clause);
  writeFileSync(at('in.pdf'), whole);
  qpdf('--encrypt', '', '', '256', '--', at('in.pdf'), at('out.pdf'));
  assert.ok(clauses(readFileSync(at('out.pdf'))).includes('6.1.3'));
  assert.ok(clauses(Buffer.from(whole.toString('latin1').replace(/\/ID\b/g, '/IX'), 'latin1')).includes('6.1.3'));
  assert.ok(clauses(Buffer.concat([whole, Buffer.from('more')])).includes('6.1.3'));
  assert.ok(clauses(Buffer.from('hej')).includes('6.1.2'));
});
