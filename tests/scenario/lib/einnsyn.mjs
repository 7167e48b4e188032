// A stand-in for eInnsyn's interface, for tests: takes what its specification says (felleslosninger/einnsyn-api-spec, openapi
// 1.0) and refuses the rest as it does. The shapes below say in our own words which members a thing has.
//   const e = await startEinnsyn({key}); e.url, e.things (Map of systemId → {kind, parent, …members}), e.calls, e.stop()
//   e.trouble = call => 'drop' (does it, and hangs up before it answers) | a status | undefined
import http from 'node:http';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const text = v => typeof v === 'string' && v !== '';
const id = v => text(v) && uuid.test(v);
const number = least => v => Number.isInteger(v) && v >= least;
const day = v => text(v) && /^\d{4}-\d\d-\d\d$/.test(v) && !Number.isNaN(Date.parse(v));
const types = ['inngaaende_dokument', 'utgaaende_dokument', 'organinternt_dokument_uten_oppfoelging', 'organinternt_dokument_for_oppfoelging', 'saksframlegg', 'sakskart', 'moeteprotokoll', 'moetebok', 'ukjent'];
const base = { externalId: [text], systemId: [id] };
// member: [check, needed when it is new]
const shapes = {
  arkiv: { ...base, tittel: [text, true] },
  arkivdel: { ...base, tittel: [text, true] },
  saksmappe: { ...base, offentligTittel: [text, true], offentligTittelSensitiv: [text, true], saksaar: [number(1700), true], sakssekvensnummer: [number(0), true],
    saksdato: [day], administrativEnhet: [text], beskrivelse: [text] },
  journalpost: { ...base, offentligTittel: [text, true], offentligTittelSensitiv: [text, true], journalaar: [number(1700), true], journalsekvensnummer: [number(0), true],
    journalpostnummer: [number(0), true], journalposttype: [v => types.includes(v), true], journaldato: [day, true], dokumentetsDato: [day], administrativEnhet: [text],
    skjerming: ['skjerming'], korrespondansepart: [['korrespondansepart']] },
  korrespondansepart: { ...base, korrespondansepartNavn: [text, true], korrespondansepartNavnSensitiv: [text, true], korrespondanseparttype: [text, true], administrativEnhet: [text] },
  skjerming: { ...base, tilgangsrestriksjon: [text, true], skjermingshjemmel: [text] },
};
const below = { arkiv: ['arkivdel'], arkivdel: ['saksmappe'], saksmappe: ['journalpost'], journalpost: ['korrespondansepart'] };

/** Names of the members of `body` that the specification does not take. */
export function faults(kind, body, isNew, where = '') {
  const shape = shapes[kind], wrong = [];
  for (const [name, value] of Object.entries(body)) {
    const check = shape[name]?.[0], at = where + name;
    if (!check) wrong.push(at);
    else if (typeof check === 'string') wrong.push(...faults(check, value, isNew, at + '.'));
    else if (Array.isArray(check)) { if (Array.isArray(value)) value.forEach(v => wrong.push(...faults(check[0], v, isNew, at + '.'))); else wrong.push(at); }
    else if (!check(value)) wrong.push(at);
  }
  if (isNew) for (const [name, [, needed]] of Object.entries(shape)) if (needed && !(name in body)) wrong.push(where + name);
  return wrong;
}

export async function startEinnsyn({ key }) {
  const things = new Map(), calls = [], self = { things, calls, trouble: () => {} };
  const children = parent => [...things].filter(([, t]) => t.parent === parent).map(([i]) => i);
  const remove = i => { children(i).forEach(remove); things.delete(i); };
  const fault = (status, type, more) => ({ status, body: { type, message: 'Fault in the value of a field', ...more } });
  const add = (kind, parent, body) => {
    const i = body.systemId ?? `own-${things.size + 1}`;
    if (things.has(i)) return fault(409, 'conflict');
    const { korrespondansepart = [], skjerming, ...own } = body;
    things.set(i, { kind, parent, ...own, ...(skjerming ? { skjerming } : {}) });
    for (const who of korrespondansepart) add('korrespondansepart', i, who);
    return { status: 201, body: { ...body, id: i, entity: kind } };
  };
  function answer({ method, path, key: sent, body }) {
    if (sent !== key) return fault(401, 'authenticationError');
    const [kind, i, what, ...rest] = path.split('/').slice(1);
    if (path === '/me' && method === 'GET') return { status: 200, body: { type: 'ApiKey' } };
    if (rest.length || !shapes[kind]) return fault(404, 'notFound');
    if (method === 'POST' && !i && kind !== 'arkiv') return fault(405, 'methodNotAllowed');
    if (i && things.get(i)?.kind !== kind) return fault(404, 'notFound');
    const target = what ?? kind;
    if (what && !(below[kind] ?? []).includes(what)) return fault(404, 'notFound');
    if (method === 'DELETE' && i && !what) { remove(i); return { status: 200, body: { id: i, deleted: true } }; }
    const wrong = faults(target, body ?? {}, method === 'POST');
    if (wrong.length) return fault(400, 'validationError', { fieldError: wrong.map(fieldName => ({ fieldName, value: 'a value that may hold a name' })) });
    if (method === 'POST') return add(target, i ?? null, body);
    if (method === 'PATCH' && i && !what) { Object.assign(things.get(i), body); return { status: 200, body: { ...things.get(i), id: i } }; }
    return fault(405, 'methodNotAllowed');
  }
  const server = http.createServer(async (req, res) => {
    let raw = '';
    for await (const chunk of req) raw += chunk;
    const call = { method: req.method, path: req.url, key: req.headers['api-key'], type: req.headers['content-type'], body: raw ? JSON.parse(raw) : undefined };
    calls.push(call);
    const trouble = self.trouble(call);
    const a = typeof trouble === 'number' ? fault(trouble, 'internalServerError') : call.body && call.type !== 'application/json' ? fault(415, 'badRequest') : answer(call);
    call.status = a.status;
    if (trouble === 'drop') return req.socket.destroy();
    res.writeHead(a.status, { 'content-type': 'application/json' }).end(JSON.stringify(a.body));
  });
  await new Promise(r => server.listen(0, '127.0.0.1', r));
  self.url = `http://127.0.0.1:${server.address().port}`;
  self.stop = () => new Promise(r => { server.closeAllConnections(); server.close(r); });
  self.of = kind => [...things.values()].filter(t => t.kind === kind);
  return self;
}
