// Employees in the Noark API in their own name: the authorization code with PKCE, what their roles open, how it ends; their own
// provider behind it; and the brake on guessing the passwords of programs.
import test, { after, before, describe } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash, createPublicKey, randomBytes, verify } from 'node:crypto';
import { rmSync } from 'node:fs';
import { binary, freePort, startServer } from '../lib/server.mjs';
import { Client, formsOf, textOf } from '../lib/client.mjs';
import { check, launch, login, screenshot, tabThrough, visitor } from '../lib/browser.mjs';
import { municipalityWith, startProvider } from '../lib/oidc.mjs';
import { Noark, archive, has, link, rel } from '../lib/noark.mjs';
import { apply, citizen } from '../lib/people.mjs';

const redirect = 'http://127.0.0.1:43210/callback';
const sha = s => createHash('sha256').update(s).digest('base64url');

/** What a program asks the employee's browser to open. */
function asking(changes = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const values = { response_type: 'code', client_id: 'demo', redirect_uri: redirect, scope: 'openid', state: 'a & b=æ', nonce: 'n-1', code_challenge: sha(verifier), code_challenge_method: 'S256', ...changes };
  for (const k of Object.keys(values)) if (values[k] === undefined) delete values[k];
  return { verifier, href: '/noark/allow?' + new URLSearchParams(values) };
}
const target = answer => new URL(answer.headers.get('refresh').replace('0; url=', ''));
async function token(server, values, path = 'oauth/token') {
  return new Noark(server, null).request('POST', path, new URLSearchParams(values).toString(), { 'content-type': 'application/x-www-form-urlencoded' });
}
/** The employee of `client` says yes; the answer of the token endpoint. */
async function allow(server, client) {
  const ask = asking();
  await client.get(ask.href);
  const to = target(await client.submit('/noark/allow', {}, { button: 'yes' }));
  const r = await token(server, { grant_type: 'authorization_code', code: to.searchParams.get('code'), client_id: 'demo', redirect_uri: redirect, code_verifier: ask.verifier });
  assert.equal(r.status, 200, r.text);
  return r.json;
}
async function employee(server, name) {
  const client = new Client(server.url);
  await client.login(name);
  const tokens = await allow(server, client);
  return { client, tokens, api: new Noark(server, 'Bearer ' + tokens.access_token) };
}
const packages = root => Object.keys(root.json._links).filter(r => r.startsWith(rel('x').slice(0, -2)) && !r.includes('/login/')).map(r => r.split('/').at(-2)).sort();

