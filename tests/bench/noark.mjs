// The Noark API with many records: getting an entity, lists of 50 with a filter, and creating a journal entry with a document,
// 16 clients. Wanted: get p95 < 2 ms, list p95 < 10 ms, creating at least 0.3 of SQLite alone doing the same statements and file
// writes from one thread (record.c writes them down, bare.c does them again on a copy of the same database).
//   node tests/bench/noark.mjs [CASE FILES] [SECONDS] [FOLDER TO KEEP THE DATA IN]
// A case file has a registration with a document, some have more: N case files are more than N records. The folder is that of
// million.mjs and big.mjs. Creating is measured on SQLite only.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { engine, freshDatabase, startOne } from '../scenario/lib/server.mjs';
import { Noark, archive, link } from '../scenario/lib/noark.mjs';
import { build, folder, load, machine, memory, remove, table, used } from './lib.mjs';
import { filled, services } from './big.mjs';

const CLIENTS = 16, FILE_BYTES = 100 << 10, MARK = 'INSERT INTO noark_item', FILE_MARK = 'UPDATE noark_item SET hash';
const ms = us => (us / 1000).toFixed(1);
const pathOf = href => new URL(href).pathname;
const query = options => '?' + Object.entries(options).map(([k, v]) => `$${k}=${encodeURIComponent(v)}`).join('&');

async function login(server) {
  const r = await new Noark(server, null).request('POST', 'oauth/token', 'grant_type=password&username=admin@example.com&password=password&client_id=nikita-client', { 'content-type': 'application/x-www-form-urlencoded' });
  return new Noark(server, 'Bearer ' + r.json.access_token);
}

/** What is asked: label → addresses, which the clients take in turn. */
async function questions(api) {
  const cases = [], entries = [], objects = [];
  for (const order of ['opprettetDato', 'opprettetDato desc']) cases.push(...(await api.list('sakarkiv/saksmappe/', { top: 100, orderby: order })).json.results);
  for (const sak of cases.slice(0, 60).concat(cases.slice(-60))) entries.push(...((await api.get(link(sak, 'sakarkiv/journalpost'))).json.results ?? []));
  for (const entry of entries.slice(0, 40)) for (const d of (await api.get(link(entry, 'arkivstruktur/dokumentbeskrivelse'))).json.results ?? []) objects.push(d);
  const selves = list => list.map(e => pathOf(link(e, 'self')));
  const list = (where, options) => [`/noark5v5/${where}` + query({ top: 50, ...options })];
  const mine = cases.map(c => c.mappeID);
  return {
    'get: case file': selves(cases),
    'get: journal entry': selves(entries),
    'get: document': selves(objects),
    'list: case files, state': list('sakarkiv/saksmappe/', { filter: "saksstatus/kode eq 'B'" }),
    'list: entries, kind': list('sakarkiv/journalpost/', { filter: "journalposttype/kode eq 'I'" }),
    'list: entries, year': list('sakarkiv/journalpost/', { filter: 'journalaar eq 2026 and year(opprettetDato) ge 2020' }),
    'list: word in title': list('sakarkiv/saksmappe/', { filter: "contains(tittel, 'hjælpemidler')" }),
    'list: one number': mine.slice(0, 50).map(no => list('sakarkiv/saksmappe/', { filter: `mappeID eq '${no}'` })[0]),
    'list: of a case file': cases.slice(0, 50).map(c => pathOf(link(c, 'sakarkiv/journalpost')) + query({ top: 50, filter: "journalposttype/kode ne 'X'" })),
    'list: of a class’s name': list('sakarkiv/journalpost/', { filter: "saksmappe/klasse/klasseID ne 'finnes ikke'" }),
  };
}

const script = (api, label, paths, u) => [`client Authorization: ${api.auth}`, ...paths.map((_, i) => `${label} GET ${paths[(i + u * 7) % paths.length]}`)];

async function reading(server, api, n, seconds, filled) {
  const asked = await questions(api), rows = [['', 'alone µs', 'p50', 'p95', `${CLIENTS} clients p50`, 'p95', 'p99', 'refused']];
  const key = label => label.replaceAll(' ', '_');
  const limits = machine();
  for (const [label, paths] of Object.entries(asked)) {
    if (!paths.length) continue;
    const one = script(api, key(label), paths, 0), cpu = used(server.process.pid);
    const alone = (await load(server.port, one, { seconds: 1 })).labels[key(label)], us = (used(server.process.pid) - cpu) / alone.n * 1e6;
    const all = Array.from({ length: CLIENTS }, (_, u) => script(api, key(label), paths, u)).flat();
    const l = (await load(server.port, all, { seconds })).labels[key(label)];
    rows.push([label, us.toFixed(0), ms(alone.p50), ms(alone.p95), ms(l.p50), ms(l.p95), ms(l.p99), l.bad + alone.bad]);
  }
  const m = memory(server.process.pid);
  table(`Noark API, ${n} case files, ${engine}: milliseconds, and the server’s processor time alone. Wanted with ${CLIENTS} clients: get p95 < 2, list p95 < 10\n    ${limits}; filled in ${filled ? filled.toFixed(0) + ' s' : 'an earlier run'}; ${m.rss.toFixed(0)} MB resident after that`, rows);
}

