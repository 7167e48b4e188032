// A million case files: the pages of big.mjs with 10 000 and with 1 000 000, and how much the second is slower. Wanted: p95 ≤ 10 ms
// with 16 users, at most 1.5 times the figure at 10 000, memory < 150 MB, and the data made in less than 10 minutes.
//   node tests/bench/million.mjs [SECONDS] [FOLDER TO KEEP THE DATA IN]
import path from 'node:path';
import { engine } from '../scenario/lib/server.mjs';
import { table, verdicts } from './lib.mjs';
import { big } from './big.mjs';

const SIZES = (process.env.SIZES || '10000,1000000').split(',').map(Number); // others only to try this file
const seconds = +(process.argv[2] || 10), keep = process.argv[3];
const seen = [];
for (const n of SIZES) seen.push(await big(n, seconds, keep && path.join(keep, String(n))));
const [few, many] = seen, ms = us => (us / 1000).toFixed(1);
table(`A million against ten thousand, ${engine}: p95 in milliseconds with 16 users`,
  [['', ...SIZES.map(String), 'ratio'], ...Object.keys(few.p95).map(label => [label, ms(few.p95[label]), ms(many.p95[label]), (many.p95[label] / few.p95[label]).toFixed(2)])]);
verdicts(`${SIZES[1]} case files, ${engine}: what was asked`, [
  ...Object.entries(many.p95).map(([label, us]) => [`${label}, p95`, '≤ 10 ms', `${ms(us)} ms`, us <= 10000]),
  ...Object.entries(many.p95).map(([label, us]) => [`${label}, against ${SIZES[0]}`, '≤ 1.5 times', (us / few.p95[label]).toFixed(2), us <= 1.5 * few.p95[label]]),
  ['memory', '< 150 MB', `${many.rss.toFixed(0)} MB`, many.rss < 150],
  ['the data made', '< 600 s', many.filled ? `${many.filled.toFixed(0)} s` : 'an earlier run', !many.filled || many.filled < 600],
]);
