// The house's own case files through the Noark API: who sees them, what a program may add, and the laws attacked this way.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { binary, municipalityWith, startServer, until } from '../lib/server.mjs';
import { Noark, archive, has, link, rel } from '../lib/noark.mjs';
import { textOf } from '../lib/client.mjs';
import { apply, arrived, citizen, decide, pdf, sendLetter, takeCase } from '../lib/people.mjs';

let server, api;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); api = new Noark(server); });
after(() => server?.stop());

const find = async no => (await api.list('sakarkiv/saksmappe/', { filter: `mappeID eq '${no}'` })).json;
async function taken() {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const { no, id } = await apply(anna);
  return { anna, bo, no, id, desk: await takeCase(bo, no), sak: (await find(no)).results[0] };
}

test('a case file of the unit is a saksmappe in the archive of the house, with its application', async () => {
  const { no, sak } = await taken();
  assert.equal(sak.mappeID, no);
  assert.equal(sak.saksansvarlig, 'Bo Kjær');
  assert.deepEqual([sak.saksstatus, sak.dokumentmedium.kode], [{ kode: 'B', kodenavn: 'Under behandling' }, 'E']);
  const klasse = (await api.get(link(sak, 'arkivstruktur/klasse'))).json;
  const system = (await api.get(link(klasse, 'arkivstruktur/klassifikasjonssystem'))).json;
  const del = (await api.get(link(system, 'arkivstruktur/arkivdel'))).json;
  assert.equal((await api.get(link(del, 'arkivstruktur/arkiv'))).json.tittel, 'Fjordby Kommune');
  const entries = await until('the application to be finished', async () => { const r = (await api.get(link(sak, 'sakarkiv/journalpost'))).json; return r.results?.every(j => j.arkivertDato) && r.results; }, 30000);
  assert.equal(entries[0].journalposttype.kode, 'I');
  assert.equal(entries[0].referanseArkivdel, del.systemID);
  const docs = (await api.get(link(entries[0], 'arkivstruktur/dokumentbeskrivelse'))).json.results;
  const objects = (await api.get(link(docs[0], 'arkivstruktur/dokumentobjekt'))).json.results;
  const archived = objects.find(o => o.variantformat.kode === 'A');
  assert.deepEqual(archived.format, { kode: 'fmt/477', kodenavn: 'PDF/A 2b - ISO 19005-2:2011' }, 'what the house makes is PDF/A-2b');
  const file = await api.get(link(archived, 'arkivstruktur/fil'));
  assert.ok(file.bytes.subarray(0, 5).equals(Buffer.from('%PDF-')));
  assert.equal(file.bytes.length, archived.filstoerrelse);
  const parts = (await api.get(link(entries[0], 'arkivstruktur/korrespondansepart'))).json.results;
  assert.ok(parts.some(p => p.navn === 'Anna Holm' && p.korrespondanseparttype.kode === 'EA'));
  for (const part of parts) assert.equal((await api.get(link(part, 'self'))).json.systemID, part.systemID);
  assert.equal((await api.list('sakarkiv/saksmappe/', { filter: `journalpost/journalposttype/kode eq 'I' and mappeID eq '${no}'` })).json.count, 1);
  assert.equal((await api.list('arkivstruktur/mappe/', { filter: `saksstatus/kode eq 'B' and klasse/klasseID eq '${klasse.klasseID}' and mappeID eq '${no}'` })).json.count, 1);
  assert.equal((await api.list('sakarkiv/journalpost/', { filter: `korrespondansepart/navn eq 'Anna Holm' and saksmappe/mappeID eq '${no}'` })).json.count, 1);
  const { journalaar: year } = entries[0];
  for (const [filter, n] of [[`saksaar eq ${sak.saksaar}`, 1], [`saksaar gt ${sak.saksaar}`, 0], [`journalpost/journalaar eq ${year}`, 1], ["journalpost/journalposttype/kode eq 'X'", 0]]) {
    assert.equal((await api.list('sakarkiv/saksmappe/', { filter: `mappeID eq '${no}' and ${filter}` })).json.count, n, filter);
  }
  const expanded = (await api.list('sakarkiv/saksmappe/', { filter: `mappeID eq '${no}'`, expand: 'journalpost' })).json.results[0];
  assert.equal(expanded.journalpost.length, entries.length);
});

