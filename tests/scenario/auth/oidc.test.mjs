// Login against a real OpenID provider, in the shapes of ID-porten, of a MitID broker and of a municipality's own directory; and
// what happens when somebody cheats or something breaks.
import { test, before, after, describe } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { startServer, freePort, until } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { startProvider, municipalityWith } from '../lib/oidc.mjs';

const nsis = 'https://data.gov.dk/concept/core/nsis/';

async function house(options) {
  const port = await freePort(), base = `http://127.0.0.1:${port}`;
  const providers = [];
  for (const p of options.providers) providers.push(await startProvider({ base, ...p }));
  if (options.claims) providers[0].claims = options.claims;
  const place = municipalityWith(providers, options);
  const server = await startServer({ port, data: place.data, demo: options.demo ?? false, args: ['--municipality', place.dir, '--public-url', base] });
  return {
    server, base, providers, op: providers[0],
    async close() { await server.stop(); for (const p of providers) await p.stop(); rmSync(place.dir, { recursive: true, force: true }); },
  };
}

/** Who the page says one is logged in as; null: nobody. */
async function who(client) {
  const page = await client.get('/page/help');
  const m = /class="k-who"><span>([\s\S]*?)<\/span>\s*<form/.exec(page.text) || /class="k-who"[\s\S]*?<form/.exec(page.text);
  return m ? textOf(m[0]) : null;
}

