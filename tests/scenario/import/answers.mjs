// Answers made up for a form: as Form.io holds them, and as an example of ours. The same seed makes the same.
import { isData } from './formio.mjs';

export function dice(seed) {
  let s = seed >>> 0;
  const next = () => { s = (s + 0x6D2B79F5) >>> 0; let t = s; t = Math.imul(t ^ (t >>> 15), t | 1); t ^= t + Math.imul(t ^ (t >>> 7), t | 61); return ((t ^ (t >>> 14)) >>> 0) / 4294967296; };
  return { next, int: n => Math.floor(next() * n), pick: list => list[Math.floor(next() * list.length)] };
}

const people = ['14835710093', '02918510055', '30869010045', '09811050110'];
const orgnos = ['974760673', '889640782', '999263550'];
const accounts = ['12345678903', '86011117947'];
const ibans = ['NO9386011117947', 'DK5000400440116243', 'DE89370400440532013000'];
const countries = ['NO', 'SE', 'US', 'AU', 'CA', 'IN', 'DE', 'NZ'];
const day = (today, n) => new Date(Date.parse(today) + n * 86400000).toISOString().slice(0, 10);

/** One value; undefined: not answered. `mad`: what may be refused too. */
function value(c, d, today, mad, good) {
  const v = c.values?.length ? c.values : c.data?.values;
  const wrong = mad && d.next() < 0.3;
  switch (c.type) {
    case 'radiopanel': case 'radio': case 'select': case 'navSelect': return v?.length ? d.pick(v).value : 'x';
    case 'selectboxes': {
      const must = good ? d.pick(v).value : undefined;
      return Object.fromEntries(v.map(o => [o.value, o.value === must || d.next() < 0.4]));
    }
    case 'navCheckbox': case 'checkbox': return (good && !!c.validate?.required) || d.next() < 0.5;
    case 'landvelger': return { value: d.pick(countries), label: 'x' };
    case 'valutavelger': return { value: d.pick(['NOK', 'EUR', 'SEK']), label: 'x' };
    case 'number': {
      const min = +(c.validate?.min || 0), max = +(c.validate?.max || 40);
      return Math.max(min, Math.min(max, d.pick([0, 1, 2, 3, 7])));
    }
    case 'currency': return Math.max(+(c.validate?.min || 0), d.pick([0, 1, 250, 1000]));
    case 'year': return 2020 + d.int(5);
    case 'navDatepicker': {
      const early = Number.isInteger(+c.earliestAllowedDate) && c.earliestAllowedDate !== '' ? +c.earliestAllowedDate : -400;
      const late = Number.isInteger(+c.latestAllowedDate) && c.latestAllowedDate !== '' ? +c.latestAllowedDate : 400;
      if (good) { // each later than the one before it
        const lo = Math.max(early, -300), hi = Math.min(late, 300);
        return day(today, lo + Math.floor((hi - lo) * good.at++ / good.of));
      }
      if (mad) return day(today, d.pick([early - 1, early, early + 1, late - 1, late, late + 1, d.int(800) - 400, d.int(20) - 10, -40000]));
      return day(today, early + d.int(Math.max(1, late - early)));
    }
    case 'monthPicker': return day(today, -d.int(30)).slice(0, 7);
    case 'fnrfield': return wrong ? d.pick(['12345678901', '14835710094', 'abc', '1483571009']) : d.pick(people);
    case 'orgNr': return wrong ? d.pick(['123456789', '974760674', '97476067']) : d.pick(orgnos);
    case 'bankAccount': return wrong ? d.pick(['12345678901', '1234567890', 'abc']) : d.pick(accounts);
    case 'iban': return wrong ? d.pick(['NO9386011117948', 'XX00', 'DE8937040044053201300']) : d.pick(ibans);
    case 'email': return 'anna@post.example';
    case 'phoneNumber': return '20000001';
    case 'attachment': {
      const ways = Object.entries(c.attachmentValues ?? {}).filter(([, w]) => w.enabled).map(([k]) => k);
      return { key: d.pick(ways.length ? ways : ['leggerVedNaa', 'ettersender']) };
    }
    case 'identity': {
      const has = d.pick(['ja', 'nei']);
      return has === 'ja' ? { harDuFodselsnummer: 'ja', identitetsnummer: d.pick(people) } : { harDuFodselsnummer: 'nei', fodselsdato: '1985-04-12' };
    }
    case 'navAddress': {
      const home = d.pick(['ja', 'nei']);
      return home === 'ja' ? { borDuINorge: 'ja', vegadresseEllerPostboksadresse: d.pick(['vegadresse', 'postboksadresse']) } : { borDuINorge: 'nei' };
    }
    case 'addressValidity': return { gyldigFraDato: day(today, 5), gyldigTilDato: day(today, 50) };
    case 'sender': return c.senderRole === 'organization' ? { organizationName: 'Vik AS', organizationNumber: d.pick(orgnos) } : { firstName: 'Anna', surname: 'Vik', nationalIdentityNumber: d.pick(people) };
    case 'activities': case 'maalgruppe': return undefined;
    default: {
      if (/\(\[0-1\]/.test(c.validate?.pattern ?? '')) return '08:30';
      const max = +(c.validate?.maxLength || c.maxLength || 0), min = +(c.validate?.minLength || 0);
      if (max && max <= 9) return Array.from({ length: Math.max(min, Math.min(max, 4)) }, () => d.int(10)).join('');
      return d.pick(['Bjørk', 'et svar', '12']).padEnd(min, 'x');
    }
  }
}
/** What an answer is before it is given. */
function open(c) {
  const v = c.values?.length ? c.values : c.data?.values;
  if (c.type === 'selectboxes') return Object.fromEntries(v.map(o => [o.value, false]));
  if (c.type === 'navCheckbox' || c.type === 'checkbox') return false;
  if (['identity', 'navAddress', 'addressValidity', 'sender', 'attachment'].includes(c.type)) return {};
  return ['number', 'currency', 'year'].includes(c.type) ? undefined : '';
}

/** Data as Form.io holds it. `leave`: how often a question is left open; `good`: what can be sent. */
export function fill(nodes, d, { today, leave = 0.15, mad = false, good = false } = {}) {
  const data = {}, in_order = good && { at: 1, of: 2 + 3 * nodes.filter(n => n.c.type === 'navDatepicker').length };
  const put = (n, object) => {
    const v = d.next() < leave ? open(n.c) : value(n.c, d, today, mad, in_order);
    if (v !== undefined) object[n.c.key] = v;
  };
  const objects = new Map([['', data]]);
  for (const n of nodes) {
    if (!isData(n.c) || n.grid) continue;
    let at = data;
    for (const k of n.scope) at = at[k] ??= {};
    if (n.c.type === 'container') at[n.c.key] ??= {};
    else if (n.c.type === 'datagrid') {
      at[n.c.key] = Array.from({ length: 1 + d.int(3) }, () => {
        const row = {};
        for (const m of nodes) {
          if (m.grid !== n || !isData(m.c)) continue;
          let in_ = row;
          for (const k of m.scope.slice(n.scope.length + 1)) in_ = in_[k] ??= {};
          if (m.c.type === 'container') in_[m.c.key] ??= {}; else put(m, in_);
        }
        return row;
      });
    } else put(n, at);
  }
  return data;
}

// ---- as answers of ours ----

/** The questions of ours that a component became, in the order of the original: by path. */
export function match(nodes, map) {
  const left = new Map();
  for (const m of map) (left.get(m.path) ?? left.set(m.path, []).get(m.path)).push(m);
  return new Map(nodes.map(n => [n, left.get(n.path)?.shift()]));
}
/** The parts of identity, address … are questions below the component's own path. */
export const part = (map, node, key) => map.find(m => m.path === `${node.path}.${key}`);

function give(into, m, v) {
  if (!m?.id || m.out || m.type === undefined || v === undefined || v === '') return;
  if (m.type === 'multiselect') into[m.id] = Object.entries(v).filter(([, on]) => on).map(([k]) => m.options[k]);
  else if (m.type === 'attachment') {
    if (!v.key) return;
    into[m.id] = m.options[v.key];
    if (into[m.id] === 'now') into[m.id + '_file'] = ['vedlegg.pdf'];
  } else if (m.options) into[m.id] = m.options[v];
  else if (m.type === 'country' || m.type === 'currency') into[m.id] = v.value;
  else if (m.type === 'checkbox') { if (v) into[m.id] = true; } else into[m.id] = String(v);
}
/** The answers of an example; `computed` fields are not given. */
export function ours(nodes, matched, map, data) {
  const answers = {};
  const one = (n, object, into) => {
    const v = object?.[n.c.key], m = matched.get(n);
    if (v === undefined || !isData(n.c) || m?.computed) return;
    if (['identity', 'navAddress', 'addressValidity', 'sender'].includes(n.c.type)) {
      for (const [k, x] of Object.entries(v)) give(into, part(map, n, k), x);
      if (m.out) return;
      if (v.vegadresseEllerPostboksadresse) into[part(map, n, 'norskAdresse').id] = { street: 'Åveien 16', postcode: '9999', city: 'Fjordvik' };
      if (v.borDuINorge === 'nei') { into[part(map, n, 'adresse').id] = 'Storgatan 1'; into[part(map, n, 'land').id] = 'SE'; }
    } else give(into, m, v);
  };
  for (const n of nodes) {
    if (n.grid) continue;
    const object = n.scope.reduce((o, k) => o?.[k], data);
    if (n.c.type === 'datagrid') {
      const m = matched.get(n), rows = object?.[n.c.key] ?? [];
      if (!m?.id || m.out) continue;
      answers[m.id] = rows.map(row => {
        const into = {};
        for (const x of nodes) if (x.grid === n) one(x, x.scope.slice(n.scope.length + 1).reduce((o, k) => o?.[k], row), into);
        return into;
      });
    } else one(n, object, answers);
  }
  return answers;
}
