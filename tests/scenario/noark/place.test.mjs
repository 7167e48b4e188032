// Where things lie in the archive, through the Noark 5 API: what they take from there (arv), the arkivdel they refer to, and
// moving them, with the laws attacked.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { binary, startServer } from '../lib/server.mjs';
import { Noark, archive, has, link, rel } from '../lib/noark.mjs';

let server, api;
before(async () => { server = await startServer(); api = new Noark(server); });
after(() => server?.stop());

const kassasjon = (kode, aar, hjemmel) => ({ kassasjonsvedtak: { kode }, bevaringstid: aar, kassasjonshjemmel: hjemmel });
const skjerming = { tilgangsrestriksjon: { kode: 'P' }, skjermingshjemmel: 'Offl. § 13', skjermingsvarighet: 60 };
const years = entity => [entity.kassasjon?.kassasjonsvedtak.kode, entity.kassasjon?.bevaringstid];
const again = async entity => (await api.get(link(entity, 'self'))).json;
const move = (entity, to, name = 'arkivstruktur/klasse') => api.change('PATCH', entity, { _links: { [rel(name)]: { href: link(to, 'self') } } });
const file = (doc, text = '<?xml version="1.0"?><brev/>') => api.request('POST', link(doc, 'arkivstruktur/fil'), Buffer.from(text));
const changes = async entity => (await api.list(link(entity, 'loggingogsporing/endringslogg'), { top: 500 })).json.results ?? [];