describe('a MitID broker', () => {
  let h;
  before(async () => {
    h = await house({ providers: [{ profile: 'mitid' }] });
    h.op.people.anna = { 'dk.cpr': '6403574218', 'mitid.identity_name': 'Anna Holm', loa: nsis + 'Substantial' };
  });
  after(() => h?.close());
  const fresh = () => { h.op.person = 'anna'; h.op.answer = h.op.transform = null; return new Client(h.base); };

  test('a citizen logs in, comes back to where they were, and logs out there too', async () => {
    const anna = fresh();
    const page = await anna.get('/auth/login?next=/access');
    assert.match(textOf(page.text), /Log ind med MitID/);
    const href = /href="(\/auth\/start\/citizen[^"]*)"/.exec(page.text)[1].replaceAll('&amp;', '&');
    const back = await anna.get(href);
    assert.equal(back.path, '/access');
    assert.match(await who(anna), /Anna Holm/);
    const asked = h.op.authorizations.at(-1);
    assert.equal(asked.get('acr_values'), nsis + 'Substantial');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    assert.equal(asked.get('idp_values'), 'mitid');
    assert.equal(asked.get('ui_locales'), 'da');
    assert.ok(asked.get('nonce').length >= 43 && asked.get('state').length >= 43);
    await anna.get('/page/help');
    const out = await anna.submit('/auth/logout');
    assert.equal(out.status, 200);
    const away = new URL(/href="([^"]*session\/end[^"]*)"/.exec(out.text)[1].replaceAll('&amp;', '&'));
    assert.equal(out.headers.get('refresh'), `0; url=${away.href}`);
    assert.equal(away.searchParams.get('post_logout_redirect_uri'), h.base + '/auth/loggedout');
    assert.ok(away.searchParams.get('id_token_hint'));
    assert.equal(await who(anna), null);
    const there = await anna.get(away.href); // the provider takes the hint and asks
    assert.ok(formsOf(there.text).length, textOf(there.text));
  });

  test('the cookie is new at login, and the old one worth nothing', async () => {
    const anna = fresh();
    await anna.get('/auth/login');
    await anna.request('/auth/start/citizens', { follow: false });
    const before = anna.cookies.get('indgang');
    await anna.get('/auth/start/citizens?next=/access');
    assert.ok(before && anna.cookies.get('indgang') !== before);
    anna.cookies.set('indgang', before);
    assert.equal(await who(anna), null);
  });

  test('a higher level is asked for, and a login that lacks it is refused kindly', async () => {
    const anna = fresh();
    let a = await anna.request('/auth/start/citizens?level=3&next=/access');
    assert.equal(h.op.authorizations.at(-1).get('acr_values'), nsis + 'High');
    assert.equal(a.status, 403);
    assert.match(textOf(a.text), /ikke sikkert nok/);
    assert.equal(await who(anna), null);
    h.op.people.anna.loa = nsis + 'High';
    a = await anna.get('/auth/start/citizens?level=3&next=/access');
    assert.equal(a.path, '/access');
    h.op.people.anna.loa = 'https://evil.example/level';
    a = await fresh().request('/auth/start/citizens');
    assert.equal(a.status, 403);
    h.op.people.anna.loa = nsis + 'Substantial';
  });

  test('one who cancels is met kindly and may try again', async () => {
    for (const error of ['access_denied', 'mitid_user_aborted']) {
      const anna = fresh();
      h.op.answer = { error, error_description: 'mitid_user_aborted' };
      const a = await anna.get('/auth/start/citizens?next=/access');
      assert.match(textOf(a.text), /Du afbrød login/);
      assert.match(a.text, /href="\/auth\/start\/citizens\?level=2&amp;next=%2Faccess"/);
      assert.equal(await who(anna), null);
    }
  });

  test('the answer counts once, in the browser that asked, and only with its state', async () => {
    const anna = fresh();
    let a = await anna.request('/auth/start/citizens?next=/access', { follow: false });
    while (!new URL(a.location, h.base).pathname.startsWith('/auth/callback')) a = await anna.request(new URL(a.location, h.op.issuer).href, { follow: false });
    const callback = a.location;
    const other = fresh(); // a stolen link: another browser, with a session of its own
    await other.request('/auth/start/citizens', { follow: false });
    a = await other.request(callback);
    assert.equal(a.status, 400);
    assert.match(textOf(a.text), /tog for lang tid/);
    assert.equal(await who(other), null);
    a = await anna.request(callback); // used up by the attempt: nobody gets in
    assert.equal(a.status, 400);
    a = await anna.get('/auth/start/citizens?next=/access');
    assert.equal(a.path, '/access');
    for (const bad of ['/auth/callback/citizens?code=x&state=made-up', '/auth/callback/citizens?code=x', '/auth/callback/citizens']) {
      const one = fresh();
      await one.request('/auth/start/citizens', { follow: false });
      assert.equal((await one.request(bad)).status, 400, bad);
    }
  });

  const lies = {
    'another nonce': t => { t.claims.nonce = 'x'.repeat(43); },
    'no nonce': t => { delete t.claims.nonce; },
    'expired': t => { t.claims.iat -= 600; t.claims.exp = t.claims.iat + 60; },
    'of the future': t => { t.claims.iat += 600; t.claims.exp += 600; },
    'for another client': t => { t.claims.aud = 'other'; },
    'for us and another without azp': t => { t.claims.aud = ['indgang', 'other']; },
    'another issuer': t => { t.claims.iss = 'https://evil.example'; },
    'alg none': t => { t.header = { alg: 'none' }; },
    'signature cut off': t => { t.raw = token => token.slice(0, -8); },
    'not a token': t => { t.raw = () => 'x.y.z'; },
    'very long': t => { t.raw = () => 'x'.repeat(200000); },
  };
  for (const [name, lie] of Object.entries(lies)) {
    test(`a token that is ${name} lets nobody in`, async () => {
      const anna = fresh();
      h.op.transform = lie;
      const a = await anna.request('/auth/start/citizens?next=/access');
      assert.equal(a.status, 502);
      assert.match(textOf(a.text), /Login lykkedes ikke/);
      assert.equal(await who(anna), null);
      assert.doesNotMatch(h.server.log(), /6403574218/);
    });
  }

  test('a token signed by a stranger under a known name lets nobody in', async () => {
    const anna = fresh();
    const stranger = await h.op.newKeys('RS256', 'x');
    h.op.transform = t => { t.key = stranger; };
    assert.equal((await anna.request('/auth/start/citizens')).status, 502);
  });

  test('an identity number that is missing or none lets nobody in', async () => {
    for (const idno of [undefined, '', '1234567890', '13816498213']) {
      const bad = fresh();
      h.op.people.odd = { 'dk.cpr': idno, loa: nsis + 'High' };
      h.op.person = 'odd';
      const a = await bad.request('/auth/start/citizens');
      assert.equal(a.status, 403, `${idno}: ${textOf(a.text)}`);
      assert.match(textOf(a.text), /Vi kender dig ikke/);
    }
  });

  test('new signing keys are fetched when a token names them', async () => {
    await fresh().get('/auth/start/citizens?next=/access');
    const asked = h.op.asked.jwks;
    await h.op.rotate();
    const a = await fresh().get('/auth/start/citizens?next=/access');
    assert.equal(a.path, '/access');
    assert.equal(h.op.asked.jwks, asked + 1);
    await fresh().get('/auth/start/citizens?next=/access');
    assert.equal(h.op.asked.jwks, asked + 1, 'kept');
    assert.equal(h.op.asked.discovery, 1, 'the discovery document is kept too');
  });

  test('tokens with keys nobody knows do not make us ask again and again', async () => {
    const stranger = await h.op.newKeys('RS256', 'nobody');
    const asked = h.op.asked.jwks;
    for (let i = 0; i < 4; i++) {
      const anna = fresh();
      h.op.transform = t => { t.key = stranger; t.header.kid = 'nobody'; };
      assert.equal((await anna.request('/auth/start/citizens')).status, 502);
    }
    assert.ok(h.op.asked.jwks - asked <= 1, `${h.op.asked.jwks - asked} times`);
  });

  test('a provider that is down is said to be, and the rest of the house goes on', async () => {
    const anna = fresh();
    let a = await anna.request('/auth/start/citizens?next=/access', { follow: false });
    while (!new URL(a.location, h.base).pathname.startsWith('/auth/callback')) a = await anna.request(new URL(a.location, h.op.issuer).href, { follow: false });
    h.op.down = true;
    a = await anna.request(a.location);
    assert.equal(a.status, 502);
    assert.match(textOf(a.text), /Fejlen er ikke din/);
    assert.equal((await fresh().get('/page/help')).status, 200);
    h.op.down = false;
    assert.equal((await anna.get('/auth/start/citizens?next=/access')).path, '/access');
  });

  test('a provider that hangs does not hang the house', { timeout: 60000 }, async t => {
    const callbacks = [];
    for (let i = 0; i < 12; i++) {
      const c = fresh();
      let a = await c.request('/auth/start/citizens', { follow: false });
      while (!new URL(a.location, h.base).pathname.startsWith('/auth/callback')) a = await c.request(new URL(a.location, h.op.issuer).href, { follow: false });
      callbacks.push([c, a.location]);
    }
    h.op.hang = true;
    t.after(() => { h.op.hang = false; });
    const waiting = callbacks.map(([c, location]) => c.request(location));
    await new Promise(r => setTimeout(r, 100));
    for (let i = 0; i < 20; i++) {
      const from = Date.now();
      await new Client(h.base).get('/page/help');
      assert.ok(Date.now() - from < 1000, `${Date.now() - from} ms`);
    }
    for (const a of await Promise.all(waiting)) assert.equal(a.status, 502);
    const from = Date.now(); // and for a while it is not asked at all
    assert.equal((await callbacks[0][0].request('/auth/start/citizens', { follow: false })).status, 303, 'discovery is kept');
    assert.ok(Date.now() - from < 1000);
    h.op.hang = false;
    await until('the provider to be asked again', async () => (await fresh().request('/auth/start/citizens?next=/access')).path === '/access');
  });

  test('front-channel logout ends the session without a cookie', async () => {
    const anna = fresh(), sid = 'sid-' + Math.random();
    h.op.transform = t => { t.claims.sid = sid; };
    await anna.get('/auth/start/citizens?next=/access');
    assert.match(await who(anna), /Anna Holm/);
    const frame = new Client(h.base);
    await frame.get(`/auth/frontchannel?iss=${encodeURIComponent('https://evil.example')}&sid=${sid}`);
    assert.match(await who(anna), /Anna Holm/);
    await frame.get(`/auth/frontchannel?iss=${encodeURIComponent(h.op.issuer)}&sid=${sid}`);
    assert.equal(await who(anna), null);
  });

  test('"next" stays on our site', async () => {
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', '/%5Cevil.example']) {
      const a = await fresh().request('/auth/start/citizens?next=' + encodeURIComponent(next));
      assert.ok(new URL(a.path, h.base).origin === h.base, a.path);
      assert.equal(a.path.startsWith('//'), false);
    }
  });
});

