// A municipality's year as a deposit: 100 000 registrations with a document each. How long it takes to make, to check and to take in,
// and how much memory that needs. Valid by xmllint, or it does not count.
//      node tests/bench/deposit.mjs [REGISTRATIONS]
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { binary, freshDatabase, sharedData } from '../scenario/lib/server.mjs';
import { folder, machine, remove, table } from './lib.mjs';

const wanted = +(process.argv[2] || 100000), limit = 200;

/** Runs a command under /usr/bin/time's own measure: peak of resident memory in MB, seconds, what it said. */
function measured(...args) {
  const from = process.hrtime.bigint();
  const code = `import resource, subprocess, sys
p = subprocess.run(sys.argv[1:], capture_output=True, text=True)
sys.stdout.write(p.stdout); sys.stderr.write(p.stderr)
print("PEAK", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(p.returncode)`;
  const ran = spawnSync('python3', ['-c', code, binary, ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (ran.status) throw new Error(`${args[0]} ended with ${ran.status}: ${ran.stdout}${ran.stderr}`);
  return { text: ran.stdout, mb: +/^PEAK (\d+)/m.exec(ran.stdout)[1] / 1024, seconds: Number(process.hrtime.bigint() - from) / 1e9 };
}

export function deposit() {
  if (!sharedData || !existsSync(path.join(sharedData, 'noark'))) return console.log('deposit: skipped, the official schemas are not in ../shared/data/noark');
  const schemas = path.join(sharedData, 'noark'), dir = folder(), from = freshDatabase(), to = freshDatabase(), year = new Date().getFullYear();
  const at = (name, db) => ['--data', path.join(dir, name), ...(db.url ? ['--db', db.url] : [])], out = path.join(dir, 'out');
  try {
    execFileSync(binary, ['demo', ...at('from', from), '--casefiles', String(Math.ceil(wanted * 1.4)), '--log', 'warn'], { stdio: 'ignore' });
    const make = measured('deposit', ...at('from', from), '--all', '--from', `${year - 2}-01-01`, '--to', `${year}-12-31`, '--schemas', schemas, '--out', out);
    const verify = measured('deposit', '--verify', out, '--schemas', schemas);
    const counts = t => /^(\d+) case files, (\d+) registrations .*?, (\d+) documents, (\d+) files/m.exec(t).slice(1, 5).map(Number);
    const n = counts(verify.text)[1], faults = +/^(\d+) faults/m.exec(verify.text)[1];
    const lint = [['arkivstruktur', 'arkivstruktur'], ['loependeJournal', 'loependeJournal'], ['offentligJournal', 'offentligJournal'], ['endringslogg', 'endringslogg'], ['arkivuttrekk', 'addml']]
      .map(([xml, xsd]) => spawnSync('xmllint', ['--stream', '--noout', '--nonet', '--schema', path.join(out, xsd + '.xsd'), path.join(out, xml + '.xml')]).status).every(s => s === 0);
    const take = measured('import', 'deposit', out, ...at('to', to));
    const taken = /^package (\d+): (\d+) case files, (\d+) registrations, (\d+) documents, (\d+) document files/m.exec(take.text);
    const same = counts(take.text).join() === taken.slice(2, 6).join();
    const back = measured('deposit', '--package', taken[1], '--out', path.join(dir, 'back'), ...at('to', to));
    const equal = spawnSync('diff', ['-rq', out, path.join(dir, 'back')]).status === 0;
    const row = (what, m) => [what, m.seconds.toFixed(1) + ' s', Math.round(n / m.seconds), m.mb.toFixed(0) + ' MB', `${limit} MB`];
    table(`Deposit of ${n} registrations, ${readdirSync(out).length} files and folders at the top. xmllint: ${lint ? 'valid' : 'NOT VALID'}; own check: ${faults} faults;\n    taken in: counts ${same ? 'equal' : 'DIFFER'}; given back: ${equal ? 'byte for byte' : 'DIFFERS'}\n    ${machine()}`,
      [['', 'time', 'registrations a second', 'peak memory', 'limit'], row('make and check', make), row('check', verify), row('import, with check', take), row('give back', back)]);
  } finally { remove(dir); from.drop(); to.drop(); }
}
if (process.argv[1].endsWith('deposit.mjs')) deposit();