describe('in the demo', () => {
  let server, machine;
  before(async () => { server = await startServer(); machine = new Noark(server); });
  after(() => server?.stop());

  test('the way in: discovery, the page, a code, tokens, and an ID token whose signature holds', async () => {
    const d = (await new Noark(server, null).get('.well-known/openid-configuration')).json;
    assert.equal(d.issuer, server.url.replace(/\/$/, '') + '/noark5v5');
    for (const what of ['authorization_endpoint', 'token_endpoint', 'jwks_uri', 'revocation_endpoint']) assert.ok(d[what].startsWith('http'), what);
    const bo = new Client(server.url), ask = asking();
    const login = await bo.request(ask.href, { follow: false });
    assert.match(login.location, /^\/auth\/login\?next=/, 'login first, and back here');
    const page = await bo.login('Bo Kjær', { next: ask.href });
    assert.match(textOf(page.text), /Må Demoarkiv bruge arkivet i dit navn\?/);
    const done = await bo.submit('/noark/allow', {}, { button: 'yes' }), to = target(done);
    assert.deepEqual([to.origin + to.pathname, to.searchParams.get('state'), to.searchParams.get('iss')], [redirect, 'a & b=æ', d.issuer]);
    assert.ok(done.text.includes(to.href.replaceAll('&', '&amp;')), 'and a link for those whose browser does not go on');
    const r = await token(server, { grant_type: 'authorization_code', code: to.searchParams.get('code'), client_id: 'demo', redirect_uri: redirect, code_verifier: ask.verifier });
    assert.equal(r.json.token_type, 'Bearer');
    const [head, body, signature] = r.json.id_token.split('.').map(s => Buffer.from(s, 'base64url'));
    const key = (await new Noark(server, null).get(d.jwks_uri)).json.keys[0];
    assert.ok(!('d' in key));
    assert.equal(JSON.parse(head).kid, key.kid);
    assert.ok(verify('sha256', Buffer.from(r.json.id_token.split('.').slice(0, 2).join('.')), { key: createPublicKey({ key, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, signature));
    const claims = JSON.parse(body);
    assert.deepEqual([claims.iss, claims.aud, claims.nonce, claims.name], [d.issuer, 'demo', 'n-1', 'Bo Kjær']);
    assert.ok(claims.exp > Date.now() / 1000 && claims.exp < Date.now() / 1000 + 600);
    assert.equal((await new Noark(server, 'Bearer ' + r.json.access_token).get('sakarkiv/saksmappe/')).status, 200);
    assert.equal((await new Noark(server, 'Bearer ' + r.json.refresh_token).get('sakarkiv/')).status, 401, 'a refresh token opens nothing');
  });

  test('the root and every list show what the roles open; law 7 holds for the employee', async () => {
    const anna = await citizen(server), { no } = await apply(anna);
    const bo = (await employee(server, 'Bo Kjær')).api, carl = (await employee(server, 'Carl Friis')).api, ulla = (await employee(server, 'Ulla Thorsen')).api, sofie = (await employee(server, 'Sofie Bang')).api, mette = (await employee(server, 'Mette Bro')).api;
    assert.deepEqual(packages(await bo.get('')), ['admin', 'arkivstruktur', 'metadata', 'sakarkiv']);
    assert.deepEqual(packages(await carl.get('')), ['admin', 'arkivstruktur', 'loggingogsporing', 'metadata', 'sakarkiv']);
    assert.deepEqual(packages(await ulla.get('')), ['admin', 'metadata']);
    assert.deepEqual(packages(await sofie.get('')), ['admin', 'loggingogsporing', 'metadata']);
    const find = api => api.list('sakarkiv/saksmappe/', { filter: `mappeID eq '${no}'` });
    const sak = (await find(bo)).json.results[0];
    assert.equal(sak.mappeID, no);
    assert.equal((await find(mette)).json.count, 0, 'another unit');
    assert.equal((await find(ulla)).status, 403);
    assert.equal((await ulla.get(link(sak, 'self'))).status, 404);
    assert.equal((await sofie.get(link(sak, 'self'))).status, 404);
    // who may make what
    assert.ok(!has((await bo.get('arkivstruktur/')).json, 'arkivstruktur/ny-arkiv'));
    assert.ok(has((await carl.get('arkivstruktur/')).json, 'arkivstruktur/ny-arkiv'));
    for (const method of ['GET', 'POST']) assert.equal((await bo.request(method, 'arkivstruktur/ny-arkiv/', method === 'POST' ? { tittel: 'x' } : undefined)).status, 403, method);
    assert.equal((await bo.request('POST', 'metadata/ny-format/', { kode: 'x', kodenavn: 'x' })).status, 403);
    assert.equal((await bo.get('metadata/format/')).status, 200);
    assert.equal((await bo.get('admin/system/')).status, 200);
    assert.equal((await bo.get('admin/bruker/')).status, 403);
    const { arkiv, klasse } = await archive(carl, 'Carls');
    assert.equal(arkiv.opprettetAv, 'Carl Friis');
    const rikke = (await employee(server, 'Rikke Vang')).api; // a caseworker of the same unit
    const seen = (await rikke.get(link(klasse, 'self'))).json;
    assert.ok(has(seen, 'sakarkiv/ny-saksmappe') && !has(seen, 'arkivstruktur/ny-klasse'), Object.keys(seen._links).join(' '));
    assert.equal((await rikke.change('PATCH', klasse, { tittel: 'Ny' })).status, 403);
    assert.equal((await rikke.request('DELETE', link(klasse, 'self'), undefined, { 'if-match': '*' })).status, 403);
    assert.equal((await rikke.make(klasse, 'sakarkiv/ny-saksmappe', { tittel: 'Sak' })).opprettetAv, 'Rikke Vang');
    assert.equal((await bo.get(link(klasse, 'self'))).status, 404, 'of another unit');
    const remark = await bo.make(sak, 'arkivstruktur/ny-merknad', { merknadstekst: 'Set' });
    assert.equal(remark.merknadRegistrertAv ?? remark.opprettetAv, 'Bo Kjær');
    // nobody handles a case of their own: as a citizen Bo applies, as an employee he does not see it
    const own = new Client(server.url), chooser = await own.get('/auth/demo');
    await own.submit(formsOf(chooser.text).findIndex(f => textOf(f.html).includes('Bo Kjær')), { citizen: '1' }, { forge: true });
    const { no: his } = await apply(own);
    const filter = `mappeID eq '${his}'`;
    assert.equal((await bo.list('sakarkiv/saksmappe/', { filter })).json.count, 0);
    assert.equal((await machine.list('sakarkiv/saksmappe/', { filter })).json.count, 1);
    assert.equal((await bo.get(link((await machine.list('sakarkiv/saksmappe/', { filter })).json.results[0], 'self'))).status, 404);
    // Anna sees who looked
    assert.match(textOf((await anna.get('/access')).text), /Slået op i arkivet med et andet program/);
  });

  test('a code is good once, for the program that asked, with its secret and its address', async () => {
    const client = new Client(server.url);
    await client.login('Bo Kjær');
    const fresh = async changes => {
      const ask = asking();
      await client.get(ask.href);
      const code = target(await client.submit('/noark/allow', {}, { button: 'yes' })).searchParams.get('code');
      return { grant_type: 'authorization_code', code, client_id: 'demo', redirect_uri: redirect, code_verifier: ask.verifier, ...changes };
    };
    for (const change of [{ code_verifier: 'x'.repeat(43) }, { code_verifier: '' }, { client_id: 'other' }, { redirect_uri: 'http://127.0.0.1/callback' }, { code: 'x'.repeat(43) }, { code: '' }]) {
      const values = await fresh(change), r = await token(server, values);
      assert.deepEqual([r.status, r.json.error], [400, 'invalid_grant'], JSON.stringify(change));
    }
    const spoilt = await fresh({});
    await token(server, { ...spoilt, code_verifier: 'x'.repeat(43) });
    assert.equal((await token(server, spoilt)).status, 400, 'a wrong try uses it up');
    const values = await fresh({}), first = (await token(server, values)).json;
    const api = new Noark(server, 'Bearer ' + first.access_token);
    assert.equal((await api.get('sakarkiv/')).status, 200);
    assert.equal((await token(server, values)).status, 400, 'twice');
    assert.equal((await api.get('sakarkiv/')).status, 401, 'and then what came of it ends too');
  });

  test('refreshing gives new tokens once; an old one in two hands ends all; revoking and logging out end all', async () => {
    const { client, tokens, api } = await employee(server, 'Bo Kjær');
    const refresh = t => token(server, { grant_type: 'refresh_token', refresh_token: t });
    const second = await refresh(tokens.refresh_token);
    assert.equal(second.status, 200);
    assert.equal((await api.get('sakarkiv/')).status, 200, 'the access token goes on');
    const third = await refresh(second.json.refresh_token);
    assert.equal(third.status, 200);
    assert.equal((await refresh(tokens.refresh_token)).status, 400, 'an old one');
    assert.equal((await refresh(third.json.refresh_token)).status, 400, 'was seen by somebody else');
    assert.equal((await api.get('sakarkiv/')).status, 401);
    const again = await allow(server, client), other = new Noark(server, 'Bearer ' + again.access_token);
    const forged = again.access_token.replace(/.$/, c => c === '0' ? '1' : '0');
    assert.equal((await new Noark(server, 'Bearer ' + forged).get('sakarkiv/')).status, 401);
    assert.equal((await token(server, { token: forged }, 'oauth/revoke')).status, 200);
    assert.equal((await other.get('sakarkiv/')).status, 200);
    assert.equal((await token(server, { token: again.refresh_token }, 'oauth/revoke')).status, 200);
    assert.equal((await other.get('sakarkiv/')).status, 401);
    const last = new Noark(server, 'Bearer ' + (await allow(server, client)).access_token);
    assert.equal((await last.get('sakarkiv/')).status, 200);
    await client.get('/desk');
    await client.submit('/auth/logout');
    assert.equal((await last.get('sakarkiv/')).status, 401, 'logged out');
  });

  test('what a program asks wrongly goes back to it; a program we do not know gets nothing', async () => {
    const client = new Client(server.url);
    await client.login('Bo Kjær');
    for (const [change, error] of [[{ response_type: 'token' }, 'unsupported_response_type'], [{ code_challenge_method: 'plain' }, 'invalid_request'], [{ code_challenge: undefined }, 'invalid_request'], [{ code_challenge: 'short' }, 'invalid_request']]) {
      const r = await client.request(asking(change).href, { follow: false });
      assert.equal(r.status, 303, JSON.stringify(change));
      assert.deepEqual([new URL(r.location).searchParams.get('error'), new URL(r.location).searchParams.get('state')], [error, 'a & b=æ']);
    }
    for (const change of [{ client_id: 'other' }, { client_id: undefined }, { redirect_uri: undefined }, { redirect_uri: 'http://127.0.0.1:43210/other' }, { redirect_uri: 'https://127.0.0.1/callback' }, { redirect_uri: 'http://127.0.0.1.evil.example/callback' }, { redirect_uri: 'http://127.0.0.1@evil.example/callback' }, { redirect_uri: 'http://127.0.0.1:80@evil.example/callback' }, { redirect_uri: 'javascript:alert(1)' }, { redirect_uri: 'http://[::1]/callback' }]) {
      const r = await client.request(asking(change).href, { follow: false });
      assert.equal(r.status, 400, JSON.stringify(change));
      assert.match(textOf(r.text), /Programmet er ikke kendt her/);
      assert.equal(r.headers.get('refresh'), null);
    }
    await client.get(asking().href);
    const no = await client.submit('/noark/allow', {}, { button: 'no' });
    assert.deepEqual([target(no).searchParams.get('error'), target(no).searchParams.get('code')], ['access_denied', null]);
    const stranger = await citizen(server);
    assert.equal((await stranger.request(asking().href, { follow: false })).status, 403, 'not for citizens');
    const page = await client.get(asking().href);
    assert.equal((await client.submit('/noark/allow', { csrf: 'x' }, { page, button: 'yes' })).status, 403, 'not from elsewhere');
  });

  test('the page: axe, 320 px, keyboard, four languages, without JavaScript', async () => {
    const browser = await launch();
    try {
      for (const lang of ['da', 'nb', 'nn', 'en']) {
        const page = await visitor(browser, server, { locale: lang });
        await login(page, 'Bo Kjær');
        await page.goto('/page/language?to=' + lang);
        await page.goto(asking().href);
        await check(page, 'noark allow ' + lang);
        if (process.env.SHOT) { await page.screenshot({ path: `${process.env.SHOT}/allow-${lang}.png` }); await page.setViewportSize({ width: 320, height: 700 }); await page.screenshot({ path: `${process.env.SHOT}/allow-${lang}-320.png`, fullPage: true }); await page.setViewportSize({ width: 1280, height: 900 }); }
        if (lang === 'da') {
          const stops = await tabThrough(page);
          assert.ok(stops.includes('Ja, brug arkivet') && stops.includes('Nej, gå tilbage'), stops.join());
          await page.goto(asking({ client_id: 'x' }).href);
          await check(page, 'noark unknown program');
        }
        await page.context().close();
      }
      const plain = await visitor(browser, server, { javaScriptEnabled: false });
      await login(plain, 'Bo Kjær');
      await plain.goto(asking().href);
      await plain.getByRole('button', { name: 'Nej, gå tilbage' }).focus();
      const [request] = await Promise.all([plain.waitForRequest(r => r.url().startsWith(redirect)), plain.keyboard.press('Enter')]);
      assert.match(request.url(), /error=access_denied/);
    } finally { await browser.close(); }
  });

  test('a program that is taken away and comes back begins anew: nothing that was allowed before holds', async () => {
    const { client, tokens, api } = await employee(server, 'Bo Kjær');
    const set = (...words) => execFileSync(binary, ['noark-app', 'demo', ...words, '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])]);
    assert.equal((await api.get('sakarkiv/')).status, 200);
    set();
    assert.equal((await api.get('sakarkiv/')).status, 401);
    set('Demoarkiv', redirect);
    assert.equal((await api.get('sakarkiv/')).status, 401, 'the old token stays dead');
    assert.equal((await token(server, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token })).status, 400);
    const anew = new Noark(server, 'Bearer ' + (await allow(server, client)).access_token);
    assert.equal((await anew.get('sakarkiv/')).status, 200);
  });

  test('the brake: after some wrong passwords one waits, and only there', async () => {
    const basic = (name, password) => new Noark(server, 'Basic ' + Buffer.from(`${name}:${password}`).toString('base64')).get('arkivstruktur/');
    const held = (await token(server, { grant_type: 'password', username: 'admin@example.com', password: 'password', client_id: 'nikita-client' })).json;
    const seen = [];
    for (let i = 0; i < 7; i++) seen.push((await basic('admin@example.com', 'wrong' + i)).status);
    assert.deepEqual(seen.slice(0, 5), [401, 401, 401, 401, 401]);
    assert.equal(seen.at(-1), 429);
    const r = await basic('admin@example.com', 'password');
    assert.equal(r.status, 429, 'the right one too: nothing is looked at');
    assert.ok(+r.headers.get('retry-after') > 0 && +r.headers.get('retry-after') <= 900);
    const asked = await token(server, { grant_type: 'password', username: 'admin@example.com', password: 'password' });
    assert.deepEqual([asked.status, asked.json.error], [429, 'slow_down']);
    assert.equal((await new Noark(server, 'Bearer ' + held.access_token).get('arkivstruktur/')).status, 200, 'who has a token goes on');
    assert.equal((await basic('somebody@example.com', 'x')).status, 401, 'another name');
    await new Promise(done => setTimeout(done, (+r.headers.get('retry-after') + 1) * 1000));
    assert.equal((await basic('admin@example.com', 'password')).status, 200, 'and then it goes on');
    for (let i = 0; i < 4; i++) assert.equal((await basic('admin@example.com', 'wrong')).status, 401, 'from the beginning');
    assert.equal((await basic('admin@example.com', 'password')).status, 200);
  });
});

test("behind it the municipality's own provider: the employee logs in there, and the program is let in", async () => {
  const port = await freePort(), base = `http://127.0.0.1:${port}`;
  const op = await startProvider({ base, profile: 'staff', key: 'employees' });
  const place = municipalityWith([op]);
  op.people.bo = { email: 'bo.kjaer@fjordby.example', name: 'Bo Kjær' };
  op.person = 'bo';
  const server = await startServer({ port, data: place.data, demo: true, args: ['--municipality', place.dir, '--public-url', base] });
  try {
    const bo = new Client(base), ask = asking();
    const page = await bo.get(ask.href);
    const href = /href="(\/auth\/start\/employees[^"]*)"/.exec(page.text)?.[1].replaceAll('&amp;', '&');
    assert.ok(href, textOf(page.text));
    const back = await bo.get(href);
    assert.match(textOf(back.text), /Må Demoarkiv bruge arkivet i dit navn\?/);
    const to = target(await bo.submit('/noark/allow', {}, { button: 'yes' }));
    const r = await token(server, { grant_type: 'authorization_code', code: to.searchParams.get('code'), client_id: 'demo', redirect_uri: redirect, code_verifier: ask.verifier });
    assert.equal((await new Noark(server, 'Bearer ' + r.json.access_token).get('sakarkiv/')).status, 200);
  } finally { await server.stop(); await op.stop(); rmSync(place.dir, { recursive: true, force: true }); }
});