describe('claims at the userinfo endpoint, private key, ES256', () => {
  let h;
  before(async () => { h = await house({ providers: [{ profile: 'mitid', userinfo: true, alg: 'ES256', authMethod: 'private_key_jwt' }] }); });
  after(() => h?.close());
  test('a citizen logs in', async () => {
    h.op.people.dagny = { 'dk.cpr': '7211412346', 'mitid.identity_name': 'Dagny Lund', loa: nsis + 'High' };
    h.op.person = 'dagny';
    const c = new Client(h.base);
    assert.equal((await c.get('/auth/start/citizens?next=/access')).path, '/access');
    assert.match(await who(c), /Dagny Lund/);
  });
});

describe('ID-porten', () => {
  let h;
  // ID-porten gives no name, the population register does; here a claim stands for it
  before(async () => { h = await house({ country: 'NO', claims: { name: 'name' }, providers: [{ profile: 'idporten', alg: 'PS256', authMethod: 'client_secret_post' }] }); });
  after(() => h?.close());
  test('an inhabitant logs in, in Norwegian', async () => {
    h.op.people.kari = { pid: '13816497110', name: 'Kari Vik' };
    h.op.person = 'kari';
    const c = new Client(h.base, { lang: 'nb' });
    const a = await c.request('/auth/start/citizens?next=/access');
    assert.equal(h.op.authorizations.at(-1).get('ui_locales'), 'nb');
    assert.equal(h.op.authorizations.at(-1).get('acr_values'), 'idporten-loa-substantial');
    assert.equal(a.path, '/access', textOf(a.text));
    h.op.people.kari.acr = 'idporten-loa-low';
    assert.equal((await new Client(h.base).request('/auth/start/citizens')).status, 403);
  });
});

