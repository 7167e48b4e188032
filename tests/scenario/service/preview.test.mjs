// indgang preview: the form with made-up people; nothing leaves, edits are seen by reloading, and nothing is left behind.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { binary, root, until } from '../lib/server.mjs';
import { indgang } from '../lib/command.mjs';
import { check, launch, login, visitor } from '../lib/browser.mjs';
import { textOf } from '../lib/client.mjs';
import { startEinnsyn } from '../lib/einnsyn.mjs';
import { aidsAnswers, citizen, fill } from '../lib/people.mjs';

let browser, folder, temp;
before(async () => {
  browser = await launch();
  const all = mkdtempSync(path.join(tmpdir(), 'indgang-author-'));
  folder = path.join(all, 'lette-hjaelpemidler'), temp = path.join(all, 'temp');
  mkdirSync(temp);
  cpSync(path.join(root, 'services/lette-hjaelpemidler'), folder, { recursive: true });
});
after(async () => { await browser?.close(); rmSync(path.dirname(folder), { recursive: true, force: true }); });

/** Start it; { url, form, child, text(), end() }. */
async function preview(...args) {
  const child = spawn(binary, ['preview', folder, ...args], { cwd: root, env: { ...process.env, TMPDIR: temp }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const s of [child.stdout, child.stderr]) s.on('data', d => { text += d; });
  const ended = new Promise(resolve => child.on('exit', (code, signal) => resolve({ code, signal })));
  const form = await until('the address', () => /http:\/\/127\.0\.0\.1:\d+\/form\/\S+/.exec(text)?.[0] ?? (child.exitCode !== null && 'ended'), 30000);
  return { form, url: form.replace(/\/form\/.*/, ''), child, text: () => text, end: signal => { child.kill(signal); return ended; } };
}
const edit = (file, a, b) => { const f = path.join(folder, file), text = readFileSync(f, 'utf8'); assert.ok(text.includes(a), a); writeFileSync(f, text.replace(a, b)); };

test('the form with made-up people: said on every page, edits are seen, faults too', { timeout: 180000 }, async () => {
  const house = await preview();
  try {
    assert.match(house.text(), /Preview of .*lette-hjaelpemidler: http:\/\/127\.0\.0\.1:\d+\/form\/lette-hjaelpemidler/);
    assert.match(house.text(), /nothing is sent anywhere/);
    const p = await visitor(browser, house);
    const says = async () => assert.match(textOf(await p.content()), /Forhåndsvisning\. Alle personer er opdigtede, og intet sendes nogen steder hen\. Ret i mappen .*lette-hjaelpemidler, og hent siden igen/, p.url());
    await p.goto('/form/lette-hjaelpemidler');
    await says();
    await login(p, 'Anna Holm');
    await says();
    await p.goto('/form/lette-hjaelpemidler');
    await p.locator('form[action$="/start"] button').click();
    await p.waitForURL(/\/about/);
    await says();
    await check(p, 'preview: a page of the form');
    await p.locator('[name=phone]').fill('20 00 00 01');
    await p.locator('#form button[value=next]:visible').click();
    await p.waitForURL(/\/aids/);

    edit('form.yaml', 'title: {da: Sådan kontakter vi dig', 'title: {da: En helt anden overskrift');
    edit('form.yaml', 'da: Hvilke', 'da: Hvilke af disse');
    await p.reload();
    assert.match(textOf(await p.content()), /Hvilke af disse/, 'the edit is there, in the draft that was under way');
    await p.goto(p.url().replace('/aids', '/contact'));
    assert.equal(await p.locator('h1').textContent(), 'En helt anden overskrift');
    await p.goto(p.url().replace('/contact', '/about'));
    assert.equal(await p.locator('[name=phone]').inputValue(), '20 00 00 01', 'what was typed is there');

    edit('form.yaml', 'type: phone', 'type: phonee');
    await p.reload();
    const wrong = textOf(await p.content());
    assert.match(wrong, /Mappen har fejl\. Her vises den sidste version, der var rigtig\./);
    assert.match(wrong, /lette-hjaelpemidler\/form\.yaml:\d+:\d+: .*phonee/);
    assert.ok(!wrong.includes(temp), 'the folder as the author knows it');
    await check(p, 'preview: a fault in the folder');
    edit('form.yaml', 'type: phonee', 'type: phone');
    await p.reload();
    assert.doesNotMatch(textOf(await p.content()), /Mappen har fejl/);
    assert.equal(await p.locator('h1').count(), 1);
  } finally { assert.equal((await house.end('SIGTERM')).code, 0, house.text()); }
  assert.deepEqual(readdirSync(temp), [], 'nothing is left');
});

test('sent to the end, from a municipality whose mail server and journal service are real: nothing leaves', { timeout: 120000 }, async () => {
  const einnsyn = await startEinnsyn({ key: 'a-key-of-the-real-house' });
  const municipality = path.join(path.dirname(folder), 'municipality'), keyFile = path.join(path.dirname(folder), 'einnsyn-key');
  writeFileSync(keyFile, 'a-key-of-the-real-house\n');
  cpSync(path.join(root, 'municipality'), municipality, { recursive: true });
  const file = path.join(municipality, 'municipality.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^mail:\n/m, 'mail:\n  smtp: {url: "smtp://127.0.0.1:9"}\n')
    .replace(/^journal:\n/m, `journal:\n  einnsyn: {url: "${einnsyn.url}/", key_file: "${keyFile}"}\n`));
  const house = await preview('--municipality', municipality, '--public-url', 'https://www.example.com');
  try {
    const anna = await citizen(house);
    await fill(anna, aidsAnswers);
    await anna.submit('/casefile/submit');
    assert.match(anna.last.path, /\/receipt\//);
    const own = path.join(temp, readdirSync(temp)[0], 'data', 'mail');
    await until('the mail in its folder', () => readdirSync(own).some(f => f.endsWith('.eml')));
    const ulla = await citizen(house, 'Ulla Thorsen');
    await ulla.get('/admin/journal');
    assert.equal(ulla.last.status, 200);
    assert.ok(!ulla.last.text.includes(einnsyn.url), 'the journal goes nowhere');
    assert.deepEqual(einnsyn.calls, []);
  } finally {
    assert.equal((await house.end('SIGINT')).code, 0, house.text());
    await einnsyn.stop();
  }
  assert.deepEqual(readdirSync(temp), []);
});

test('the terminal is closed: nothing is left', { timeout: 60000 }, async () => {
  const house = await preview();
  assert.equal((await house.end('SIGHUP')).code, 0, house.text());
  assert.deepEqual(readdirSync(temp), []);
});

test('what it refuses', async () => {
  edit('form.yaml', 'type: phone', 'type: phonee');
  const wrong = await indgang('preview', folder);
  assert.equal(wrong.code, 1);
  assert.match(wrong.text, /form\.yaml:\d+:\d+: .*phonee/);
  assert.match((await indgang('preview', 'services/lette-hjaelpemidler', '--listen', '0.0.0.0:0')).text, /loopback address only/);
  assert.match((await indgang('preview', 'services/pas')).text, /has no form to preview/);
  assert.equal((await indgang('preview', 'services/lette-hjaelpemidler', '--data', temp)).code, 2);
  assert.deepEqual(readdirSync(temp), []);
});
