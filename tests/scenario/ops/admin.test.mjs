// The administrator's page and the daily mail, when all is well and when it is not. In each trouble: who is told so has lost
// nothing, nothing that was acknowledged is lost, and the administrator's mail has a line about it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import net from 'node:net';
import path from 'node:path';
import { binary, engine, freePort, freshDatabase, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { aidsAnswers, apply, citizen, fill, fillPage, png } from '../lib/people.mjs';
import { ask, indgang } from '../lib/command.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { startSmtp } from '../lib/smtp.mjs';
import { digests, health, municipality, preview, told } from '../lib/operation.mjs';

const shim = path.join(path.dirname(binary), 'tests/libpowercut.so');
const noShim = !existsSync(shim) && 'the shim is not built (sanitizer)';
const needsShim = engine !== 'sqlite' ? 'tests/scenario/many/full.test.mjs has it' : noShim;
const ofDocuments = engine !== 'postgres' ? 'the test of a full disk has it' : noShim;
const number = /\b20\d\d-\d{6}\b/;

/** Look at the connections now, and wait until that has been done. */
async function lookNow(ulla, server) {
  const before = Date.now() * 1000;
  await ulla.get('/admin');
  const a = await ulla.submit('/admin/probe');
  assert.equal(a.status, 200);
  await until('the look', () => ask(server.data, server.db, `SELECT 1 FROM admin_probe WHERE name = 'keys' AND at_us >= ${before}`).length);
}

/** The pages as a browser shows them, each with its name for the checks. */
async function show(server, pages) {
  const browser = await launch();
  try {
    const shown = await visitor(browser, server);
    await login(shown, 'Ulla Thorsen');
    for (const [at, name] of Object.entries(pages)) {
      await shown.goto(at);
      await check(shown, name);
    }
  } finally { await browser.close(); }
}

test('all is well: the page, its look, and one mail a day however often it is due', { timeout: 120000 }, async () => {
  const args = municipality();
  let server = await startServer({ args }), second;
  const { data, db } = server;
  try {
    const ulla = await citizen(server, 'Ulla Thorsen');
    for (const who of ['Bo Kjær', 'Anna Holm']) for (const at of ['/admin', '/admin/digest']) assert.equal((await (await citizen(server, who)).request(at)).status, 403);
    assert.match(await health(ulla), /Sikkerhedskopi Se på det Der er ikke taget nogen/);
    assert.equal((await indgang('backup', '--data', data, '--to', data + '.backup', ...(db.url ? ['--db', db.url] : []))).code, 0);
    rmSync(data + '.backup', { recursive: true });
    await lookNow(ulla, server);
    const page = await health(ulla);
    for (const name of ['Database', 'Datamappen', 'E-mail', 'Nøglefilen', 'Segl på loggen', 'Arbejde i baggrunden', 'Sikkerhedskopi'])
      assert.match(page, new RegExp(`${name}[^.]*? I orden`), name);
    assert.match(page, /Ingen har fået en fejl at se/);
    assert.doesNotMatch(page, /Virusscanner/, 'none is named');
    await show(server, { '/admin': 'administrator: all is well', '/admin/digest': 'administrator: the daily mail' });
    const mailed = () => digests(server.mails());
    assert.equal(mailed().length, 0);
    // Due again and again, in two processes where the database can be shared: one mail.
    for (let i = 0; i < 3; i++) {
      await server.stop({ keep: true });
      ask(data, db, "UPDATE job_schedule SET next_us = 1 WHERE kind = 'admin_digest'");
      server = await startServer({ data, db, args });
      if (db.url) second = await startServer({ data, db, args });
      await until('the schedule', () => ask(data, db, "SELECT 1 FROM job_schedule WHERE kind = 'admin_digest' AND next_us > 1").length);
      await until('the runs', () => !ask(data, db, "SELECT 1 FROM job WHERE kind IN ('admin_digest', 'mail') AND state < 2").length);
      await second?.stop({ keep: true });
      second = null;
    }
    assert.equal(mailed().length, 1);
    assert.match(mailed()[0].subject, /Indgang i Fjordby: (Alt er i orden|\d+ ting|Én ting)/);
    assert.match(mailed()[0].text, /Kommer denne mail ikke en dag/);
    assert.doesNotMatch(mailed()[0].text, /Anna|Holm|Ulla|640357/, 'no personal data');
    const again = await citizen(server, 'Ulla Thorsen');
    await again.get('/admin');
    assert.match(textOf((await again.submit('/admin/digest')).text), /lagt til afsendelse/);
    await until('the one asked for', () => mailed().length === 2);
  } finally {
    await second?.stop({ keep: true });
    await server.stop();
  }
});

test('the mail server is away for an hour: nothing is lost, and it is said', { timeout: 120000 }, async () => {
  const port = await freePort(), server = await startServer({ args: municipality({ smtp: port }) });
  let smtp;
  try {
    const anna = await citizen(server), ulla = await citizen(server, 'Ulla Thorsen');
    const acknowledged = [(await apply(anna)).no, (await apply(anna)).no];
    const waiting = () => +ask(server.data, server.db, "SELECT count(*) FROM job WHERE kind = 'mail' AND state = 0")[0][0];
    await until('the outbox', () => waiting() === 2);
    await lookNow(ulla, server);
    // an hour goes by
    ask(server.data, server.db, "UPDATE job SET added_us = added_us - 3600000000 WHERE kind = 'mail'");
    ask(server.data, server.db, "UPDATE admin_probe SET since_us = since_us - 3600000000 WHERE name = 'mail'");
    ask(server.data, server.db, "UPDATE admin_outage SET since_us = since_us - 3600000000");
    await lookNow(ulla, server);
    assert.match(await health(ulla), /E-mail Skal rettes Mailserveren svarer ikke\. Intet går tabt: .*2 e-mails venter, den ældste fra/);
    assert.match(await preview(ulla), /ting kræver dig.*E-mail: Mailserveren svarer ikke.*2 e-mails venter/);
    const list = textOf((await anna.get('/mypage/casefiles')).text);
    for (const no of acknowledged) assert.ok(list.includes(no), `${no} is there`);
    await ulla.get('/admin');
    await ulla.submit('/admin/digest');
    smtp = await startSmtp({ port });
    await lookNow(ulla, server);
    assert.match(await health(ulla), /E-mail (I orden|Se på det) Mailserveren svarer\..*E-mail: virkede ikke fra /, 'it is back; they go at their next time, perhaps already');
    const arrived = n => until('the mails', () => {
      ask(server.data, server.db, "UPDATE job SET due_us = 1 WHERE kind = 'mail' AND state = 0");
      return smtp.messages.length >= n;
    }, 30000);
    await arrived(3);
    const [during] = digests(smtp.messages.map(m => m.data));
    assert.match(during.text, /E-mail: Mailserveren svarer ikke/);
    assert.equal(smtp.messages.filter(m => !m.to.includes('drift@fjordby.example')).length, 2, 'one for each receipt');
    // Written when it is over, as on most days: nobody was at the page meanwhile, and the mail says it all the same.
    await until('the outbox to know', () => !ask(server.data, server.db, "SELECT 1 FROM job WHERE kind = 'mail' AND state < 2").length);
    await ulla.submit('/admin/digest', {}, { page: await ulla.get('/admin') });
    await arrived(4);
    const after = digests(smtp.messages.map(m => m.data)).at(-1);
    const line = /- E-mail: virkede ikke fra \d+\. \S+ \d+ kl\. (\d+)\.(\d+) til \d+\. \S+ \d+ kl\. (\d+)\.(\d+)\. 3 e-mails ventede og er sendt\./.exec(after.text);
    assert.ok(line, after.text);
    const [h1, m1, h2, m2] = line.slice(1).map(Number), minutes = (h2 * 60 + m2 - h1 * 60 - m1 + 24 * 60) % (24 * 60);
    assert.ok(minutes >= 60 && minutes < 65, `${minutes} minutes`);
    assert.match(after.text, /- E-mail: Mailserveren svarer\./);
    assert.match(await health(ulla), /E-mail I orden Mailserveren svarer\..*E-mail: virkede ikke fra .* 3 e-mails ventede og er sendt\./);
    await show(server, { '/admin': 'administrator: what was away is back' });
  } finally {
    await server.stop();
    await smtp?.stop();
  }
});

/** A server whose disk can be made full or read-only by making a file. */
async function onFaultyDisk(variable, run) {
  const data = realpathSync(mkdtempSync(path.join(tmpdir(), 'indgang-disk-'))), db = freshDatabase(), flag = data + '.flag';
  const server = await startServer({ data, db, args: municipality(), env: { LD_PRELOAD: shim, POWERCUT_DIR: data, [variable]: flag } });
  try {
    await run(server, flag);
    const verified = await indgang('verify', '--data', data, ...(db.url ? ['--db', db.url] : []));
    assert.equal(verified.code, 0, verified.text);
  } finally {
    rmSync(flag, { force: true });
    await server.stop();
    rmSync(data + '.powercut', { recursive: true, force: true });
  }
}

/** Somebody sends while the disk refuses, is told, sends again when it does not, and has one case; those before are there. */
async function refusedAndSentAgain(server, flag, status, words) {
  const anna = await citizen(server), before = (await apply(anna)).no;
  const review = await fill(anna, aidsAnswers);
  // the log of SQLite may be longer than what is in it, and have room for some more
  ask(server.data, server.db, 'PRAGMA wal_checkpoint(TRUNCATE)');
  writeFileSync(flag, '');
  const refused = await anna.submit('/casefile/submit', {}, { page: review });
  assert.equal(refused.status, status, textOf(refused.text).slice(0, 300));
  assert.match(textOf(refused.text), words);
  assert.equal((await anna.request('/')).status, 200, 'what is there can be read');
  assert.equal((await anna.request('/service')).status, 200);
  rmSync(flag);
  const receipt = await anna.submit('/casefile/submit', {}, { page: review });
  assert.match(textOf(receipt.text), number);
  const list = textOf((await anna.get('/mypage/casefiles')).text);
  assert.ok(list.includes(before), 'what was acknowledged before');
  assert.equal(new Set(list.match(new RegExp(number, 'g'))).size, 2, 'one case for the one that was sent twice');
}

test('a full disk: said to the citizen, nothing lost, a line to the administrator', { skip: needsShim }, async () => {
  await onFaultyDisk('POWERCUT_FULL', async (server, flag) => {
    await refusedAndSentAgain(server, flag, 507, /ikke plads til at gemme mere hos os, og intet er gemt/);
    const ulla = await citizen(server, 'Ulla Thorsen');
    await until('the line', async () => /Disken var fuld/.test(await preview(ulla)), 40000);
    assert.match(await health(ulla), /Disken var fuld/);
    writeFileSync(flag, '');
    assert.match(await health(ulla), /Datamappen Skal rettes Der kan ikke skrives i datamappen.*No space left/);
  });
});

test('a disk that became read-only: the same', { skip: needsShim }, async () => {
  await onFaultyDisk('POWERCUT_READONLY', async (server, flag) => {
    await refusedAndSentAgain(server, flag, 500, /intet er gemt/);
    const ulla = await citizen(server, 'Ulla Thorsen');
    await until('the line', async () => /Databasen svarede ikke/.test(await preview(ulla)), 40000);
    writeFileSync(flag, '');
    assert.match(await health(ulla), /Datamappen Skal rettes Der kan ikke skrives i datamappen.*Read-only file system/);
  });
});

/**
 * The database writes, the folder of the documents does not: an application without a long document is acknowledged and kept; a
 * long one is refused with words, its draft is kept, and it is sent when there is room.
 */
async function documentRefused(server, flag, status, words) {
  const anna = await citizen(server), ready = await fill(anna, aidsAnswers);
  const long = { name: 'bad.png', type: 'image/png', bytes: Buffer.concat([png, randomBytes(90000), png.subarray(-12)]) };
  await anna.get('/form/lette-hjaelpemidler');
  await anna.submit('/start');
  while (!/name="picture"/.test(anna.last.text)) await fillPage(anna, aidsAnswers);
  const page = anna.last;
  writeFileSync(flag, '');
  const receipt = await anna.submit('/casefile/submit', {}, { page: ready });
  assert.match(textOf(receipt.text), number, 'it needs no file');
  const refused = await anna.submit('/form/draft/', { picture: long }, { page });
  assert.equal(refused.status, status, textOf(refused.text).slice(0, 300));
  assert.match(textOf(refused.text), words);
  const kept = await anna.get(page.path);
  assert.match(kept.text, /name="picture"/, 'the draft is kept');
  rmSync(flag);
  await anna.submit('/form/draft/', { picture: long }, { page });
  await fill(anna, aidsAnswers, null);
  assert.match(anna.last.text, /bad\.png/);
  assert.match(textOf((await anna.submit('/casefile/submit')).text), number);
  const list = textOf((await anna.get('/mypage/casefiles')).text);
  assert.equal(new Set(list.match(new RegExp(number, 'g'))).size, 2);
}

test('the disk of the documents is full while the database writes', { skip: ofDocuments }, async () => {
  await onFaultyDisk('POWERCUT_FULL', async (server, flag) => {
    const began = Date.now();
    await documentRefused(server, flag, 507, /ikke plads til at gemme mere hos os, og intet er gemt/);
    await told(server, /Disken var fuld, da én ville gemme[^-]*? Senest (\d+\. \S+ \d+ kl\. \d+\.\d+)\./, began);
    writeFileSync(flag, '');
    assert.match(await health(await citizen(server, 'Ulla Thorsen')), /Datamappen Skal rettes Der kan ikke skrives i datamappen.*No space left/);
  });
});

test('the disk of the documents became read-only while the database writes', { skip: ofDocuments }, async () => {
  await onFaultyDisk('POWERCUT_READONLY', async (server, flag) => {
    const began = Date.now();
    await documentRefused(server, flag, 500, /En fil kunne ikke læses eller gemmes hos os\. Vent et øjeblik, og prøv igen/);
    await told(server, /En fil kunne ikke læses eller gemmes[^-]*? Senest (\d+\. \S+ \d+ kl\. \d+\.\d+)\./, began);
    writeFileSync(flag, '');
    assert.match(await health(await citizen(server, 'Ulla Thorsen')), /Datamappen Skal rettes Der kan ikke skrives i datamappen.*Read-only file system/);
  });
});

test('more visitors than the queue holds: a sentence and a time to come again, a line to the administrator', async () => {
  const server = await startServer({ args: [...municipality(), '--workers', '1'] });
  try {
    const anna = await citizen(server), ulla = await citizen(server, 'Ulla Thorsen');
    const { no } = await apply(anna);
    let turned;
    await until('the queue to be full', async () => {
      const answers = await Promise.all(Array.from({ length: 400 }, async () => {
        try { const r = await fetch(server.url + '/service?q=hjælp'); return { status: r.status, retry: r.headers.get('retry-after'), text: await r.text() }; } catch { return { status: 0 }; }
      }));
      turned = answers.find(a => a.status === 503);
      assert.ok(answers.every(a => [200, 503, 0].includes(a.status)));
      return turned;
    }, 60000);
    assert.ok(+turned.retry > 0);
    assert.match(textOf(turned.text), /Fjordby Kommune Der er mange, der bruger siden lige nu\. Vent et minut.*Many people are using the site/);
    await until('the line', async () => /besøgende? blev bedt om at komme igen/.test(await preview(ulla)), 40000);
    assert.ok(textOf((await anna.get('/mypage/casefiles')).text).includes(no));
  } finally {
    await server.stop();
  }
});

test('work that is late, and work that was given up, are told', async () => {
  const server = await startServer({ args: municipality() });
  try {
    const ulla = await citizen(server, 'Ulla Thorsen');
    // a kind that no process knows, as after an upgrade that was taken back: it waits for ever
    ask(server.data, server.db, "INSERT INTO job (id, kind, key, payload, state, due_us, attempts, claim, added_us) VALUES (1, 'nobody_knows', 'a', '', 0, 1000000, 0, 0, 1000000)");
    assert.match(await preview(ulla), /Arbejde i baggrunden: Noget skulle have været gjort/);
    ask(server.data, server.db, "UPDATE job SET state = 3, due_us = NULL, ended_us = 2000000 WHERE id = 1");
    assert.match(await preview(ulla), /Arbejde i baggrunden: Én ting er opgivet/);
  } finally {
    await server.stop();
  }
});

test('a login provider that went away is seen', async () => {
  const { municipalityWith: withLogin, startProvider } = await import('../lib/oidc.mjs');
  const port = await freePort(), base = `http://127.0.0.1:${port}`;
  const provider = await startProvider({ profile: 'mitid', base });
  const place = withLogin([provider]);
  const server = await startServer({ port, data: place.data, args: ['--municipality', place.dir, '--public-url', base] });
  let going = true;
  try {
    const ulla = await citizen(server, 'Ulla Thorsen');
    await lookNow(ulla, server);
    assert.match(await health(ulla), /Login for borgere I orden Loginudbyderen svarer/);
    await provider.stop();
    going = false;
    await lookNow(ulla, server);
    assert.match(await health(ulla), /Login for borgere Skal rettes Loginudbyderen svarer ikke, så ingen kan logge ind ad den vej/);
  } finally {
    await server.stop();
    rmSync(place.dir, { recursive: true, force: true });
    if (going) await provider.stop();
  }
});

test('a virus scanner that hangs, is gone, and comes back', { timeout: 120000 }, async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-scanner-')), at = path.join(dir, 'clamd.sock');
  const asked = [];
  let says = socket => socket.end('PONG\0');
  const scanner = () => new Promise(done => {
    const s = net.createServer(socket => {
      socket.on('error', () => {});
      socket.on('data', bytes => { asked.push(String(bytes)); says(socket); });
    }).listen(at, () => done(s));
  });
  const away = s => new Promise(done => s.close(done));
  let clamd = await scanner();
  const server = await startServer({ args: [...municipality(), '--clamd', at] });
  try {
    const ulla = await citizen(server, 'Ulla Thorsen');
    const bad = /Virusscanner Skal rettes Virusscanneren svarer ikke\. Filer, som borgere vedhæfter, bliver afvist/;
    await lookNow(ulla, server);
    assert.match(await health(ulla), /Virusscanner I orden Scanneren svarer\./);
    assert.deepEqual([...new Set(asked)], ['zPING\0']);
    for (const wrong of [() => {}, socket => socket.end(), socket => socket.end('UNKNOWN COMMAND\0')]) {
      says = wrong;
      await lookNow(ulla, server);
      assert.match(await health(ulla), bad, String(wrong));
      says = socket => socket.end('PONG\0');
      await lookNow(ulla, server);
      assert.match(await health(ulla), /Virusscanner I orden/);
    }
    await away(clamd);
    clamd = null;
    await lookNow(ulla, server);
    assert.match(await health(ulla), bad);
    assert.match(await preview(ulla), /- Virusscanner: Virusscanneren svarer ikke/);
    await show(server, { '/admin': 'administrator: no virus scanner' });
    clamd = await scanner();
    await lookNow(ulla, server);
    assert.equal((await preview(ulla)).match(/- Virusscanner: virkede ikke fra /g).length, 4, 'each time it was away');
  } finally {
    await server.stop();
    if (clamd) await away(clamd);
    rmSync(dir, { recursive: true, force: true });
  }
});
