// The Noark 5 API as the specification has it, where the public tester does not look: stale ETags, paging, any and all, $ref,
// extending, files in pieces, what is closed, PATCH.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { binary, startServer } from '../lib/server.mjs';
import { Noark, archive, has, link, rel } from '../lib/noark.mjs';
import { pdf } from '../lib/people.mjs';

let server, api;
before(async () => { server = await startServer(); api = new Noark(server); });
after(() => server?.stop());

test('before the login: the ways to log in, and nothing else', async () => {
  const nobody = new Noark(server, null);
  const root = await nobody.get('');
  assert.equal(root.status, 200);
  assert.equal(root.headers.get('content-type'), 'application/vnd.noark5+json');
  assert.deepEqual(Object.keys(root.json._links).filter(r => r !== 'self').map(r => r.replace(rel('login').slice(0, -1), 'login')).sort(), ['login/oidc/', 'login/rfc6749/', 'login/rfc7617/']);
  for (const path of ['arkivstruktur/', 'arkivstruktur/arkiv/', 'metadata/arkivstatus/', 'admin/system/', 'nothing/']) {
    const r = await nobody.get(path);
    assert.equal(r.status, 401, path);
    assert.match(r.headers.get('www-authenticate'), /^Basic realm=/);
    assert.equal(r.json.feil.kode, 401);
  }
  const wrong = new Noark(server, 'Basic ' + Buffer.from('admin@example.com:wrong').toString('base64'));
  assert.equal((await wrong.get('')).status, 401);
  for (const token of ['', 'x', 'a.1.99999999999.00', 'a..', 'r.1.2.3']) assert.equal((await new Noark(server, 'Bearer ' + token).get('arkivstruktur/arkiv/')).status, 401, token);
});

