// A million case files: the pages of big.mjs with 10 000 and with 1 000 000, and how much the second is slower. Wanted: p95 ≤ 10 ms
// with 16 users, at most 1.5 times the figure at 10 000, memory < 150 MB, and the data made in less than 10 minutes.
//   node tests/bench/million.mjs [SECONDS] [FOLDER TO KEEP THE DATA IN]
import path from 'node:path';
import { engine } from '../scenario/lib/server.mjs';
import { table } from './lib.mjs';
import { big } from './big.mjs';

const SIZES = [10000, 1000000];
const seconds = +(process.argv[2] || 10), keep = process.argv[3];
const p95 = [];
for (const n of SIZES) p95.push(await big(n, seconds, keep && path.join(keep, String(n))));
const ms = us => (us / 1000).toFixed(1);
table(`A million against ten thousand, ${engine}: p95 in milliseconds with 16 users. Wanted: ≤ 10, ratio ≤ 1.5`,
  [['', ...SIZES.map(String), 'ratio'], ...Object.keys(p95[0]).map(label => [label, ms(p95[0][label]), ms(p95[1][label]), (p95[1][label] / p95[0][label]).toFixed(2)])]);
