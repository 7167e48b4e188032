// The program's own commands, and the databases seen from outside it.
import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { binary, root } from './server.mjs';

/** Run `indgang args…`; returns { code, text } with both of its outputs. */
export function indgang(...args) {
  return indgangIn({}, ...args);
}

/** The same with more in its environment. */
export function indgangIn(env, ...args) {
  return new Promise(resolve => {
    const child = spawn(binary, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    child.stdout.on('data', d => { text += d; });
    child.stderr.on('data', d => { text += d; });
    child.on('close', code => resolve({ code, text }));
  });
}

/** Rows of a query by the engine's own client, each an array of text. */
export function ask(data, db, sql, file = 'indgang.db') {
  const out = db.url ? execFileSync('psql', ['-X', '-A', '-t', '-F', '\t', '-c', sql, db.url], { encoding: 'utf8' })
    : execFileSync('sqlite3', ['-cmd', '.timeout 10000', '-separator', '\t', path.join(data, file), sql], { encoding: 'utf8' });
  return out.split('\n').filter(Boolean).map(l => l.split('\t'));
}

/** How many rows each table has: { table: n }, the log's among them; `migration` stands in both files of SQLite, once here. */
export function counts(data, db) {
  const all = {};
  const files = db.url ? ['x'] : ['indgang.db', 'indgang-log.db'];
  const list = db.url ? "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    : "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
  for (const file of files) {
    const names = ask(data, db, list, file).map(r => r[0]).filter(n => n !== 'migration');
    const rows = ask(data, db, names.map(n => `SELECT '${n}', count(*) FROM ${n}`).join(' UNION ALL '), file);
    for (const [name, n] of rows) all[name] = +n;
  }
  return Object.fromEntries(Object.entries(all).sort());
}
