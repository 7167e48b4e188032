// A visitor without a browser: keeps cookies, follows redirects when told, fills in the forms our pages send.
import assert from 'node:assert/strict';

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", apos: "'", nbsp: '\u00a0' };
export const unescape = s => s.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (all, e) =>
  e[0] === '#' && !(e in entities) ? String.fromCodePoint(e[1] === 'x' ? parseInt(e.slice(2), 16) : +e.slice(1)) : entities[e] ?? all);
/** The words a reader sees, in one line. */
export const textOf = html => unescape(html.replace(/<(script|style)[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ')).replace(/\s+/g, ' ').trim();

function attributes(tag) {
  const out = {};
  for (const m of tag.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)) out[m[1].toLowerCase()] = m[2] === undefined ? '' : unescape(m[2]);
  return out;
}

/** The forms of a page, with the values a browser would send if nothing were changed. */
export function formsOf(html) {
  return [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/g)].map(m => {
    const form = { ...attributes(m[1]), fields: [], buttons: [], html: m[2] };
    for (const f of m[2].matchAll(/<(input|button)\b([^>]*)>|<textarea\b([^>]*)>([\s\S]*?)<\/textarea>|<select\b([^>]*)>([\s\S]*?)<\/select>/g)) {
      if (f[3] !== undefined) { form.fields.push({ ...attributes(f[3]), type: 'textarea', value: unescape(f[4].replace(/^\r?\n/, '')) }); continue; }
      if (f[5] !== undefined) {
        const options = [...f[6].matchAll(/<option\b([^>]*)>([\s\S]*?)(?=<\/?option|$)/g)].map(o => ({ ...attributes(o[1]), text: textOf(o[2]) }));
        const chosen = options.find(o => 'selected' in o) || options[0];
        form.fields.push({ ...attributes(f[5]), type: 'select', options, value: chosen ? chosen.value ?? chosen.text : '' });
        continue;
      }
      const a = attributes(f[2]);
      if (f[1] === 'button' || a.type === 'submit') form.buttons.push({ type: 'submit', ...a });
      else form.fields.push({ type: 'text', value: a.type === 'checkbox' || a.type === 'radio' ? 'on' : '', ...a });
    }
    return form;
  });
}

/** Debian 12's Node joins the Set-Cookie headers by commas and has no getSetCookie. */
export const setCookies = headers => headers.getSetCookie?.() ?? (headers.get('set-cookie') ?? '').split(/,(?=\s*[^;,=\s]+=)/).filter(Boolean);

export class Client {
  constructor(url, { lang } = {}) { this.base = url; this.cookies = new Map(); this.lang = lang; this.redirects = 10; }

  /** One request; options as fetch. `follow: false` shows the redirect itself. The answer has .status .text .path .headers. */
  async request(path, options = {}) {
    let url = new URL(path, this.base), { method = 'GET', body, follow = true, headers = {} } = options;
    for (let hops = 0; ; hops++) {
      const all = { ...headers };
      if (this.cookies.size) all.cookie = [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
      if (this.lang) all['accept-language'] ??= this.lang;
      if (method === 'POST') { all.origin ??= new URL(this.base).origin; all['sec-fetch-site'] ??= 'same-origin'; }
      const res = await fetch(url, { method, body, headers: all, redirect: 'manual' });
      for (const c of setCookies(res.headers)) {
        const [, name, value] = /^\s*([^=]+)=([^;]*)/.exec(c);
        if (/max-age=0/i.test(c) || value === '') this.cookies.delete(name); else this.cookies.set(name, value);
      }
      if (follow && [301, 302, 303, 307].includes(res.status)) {
        assert.ok(hops < this.redirects, `too many redirects at ${url}`);
        await res.arrayBuffer();
        url = new URL(res.headers.get('location'), url); method = 'GET'; body = undefined; headers = {};
        continue;
      }
      const bytes = Buffer.from(await res.arrayBuffer());
      const answer = { status: res.status, headers: res.headers, bytes, text: bytes.toString('utf8'), path: url.pathname + url.search + url.hash, location: res.headers.get('location') };
      this.last = answer;
      return answer;
    }
  }

  async get(path, expected = 200, options = {}) {
    const a = await this.request(path, options);
    assert.equal(a.status, expected, `GET ${path}: ${a.status} ${textOf(a.text).slice(0, 400)}`);
    return a;
  }

  /**
   * Send a form of the last page (or options.page). `which`: part of its action, or of a button's of its own, or its index. `values`: name → value,
   * array for several, null to leave out, {name, type, bytes} for a file. options.button: name or value of the button.
   */
  async submit(which, values = {}, options = {}) {
    const page = options.page || this.last;
    const forms = formsOf(page.text);
    const goesTo = f => typeof which === 'string' && f.buttons.find(b => b.formaction?.includes(which));
    const form = typeof which === 'number' ? forms[which] : forms.find(f => (f.action ?? page.path).includes(which)) ?? forms.find(goesTo);
    assert.ok(form, `no form ${which} on ${page.path}; there are: ${forms.map(f => f.action).join(', ')}`);
    const known = new Set([...form.fields, ...form.buttons].map(f => f.name));
    if (!options.forge) for (const name of Object.keys(values)) assert.ok(known.has(name), `form ${form.action} has no field ${name}; it has ${[...known].join(', ')}`);
    const data = [];
    for (const f of form.fields) {
      if (!f.name || f.name in values || 'disabled' in f) continue;
      if ((f.type === 'checkbox' || f.type === 'radio') && !('checked' in f)) continue;
      if (f.type === 'file') { data.push([f.name, { name: '', type: 'application/octet-stream', bytes: Buffer.alloc(0) }]); continue; }
      data.push([f.name, f.value ?? '']);
    }
    for (const [name, value] of Object.entries(values)) for (const v of Array.isArray(value) ? value : [value]) if (v !== null) data.push([name, v]);
    const button = options.button ? form.buttons.find(b => b.name === options.button || b.value === options.button)
      : typeof which === 'number' || (form.action ?? page.path).includes(which) ? form.buttons[0] : goesTo(form);
    if (options.button) assert.ok(button, `no button ${options.button}; there are ${form.buttons.map(b => `${b.name}=${b.value}`).join(', ')}`);
    if (button?.name) data.push([button.name, button.value ?? '']);
    const method = (button?.formmethod || form.method || 'get').toUpperCase();
    const action = new URL(button?.formaction || form.action || page.path, new URL(page.path, this.base));
    if (method === 'GET') { action.search = new URLSearchParams(data).toString(); return this.request(action.href, options); }
    let body, headers = {};
    if ((form.enctype || '') === 'multipart/form-data') {
      // By hand: FormData leaves out the empty filename that a browser sends for a field without a file.
      const boundary = 'indgang' + Math.random().toString(36).slice(2);
      const quote = s => s.replace(/"/g, '%22').replace(/\r?\n/g, '%0A');
      body = Buffer.concat([...data.flatMap(([k, v]) => [Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${quote(k)}"` +
        (typeof v === 'object' ? `; filename="${quote(v.name)}"\r\nContent-Type: ${v.type}` : '') + '\r\n\r\n'),
      typeof v === 'object' ? v.bytes : Buffer.from(v.replace(/\r?\n/g, '\r\n')), Buffer.from('\r\n')]), Buffer.from(`--${boundary}--\r\n`)]);
      headers['content-type'] = 'multipart/form-data; boundary=' + boundary;
    } else {
      body = new URLSearchParams(data.map(([k, v]) => [k, typeof v === 'object' ? v.name : v])).toString();
      headers['content-type'] = 'application/x-www-form-urlencoded';
    }
    return this.request(action.pathname + action.search, { ...options, method, body, headers: { ...headers, ...options.headers } });
  }

  /** Log in by the demo chooser as the person whose name contains `name`. */
  async login(name, options = {}) {
    const page = await this.get('/auth/demo' + (options.next ? '?next=' + encodeURIComponent(options.next) : ''));
    const forms = formsOf(page.text), at = forms.findIndex(f => textOf(f.html).includes(name));
    assert.ok(at >= 0, `nobody called ${name} in the demo chooser`);
    const a = await this.submit(at);
    assert.equal(a.status, 200, textOf(a.text).slice(0, 300));
    return a;
  }
}