test('a token by password, another by refreshing, none for a wrong client', async () => {
  const nobody = new Noark(server, null);
  const discovery = (await nobody.get('.well-known/openid-configuration')).json;
  const ask = values => nobody.request('POST', discovery.token_endpoint, new URLSearchParams(values).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  const whole = { grant_type: 'password', username: 'admin@example.com', password: 'password', client_id: 'nikita-client' };
  const first = (await ask(whole)).json;
  assert.equal((await new Noark(server, 'Bearer ' + first.access_token).get('arkivstruktur/')).status, 200);
  assert.equal((await new Noark(server, 'Bearer ' + first.refresh_token).get('arkivstruktur/')).status, 401, 'a refresh token opens nothing');
  const second = (await ask({ grant_type: 'refresh_token', refresh_token: first.refresh_token })).json;
  assert.equal((await new Noark(server, 'Bearer ' + second.access_token).get('arkivstruktur/')).status, 200);
  for (const change of [{ password: 'x' }, { username: 'x' }, { client_id: 'other' }, { grant_type: 'x' }]) assert.equal((await ask({ ...whole, ...change })).status, 400, JSON.stringify(change));
  const forged = first.access_token.replace(/.$/, c => c === '0' ? '1' : '0');
  assert.equal((await new Noark(server, 'Bearer ' + forged).get('arkivstruktur/')).status, 401);
});

test('a new password ends the tokens that the old one was given', async () => {
  const set = password => execFileSync(binary, ['noark-client', 'new@example.com', 'new', 'borgerservice', '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])], { input: password + '\n' });
  const nobody = new Noark(server, null), status = async token => (await new Noark(server, 'Bearer ' + token).get('arkivstruktur/')).status;
  const ask = values => nobody.request('POST', 'oauth/token', new URLSearchParams(values).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
  set('a long password, the first');
  const old = (await ask({ grant_type: 'password', username: 'new@example.com', password: 'a long password, the first' })).json;
  assert.equal(await status(old.access_token), 200);
  set('a long password, the second');
  assert.equal(await status(old.access_token), 401);
  assert.equal((await ask({ grant_type: 'refresh_token', refresh_token: old.refresh_token })).status, 400);
  const now = (await ask({ grant_type: 'password', username: 'new@example.com', password: 'a long password, the second' })).json;
  assert.equal(await status(now.access_token), 200);
});

test('OPTIONS for every address, without a login', async () => {
  for (const path of ['', 'arkivstruktur/', 'arkivstruktur/ny-arkiv/', 'arkivstruktur/arkiv/x/', 'a/b/c/d/e']) {
    const r = await new Noark(server, null).request('OPTIONS', path);
    assert.equal(r.status, 200);
    assert.equal(r.headers.get('access-control-allow-methods'), 'GET,POST,PUT,PATCH,DELETE,OPTIONS');
    assert.ok(r.headers.get('access-control-allow-origin'));
  }
});

test('a stale ETag overwrites nothing: 409 by ETag, 412 by If-Match, 400 without', async () => {
  const { arkiv } = await archive(api);
  const self = link(arkiv, 'self'), old = (await api.get(self)).etag;
  assert.equal((await api.request('PATCH', self, { beskrivelse: 'en' }, { 'if-match': old })).status, 200);
  assert.equal((await api.request('PATCH', self, { beskrivelse: 'to' }, { 'if-match': old })).status, 412);
  assert.equal((await api.request('PUT', self, { tittel: 'to' }, { etag: old })).status, 409);
  assert.equal((await api.request('PUT', self, { tittel: 'to' })).status, 400);
  assert.equal((await api.request('DELETE', self, undefined, { etag: old })).status, 409);
  assert.equal((await api.get(self)).json.beskrivelse, 'en');
  const both = await Promise.all(Array.from({ length: 8 }, async (_, i) => api.request('PATCH', self, { beskrivelse: 'nr ' + i }, { 'if-match': (await api.get(self)).etag })));
  assert.ok(both.some(r => r.status === 200));
  assert.ok(both.every(r => [200, 412, 409].includes(r.status)), both.map(r => r.status).join());
});

test('PATCH keeps what it does not name, null takes away, PUT takes away what is missing', async () => {
  const { klasse } = await archive(api);
  let r = await api.change('PATCH', klasse, { beskrivelse: 'x', noekkelord: ['a', 'b'] });
  assert.deepEqual([r.json.tittel, r.json.beskrivelse, r.json.noekkelord], ['Bygg', 'x', ['a', 'b']]);
  assert.ok(r.json.endretAv === 'admin@example.com' && r.json.endretDato);
  r = await api.change('PATCH', klasse, { beskrivelse: null });
  assert.ok(!('beskrivelse' in r.json));
  r = await api.change('PUT', klasse, { klasseID: '111', tittel: 'Bygg og anlegg' });
  assert.deepEqual([r.json.tittel, r.json.noekkelord], ['Bygg og anlegg', ['a', 'b']], 'lists stay');
  for (const [body, word] of [[{ klasseID: '222' }, 'klasseID'], [{ tittel: '  ' }, 'tittel'], [{ tittel: 5 }, 'tittel'], [{ finnesIkke: 1 }, 'finnesIkke'], [{ gradering: { graderingskode: { kode: 'QQ' } } }, 'graderingskode'], [{ kassasjon: { bevaringstid: 5 } }, 'kassasjonsvedtak'], [{ avsluttetDato: '2026-13-01T00:00:00Z' }, 'avsluttetDato'], [{ avsluttetDato: '2026-01-01' }, 'avsluttetDato']]) {
    r = await api.change('PATCH', klasse, body);
    assert.equal(r.status, 400, JSON.stringify(body));
    assert.match(r.json.feil.beskrivelse, new RegExp(word));
  }
  for (const bad of ['{', '[]', '"x"', '{"a":1,"a":2}', '{"tittel":"\\u0000"}']) assert.equal((await api.request('PATCH', link(klasse, 'self'), Buffer.from(bad), { 'if-match': (await api.get(link(klasse, 'self'))).etag })).status, 400, bad);
  const log = await api.get(link(klasse, 'loggingogsporing/endringslogg'));
  assert.ok(log.json.results.some(e => e.referanseMetadata === 'tittel' && e.tidligereVerdi === 'Bygg' && e.nyVerdi === 'Bygg og anlegg'));
  for (const [method, body] of [['PATCH', { nyVerdi: 'x' }], ['PUT', { nyVerdi: 'x' }], ['DELETE']]) assert.equal((await api.change(method, log.json.results[0], body)).status, 409, `${method}: the log stays`);
});

test('a list in pages: next leads to the end, count is of all, nothing twice', async () => {
  const { klasse } = await archive(api);
  for (let i = 0; i < 7; i++) await api.make(klasse, 'arkivstruktur/ny-mappe', { tittel: `Mappe ${i}`, noekkelord: [`ord${i}`, 'felles'] });
  const href = link(klasse, 'arkivstruktur/mappe'), seen = [];
  for (let r = await api.list(href, { top: 3, orderby: 'tittel desc' }); ; r = await api.get(r.json._links.next.href)) {
    seen.push(...r.json.results.map(m => m.tittel));
    assert.equal(r.json.count, 7);
    if (!r.json._links.next) break;
  }
  assert.deepEqual(seen, [6, 5, 4, 3, 2, 1, 0].map(i => `Mappe ${i}`));
  const part = await api.list(href, { top: 2, orderby: 'substring(tittel,6,1) desc' });
  assert.deepEqual([part.status, part.json.count, part.json.results?.map(m => m.tittel)], [200, 7, ['Mappe 6', 'Mappe 5']], 'an order with values of its own');
  const none = await api.list(href, { filter: "tittel eq 'x'" });
  assert.deepEqual([none.status, none.json.count, 'results' in none.json], [200, 0, false]);
  const count = async filter => { const r = await api.list(href, { filter }); assert.equal(r.status, 200, filter + r.text); return r.json.count; };
  assert.equal(await count("noekkelord/any(n: n eq 'ord3')"), 1);
  assert.equal(await count("noekkelord/any(n: n eq 'felles')"), 7);
  assert.equal(await count("noekkelord/all(n: n eq 'felles')"), 0);
  assert.equal(await count("not noekkelord/any(n: n eq 'ord3')"), 6);
  assert.equal(await count("startswith(tittel, 'Mappe') and endswith(tittel, '3') or tittel EQ 'Mappe 4'"), 2);
  assert.equal(await count("tittel gt 'Mappe 4' and (tittel lt 'Mappe 6' or tittel eq \"Mappe 6\")"), 2);
  assert.equal(await count("klasse/klasseID eq '111'"), 7);
  assert.equal(await count("klasse/klassifikasjonssystem/arkivdel/arkiv/tittel eq 'Prøve'"), 7);
  assert.equal(await count("klasse/klasseID ne '111'"), 0);
  assert.equal(await count(`systemID eq '${(await api.list(href, { top: 1 })).json.results[0].systemID}'`), 1);
  assert.equal(await count("year(opprettetDato) ge 2026 and opprettetDato gt 2020-01-01"), 7);
  assert.equal(await count("opprettetDato lt 2020-01-01T00:00:00+01:00"), 0);
  assert.equal(await count("tolower(tittel) eq 'mappe 1'"), 1);
  assert.equal(await count("substring(tittel, 6, 1) eq '2'"), 1);
  assert.equal(await count("length(tittel) eq 7"), 7);
  assert.equal(await count("tittel eq 'it''s'"), 0);
  assert.equal((await api.list(href, { search: 'mappe' })).json.count, 7);
  assert.equal((await api.list(href, { search: 'finnesikke' })).json.count, 0);
  for (const bad of ["tittel", "tittel eq", "tittel eq 'x", "(tittel eq 'x'", "finnes eq 'x'", "tittel eq 'x' and", "tittel eq tittel", "kassasjon eq 'x'", "klasse eq 'x'", "noekkelord/any(n: n eq)", "x/any(n: n eq 'a')", "opprettetDato gt 'i går'", "tittel gt null", "1 eq 1", "contains(tittel)", "drop(tittel) eq 'x'", "';--", "tittel eq 'x' tittel"])
    assert.equal((await api.list(href, { filter: bad })).status, 400, bad);
  for (const bad of [{ top: 'x' }, { top: -1 }, { skip: '1e3' }, { orderby: 'finnes' }, { expand: 'finnes' }, { unknown: '1' }]) assert.equal((await api.list(href, bad)).status, 400, JSON.stringify(bad));
  const whole = await api.get(href + '?' + encodeURIComponent("$filter=tittel eq 'Mappe 1'&$top=1"));
  assert.equal(whole.json.count, 1, 'the query string quoted as one piece');
  const expanded = await api.list(link(klasse, 'arkivstruktur/klassifikasjonssystem').replace(/[^/]+\/$/, ''), { top: 500, expand: 'klasse' });
  assert.ok(expanded.json.results.some(s => (s.klasse || []).some(k => k.systemID === klasse.systemID)));
});

test('$ref: both ends know of it, until it is taken away', async () => {
  const { klasse, system } = await archive(api);
  const other = await api.make(system, 'arkivstruktur/ny-klasse', { klasseID: '222', tittel: 'Vei' });
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Bru' });
  const list = link(sak, 'sakarkiv/sekundaerklassifikasjon'), ref = `${list}$ref?$id=${encodeURIComponent(link(other, 'self'))}`;
  assert.equal((await api.request('POST', ref)).status, 204);
  assert.equal((await api.request('POST', ref)).status, 204, 'twice is once');
  assert.deepEqual((await api.get(list)).json.results.map(k => k.klasseID), ['222']);
  assert.equal((await api.list(link(klasse, 'arkivstruktur/mappe'), { filter: "sekundaerklassifikasjon/klasseID eq '222'" })).json.count, 1);
  assert.equal((await api.request('DELETE', ref)).status, 204);
  assert.equal((await api.request('DELETE', ref)).status, 404);
  assert.equal((await api.get(list)).json.count, 0);
  assert.equal((await api.request('POST', list + '$ref?$id=http://elsewhere.example/x')).status, 400);
  const reg = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'A' }), reg2 = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'B' });
  const doc = await api.make(reg, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Tegning' });
  assert.equal((await api.request('PUT', link(reg2, 'arkivstruktur/dokumentbeskrivelse') + '$ref', { href: link(doc, 'self') })).status, 204);
  assert.deepEqual((await api.get(link(reg2, 'arkivstruktur/dokumentbeskrivelse'))).json.results.map(d => d.systemID), [doc.systemID]);
  assert.deepEqual((await api.get(link(doc, 'arkivstruktur/registrering'))).json.results.map(r => r.tittel).sort(), ['A', 'B']);
});

test('extending keeps the systemID and gives the numbers', async () => {
  const { klasse } = await archive(api);
  const mappe = await api.make(klasse, 'arkivstruktur/ny-mappe', { tittel: 'Blir sak' });
  const reg = await api.make(mappe, 'arkivstruktur/ny-registrering', { tittel: 'Blir journalpost' });
  let r = await api.request('PUT', link(mappe, 'sakarkiv/utvid-til-saksmappe'), { saksansvarlig: 'Kari' }, { etag: (await api.get(link(mappe, 'self'))).etag });
  assert.equal(r.status, 200, r.text);
  assert.deepEqual([r.json.systemID, r.json.mappeID, r.json.saksansvarlig, r.json.saksstatus.kode], [mappe.systemID, mappe.mappeID, 'Kari', 'B']);
  assert.ok(r.json.saksaar && r.json.sakssekvensnummer && has(r.json, 'sakarkiv/ny-journalpost'));
  assert.match(link(r.json, 'self'), /sakarkiv\/saksmappe/);
  assert.equal((await api.get(link(mappe, 'self'))).json.systemID, mappe.systemID, 'the old address leads there too');
  r = await api.request('PUT', link(reg, 'sakarkiv/utvid-til-journalpost'), {}, { etag: (await api.get(link(reg, 'self'))).etag });
  assert.equal(r.status, 200, r.text);
  assert.ok(r.json.journalaar && r.json.journalsekvensnummer && r.json.systemID === reg.systemID);
  const found = async (list, filter) => (await api.list(list, { filter: `systemID eq '${filter.id}' and ${filter.is}` })).json.count;
  const year = r.json.journalaar, kind = r.json.journalposttype.kode;
  for (const [is, n] of [[`journalaar eq ${year}`, 1], [`journalaar lt ${year}`, 0], [`journalposttype/kode eq '${kind}' and journalposttype/kodenavn ne null`, 1], [`journalposttype/kode ne '${kind}'`, 0]]) {
    assert.equal(await found('sakarkiv/journalpost/', { id: reg.systemID, is }), n, is);
  }
  assert.equal((await api.get(link(r.json, 'sakarkiv/saksmappe'))).json.systemID, mappe.systemID);
});

test('files: whole, in pieces, checked, never over another', async () => {
  const { klasse } = await archive(api);
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Filer' });
  const reg = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Brev' });
  const doc = await api.make(reg, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Brev' });
  const sum = b => createHash('sha256').update(b).digest('hex');
  let r = await api.request('POST', link(doc, 'arkivstruktur/fil'), pdf, { 'content-type': 'text/html' });
  assert.equal(r.status, 201, r.text);
  assert.deepEqual([r.json.sjekksum, r.json.sjekksumAlgoritme, r.json.filstoerrelse, r.json.format.kode, r.json.variantformat.kode], [sum(pdf), 'SHA-256', pdf.length, 'fmt/18', 'P']);
  const given = await api.get(link(r.json, 'arkivstruktur/fil'));
  assert.ok(given.bytes.equals(pdf));
  assert.equal(given.headers.get('content-type'), 'application/pdf', 'told by its content, not by the client');
  assert.match(given.headers.get('content-disposition'), /^attachment/);
  assert.equal((await api.request('POST', link(r.json, 'arkivstruktur/fil'), Buffer.from('other'))).status, 409);
  const wrong = await api.make(doc, 'arkivstruktur/ny-dokumentobjekt', { sjekksum: sum('x'), filstoerrelse: 1, format: { kode: 'x-fmt/111' } });
  for (const [body, word] of [[Buffer.from('y'), 'sjekksum'], [Buffer.from('xx'), 'sjekksum'], [Buffer.from(''), 'tom']]) assert.equal((await api.request('POST', link(wrong, 'arkivstruktur/fil'), body)).status, 400, word);
  assert.equal((await api.request('POST', link(wrong, 'arkivstruktur/fil'), Buffer.from('x'))).status, 201);
  const large = Buffer.alloc(300000, 'Lange tekster. '), object = await api.make(doc, 'arkivstruktur/ny-dokumentobjekt', {});
  r = await api.request('POST', link(object, 'arkivstruktur/fil'), undefined, { 'x-upload-content-type': 'text/plain', 'x-upload-content-length': String(large.length), 'content-length': '0' });
  assert.equal(r.status, 200, r.text);
  const at = r.headers.get('location'), piece = (from, to, total = large.length) => api.request('PUT', at, large.subarray(from, to), { 'content-range': `bytes ${from}-${to - 1}/${total}` });
  assert.equal((await piece(100000, 200000)).status, 409, 'the first piece is missing');
  r = await piece(0, 100000);
  assert.deepEqual([r.status, r.headers.get('range')], [200, 'bytes=0-99999']);
  assert.equal((await piece(0, 100000)).status, 409, 'it has come already');
  assert.equal((await piece(100000, 200000, 5)).status, 400);
  assert.equal((await piece(100000, 200000)).status, 200);
  r = await piece(200000, 300000);
  assert.equal(r.status, 201, r.text);
  assert.equal(r.json.sjekksum, sum(large));
  assert.ok((await api.get(link(object, 'arkivstruktur/fil'))).bytes.equals(large));
  assert.equal((await piece(200000, 300000)).status, 404);
  const anonymous = await new Noark(server, null).request('POST', link(object, 'arkivstruktur/fil'), Buffer.alloc(200000)).catch(e => ({ status: 401, e }));
  assert.equal(anonymous.status, 401);
});

test('what is closed or finished stays so', async () => {
  const { arkiv, arkivdel, klasse } = await archive(api);
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Lukkes' });
  const reg = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Inn', journalposttype: { kode: 'I' } });
  const doc = await api.make(reg, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Brev' });
  const sender = await api.make(reg, 'arkivstruktur/ny-korrespondansepartperson', { navn: 'Kari Prøve', korrespondanseparttype: { kode: 'EA' } });
  const close = () => api.change('PATCH', sak, { saksstatus: { kode: 'A' } });
  const finish = () => api.change('PATCH', reg, { journalstatus: { kode: 'A' } });
  const why = r => [r.status, r.json.feil.beskrivelse.slice(0, 6)];
  assert.deepEqual(why(await close()), [409, '6.1.8:']);
  assert.deepEqual(why(await finish()), [409, 'LAW 8:'], 'a document without a file');
  assert.equal((await api.request('POST', link(doc, 'arkivstruktur/fil'), Buffer.from('<?xml version="1.0"?><brev/>'))).status, 201);
  let r = await finish();
  assert.equal(r.status, 200, r.text);
  assert.ok(r.json.arkivertDato && r.json.arkivertAv === 'admin@example.com');
  assert.ok(!has(r.json, 'arkivstruktur/ny-dokumentbeskrivelse'));
  for (const [method, entity, body] of [['PATCH', reg, { tittel: 'Noe annet' }], ['PATCH', reg, { journalstatus: { kode: 'J' } }], ['PUT', reg, { tittel: 'Noe annet' }], ['DELETE', reg], ['PATCH', doc, { tittel: 'x' }], ['DELETE', doc], ['PATCH', sender, { navn: 'En annen' }], ['DELETE', sender]])
    assert.equal((await api.change(method, entity, body)).status, 409, `${method} ${JSON.stringify(body)}`);
  assert.equal((await api.request('POST', link(doc, 'arkivstruktur/fil'), Buffer.from('mer'))).status, 409);
  const open = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Åpen', journalposttype: { kode: 'N' } });
  const other = await api.make(open, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'Notat' });
  for (const [from, to, rel] of [[reg, other, 'dokumentbeskrivelse'], [other, reg, 'registrering']])
    assert.equal((await api.request('POST', link(from, 'self') + rel + '/$ref', { href: link(to, 'self') })).status, 409, 'no more documents, from either end');
  for (const it of [other, open]) assert.equal((await api.change('DELETE', it)).status, 204);
  assert.equal((await api.request('POST', link(reg, 'self') + 'ny-dokumentbeskrivelse/', { tittel: 'x' })).status, 409);
  assert.equal((await api.request('POST', link(reg, 'self') + 'ny-korrespondansepartperson/', { navn: 'x' })).status, 409);
  assert.equal((await api.request('POST', link(reg, 'self') + 'ny-merknad/', { merknadstekst: 'x' })).status, 201, 'a remark is about it');
  assert.deepEqual(why(await close()), [409, '6.1.12']);
  await api.make((await api.get(link(reg, 'self'))).json._links[rel('sakarkiv/ny-avskrivning')].href, 'avskrivning', { avskrivningsmaate: { kode: 'TE' } });
  r = await close();
  assert.equal(r.status, 200, r.text);
  assert.ok(r.json.avsluttetDato && r.json.avsluttetAv);
  assert.equal((await api.request('POST', link(sak, 'self') + 'ny-journalpost/', { tittel: 'for sent' })).status, 409);
  assert.equal((await api.change('PATCH', sak, { tittel: 'x' })).status, 409);
  assert.equal((await api.change('DELETE', sak)).status, 409);
  r = await api.change('PATCH', sak, { saksstatus: { kode: 'B' } });
  assert.equal(r.status, 200, r.text);
  assert.ok(!('avsluttetDato' in r.json));
  assert.equal((await api.change('PATCH', arkiv, { arkivstatus: { kode: 'A' } })).status, 200);
  assert.equal((await api.request('POST', link(arkiv, 'self') + 'ny-arkivdel/', { tittel: 'x' })).status, 409);
  assert.equal((await api.request('POST', link(arkivdel, 'self') + 'ny-mappe/', { tittel: 'x' })).status, 409, 'it has a classification system');
});

test('a number that was given stays: what is deleted leaves no gap', async () => {
  const { klasse } = await archive(api);
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Numre' });
  const first = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'en' });
  assert.equal((await api.change('DELETE', sak)).status, 409, 'something lies in it');
  assert.equal((await api.change('DELETE', first)).status, 204);
  assert.equal((await api.get(link(first, 'self'))).status, 404);
  const second = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'to' });
  assert.equal(second.journalsekvensnummer, first.journalsekvensnummer + 1);
  const log = await api.list('loggingogsporing/hendelseslogg/', { filter: `referanseArkivenhet eq '${first.systemID}'` });
  assert.deepEqual(log.json.results.map(h => h.hendelsetype.kode), ['D']);
});