test('law 7: the case file of another unit does not exist: not in a list, a count, a search, a relation or by its address', async () => {
  const { no, sak } = await taken();
  const args = ['noark-client', 'other@example.com', 'other', 'borgerservice', '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])];
  const short = execFileSync.bind(null, binary);
  assert.throws(() => short(args, { input: 'too short\n', stdio: 'pipe' }));
  short(args, { input: 'a-password-that-a-machine-made\n', stdio: 'pipe' });
  const other = new Noark(server, 'Basic ' + Buffer.from('other@example.com:a-password-that-a-machine-made').toString('base64'));
  assert.equal((await other.get('arkivstruktur/')).status, 200);
  const entry = (await api.get(link(sak, 'sakarkiv/journalpost'))).json.results[0];
  const doc = (await api.get(link(entry, 'arkivstruktur/dokumentbeskrivelse'))).json.results[0];
  const object = (await api.get(link(doc, 'arkivstruktur/dokumentobjekt'))).json.results[0];
  const part = (await api.get(link(entry, 'arkivstruktur/korrespondansepart'))).json.results[0];
  const remark = await api.make(sak, 'arkivstruktur/ny-merknad', { merknadstekst: 'Kun for enheten' });
  for (const e of [sak, entry, doc, object, part, remark]) {
    assert.equal((await api.get(link(e, 'self'))).status, 200);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) assert.equal((await other.request(method, link(e, 'self'), method === 'GET' || method === 'DELETE' ? undefined : {}, { 'if-match': '*' })).status, 404, method + link(e, 'self'));
  }
  assert.equal((await other.get(link(object, 'arkivstruktur/fil'))).status, 404);
  assert.equal((await other.get(link(sak, 'sakarkiv/journalpost'))).status, 404);
  assert.equal((await other.request('POST', link(sak, 'sakarkiv/ny-journalpost'), { tittel: 'x' })).status, 404);
  for (const list of ['sakarkiv/saksmappe/', 'sakarkiv/journalpost/', 'arkivstruktur/dokumentobjekt/', 'arkivstruktur/korrespondansepart/', 'arkivstruktur/merknad/']) assert.equal((await other.list(list, { count: 'true', top: 500 })).json.count, 0, list);
  assert.equal((await other.list('arkivstruktur/klasse/', { filter: `mappe/mappeID eq '${no}'` })).json.count, 0, 'a path in a filter tells nothing');
  assert.ok((await api.list('arkivstruktur/klasse/', { filter: `mappe/mappeID eq '${no}'` })).json.count > 0);
  const klasse = (await other.list('arkivstruktur/klasse/', { expand: 'mappe', top: 500 })).json.results;
  assert.ok(klasse.length && klasse.every(k => !k.mappe?.length));
  const uuid = sak.systemID, shifted = uuid.slice(0, -1) + (uuid.endsWith('0') ? '1' : '0');
  assert.equal((await api.get('sakarkiv/saksmappe/' + shifted + '/')).status, 404);
  assert.equal((await api.get('arkivstruktur/registrering/' + uuid + '/')).status, 404);
  assert.equal((await api.get('sakarkiv/saksmappe/' + uuid.replace(/^./, c => c === '0' ? '1' : '0') + '/')).status, 404, 'not under the name of another archive');
});

test('Anna sees that a program looked', async () => {
  const { anna, no, sak } = await taken();
  await api.get(link(sak, 'self'));
  const log = await until('the look to be in her log', async () => { const t = textOf((await anna.get('/access')).text); return t.includes(no) && /program i enheden/.test(t) && t; }, 20000);
  assert.match(log, /Hjælpemiddelteamet/);
});

test('a program adds a journal entry with a document; finished, it stays (law 8)', async () => {
  const { sak, desk, bo } = await taken();
  const entry = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Udtalelse fra terapeut', journalposttype: { kode: 'I' }, mottattDato: '2026-11-20T09:30:00+01:00' });
  assert.match(entry.mottattDato, /^2026-11-20T08:30:00Z$/);
  assert.ok(entry.journalaar && entry.journalsekvensnummer && entry.journalpostnummer);
  const part = await api.make(entry, 'arkivstruktur/ny-korrespondansepartperson', { navn: 'Terapeut Prøve', korrespondanseparttype: { kode: 'EA' } });
  assert.equal(part.navn, 'Terapeut Prøve');
  const finish = () => api.change('PATCH', entry, { journalstatus: { kode: 'A' } });
  assert.match((await finish()).json.feil.beskrivelse, /^LAW 8/);
  const doc = await api.make(entry, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Udtalelse' });
  assert.match((await finish()).json.feil.beskrivelse, /^LAW 8/);
  const object = await api.request('POST', link(doc, 'arkivstruktur/fil'), pdf);
  assert.equal(object.status, 201, object.text);
  assert.ok((await api.get(link(object.json, 'arkivstruktur/fil'))).bytes.equals(pdf));
  assert.match((await bo.get(`/desk/casefile/${desk}`)).text, /Udtalelse/, 'the caseworker sees it');
  assert.equal((await finish()).status, 200);
  for (const [method, entity, body] of [['PATCH', entry, { tittel: 'x' }], ['PATCH', entry, { journalstatus: { kode: 'J' } }], ['PUT', entry, { tittel: 'x' }], ['DELETE', entry], ['DELETE', doc], ['DELETE', object.json], ['DELETE', part], ['PATCH', part, { navn: 'x' }], ['PATCH', doc, { tittel: 'x' }]]) {
    const r = await api.change(method, entity, body);
    assert.equal(r.status, 409, `${method} ${JSON.stringify(body)} ${r.text}`);
  }
  for (const [name, body] of [['dokumentbeskrivelse', { tittel: 'x' }], ['korrespondansepartperson', { navn: 'x' }]]) assert.equal((await api.request('POST', `${link(entry, 'self')}ny-${name}/`, body)).status, 409, name);
  assert.equal((await api.request('POST', link(doc, 'arkivstruktur/fil'), Buffer.from('mere'))).status, 409);
  assert.equal((await api.request('POST', link(sak, 'sakarkiv/ny-journalpost'), { tittel: 'x', forfatter: ['y'] })).status, 400, 'what is not kept is not lost silently');
});

test('law 8: a registration is finished or gets one more document or correspondent, never both', async () => {
  const { sak } = await taken();
  for (let i = 0; i < 12; i++) {
    const entry = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: `Samtidig ${i}` });
    const doc = await api.make(entry, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Brev' });
    assert.equal((await api.request('POST', link(doc, 'arkivstruktur/fil'), pdf)).status, 201);
    const [finish, more] = await Promise.all([api.request('PATCH', link(entry, 'self'), { journalstatus: { kode: 'A' } }, { 'if-match': '*' }), api.request('POST', link(entry, 'arkivstruktur/ny-dokumentbeskrivelse'), { tittel: 'Uden fil' })]);
    assert.deepEqual([finish.status, more.status].sort(), more.status === 201 ? [201, 409] : [200, 409]);
  }
});

