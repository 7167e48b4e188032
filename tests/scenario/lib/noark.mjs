// A client of the Noark 5 API: Basic or a token, hypermedia by relation.
import assert from 'node:assert/strict';

export const rel = name => 'https://rel.arkivverket.no/noark5/v5/api/' + name + '/';

export class Noark {
  constructor(server, auth = 'Basic ' + Buffer.from('admin@example.com:password').toString('base64')) {
    this.base = server.url.replace(/\/$/, '') + '/noark5v5/';
    this.auth = auth;
  }
  async request(method, href, body, headers = {}) {
    const url = href.startsWith('http') ? href : this.base + href;
    const json = body !== undefined && !(body instanceof Uint8Array) && typeof body !== 'string';
    const r = await fetch(url, { method, redirect: 'manual', headers: { ...(this.auth ? { authorization: this.auth } : {}), ...(json ? { 'content-type': 'application/vnd.noark5+json' } : {}), ...headers },
      body: json ? JSON.stringify(body) : body });
    const bytes = Buffer.from(await r.arrayBuffer()), text = bytes.toString();
    return { status: r.status, headers: r.headers, etag: r.headers.get('etag'), bytes, text, json: /json/.test(r.headers.get('content-type') || '') && text ? JSON.parse(text) : undefined };
  }
  get(href) { return this.request('GET', href); }
  /** The list that $filter and its like give. */
  list(href, options = {}) {
    return this.get(href + '?' + Object.entries(options).map(([k, v]) => `$${k}=${encodeURIComponent(v)}`).join('&'));
  }
  /** POST to the ny- relation of an entity (or a package's address); the entity. */
  async make(at, name, values) {
    const href = typeof at === 'string' ? at : link(at, name);
    const r = await this.request('POST', href, values);
    assert.equal(r.status, 201, `${name}: ${r.text}`);
    return r.json;
  }
  async change(method, entity, values, headers) {
    const self = link(entity, 'self');
    const tag = headers ?? { 'if-match': (await this.get(self)).etag };
    return this.request(method, self, values, tag);
  }
}

export function link(entity, name) {
  const key = name === 'self' ? name : rel(name);
  assert.ok(entity._links[key], `${name} among ${Object.keys(entity._links).join(' ')}`);
  return entity._links[key].href;
}
export const has = (entity, name) => rel(name) in entity._links;

/** An archive of one's own, down to a class. */
export async function archive(api, name = 'Prøve') {
  const arkiv = await api.make('arkivstruktur/ny-arkiv/', 'arkiv', { tittel: name });
  const arkivdel = await api.make(arkiv, 'arkivstruktur/ny-arkivdel', { tittel: name + ', del' });
  const system = await api.make(arkivdel, 'arkivstruktur/ny-klassifikasjonssystem', { tittel: 'Emner' });
  const klasse = await api.make(system, 'arkivstruktur/ny-klasse', { klasseID: '111', tittel: 'Bygg' });
  return { arkiv, arkivdel, system, klasse };
}