test('64 clients add journal entries to one case file: no conflict, no gap, no number twice', async () => {
  const { klasse } = await archive(api);
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Mange' });
  const made = await Promise.all(Array.from({ length: 64 }, (_, i) => api.request('POST', link(sak, 'sakarkiv/ny-journalpost'), { tittel: `nr ${i}` })));
  assert.deepEqual([...new Set(made.map(r => r.status))], [201]);
  for (const name of ['journalpostnummer', 'journalsekvensnummer']) assert.deepEqual(made.map(r => r.json[name]).sort((a, b) => a - b), Array.from({ length: 64 }, (_, i) => i + 1), name);
});

test('identity numbers: sealed in the database, found whole, never by a part', async () => {
  const { klasse } = await archive(api);
  const mappe = await api.make(klasse, 'arkivstruktur/ny-mappe', { tittel: 'Person' });
  const number = '01910012345';
  const made = await api.make(mappe, 'arkivstruktur/ny-foedselsnummer', { foedselsnummer: number });
  assert.equal((await api.get(link(made, 'self'))).json.foedselsnummer, number);
  const person = await api.make(mappe, 'arkivstruktur/ny-partperson', { navn: 'Kari Prøve', personidentifikator: [{ foedselsnummer: number }] });
  assert.deepEqual(person.personidentifikator, [{ foedselsnummer: number }]);
  const href = link(klasse, 'arkivstruktur/mappe'), count = async filter => (await api.list(href, { filter })).json.count;
  assert.equal(await count(`nasjonalidentifikator/foedselsnummer eq '${number}'`), 1);
  assert.equal(await count(`part/personidentifikator/foedselsnummer eq '${number}'`), 1);
  assert.equal(await count("nasjonalidentifikator/foedselsnummer eq '01910012346'"), 0);
  assert.equal((await api.list(href, { filter: "startswith(nasjonalidentifikator/foedselsnummer, '0191')" })).status, 400);
  assert.equal((await api.list('arkivstruktur/foedselsnummer/', { orderby: 'foedselsnummer' })).status, 400);
});

