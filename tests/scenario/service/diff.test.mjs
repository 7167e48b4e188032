// indgang diff: what a folder changes, in words, and what it means for drafts under way.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, startServer } from '../lib/server.mjs';
import { indgang } from '../lib/command.mjs';
import { citizen } from '../lib/people.mjs';

let server, dir;
before(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'indgang-diff-'));
  for (const s of ['lette-hjaelpemidler', 'oekonomisk-friplads', 'parkering-handicap']) cpSync(path.join(root, 'services', s), path.join(dir, s), { recursive: true });
  server = await startServer();
});
after(async () => { await server?.stop(); rmSync(dir, { recursive: true, force: true }); });

const edit = (file, ...pairs) => {
  const f = path.join(dir, file);
  let text = readFileSync(f, 'utf8');
  for (const [a, b] of pairs) { assert.ok(a instanceof RegExp ? text.search(a) >= 0 : text.includes(a), `${file}: ${a}`); text = text.replace(a, b); }
  writeFileSync(f, text);
};
const data = () => ['--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])];
const diff = async (service, ...more) => {
  const r = await indgang('diff', path.join(dir, service), '--municipality', path.join(root, 'municipality'), ...data(), ...more);
  assert.equal(r.code, 0, r.text);
  return r.text;
};

test('nothing changed, and a service that is new', async () => {
  assert.match(await diff('lette-hjaelpemidler'), /^Lette hjælpemidler: det er ændret siden den version, der blev offentliggjort \d+\. [a-zæøå]+ \d{4}\n\nIntet er ændret\.\n$/);
  cpSync(path.join(dir, 'lette-hjaelpemidler'), path.join(dir, 'helt-ny'), { recursive: true });
  assert.match(await diff('helt-ny'), /ikke offentliggjort før: alt er nyt/);
});

test('each kind of change in words, while the server runs', { timeout: 60000 }, async () => {
  const anna = await citizen(server);
  await anna.get('/form/lette-hjaelpemidler');
  await anna.submit('/start');
  edit('lette-hjaelpemidler/service.yaml', [/deadline_working_days: 10/, 'deadline_working_days: 20'], ['  years: 5', '  years: 6'], ['endings: {withdrawn: 1}', 'endings: {withdrawn: 1, refused: 10}'],
    ['da: Vi bruger svaret til at afgøre, om du kan få hjælpemidlet.', 'da: Vi bruger svaret til at afgøre, om du kan låne hjælpemidlet.']);
  edit('lette-hjaelpemidler/form.yaml', [/ {6}- id: steps[\s\S]*?(?= {6}- id: bathroom)/, ''], ['max_length: 100', 'max_length: 80'],
    [/( {6}- id: contact_by)/, `      - {id: new_one, type: text, required: true, label: {da: Noget nyt, nb: Noe nytt, nn: Noko nytt, en: Something new}}\n$1`],
    ['da: Om formiddagen', 'da: Før klokken 12'], [/ {10}- option: any\n.*\n/, ''], [/by_phone: \{.*\}/, 'by_phone: { not: { eq: [contact_by, page] } }']);
  edit('lette-hjaelpemidler/letters/refused.da.md', [/\n\n/, '\n\nDette er en ny sætning. ']);
  const text = await diff('lette-hjaelpemidler');
  for (const says of [
    /^Ydelsen$/m, /frist for svar, arbejdsdage: “10” er blevet til “20”/, /hvor længe en sag gemmes: år: “5” er blevet til “6”/,
    /hvor længe en sag gemmes: efter hvordan sagen endte: når svaret er nej: nyt: “10”/, /“handle”, formål: tekst \(dansk\): “.*få hjælpemidlet\.” er blevet til “.*låne hjælpemidlet\.”/,
    /^Skemaet$/m, /Nyt spørgsmål på “Sådan kontakter vi dig”: “Noget nyt”/, /Spørgsmålet “.*” på “.*” er fjernet/, /“Navn”: højst så mange tegn: “100” er blevet til “80”/,
    /svarmuligheder: spørgsmålet \(dansk\): “Om formiddagen” er blevet til “Før klokken 12”/, /svarmuligheder: fjernet; før “/,
    /Betingelsen “by_phone”: “.*“Hvordan vil du helst have, at vi stiller spørgsmål\?” er .*“Ring til mig”” er blevet til “ikke \(“Hvordan vil du helst have, at vi stiller spørgsmål\?” er “Skriv til mig på Min side”\)”/,
    /^Brevene$/m, /Brevet “refused” \(dansk\): .*Dette er en ny sætning/,
    /^Kladder, der er i gang$/m, /1 kladde er i gang\. Den gøres færdig i det gamle skema\./, /De slettes, når de ikke er ændret i 30 dage/, /Det gamle skema har ingen sidste dag/,
    /følger disse svar ikke med: “.*”/, /Sager, der er sendt, bliver ved den version/]) assert.match(text, says, text);
  assert.doesNotMatch(text, /Noget nyt.*Noget nyt/, 'what is new is told once');
  const english = await diff('lette-hjaelpemidler', '--language', 'en');
  assert.match(english, /New question on “How we contact you”: “Something new”/);
  for (const lang of ['nb', 'nn']) assert.match(await diff('lette-hjaelpemidler', '--language', lang), /Nytt spørsmål på «/);
});

test('rules: which row of which table', async () => {
  edit('oekonomisk-friplads/service.yaml', ['value: 215500', 'value: 220000']);
  edit('oekonomisk-friplads/rules.dmn', [/(<rule id="[^"]*">\s*<inputEntry><text>)(&lt;=|&gt;) 0</g, '$1$2 1000<']);
  const text = await diff('oekonomisk-friplads');
  assert.match(text, /“Income limit”, regler: oplysninger til reglerne: værdi: “215500” er blevet til “220000”/);
  assert.match(text, /Tabellen “Outcome”: ny regel: .*<= 1000.* → "grant"/);
  assert.match(text, /Tabellen “Outcome”: regel fjernet: .*<= 0.* → "grant"/);
});

test('another order, a new heading, another language, another question of the same words: nothing is passed over', async () => {
  for (const s of ['before', 'after']) {
    cpSync(path.join(root, 'services/ris-og-ros'), path.join(dir, s, 'ris-og-ros'), { recursive: true });
    edit(`${s}/ris-og-ros/form.yaml`, ['minutes: 5\n', 'minutes: 5\nneed:\n  - {da: Et billede, nb: Et bilde, nn: Eit bilete, en: A picture}\n'],
      ['conditions:\n', 'conditions:\n  unsaid: { empty: happened }\n'], ['da: "Hvornår var det?"', 'da: "Hvad skete der?"']);
  }
  const changed = async (...pairs) => {
    const file = path.join(dir, 'after/ris-og-ros/form.yaml'), kept = readFileSync(file, 'utf8');
    edit('after/ris-og-ros/form.yaml', ...pairs);
    const r = await indgang('diff', path.join(dir, 'after/ris-og-ros'), '--from', path.join(dir, 'before/ris-og-ros'), '--municipality', path.join(root, 'municipality'));
    writeFileSync(file, kept);
    assert.equal(r.code, 0, r.text);
    return r.text.split('\n').filter(l => l.startsWith('  - '));
  };
  assert.deepEqual(await changed(['minutes: 5', 'minutes: 5 ']), []);
  assert.deepEqual(await changed([/( {6}- id: happened\n[\s\S]*?)( {6}- id: day\n[\s\S]*?)(?=\n {2}- id: |$(?![\s\S]))/, '$2\n$1']), ['  - “Din besked”: rækkefølgen er en anden']);
  assert.deepEqual(await changed([/( {2}- id: message\n[\s\S]*?\n)( {2}- id: (?!message)[\s\S]*)$/, '$2$1']), ['  - sider: rækkefølgen er en anden']);
  assert.deepEqual(await changed(['da: Din besked', 'da: Det du vil sige']), ['  - “Det du vil sige”: overskrift (dansk): “Din besked” er blevet til “Det du vil sige”']);
  assert.deepEqual(await changed(['en: A picture', 'en: A photo']), ['  - det, man skal have klar (engelsk): “A picture” er blevet til “A photo”']);
  assert.deepEqual(await changed(['empty: happened', 'empty: day']), ['  - Betingelsen “unsaid”: er skrevet på en anden måde, men læses ens her']);
});

test('against another folder, and what cannot be compared', async () => {
  const other = await indgang('diff', path.join(dir, 'parkering-handicap'), '--from', path.join(root, 'services/parkering-handicap'), '--municipality', path.join(root, 'municipality'));
  assert.match(other.text, /i forhold til .*\n\nIntet er ændret/);
  assert.equal((await indgang('diff', path.join(dir, 'parkering-handicap'))).code, 2);
  edit('parkering-handicap/form.yaml', [/type: radio/, 'type: radioo']);
  const wrong = await indgang('diff', path.join(dir, 'parkering-handicap'), '--municipality', path.join(root, 'municipality'), ...data());
  assert.equal(wrong.code, 1);
  assert.match(wrong.text, /form\.yaml:\d+:\d+: .*radioo/);
  const reversed = await indgang('diff', path.join(root, 'services/parkering-handicap'), '--from', path.join(dir, 'parkering-handicap'), '--municipality', path.join(root, 'municipality'));
  assert.equal(reversed.code, 1);
  assert.match(reversed.text, /form\.yaml:\d+:\d+: .*radioo/, 'also when the fault is in the other folder');
});
