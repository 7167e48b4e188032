// Avskrivning (Noark 5 3.4) through the API: what waits, what answers it, and what cannot be gone round.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { Noark, archive, link, rel } from '../lib/noark.mjs';

let server, api;
before(async () => { server = await startServer(); api = new Noark(server); });
after(() => server?.stop());

const entry = (sak, type, tittel = type) => api.make(sak, 'sakarkiv/ny-journalpost', { tittel, journalposttype: { kode: type } });
const writeOff = (it, way, by, part) => api.request('POST', link(it, 'self') + 'ny-avskrivning/', { avskrivningsmaate: { kode: way }, ...(by ? { referanseAvskrivesAvJournalpost: by.systemID } : {}), ...(part ? { referanseAvskrivesAvKorrespondansepart: part.systemID } : {}) });
async function finish(it) {
  const doc = await api.make(it, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Brev' });
  assert.equal((await api.request('POST', link(doc, 'arkivstruktur/fil'), Buffer.from('<?xml version="1.0"?><brev/>'))).status, 201);
  const r = await api.change('PATCH', it, { journalstatus: { kode: 'A' } });
  assert.equal(r.status, 200, r.text);
}
const close = sak => api.change('PATCH', sak, { saksstatus: { kode: 'A' } });
const waiting = async sak => (await api.list(link(sak, 'sakarkiv/journalpost'), { filter: "(journalposttype/kode eq 'I' or journalposttype/kode eq 'N') and not avskrivning/any()", orderby: 'tittel' })).json.results?.map(j => j.tittel) ?? [];
const why = (r, status, word) => assert.deepEqual([r.status, word.test(r.json?.feil?.beskrivelse)], [status, true], r.text);

test('letters that came in wait until letters that go out answer them: many by one, one by many (3.4.3, 3.4.4, 3.4.7)', async () => {
  const { klasse } = await archive(api), sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Brev' });
  const [one, two, answer, more, note] = [await entry(sak, 'I', 'en'), await entry(sak, 'I', 'to'), await entry(sak, 'U'), await entry(sak, 'U', 'U2'), await entry(sak, 'N')];
  assert.deepEqual(await waiting(sak), ['N', 'en', 'to']);
  why(await writeOff(one, 'BU'), 400, /3\.4\.7/);
  why(await writeOff(one, 'BE', two), 400, /3\.4\.7.*goes out/);
  why(await writeOff(one, 'BU', one), 400, /another entry/);
  why(await writeOff(one, 'BU', { systemID: '00000000-0000-8000-8000-000000000000' }), 400, /another entry/);
  why(await writeOff(one, 'BN', answer), 400, /3\.4\.8/);
  why(await writeOff(answer, 'TE'), 409, /came in/);
  for (const it of [one, two]) {
    const r = await writeOff(it, 'BU', answer);
    assert.equal(r.status, 201, r.text);
    assert.ok(r.json.avskrivningsdato && r.json.avskrevetAv === 'admin@example.com');
    assert.equal(r.json.referanseAvskrivesAvJournalpost, answer.systemID);
  }
  assert.equal((await writeOff(one, 'BE', more)).status, 201);
  assert.equal((await writeOff(note, 'TO')).status, 201, 'taken note of');
  assert.deepEqual(await waiting(sak), []);
  const answered = await api.list('sakarkiv/journalpost/', { filter: `avskrivning/referanseAvskrivesAvJournalpost eq '${answer.systemID}'`, orderby: 'tittel' });
  assert.deepEqual(answered.json.results.map(j => j.tittel), ['en', 'to'], 'the answer leads back to what it answered');
  const log = (await api.get(link(one, 'loggingogsporing/endringslogg'))).json.results;
  assert.deepEqual(log.filter(e => e.referanseMetadata === 'referanseAvskrivesAvJournalpost').map(e => e.nyVerdi).sort(), [answer.systemID, more.systemID].sort());
});

test('an answer stays with what it answers: it is not deleted, and neither is moved (3.2.39)', async () => {
  const { klasse } = await archive(api), sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Her' }), there = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Der' });
  const letter = await entry(sak, 'I'), answer = await entry(sak, 'U');
  const made = await writeOff(letter, 'BU', answer);
  const move = it => api.change('PATCH', it, { _links: { [rel('sakarkiv/saksmappe')]: { href: link(there, 'self') } } });
  for (const [it, other] of [[letter, answer], [answer, letter]]) {
    const r = await move(it);
    why(r, 409, /^3\.2\.39/);
    assert.ok(r.json.feil.beskrivelse.includes(other.registreringsID), 'it says which');
  }
  why(await api.change('DELETE', answer), 409, /avskrivning/);
  assert.equal((await api.change('PATCH', made.json, { avskrivningsmaate: { kode: 'TLF' }, referanseAvskrivesAvJournalpost: null })).status, 200);
  assert.equal((await move(answer)).status, 200, 'it answers nothing now');
  why(await api.change('PATCH', made.json, { avskrivningsmaate: { kode: 'BU' } }), 400, /3\.4\.7/);
  assert.equal((await api.change('PATCH', made.json, { avskrivningsmaate: { kode: 'BU' }, referanseAvskrivesAvJournalpost: answer.systemID })).status, 200);
  why(await move(letter), 409, /^3\.2\.39/);
  assert.equal((await api.change('DELETE', made.json)).status, 204);
  assert.equal((await move(letter)).status, 200);
  const log = (await api.get(link(letter, 'loggingogsporing/endringslogg'))).json.results.filter(e => e.referanseMetadata === 'referanseAvskrivesAvJournalpost');
  assert.deepEqual(log.map(e => [e.tidligereVerdi, e.nyVerdi]), [[undefined, answer.systemID], [answer.systemID, undefined], [undefined, answer.systemID], [answer.systemID, undefined]]);
});