test('codes are used while they are in the list; the same once more is the same', async () => {
  const code = await api.make('metadata/ny-dokumenttype/', 'code', { kode: 'NY', kodenavn: 'Nytt slag' });
  assert.equal((await api.make('metadata/ny-dokumenttype/', 'code', { kode: 'NY', kodenavn: 'Nytt slag' }))._links.self.href, code._links.self.href);
  assert.equal((await api.request('POST', 'metadata/ny-dokumenttype/', { kode: 'NY', kodenavn: 'Annet' })).status, 409);
  const { klasse } = await archive(api);
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Koder' }), reg = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'x' });
  const doc = await api.make(reg, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: 'x', dokumenttype: { kode: 'NY' } });
  assert.deepEqual(doc.dokumenttype, { kode: 'NY', kodenavn: 'Nytt slag' });
  assert.equal((await api.change('PATCH', code, { inaktiv: true })).status, 200);
  assert.equal((await api.request('POST', link(reg, 'arkivstruktur/ny-dokumentbeskrivelse'), { tittel: 'x', dokumenttype: { kode: 'NY' } })).status, 400);
  assert.equal((await api.change('PATCH', doc, { tittel: 'y' })).status, 200, 'what has it keeps it');
  assert.equal((await api.request('POST', 'metadata/ny-virksomhetsspesifikkeMetadata/', { navn: 'Feil Navn', type: 'string' })).status, 400);
  await api.make('metadata/ny-virksomhetsspesifikkeMetadata/', 'own', { navn: 'fjordby-v1:hoeyde', type: 'integer' });
  assert.equal((await api.request('POST', link(klasse, 'arkivstruktur/ny-mappe'), { tittel: 'x', virksomhetsspesifikkeMetadata: { 'fjordby-v1:hoeyde': 'tre' } })).status, 400);
  await api.make(klasse, 'arkivstruktur/ny-mappe', { tittel: 'x', virksomhetsspesifikkeMetadata: { 'fjordby-v1:hoeyde': 3 } });
  assert.equal((await api.list(link(klasse, 'arkivstruktur/mappe'), { filter: "fjordby-v1:hoeyde eq '3'" })).json.count, 1);
});
