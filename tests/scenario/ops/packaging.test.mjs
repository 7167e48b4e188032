// What is shipped beside the program is true: the documents name commands and flags that exist, the service file is understood by
// systemd and closed as far as said, HAProxy takes its file, and the Debian package needs what the build needs.
import test from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { binary, root } from '../lib/server.mjs';

const text = file => readFileSync(path.join(root, file), 'utf8');
const help = execFileSync(binary, ['--help'], { encoding: 'utf8' });
const commands = new Set([...help.matchAll(/^ {2}indgang (\w+)/gm)].map(m => m[1])), flags = new Set([...help.matchAll(/^ {2}--([a-z-]+)/gm)].map(m => m[1]));
const have = program => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;

for (const file of ['docs/ops.md', 'packaging/systemd/indgang.service', 'packaging/systemd/indgang@.service', 'packaging/haproxy/haproxy.cfg', 'packaging/nginx/indgang.conf', 'packaging/debian/indgang.README.Debian', 'packaging/debian/indgang.default']) {
  test(`${file} names commands and flags that exist`, () => {
    const wrong = [];
    let seen = 0;
    // in documents: what stands in code; elsewhere: every line
    const code = file.endsWith('.md') ? [...text(file).matchAll(/```\n([\s\S]*?)```|`([^`\n]+)`/g)].map(m => m[1] ?? m[2]).join('\n') : text(file);
    for (const line of code.split('\n')) {
      for (const m of line.matchAll(/(?:^|[\s(/])indgang ([a-z]+)\b([^#\n]*)/g)) {
        seen++;
        if (!commands.has(m[1])) wrong.push(`indgang ${m[1]}`);
        for (const f of m[2].matchAll(/(?:^|\s)--([a-z][a-z-]*)/g)) if (!flags.has(f[1])) wrong.push(`indgang ${m[1]} --${f[1]}`);
      }
      for (const m of line.matchAll(/\bINDGANG_([A-Z_]+)\b/g)) { seen++; if (!flags.has(m[1].toLowerCase().replaceAll('_', '-'))) wrong.push(m[0]); }
    }
    assert.deepEqual(wrong, []);
    assert.ok(seen > 0, 'something was looked at');
  });
}

test('every address that docs/ops.md names is there', () => {
  const routes = execFileSync(binary, ['routes'], { encoding: 'utf8' });
  for (const at of ['/admin', '/metrics', '/readyz']) assert.match(routes, new RegExp(`GET\\s+${at}\\s`), at);
});

for (const name of ['indgang', 'indgang@']) {
  test(`systemd understands ${name}.service, and it is closed`, { skip: !have('systemd-analyze') && 'systemd-analyze is not installed' }, () => {
    const place = mkdtempSync(path.join(tmpdir(), 'indgang-unit-')), unit = path.join(place, name + '.service');
    try {
      writeFileSync(unit, text(`packaging/systemd/${name}.service`).replace('/usr/bin/indgang', binary));
      const verify = spawnSync('systemd-analyze', ['verify', '--recursive-errors=no', unit], { encoding: 'utf8' });
      assert.doesNotMatch(verify.stderr, /indgang(@\w*)?\.service/, verify.stderr);
      const security = spawnSync('systemd-analyze', ['security', '--offline=true', unit], { encoding: 'utf8' });
      const level = /Overall exposure level for indgang(?:@\w*)?\.service: ([\d.]+)/.exec(security.stdout)?.[1];
      assert.ok(level && +level <= 2, security.stdout.slice(-400) + security.stderr);
    } finally { rmSync(place, { recursive: true }); }
  });
}

test('one of several processes is closed as the only one is', () => {
  const settings = file => text(`packaging/systemd/${file}`).split('\n').filter(line => line && !/^(#|Description=|ExecStart=|RuntimeDirectory)/.test(line));
  assert.deepEqual(settings('indgang@.service'), settings('indgang.service'));
});

test('HAProxy takes its file', { skip: !have('haproxy') && 'haproxy is not installed' }, () => {
  const place = mkdtempSync(path.join(tmpdir(), 'indgang-haproxy-')), file = path.join(place, 'haproxy.cfg');
  writeFileSync(file, text('packaging/haproxy/haproxy.cfg').replaceAll('/usr/share/indgang', path.join(root, 'packaging')));
  const checked = spawnSync('haproxy', ['-c', '-f', file], { encoding: 'utf8' });
  rmSync(place, { recursive: true });
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
  assert.doesNotMatch(checked.stdout + checked.stderr, /WARNING/);
});

test('the Debian package needs what packages.txt says the build needs', () => {
  const control = text('packaging/debian/control');
  const run = [...text('packaging/packages.txt').matchAll(/^run +(\S+)/gm)].map(m => m[1]);
  // what every Debian build has or debhelper brings, what comes from npm, and what the service folder's own run needs
  const otherwise = new Set(['build-essential', 'ca-certificates', 'ninja-build', 'npm']);
  const missing = run.filter(p => !otherwise.has(p) && !new RegExp(`^ ${p.replaceAll('.', '\\.')},$`, 'm').test(control));
  assert.deepEqual(missing, []);
  for (const file of ['rules', 'changelog', 'copyright', 'indgang.install', 'indgang.postinst']) assert.ok(existsSync(path.join(root, 'packaging/debian', file)), file);
});
