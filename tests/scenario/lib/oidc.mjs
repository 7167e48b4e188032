// A real OpenID provider (npm oidc-provider) for tests, in the shape of ID-porten, of a MitID broker, or of a municipality's own
// directory. It logs in whoever `op.person` names, without asking; `op.answer` may instead cancel; `op.transform` may change the
// claims of an ID token before it is signed again, and so stand for a provider that lies.
import { createServer } from 'node:http';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { root } from './server.mjs';

const require = createRequire(import.meta.url);
const { default: Provider } = await import('oidc-provider');
const jose = await import(createRequire(require.resolve('oidc-provider')).resolve('jose').replace('/node/cjs/', '/node/esm/'));

const nsis = 'https://data.gov.dk/concept/core/nsis/';

/** claims: what each scope gives; login: our side, as it stands in municipality.yaml. */
export const profiles = {
  idporten: {
    claims: { openid: ['sub', 'pid', 'amr', 'locale', 'acr', 'name'] },
    acrValues: ['idporten-loa-substantial', 'idporten-loa-high'],
    login: {
      scope: 'openid profile', claims: { idno: 'pid', acr: 'acr' },
      levels: { substantial: 'idporten-loa-substantial', high: 'idporten-loa-high' },
    },
  },
  mitid: {
    claims: { openid: ['sub', 'loa'], mitid: ['mitid.uuid', 'mitid.identity_name'], ssn: ['dk.cpr'] },
    scopes: ['openid', 'mitid', 'ssn'],
    acrValues: [nsis + 'Low', nsis + 'Substantial', nsis + 'High'],
    login: {
      scope: 'openid mitid ssn', claims: { idno: 'dk.cpr', name: 'mitid.identity_name', acr: 'loa' },
      levels: { low: nsis + 'Low', substantial: nsis + 'Substantial', high: nsis + 'High' }, params: { idp_values: 'mitid' },
    },
  },
  staff: {
    claims: { openid: ['sub', 'email'], profile: ['name', 'preferred_username', 'roles', 'units'] },
    login: { scope: 'openid profile', claims: { employee: 'email', name: 'name', email: 'email' } },
  },
};

async function newKeys(alg, kid) {
  const { privateKey } = await jose.generateKeyPair(alg, { extractable: true });
  return { ...(await jose.exportJWK(privateKey)), kid, alg, use: 'sig' };
}