test('a note to be followed up is written off by each of its recipients, and a copy has nothing to answer (3.4.6, 3.4.9)', async () => {
  const { klasse } = await archive(api), sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Notat' });
  const note = await entry(sak, 'N'), reply = await entry(sak, 'X', 'svar'), other = await entry(sak, 'N', 'annet');
  const part = (it, kode, saksbehandler) => api.make(it, 'arkivstruktur/ny-korrespondansepartintern', { korrespondanseparttype: { kode }, saksbehandler });
  const [kari, ola, copy, foreign] = [await part(note, 'IM', 'Kari'), await part(note, 'IM', 'Ola'), await part(note, 'IK', 'Kopi'), await part(other, 'IM', 'Per')];
  for (const it of [note, reply, other]) await finish(it);
  assert.equal((await writeOff(other, 'TE')).status, 201);
  why(await writeOff(note, 'TE', null, copy), 400, /3\.4\.9/);
  why(await writeOff(note, 'TE', null, foreign), 400, /of this entry/);
  why(await close(sak), 409, /^6\.1\.12/);
  assert.equal((await writeOff(note, 'BN', reply, kari)).status, 201);
  why(await close(sak), 409, /^6\.1\.12/);
  const last = await writeOff(note, 'TE', null, ola);
  assert.equal(last.status, 201, last.text);
  const r = await close(sak);
  assert.equal(r.status, 200, r.text);
  why(await api.change('DELETE', last.json), 409, /^6\.1\.12/);
  why(await api.change('PATCH', last.json, { referanseAvskrivesAvKorrespondansepart: kari.systemID }), 409, /^6\.1\.12/);
  assert.equal((await api.change('PATCH', sak, { saksstatus: { kode: 'B' } })).status, 200);
  assert.equal((await api.change('DELETE', last.json)).status, 204);
  why(await close(sak), 409, /^6\.1\.12/);
});

test('a case file is closed or a letter waits again, never both', async () => {
  const { klasse } = await archive(api);
  for (let i = 0; i < 8; i++) {
    const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: `Samtidig ${i}` }), letter = await entry(sak, 'I');
    await finish(letter);
    const made = (await writeOff(letter, 'TE')).json;
    const [closed, gone] = await Promise.all([api.request('PATCH', link(sak, 'self'), { saksstatus: { kode: 'A' } }, { 'if-match': '*' }), api.request('DELETE', link(made, 'self'), undefined, { 'if-match': '*' })]);
    assert.deepEqual([closed.status, gone.status].sort(), closed.status === 200 ? [200, 409] : [204, 409], closed.text + gone.text);
  }
});
