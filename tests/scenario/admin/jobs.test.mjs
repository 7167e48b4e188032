// Mail over SMTP from the running program, and what the administrator sees when the server refuses.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { municipalityWith, startServer, until } from '../lib/server.mjs';
import { startSmtp } from '../lib/smtp.mjs';
import { textOf } from '../lib/client.mjs';
import { apply, citizen } from '../lib/people.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';

let server, smtp, open = false;
before(async () => {
  smtp = await startSmtp({ refuse: () => !open });
  const dir = municipalityWith({ recall_seconds: 1 }), file = path.join(dir, 'municipality.yaml');
  const text = readFileSync(file, 'utf8');
  assert.match(text, /^ *# smtp: .*$/m);
  writeFileSync(file, text.replace(/^( *)# smtp: .*$/m, `$1smtp: {url: "smtp://127.0.0.1:${smtp.port}", require_tls: false}`));
  server = await startServer({ args: ['--municipality', dir] });
});
after(async () => { await server?.stop(); await smtp?.stop(); });

test('a mail that is refused for good stands with the administrator, who tries again', async () => {
  const anna = await citizen(server), ulla = await citizen(server, 'Ulla Thorsen'), bo = await citizen(server, 'Bo Kjær');
  assert.equal((await bo.request('/admin')).status, 403);
  assert.equal((await anna.request('/admin')).status, 403);
  assert.match(textOf((await ulla.get('/admin')).text), /Intet er opgivet/);
  await apply(anna);
  const page = await until('the job to be given up', async () => {
    const p = await ulla.get('/admin');
    return /Prøv igen: Send en e-mail/.test(textOf(p.text)) && p;
  });
  assert.match(textOf(page.text), /550/);
  assert.doesNotMatch(page.text, /anna@|Anna Holm/i, 'whose mail it was is nobody’s business here');
  assert.equal(smtp.messages.length, 0);
  assert.match((await ulla.get('/metrics')).text, /indgang_jobs\{state="dead"\} 1/);

  const browser = await launch();
  try {
    const shown = await visitor(browser, server);
    await login(shown, 'Ulla Thorsen');
    await shown.goto('/admin');
    await check(shown, 'administrator: jobs given up');
  } finally {
    await browser.close();
  }

  open = true;
  const retried = await ulla.submit('/retry', {}, { page });
  assert.match(textOf(retried.text), /Vi prøver igen nu/);
  await until('the mail', () => smtp.messages.length === 1);
  assert.match(smtp.messages[0].data, /^From: .*Fjordby/);
  assert.doesNotMatch(smtp.messages[0].data, /stok|Badeb/i);
  assert.match(textOf((await ulla.get('/admin')).text), /Intet er opgivet/);
});
