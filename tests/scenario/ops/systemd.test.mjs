// The unit of packaging/systemd under a real systemd, which closes the program in as the unit says: a story of a case goes through,
// with everything that starts other programs or writes files; it rises again when it is killed, ends in order, and cannot write
// elsewhere. On SQLite that is indgang.service at its socket, on PostgreSQL indgang@PORT.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, engine, freePort, freshDatabase, municipalityWith, root, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, aidsAnswers, apply, arrived, citizen, decide, pdf, sendLetter, takeCase } from '../lib/people.mjs';

const id = '990';

/** What lies over the root of this machine there: the program, its units, its user, the example municipality. */
function over(unit, settings) {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-over-')), at = (...p) => path.join(dir, ...p);
  for (const d of ['usr/bin', 'etc/systemd/system', 'etc/default', 'etc/indgang']) mkdirSync(at(d), { recursive: true });
  copyFileSync(binary, at('usr/bin/indgang'));
  for (const u of ['indgang', 'indgang@']) copyFileSync(path.join(root, `packaging/systemd/${u}.service`), at(`etc/systemd/system/${u}.service`));
  const place = municipalityWith({ recall_seconds: 1 });
  cpSync(place, at('etc/indgang/municipality'), { recursive: true });
  rmSync(place, { recursive: true });
  cpSync(path.join(root, 'services'), at('etc/indgang/services'), { recursive: true });
  writeFileSync(at('etc/passwd'), readFileSync('/etc/passwd', 'utf8').replace(/^indgang:.*\n/m, '') + `indgang:x:${id}:${id}::/var/lib/indgang:/usr/sbin/nologin\n`);
  writeFileSync(at('etc/group'), readFileSync('/etc/group', 'utf8').replace(/^indgang:.*\n/m, '') + `indgang:x:${id}:\n`);
  writeFileSync(at('etc/default/indgang'), Object.entries({ MUNICIPALITY: '/etc/indgang/municipality', SERVICES: '/etc/indgang/services', DEMO: '1', ...settings }).map(([k, v]) => `INDGANG_${k}=${v}\n`).join(''));
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', dir]);
  return dir;
}

/** Boot, or say why not. */
async function boot(dir) {
  const child = spawn(path.join(root, 'tests/systemd'), [dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '', code = null;
  child.stdout.on('data', d => { said += d; });
  child.on('close', c => { code = c; });
  await until('systemd', () => /\n/.test(said) || code !== null, 60000);
  const init = /^init (\d+)$/m.exec(said)?.[1];
  if (!init) { await until('its end', () => code !== null); return { why: code === 77 && said.trim(), code, said }; }
  const run = (...command) => execFileSync('nsenter', ['-t', init, '-m', '-p', '-u', '-i', '-C', '-r', '-w', ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  return { init, run, async stop() { child.kill('SIGTERM'); await until('its end', () => code !== null); } };
}

/** A port of ours that leads to the socket there; /proc/PID/root is the root as that process sees it (proc(5)). */
async function door(init) {
  const server = net.createServer(near => {
    const far = net.connect(`/proc/${init}/root/run/indgang/http.sock`);
    for (const [from, to] of [[near, far], [far, near]]) { from.pipe(to); from.on('error', () => to.destroy()); from.on('close', () => to.destroy()); }
  });
  await new Promise(r => server.listen(0, '127.0.0.1', r));
  return server;
}

test('the unit under systemd: a story, a kill, an end, and what it cannot do', { timeout: 180e3 }, async t => {
  const port = await freePort(), db = freshDatabase(process.env.INDGANG_TEST_MIGRATED);
  const unit = engine === 'postgres' ? `indgang@${port}` : 'indgang';
  const dir = over(unit, db.url ? { DB: db.url } : {});
  let there, gate;
  try {
    there = await boot(dir);
    if (there.why) return t.skip(there.why);
    assert.ok(there.init, there.said);
    const { run } = there, shows = what => run('systemctl', 'show', '-p', what, '--value', unit);
    try { run('systemctl', 'start', unit); } catch { assert.fail(run('journalctl', '--no-pager', '-n', '30')); }
    gate = db.url ? null : await door(there.init);
    const house = { url: `http://127.0.0.1:${gate ? gate.address().port : port}` };
    const ready = () => until('it to serve', async () => { try { return (await fetch(house.url + '/readyz', { signal: AbortSignal.timeout(2000) })).status === 200; } catch { return false; } }, 30000);
    await ready().catch(e => assert.fail(`${e}\n${run('journalctl', '--no-pager', '-n', '30', '-u', unit)}`));

    const anna = await citizen(house), bo = await citizen(house, 'Bo Kjær');
    const { no, id: mine } = await apply(anna, [...aidsAnswers, { picture: { name: 'plan.pdf', type: 'application/pdf', bytes: pdf } }]);
    const c = await takeCase(bo, no);
    await decide(bo, c, ['granted', 'granted']);
    await sendLetter(bo, c);
    const letter = await arrived(anna, mine);
    assert.match((await anna.get(`/mypage/casefile/${mine}`)).text, /plan\.pdf/);
    assert.equal((await anna.get(`/letter/${letter}/pdf`)).bytes.subarray(0, 5).toString(), '%PDF-');
    const ulla = await citizen(house, 'Ulla Thorsen'), admin = textOf((await ulla.get('/admin')).text);
    assert.match(admin, /Ord i dokumenter I orden/);
    assert.match(admin, /Datamappen I orden/);

    const first = shows('MainPID');
    run('kill', '-KILL', first);
    await until('it to rise', () => shows('MainPID') !== first && shows('ActiveState') === 'active');
    await ready();
    assert.equal(shows('NRestarts'), '1');
    assert.ok(textOf((await anna.get('/mypage/casefiles')).text).includes(no));

    const inside = (...command) => run('nsenter', '-t', shows('MainPID'), '-m', '-r', '-w', ...command);
    for (const place of ['/usr', '/etc', '/var', '/root', '/sys', '/proc/sys']) assert.throws(() => inside('touch', `${place}/indgang-test`), /Read-only file system|Permission denied|No such file/, place);
    inside('touch', '/var/lib/indgang/indgang-test');
    assert.match(readFileSync(`/proc/${+hostPid(there.init, 'indgang')}/status`, 'utf8'), /CapEff:\s0+\n[^]*NoNewPrivs:\s1\n[^]*Seccomp:\s2\n/);

    run('systemctl', 'stop', unit);
    assert.equal(shows('Result'), 'success');
    assert.equal(shows('ExecMainStatus'), '0');
  } finally {
    gate?.close();
    await there?.stop?.();
    rmSync(dir, { recursive: true, force: true });
    db.drop();
  }
});

/** The process of that name below init, by its number here. */
function hostPid(init, name) {
  return execFileSync('pgrep', ['-P', init, '-x', name], { encoding: 'utf8' }).trim();
}