describe('the municipality\'s own directory', () => {
  test('an employee of the list is known by e-mail, whatever the case; a stranger is not let in', async () => {
    const h = await house({ demo: true, providers: [{ profile: 'staff', key: 'employees' }] });
    try {
      h.op.people.bo = { email: 'BO.KJAER@fjordby.example', name: 'Bo K' };
      h.op.people.x = { email: 'x@fjordby.example', name: 'X' };
      const bo = new Client(h.base);
      h.op.person = 'bo';
      await bo.request('/auth/start/employees?next=/page/help');
      assert.match(await who(bo), /Bo Kjær.*Hjælpemiddelteamet/);
      h.op.person = 'x';
      const x = new Client(h.base), a = await x.request('/auth/start/employees');
      assert.equal(a.status, 403);
      assert.match(textOf(a.text), /ikke oprettet som medarbejder/);
      assert.equal(await who(x), null);
    } finally { await h.close(); }
  });

  test('without the demo, employees may be listed in municipality.yaml', async () => {
    const port = await freePort(), base = `http://127.0.0.1:${port}`;
    const op = await startProvider({ base, profile: 'staff', key: 'employees' });
    const place = municipalityWith([op]), file = place.dir + '/municipality.yaml';
    const list = 'staff:\n  - {key: lis, name: Lis Holt, email: lis@fjordby.example, roles: [leader], units: [teknik]}\n';
    writeFileSync(file, readFileSync(file, 'utf8') + list);
    const args = ['--municipality', place.dir, '--public-url', base];
    let server = await startServer({ port, data: place.data, demo: false, args });
    const db = server.db;
    try {
      op.people.lis = { email: 'lis@fjordby.example' };
      op.person = 'lis';
      const lis = new Client(base);
      await lis.request('/auth/start/employees?next=/page/help');
      assert.match(await who(lis), /Lis Holt.*Teknik og Miljø/);
      await server.stop({ keep: true }); // taken off the list: out, also with a session that was good
      writeFileSync(file, readFileSync(file, 'utf8').replace(list, ''));
      server = await startServer({ port, data: place.data, db, demo: false, args });
      assert.equal(await who(lis), null);
      assert.equal((await new Client(base).request('/auth/start/employees')).status, 403);
    } finally { await server.stop(); await op.stop(); rmSync(place.dir, { recursive: true, force: true }); }
  });

  test('roles and units come from claims, and change with them', async () => {
    const port = await freePort(), base = `http://127.0.0.1:${port}`;
    const op = await startProvider({ base, profile: 'staff', key: 'employees' });
    op.claims = { roles: 'roles', units: 'units' };
    const place = municipalityWith([op]);
    const server = await startServer({ port, data: place.data, demo: false, args: ['--municipality', place.dir, '--public-url', base] });
    try {
      op.people.eva = { email: 'eva@fjordby.example', name: 'Eva Ny', roles: ['caseworker', 'unknown'], units: ['dagtilbud', 'no-such'] };
      op.person = 'eva';
      const eva = new Client(base);
      await eva.request('/auth/start/employees?next=/page/help');
      assert.match(await who(eva), /Eva Ny.*Center for Dagtilbud og Skole/);
      op.people.eva.units = ['teknik'];
      await eva.request('/auth/start/employees?next=/page/help');
      assert.match(await who(eva), /Eva Ny.*Teknik og Miljø/);
      op.people.eva.units = ['kultur', 'teknik'];
      await eva.request('/auth/start/employees?next=/page/help');
      assert.match(await who(eva), /Eva Ny.*Kultur og Fritid/);
      await eva.get('/auth/unit?next=/page/help');
      assert.equal((await eva.submit('/auth/unit')).path, '/page/help');
      assert.match(await who(eva), /Eva Ny.*Teknik og Miljø/);
      op.people.ivan = { email: 'ivan@fjordby.example', name: 'Ivan', roles: ['unknown'], units: ['teknik'] };
      op.person = 'ivan';
      assert.equal((await new Client(base).request('/auth/start/employees')).status, 403);
    } finally { await server.stop(); await op.stop(); rmSync(place.dir, { recursive: true, force: true }); }
  });
});