test('law 5: a case is not closed through the API while its letter is under way, nor before anything is decided', async () => {
  const { anna, bo, id, desk, sak } = await taken();
  const close = async () => api.change('PATCH', sak, { saksstatus: { kode: 'A', kodenavn: 'Avsluttet' } });
  assert.equal((await close()).status, 409, 'nothing is decided');
  await decide(bo, desk, ['granted', 'granted']);
  let r = await close();
  assert.equal(r.status, 409, r.text);
  assert.match(r.json.feil.beskrivelse, /LAW 5/);
  await sendLetter(bo, desk);
  await arrived(anna, id);
  r = await until('the case to be closable', async () => { const x = await close(); return x.status === 200 && x; }, 20000);
  assert.equal(r.json.saksstatus.kode, 'A');
  assert.ok(!has(r.json, 'sakarkiv/ny-journalpost'));
  assert.equal((await api.request('POST', link(sak, 'self') + 'ny-journalpost/', { tittel: 'for sent' })).status, 409);
});

test('the structure of the house is read, not written', async () => {
  const { sak } = await taken();
  const klasse = (await api.get(link(sak, 'arkivstruktur/klasse'))).json;
  for (const name of ['ny-saksmappe', 'ny-mappe', 'ny-klasse', 'ny-registrering']) {
    assert.ok(!Object.keys(klasse._links).some(k => k.includes('/' + name + '/')), name);
    assert.equal((await api.request('POST', `${link(klasse, 'self')}${name}/`, { tittel: 'x', klasseID: 'x' })).status, 403, name);
  }
  assert.equal((await api.change('PATCH', klasse, { tittel: 'x' })).status, 409);
  assert.equal((await api.change('DELETE', klasse)).status, 409);
  assert.equal((await api.change('DELETE', sak)).status, 409);
  assert.equal((await api.change('PATCH', sak, { tittel: 'x' })).status, 409);
  const own = await archive(api), mine = await api.make(own.klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Egen' });
  for (const [it, to] of [[sak, own.klasse], [mine, klasse]]) assert.equal((await api.change('PATCH', it, { _links: { [rel('arkivstruktur/klasse')]: { href: link(to, 'self') } } })).status, 409, 'nothing is moved out of the house or into it');
  const remark = await api.make(sak, 'arkivstruktur/ny-merknad', { merknadstekst: 'Ring til Anna' });
  assert.equal((await api.get(link(sak, 'arkivstruktur/merknad'))).json.results[0].systemID, remark.systemID);
  assert.equal((await api.change('DELETE', remark)).status, 204);
});

test('64 clients add journal entries to one case file of the house', async () => {
  const { sak } = await taken();
  const made = await Promise.all(Array.from({ length: 64 }, (_, i) => api.request('POST', link(sak, 'sakarkiv/ny-journalpost'), { tittel: `nr ${i}` })));
  assert.deepEqual([...new Set(made.map(r => r.status))], [201]);
  for (const name of ['journalpostnummer', 'journalsekvensnummer']) {
    const n = made.map(r => r.json[name]).sort((a, b) => a - b);
    assert.deepEqual(n, n.map((_, i) => n[0] + i), name);
  }
});