/** A case file with an entry and its document. */
async function filled(klasse, tittel = 'Bru', type = 'I') {
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel });
  const entry = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Brev', journalposttype: { kode: type } });
  return { sak, entry, doc: await api.make(entry, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Brev' }) };
}
async function finished(entry, doc) {
  assert.equal((await file(doc)).status, 201);
  const r = await api.change('PATCH', entry, { journalstatus: { kode: 'A' } });
  assert.equal(r.status, 200, r.text);
  return r.json;
}

test('kassasjon, skjerming and gradering are taken from above, the nearest class first, and overruled below', async () => {
  const { klasse } = await archive(api);
  assert.equal((await api.change('PATCH', klasse, { kassasjon: kassasjon('K', 10, 'Vedtak 1'), skjerming, gradering: { graderingskode: { kode: 'F' } } })).status, 200);
  const below = await api.make(klasse, 'arkivstruktur/ny-klasse', { klasseID: '1111', tittel: 'Bruer' });
  const { sak, entry, doc } = await filled(below);
  for (const it of [sak, entry, doc]) {
    assert.deepEqual([it.kassasjon.kassasjonsvedtak, it.kassasjon.bevaringstid, it.kassasjon.kassasjonshjemmel], [{ kode: 'K', kodenavn: 'Kasseres' }, 10, 'Vedtak 1']);
    assert.deepEqual([it.skjerming.tilgangsrestriksjon.kode, it.gradering.graderingskode.kode], ['P', 'F']);
    assert.match(it.skjerming.skjermingOpphoererDato, /^20[89]\d-/, 'sixty years on');
    assert.ok(!it.kassasjon.kassasjonsdato, 'counted from when it is closed');
  }
  assert.ok(!(await again(below)).kassasjon, 'a class has its own alone');
  const kept = await api.make(below, 'sakarkiv/ny-saksmappe', { tittel: 'Bevares', kassasjon: kassasjon('B', 0), skjerming: { ...skjerming, tilgangsrestriksjon: { kode: '5' } } });
  const under = await api.make(kept, 'sakarkiv/ny-journalpost', { tittel: 'x' });
  assert.deepEqual([years(kept), years(under), under.skjerming.tilgangsrestriksjon.kode, under.gradering.graderingskode.kode], [['B', 0], ['B', 0], '5', 'F']);
  const found = await api.list(link(below, 'arkivstruktur/mappe'), { filter: "kassasjon/kassasjonsvedtak/kode eq 'K'" });
  assert.deepEqual(found.json.results.map(m => m.systemID), [sak.systemID], 'the list of what is to be disposed of finds it');
});

test('the kassasjon of an arkivdel goes before those of its classes (5.10.10); dokumentmedium comes down all the way', async () => {
  const arkiv = await api.make('arkivstruktur/ny-arkiv/', 'arkiv', { tittel: 'Papir', dokumentmedium: { kode: 'F' } });
  const del = await api.make(arkiv, 'arkivstruktur/ny-arkivdel', { tittel: 'Del', kassasjon: kassasjon('K', 5), skjerming });
  assert.equal(del.dokumentmedium.kode, 'F');
  const system = await api.make(del, 'arkivstruktur/ny-klassifikasjonssystem', { tittel: 'Emner' });
  const klasse = await api.make(system, 'arkivstruktur/ny-klasse', { klasseID: '1', tittel: 'Bygg', kassasjon: kassasjon('B', 0), skjerming: { ...skjerming, tilgangsrestriksjon: { kode: '5' } } });
  const { sak, entry, doc } = await filled(klasse);
  for (const it of [sak, entry, doc]) assert.deepEqual([years(it), it.skjerming.tilgangsrestriksjon.kode, it.dokumentmedium.kode], [['K', 5], '5', 'F']);
  const scanned = await api.make(entry, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Skannet', dokumentmedium: { kode: 'E' } });
  assert.equal(scanned.dokumentmedium.kode, 'E');
});

test('a change of a folder reaches what is open in it and had the same; not what was said otherwise, nor what is finished', async () => {
  const { klasse } = await archive(api);
  await api.change('PATCH', klasse, { kassasjon: kassasjon('K', 10) });
  const { sak, entry, doc } = await filled(klasse);
  await finished(entry, doc);
  const open = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Åpen' });
  const inner = await api.make(open, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Åpent' });
  const other = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Eget', kassasjon: kassasjon('B', 0) });
  const r = await api.change('PATCH', sak, { kassasjon: kassasjon('G', 25), skjerming });
  assert.equal(r.status, 200, r.text);
  for (const [it, expected] of [[open, ['G', 25]], [inner, ['G', 25]], [other, ['B', 0]], [entry, ['K', 10]], [doc, ['K', 10]]]) assert.deepEqual(years(await again(it)), expected);
  assert.equal((await again(other)).skjerming.tilgangsrestriksjon.kode, 'P', 'skjerming was not said otherwise');
  const log = await changes(inner);
  assert.ok(log.some(e => e.referanseMetadata === 'bevaringstid' && e.tidligereVerdi === '10' && e.nyVerdi === '25'));
  assert.ok(log.some(e => e.referanseMetadata === 'kassasjonsvedtak' && e.tidligereVerdi === 'Kasseres' && e.nyVerdi === 'Vurderes senere'));
  assert.equal((await api.change('PATCH', open, { tittel: 'x' }, { 'if-match': '"1"' })).status, 412, 'its version is another: law 2');
});

test('kassasjonsdato is counted from when the folder is closed, and goes when it is opened again', async () => {
  const { klasse } = await archive(api);
  await api.change('PATCH', klasse, { kassasjon: kassasjon('K', 10) });
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Lukkes' });
  let r = await api.change('PATCH', sak, { saksstatus: { kode: 'A' } });
  assert.equal(r.status, 200, r.text);
  const year = Number(r.json.avsluttetDato.slice(0, 4)), until = new Date(r.json.kassasjon.kassasjonsdato);
  assert.ok(Math.abs(until - Date.parse(r.json.avsluttetDato.replace(/^\d+/, String(year + 10)))) < 3 * 86400e3, r.json.kassasjon.kassasjonsdato);
  r = await api.change('PATCH', sak, { saksstatus: { kode: 'B' } });
  assert.equal(r.status, 200, r.text);
  assert.deepEqual([years(r.json), 'kassasjonsdato' in r.json.kassasjon], [['K', 10], false]);
  const said = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Egen dato', kassasjon: { ...kassasjon('K', 10), kassasjonsdato: '2040-01-01T00:00:00Z' } });
  r = await api.change('PATCH', said, { saksstatus: { kode: 'A' } });
  assert.equal(r.json.kassasjon.kassasjonsdato, '2040-01-01T00:00:00Z');
  assert.equal((await api.change('PATCH', said, { saksstatus: { kode: 'B' } })).json.kassasjon.kassasjonsdato, '2040-01-01T00:00:00Z', 'what was said stays');
  const kept = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Bevares', kassasjon: kassasjon('B', 10) });
  assert.ok(!(await api.change('PATCH', kept, { saksstatus: { kode: 'A' } })).json.kassasjon.kassasjonsdato, 'nothing is disposed of');
});

test('referanseArkivdel: that of the structure, or one that says what is special about it (M208)', async () => {
  const { arkiv, arkivdel, klasse } = await archive(api);
  await api.change('PATCH', klasse, { kassasjon: kassasjon('K', 10) });
  const special = await api.make(arkiv, 'arkivstruktur/ny-arkivdel', { tittel: 'Interne dokumenter', kassasjon: kassasjon('B', 0) });
  const { sak, entry } = await filled(klasse);
  assert.equal(entry.referanseArkivdel, arkivdel.systemID);
  const inner = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Internt', journalposttype: { kode: 'X' }, referanseArkivdel: special.systemID });
  assert.deepEqual([inner.referanseArkivdel, years(inner)], [special.systemID, ['B', 0]]);
  assert.deepEqual(years(await api.make(inner, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'x' })), ['B', 0]);
  for (const bad of [klasse.systemID, '00000000-0000-8000-8000-000000000000', 'x']) assert.equal((await api.request('POST', link(sak, 'sakarkiv/ny-journalpost'), { tittel: 'x', referanseArkivdel: bad })).status, 400, bad);
  let r = await api.change('PATCH', entry, { referanseArkivdel: special.systemID });
  assert.deepEqual([r.status, r.json.referanseArkivdel, years(r.json)], [200, special.systemID, ['B', 0]]);
  r = await api.change('PATCH', entry, { referanseArkivdel: null });
  assert.deepEqual([r.json.referanseArkivdel, years(r.json)], [arkivdel.systemID, ['K', 10]], 'back to where it lies');
  assert.ok((await changes(entry)).some(e => e.referanseMetadata === 'referanseArkivdel' && e.tidligereVerdi === arkivdel.systemID && e.nyVerdi === special.systemID));
  assert.equal((await api.change('PATCH', entry, { referanseArkivdel: klasse.systemID })).status, 400);
});

test('a change that also finishes an entry reaches its documents before they are finished', async () => {
  const { klasse } = await archive(api);
  const { entry, doc } = await filled(klasse);
  assert.equal((await file(doc)).status, 201);
  assert.equal((await api.change('PATCH', entry, { journalstatus: { kode: 'A' }, skjerming })).status, 200);
  assert.equal((await again(doc)).skjerming?.tilgangsrestriksjon.kode, 'P');
  assert.equal((await api.change('PATCH', doc, { tittel: 'x' })).status, 409, 'and it is finished');
});

test('6.1.7 looks at the place where a case file is closed, not at the one it leaves in the same change', async () => {
  const { arkiv, klasse } = await archive(api);
  const plain = await api.make(arkiv, 'arkivstruktur/ny-arkivdel', { tittel: 'Uten klasser' });
  const at = to => ({ [rel(to.klasseID ? 'arkivstruktur/klasse' : 'arkivstruktur/arkivdel')]: { href: link(to, 'self') } });
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Ut' });
  const out = await api.change('PATCH', sak, { saksstatus: { kode: 'A' }, _links: at(plain) });
  assert.equal(out.status, 409, out.text);
  assert.match(out.text, /6\.1\.7/);
  const loose = await api.make(plain, 'sakarkiv/ny-saksmappe', { tittel: 'Inn' });
  const into = await api.change('PATCH', loose, { saksstatus: { kode: 'A' }, _links: at(klasse) });
  assert.equal(into.status, 200, into.text);
});

test('a folder is moved by _links to another class: what it took from there follows, its number stays', async () => {
  const { arkivdel, system, klasse } = await archive(api);
  await api.change('PATCH', klasse, { kassasjon: kassasjon('K', 10) });
  const there = await api.make(system, 'arkivstruktur/ny-klasse', { klasseID: '222', tittel: 'Vei', kassasjon: kassasjon('G', 20), skjerming });
  const { sak, entry, doc } = await filled(klasse);
  const own = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Eget', kassasjon: kassasjon('B', 0) });
  let r = await move(sak, there);
  assert.equal(r.status, 200, r.text);
  assert.deepEqual([link(r.json, 'arkivstruktur/klasse'), r.json.mappeID, years(r.json)], [link(there, 'self'), sak.mappeID, ['G', 20]]);
  for (const it of [entry, doc]) assert.deepEqual([years(await again(it)), (await again(it)).skjerming.tilgangsrestriksjon.kode], [['G', 20], 'P']);
  assert.deepEqual(years(await again(own)), ['B', 0]);
  assert.equal((await again(entry)).referanseArkivdel, arkivdel.systemID);
  assert.equal((await api.get(link(klasse, 'arkivstruktur/mappe'))).json.count, 0);
  assert.deepEqual((await api.get(link(there, 'arkivstruktur/mappe'))).json.results.map(m => m.systemID), [sak.systemID]);
  assert.ok((await changes(sak)).some(e => e.referanseMetadata === 'referanseForelder' && e.tidligereVerdi === klasse.systemID && e.nyVerdi === there.systemID && e.referanseEndretAv));
  r = await api.request('PUT', link(sak, 'self') + 'klasse/$ref', { href: link(klasse, 'self') });
  assert.equal(r.status, 204, r.text);
  assert.deepEqual([link(await again(sak), 'arkivstruktur/klasse'), years(await again(entry))], [link(klasse, 'self'), ['K', 10]]);
  r = await api.get(link(sak, 'self'));
  const whole = await api.request('PUT', link(sak, 'self'), r.json, { 'if-match': r.etag });
  assert.equal(whole.status, 200, whole.text);
  assert.equal(link(whole.json, 'arkivstruktur/klasse'), link(klasse, 'self'), 'sent back as it came, it stays');
});

test('folders in folders, and out again: referanseForelderMappe, never in a circle', async () => {
  const { klasse } = await archive(api);
  const a = await api.make(klasse, 'arkivstruktur/ny-mappe', { tittel: 'a' }), b = await api.make(a, 'arkivstruktur/ny-mappe', { tittel: 'b' }), c = await api.make(b, 'arkivstruktur/ny-mappe', { tittel: 'c' });
  assert.deepEqual([a.referanseForelderMappe, b.referanseForelderMappe], [undefined, a.systemID]);
  let r = await move(a, c, 'arkivstruktur/overmappe');
  assert.equal(r.status, 409, r.text);
  assert.equal((await move(a, a, 'arkivstruktur/overmappe')).json.referanseForelderMappe, undefined, 'itself: nothing is moved');
  r = await move(c, a, 'arkivstruktur/overmappe');
  assert.deepEqual([r.status, r.json.referanseForelderMappe, link(r.json, 'arkivstruktur/overmappe')], [200, a.systemID, link(a, 'self')]);
  r = await move(c, klasse);
  assert.deepEqual([r.status, r.json.referanseForelderMappe, has(r.json, 'arkivstruktur/overmappe')], [200, undefined, false]);
  const both = await Promise.all([move(b, c, 'arkivstruktur/overmappe'), move(c, b, 'arkivstruktur/overmappe')]);
  assert.ok(both.filter(x => x.status === 200).length <= 1, both.map(x => x.text.slice(0, 200)).join());
});

test('a registration is moved to another folder and numbered there; the others keep their numbers (3.2.35-3.2.37)', async () => {
  const { klasse } = await archive(api);
  await api.change('PATCH', klasse, { kassasjon: kassasjon('K', 10) });
  const { sak, entry, doc } = await filled(klasse), second = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'to' });
  const there = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Annen', kassasjon: kassasjon('B', 0) });
  await api.make(there, 'sakarkiv/ny-journalpost', { tittel: 'der' });
  const r = await move(entry, there, 'sakarkiv/saksmappe');
  assert.equal(r.status, 200, r.text);
  assert.deepEqual([r.json.registreringsID, r.json.journalpostnummer, r.json.journalsekvensnummer, years(r.json), link(r.json, 'sakarkiv/saksmappe')], [`${there.mappeID}-2`, 2, entry.journalsekvensnummer, ['B', 0], link(there, 'self')]);
  assert.deepEqual(years(await again(doc)), ['B', 0]);
  assert.equal((await again(second)).registreringsID, second.registreringsID);
  assert.ok((await changes(entry)).some(e => e.referanseMetadata === 'registreringsID' && e.tidligereVerdi === entry.registreringsID));
  const moved = await move(doc, second, 'arkivstruktur/registrering');
  assert.equal(moved.status, 200, moved.text);
  assert.deepEqual((await api.get(link(second, 'arkivstruktur/dokumentbeskrivelse'))).json.results.map(d => d.systemID), [doc.systemID]);
  assert.equal((await api.get(link(entry, 'arkivstruktur/dokumentbeskrivelse'))).json.count, 0);
});

