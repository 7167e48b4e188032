// $search finds documents by the words inside their files: only for those who may fetch the file, and only as long as it is there.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { binary, startServer, until } from '../lib/server.mjs';
import { Noark, archive, link } from '../lib/noark.mjs';
import { apply, citizen, takeCase } from '../lib/people.mjs';

let server, api, other;
before(async () => {
  server = await startServer();
  api = new Noark(server);
  execFileSync(binary, ['noark-client', 'other@example.com', 'other', 'borgerservice', '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])], { input: 'a-password-that-a-machine-made\n' });
  other = new Noark(server, 'Basic ' + Buffer.from('other@example.com:a-password-that-a-machine-made').toString('base64'));
});
after(() => server?.stop());

const objects = 'arkivstruktur/dokumentobjekt/', documents = 'arkivstruktur/dokumentbeskrivelse/';
const search = async (list, words, who = api) => (await who.list(list, { search: words, count: 'true' })).json;
const found = (list, words) => until(`"${words}" to be found`, async () => { const r = await search(list, words); return r.results && r; }, 60000); // its count is a statement of its own
const page = text => Buffer.from(`%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length ${text.length + 34}>>stream
BT /F 12 Tf 20 700 Td (${text}) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>endobj
trailer<</Root 1 0 R>>
%%EOF
`, 'latin1');

async function store(title, bytes) {
  const { klasse } = await archive(api);
  const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Ord' });
  const reg = await api.make(sak, 'sakarkiv/ny-journalpost', { tittel: 'Ord' });
  const doc = await api.make(reg, 'arkivstruktur/ny-dokumentbeskrivelse', { tittel: title });
  const r = await api.request('POST', link(doc, 'arkivstruktur/fil'), bytes, { 'content-type': 'application/octet-stream' });
  assert.equal(r.status, 201, r.text);
  return { doc, object: r.json };
}
const take = async e => assert.equal((await api.request('DELETE', link(e, 'self'), undefined, { 'if-match': (await api.get(link(e, 'self'))).etag })).status, 204);

test('a document is found by a word inside its file, by those who may fetch it, until the file is gone', async () => {
  const { doc, object } = await store('Plantegning', page('Fartsdumper ved Kvennstubben, 018281 12345'));
  const r = await found(objects, 'kvennstubben');
  assert.deepEqual(r.results.map(o => o.systemID), [object.systemID]);
  assert.deepEqual((await search(documents, 'kvennstubben')).results.map(d => d.systemID), [doc.systemID]);
  assert.deepEqual((await search(documents, 'fartsdump plantegning')).results.map(d => d.systemID), [doc.systemID], 'one word in the file, the other in the title');
  assert.equal((await search(documents, 'kvennstubben finnesikke')).count, 0, 'every word is asked for');
  assert.equal((await api.list(documents, { search: 'kvennstubben', filter: "tittel eq 'Annet'" })).json.count, 0);
  for (const number of ['01828112345', '018281', '12345']) assert.equal((await search(objects, number)).count, 0, 'an identity number is no word');
  for (const list of [objects, documents]) {
    assert.equal((await search(list, 'kvennstubben', other)).count, 0, 'another unit');
    assert.equal((await other.get(link(list === objects ? object : doc, 'arkivstruktur/fil'))).status, 404);
  }
  await take(object);
  for (const list of [objects, documents]) assert.equal((await search(list, 'kvennstubben')).count, 0, 'gone with its file, at once');
  assert.equal((await search(documents, 'plantegning')).count, 1);
});

test('each version has its own words; the document is found by those that are there', async () => {
  const { doc, object } = await store('Vedtekter', Buffer.from('Første utgave om torskerogn'));
  const second = await api.make(doc, 'arkivstruktur/ny-dokumentobjekt', {});
  assert.equal((await api.request('POST', link(second, 'arkivstruktur/fil'), Buffer.from('<!DOCTYPE html><html><body><p>Andre utgave om <b>sil</b>despekemat</p></body></html>'))).status, 201);
  assert.deepEqual((await found(objects, 'sildespekemat')).results.map(o => o.systemID), [second.systemID]);
  assert.deepEqual((await found(objects, 'torskerogn')).results.map(o => o.systemID), [object.systemID]);
  assert.equal((await search(documents, 'sildespekemat torskerogn')).count, 1);
  await take(object);
  assert.equal((await search(documents, 'torskerogn')).count, 0);
  assert.equal((await search(documents, 'sildespekemat')).count, 1);
});

test('a word of many files is found as one of few is', async () => {
  const many = Array.from({ length: 600 }, (_, i) => 'zqx' + String(i).padStart(4, 'a')).join(' '); // more than NOARK_FEW_FILES
  const { doc, object } = await store('Mange ord', Buffer.from(many));
  assert.deepEqual((await found(objects, 'zqx')).results.map(o => o.systemID), [object.systemID]);
  assert.deepEqual((await search(documents, 'zqx')).results.map(d => d.systemID), [doc.systemID]);
  assert.equal((await search(documents, 'zqx', other)).count, 0);
  await take(object);
  assert.equal((await search(documents, 'zqx')).count, 0);
});

test('a file that is not what it seems does not stand in the way of those after it', async () => {
  await store('Ødelagt', Buffer.from('%PDF-1.4 ødelagt kveldsmat'));
  await store('Ødelagt mappe', Buffer.from('PK\x03\x04 word/document.xml hjerteskjærende'));
  const { object } = await store('Hel', Buffer.from('Helt vanlig brunostskive'));
  assert.deepEqual((await found(objects, 'brunostskive')).results.map(o => o.systemID), [object.systemID]);
  assert.equal((await search(objects, 'kveldsmat')).count, 0);
});

test('the documents of the house are found the same way, by its unit alone', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær');
  const { no } = await apply(anna);
  await takeCase(bo, no);
  const r = await found(documents, 'trappen');
  assert.ok(r.results.length >= 1);
  assert.equal((await search(documents, 'trappen', other)).count, 0);
  assert.equal((await search(objects, 'trappen', other)).count, 0);
  const forms = (await search(objects, 'trappen')).results;
  for (const o of forms) assert.equal((await api.get(link(o, 'arkivstruktur/fil'))).status, 200, 'what is found may be fetched');
});