/** Each client creates entries with a document of FILE_BYTES in a case file of its own. */
async function plan(server, dir) {
  const api = await login(server), { klasse } = await archive(api, 'Måling'), lines = [], file = path.join(dir, 'document.pdf');
  writeFileSync(file, Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(FILE_BYTES - 40, 'a measure ')]));
  for (let u = 0; u < CLIENTS; u++) {
    const sak = await api.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: `Klient ${u}` });
    lines.push(`client Authorization: ${api.auth}`,
      `entry POST ${pathOf(link(sak, 'sakarkiv/ny-journalpost'))} ${JSON.stringify({ tittel: 'Brev om kommunens tjenester', offentligTittel: 'Brev', journalposttype: { kode: 'I' }, journalstatus: { kode: 'J' }, dokumentetsDato: '2026-11-20T10:00:00Z', mottattDato: '2026-11-21T10:00:00Z' })}`,
      `document POST {location}ny-dokumentbeskrivelse/ ${JSON.stringify({ tittel: 'Brev', dokumenttype: { kode: 'B' }, dokumentstatus: { kode: 'B' }, tilknyttetRegistreringSom: { kode: 'H' } })}`,
      `file POST {location}fil/ @${file}`);
  }
  return lines;
}

async function create(data, flags, dir, times, env) {
  const server = await startOne({ data, args: ['--log', 'warn', ...flags], env });
  try {
    const lines = await plan(server, dir);
    const figures = async () => {
      const text = await (await fetch(server.url + '/metrics')).text();
      return Object.fromEntries(['commits', 'writes'].map(k => [k, +(new RegExp(`^indgang_db_${k}\\S* (\\d+)`, 'm').exec(text)?.[1] ?? NaN)]));
    };
    await new Promise(r => setTimeout(r, 500));
    const before = await figures(), cpu = used(server.process.pid);
    const sent = await load(server.port, lines, { times });
    const after = await figures();
    for (const [label, l] of Object.entries(sent.labels)) if (l.bad) throw new Error(`${label}: ${l.bad} of ${l.n} refused`);
    return { ...sent, n: CLIENTS * times, cpu: used(server.process.pid) - cpu, batch: (after.writes - before.writes) / (after.commits - before.commits) };
  } finally { await server.stop({ keep: true }); }
}

/** Once written down, then against SQLite alone on a copy from before that. */
async function creating(data, flags, rounds, times) {
  const dir = folder(path.dirname(data)), copy = path.join(dir, 'copy.db'), log = path.join(dir, 'log'), rows = [];
  try {
    cpSync(path.join(data, 'indgang.db'), copy);
    await create(data, flags, dir, times, { LD_PRELOAD: path.join(build, 'record.so'), RECORD: log });
    for (let i = 0; i < rounds; i++) {
      const ours = await create(data, flags, dir, times);
      const here = i + 1 < rounds ? path.join(dir, 'again.db') : copy;
      if (here !== copy) cpSync(copy, here);
      const alone = JSON.parse(execFileSync(path.join(build, 'bare'), [here, log, MARK, String(ours.batch), path.join(dir, 'files'), String(FILE_BYTES), FILE_MARK], { encoding: 'utf8' }));
      for (const f of [path.join(dir, 'files'), ...(here !== copy ? [here, here + '-wal', here + '-shm'] : [])]) remove(f);
      const a = ours.n / ours.seconds, b = alone.files / alone.seconds, p95 = l => ms(ours.labels[l].p95);
      rows.push([a.toFixed(0), b.toFixed(0), (a / b).toFixed(2), p95('entry'), p95('document'), p95('file'), ours.batch.toFixed(1), (alone.submissions / alone.transactions).toFixed(1), (ours.cpu / ours.n * 1e6).toFixed(0), (alone.cpu / alone.files * 1e6).toFixed(0)]);
    }
  } finally { remove(dir); }
  table(`Creating a journal entry with a document of ${FILE_BYTES >> 10} KiB (three requests), a second: ${CLIENTS} clients with ${times} each, SQLite on disk. Wanted: ratio ≥ 0.3\n    ${machine()}; milliseconds p95; µs: processor time of one entry with its document`,
    [['indgang', 'SQLite alone', 'ratio', 'entry', 'document', 'file', 'writes a commit', 'alone', 'server µs', 'alone µs'], ...rows]);
}

export async function noark(n, seconds, keep) {
  const dir = keep || folder(), db = freshDatabase(), data = path.join(dir, db.url ? 'data-of-postgres' : 'data');
  if (!existsSync(path.join(dir, 'services'))) { mkdirSync(dir, { recursive: true }); services(path.join(dir, 'services')); }
  const flags = ['--services', path.join(dir, 'services')];
  const took = filled(n, data, flags, db);
  try {
    const server = await startOne({ data, db, args: ['--log', 'warn', ...flags] });
    try { await reading(server, await login(server), n, seconds, took); } finally { await server.stop({ keep: true }); }
    if (!db.url) await creating(data, flags, 3, 40);
  } finally {
    if (!keep) { remove(dir); db.drop(); }
  }
}
if (process.argv[1].endsWith('noark.mjs')) await noark(+(process.argv[2] || 100000), +(process.argv[3] || 5), process.argv[4]);