/** options: profile, base (of our server: where to come back to), key ('citizens' or 'employees'), secret, alg, userinfo. */
export async function startProvider({ profile: name, base, key = 'citizens', secret = 'a secret / with + signs', alg = 'RS256', userinfo = false, authMethod = 'client_secret_basic' }) {
  const profile = profiles[name];
  const op = { profile: name, secret, people: {}, person: null, answer: null, transform: null, down: false, hang: false, authorizations: [], asked: { discovery: 0, jwks: 0 } };
  let handler, signing, generation = 0;
  const server = createServer((req, res) => {
    if (op.hang) return; // says nothing, for ever
    if (op.down) { res.statusCode = 503; return res.end('down'); }
    if (req.url.includes('.well-known')) op.asked.discovery++;
    if (req.url.startsWith('/jwks')) op.asked.jwks++;
    if (req.url.startsWith('/auth?')) op.authorizations.push(new URL(req.url, 'http://x').searchParams);
    return handler(req, res);
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  server.unref(); // a test that failed before it stopped it must end all the same
  op.issuer = `http://127.0.0.1:${server.address().port}`;

  /** New signing keys, as a provider does now and then; the old ones are gone at once. */
  op.rotate = async () => {
    signing = await newKeys(alg, `${name}-${++generation}`);
    const provider = new Provider(op.issuer, {
      clients: [{
        client_id: 'indgang', ...(authMethod === 'private_key_jwt' ? { jwks: { keys: [op.clientKeyPublic] }, token_endpoint_auth_signing_alg: 'ES256' } : { client_secret: secret }),
        redirect_uris: [`${base}/auth/callback/${key}`], post_logout_redirect_uris: [`${base}/auth/loggedout`],
        response_types: ['code'], grant_types: ['authorization_code'], id_token_signed_response_alg: alg, token_endpoint_auth_method: authMethod,
      }],
      jwks: { keys: [signing] },
      cookies: { keys: ['for tests alone'], names: { session: 'op_session', interaction: 'op_interaction', resume: 'op_resume' } },
      claims: profile.claims, scopes: profile.scopes || ['openid', 'profile'], acrValues: profile.acrValues || [],
      conformIdTokenClaims: userinfo, pkce: { methods: ['S256'], required: () => true },
      enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256'], clientAuthSigningAlgValues: ['ES256'] },
      clientAuthMethods: [authMethod],
      extraParams: ['idp_values'],
      interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
      features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true }, claimsParameter: { enabled: true } },
      findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...op.people[id] }) }),
      async loadExistingGrant(ctx) {
        const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
        grant.addOIDCScope((profile.scopes || ['openid', 'profile']).join(' '));
        await grant.save();
        return grant;
      },
    });
    provider.use(async (ctx, next) => {
      await next();
      if (ctx.path === '/token' && ctx.body?.id_token && op.transform) ctx.body.id_token = await resign(ctx.body.id_token);
    });
    const callback = provider.callback();
    handler = async (req, res) => {
      if (!req.url.startsWith('/interaction/')) return callback(req, res);
      try {
        const details = await provider.interactionDetails(req, res);
        const asked = (details.params.acr_values || '').split(' ')[0];
        const result = op.answer ?? { login: { accountId: op.person, acr: op.people[op.person]?.acr || asked || undefined, amr: ['test'], remember: false } };
        await provider.interactionFinished(req, res, result, { mergeWithLastSubmission: false });
      } catch (e) { res.statusCode = 500; res.end(String(e)); }
    };
  };
  const resign = async token => {
    const header = jose.decodeProtectedHeader(token), claims = jose.decodeJwt(token);
    const change = { header, claims };
    op.transform(change);
    if (change.raw) return change.raw(token);
    if (change.header.alg === 'none') {
      const part = o => Buffer.from(JSON.stringify(o)).toString('base64url');
      return `${part(change.header)}.${part(change.claims)}.`;
    }
    return new jose.SignJWT(change.claims).setProtectedHeader(change.header).sign(await jose.importJWK(change.key || signing, change.header.alg));
  };
  op.newKeys = newKeys;
  if (authMethod === 'private_key_jwt') {
    const k = await newKeys('ES256', 'client-1');
    op.clientKey = JSON.stringify(k);
    const { d, ...pub } = k;
    op.clientKeyPublic = pub;
  }
  await op.rotate();
  op.stop = () => new Promise(resolve => { server.closeAllConnections?.(); server.close(resolve); });
  /** Our side: the settings for municipality.yaml. */
  op.login = () => {
    const l = profile.login, text = { mitid: 'MitID', idporten: 'ID-porten', staff: 'Fjordby-login' }[name];
    const lines = [`name: {da: ${text}, nb: ${text}, nn: ${text}, en: ${text}}`, `issuer: ${op.issuer}`, 'client_id: indgang', `client_secret_file: oidc-${key}`, `scope: ${l.scope}`,
      'claims:', ...Object.entries({ ...l.claims, ...op.claims }).map(([k, v]) => `  ${k}: ${v}`)];
    for (const part of ['levels', 'params']) if (l[part]) lines.push(part + ':', ...Object.entries(l[part]).map(([k, v]) => `  ${k}: ${v}`));
    return lines;
  };
  op.key = key;
  return op;
}

/** A copy of municipality/ whose login part names these providers, and a data directory with their secrets. */
export function municipalityWith(providers, { country = 'DK' } = {}) {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-municipality-'));
  cpSync(path.join(root, 'municipality'), dir, { recursive: true });
  const data = mkdtempSync(path.join(tmpdir(), 'indgang-data-'));
  let yaml = readFileSync(path.join(dir, 'municipality.yaml'), 'utf8').replace(/^country: .*$/m, `country: ${country}`);
  yaml += '\nlogin:\n';
  for (const op of providers) {
    yaml += `  ${op.key}:\n` + op.login().map(l => `    ${l}\n`).join('');
    writeFileSync(path.join(data, `oidc-${op.key}`), (op.clientKey || op.secret) + '\n', { mode: 0o600 });
  }
  writeFileSync(path.join(dir, 'municipality.yaml'), yaml);
  mkdirSync(data, { recursive: true });
  return { dir, data };
}