test('law 8 attacked by moving: finished, closed, another archive, the wrong kind of place, another unit, the house', async () => {
  const { arkiv, arkivdel, klasse } = await archive(api), other = await archive(api, 'Annet arkiv');
  const { sak, entry, doc } = await filled(klasse), open = await filled(klasse, 'Åpen');
  const why = async (r, status, word) => { r = await r; assert.deepEqual([r.status, word.test(r.json?.feil?.beskrivelse)], [status, true], r.text); };
  await finished(entry, doc);
  await why(move(entry, open.sak, 'sakarkiv/saksmappe'), 409, /^LAW 8/);
  await why(move(doc, open.entry, 'arkivstruktur/registrering'), 409, /^LAW 8/);
  await why(move(open.doc, entry, 'arkivstruktur/registrering'), 409, /^LAW 8/);
  await why(api.request('PUT', link(entry, 'self') + 'saksmappe/$ref', { href: link(open.sak, 'self') }), 409, /^LAW 8/);
  const numbers = [(await again(entry)).registreringsID, link(await again(entry), 'sakarkiv/saksmappe')];
  assert.deepEqual(numbers, [entry.registreringsID, link(sak, 'self')]);
  await why(move(open.sak, other.klasse), 409, /^LAW 8: its numbers/);
  await why(move(open.sak, arkivdel, 'arkivstruktur/arkivdel'), 409, /klassifikasjonssystem/);
  await why(move(open.entry, klasse), 409, /does not lie in a klasse/);
  await why(move(arkivdel, other.arkiv, 'arkivstruktur/arkiv'), 409, /is not moved/);
  await why(move(klasse, other.klasse, 'arkivstruktur/overklasse'), 409, /is not moved/);
  await why(move(open.sak, { _links: { self: { href: api.base + 'arkivstruktur/klasse/00000000-0000-8000-8000-000000000000/' } } }), 400, /leads to nothing/);
  await why(api.change('PATCH', open.sak, { _links: { [rel('arkivstruktur/klasse')]: { href: link(klasse, 'self') }, [rel('arkivstruktur/arkivdel')]: { href: link(arkivdel, 'self') }, [rel('arkivstruktur/overmappe')]: { href: link(sak, 'self') } } }), 400, /two places/);
  await why(api.request('DELETE', link(open.sak, 'self') + 'klasse/$ref'), 400, /one place/);
  const stale = await api.get(link(open.sak, 'self'));
  assert.equal((await api.change('PATCH', open.sak, { beskrivelse: 'x' })).status, 200);
  await why(api.request('PATCH', link(open.sak, 'self'), { _links: { [rel('arkivstruktur/klasse')]: { href: link(other.klasse, 'self') } } }, { 'if-match': stale.etag }), 412, /^LAW 2/);
  await api.make(await again(entry), 'sakarkiv/ny-avskrivning', { avskrivningsmaate: { kode: 'TE' } });
  const closed = await api.change('PATCH', sak, { saksstatus: { kode: 'A' } });
  assert.equal(closed.status, 200, closed.text);
  await why(move(open.entry, sak, 'sakarkiv/saksmappe'), 409, /^LAW 8/);
  const next = await api.make((await api.get(link(klasse, 'arkivstruktur/klassifikasjonssystem'))).json, 'arkivstruktur/ny-klasse', { klasseID: '9', tittel: 'Ni' });
  await why(move(sak, next), 409, /^LAW 8: it is closed/);
  execFileSync(binary, ['noark-client', 'place@example.com', 'place', 'borgerservice', '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])], { input: 'a-password-that-a-machine-made\n' });
  const stranger = new Noark(server, 'Basic ' + Buffer.from('place@example.com:a-password-that-a-machine-made').toString('base64'));
  const theirs = await archive(stranger, 'Deres');
  await why(move(open.sak, theirs.klasse), 400, /leads to nothing/);
  await why(stranger.request('PUT', link(open.sak, 'self') + 'klasse/$ref', { href: link(theirs.klasse, 'self') }), 404, /./);
  const houseClass = (await api.list('arkivstruktur/klasse/', { top: 500 })).json.results.find(k => !has(k, 'arkivstruktur/ny-mappe'));
  await why(move(open.sak, houseClass), 409, /archive of the house/);
});

test('periods: an arkivdel that overlaps takes no new folder, one that has ended takes closed ones alone (5.11.4, 5.11.6, 6.2.11)', async () => {
  const arkiv = await api.make('arkivstruktur/ny-arkiv/', 'arkiv', { tittel: 'Perioder' });
  const old = await api.make(arkiv, 'arkivstruktur/ny-arkivdel', { tittel: 'Gammel' }), now = await api.make(arkiv, 'arkivstruktur/ny-arkivdel', { tittel: 'Ny' });
  const inside = await api.make(old, 'arkivstruktur/ny-mappe', { tittel: 'Inne' }), open = await api.make(now, 'arkivstruktur/ny-mappe', { tittel: 'Åpen' }), closed = await api.make(now, 'arkivstruktur/ny-mappe', { tittel: 'Lukket' });
  assert.equal((await api.change('PATCH', closed, { avsluttetDato: '2026-01-01T00:00:00Z' })).status, 200);
  assert.equal((await api.change('PATCH', old, { arkivdelstatus: { kode: 'O' } })).status, 200);
  const taken = () => api.request('POST', link(old, 'self') + 'ny-mappe/', { tittel: 'x' });
  assert.match((await taken()).json.feil.beskrivelse, /^5\.11\.4/);
  assert.match((await move(open, old, 'arkivstruktur/arkivdel')).json.feil.beskrivelse, /^5\.11\.4/);
  assert.equal((await api.request('POST', link(inside, 'self') + 'ny-registrering/', { tittel: 'Fortsetter' })).status, 201, 'folders that are there go on');
  assert.equal((await move(inside, now, 'arkivstruktur/arkivdel')).status, 200, '6.2.9: over to the successor');
  assert.equal((await api.change('PATCH', old, { arkivdelstatus: { kode: 'P' } })).status, 200);
  assert.equal((await taken()).status, 409);
  assert.equal((await move(open, old, 'arkivstruktur/arkivdel')).status, 409);
  const r = await move(closed, old, 'arkivstruktur/arkivdel');
  assert.equal(r.status, 200, r.text);
  assert.equal(link(r.json, 'arkivstruktur/arkivdel'), link(old, 'self'));
  assert.ok((await changes(closed)).some(e => e.referanseMetadata === 'referanseArkivdel' && e.tidligereVerdi === now.systemID && e.nyVerdi === old.systemID));
  const system = await api.make(now, 'arkivstruktur/ny-klassifikasjonssystem', { tittel: 'Emner' }), klasse = await api.make(system, 'arkivstruktur/ny-klasse', { klasseID: '1', tittel: 'x' });
  assert.equal((await api.change('PATCH', now, { arkivdelstatus: { kode: 'P' } })).status, 200);
  assert.match((await api.request('POST', link(klasse, 'self') + 'ny-mappe/', { tittel: 'x' })).json.feil.beskrivelse, /^5\.11\.6/, 'nor by way of a class');
});
