// Figure (d): from exec to the first 200 of /readyz, on an empty folder (tables, keys, publishing the services) and on one that is
// there; and memory before anybody came.      node tests/bench/start.mjs [TIMES]
import { spawn } from 'node:child_process';
import net from 'node:net';
import { engine, binary, freePort, freshDatabase, root } from '../scenario/lib/server.mjs';
import { folder, machine, memory, remove, table } from './lib.mjs';

const times = +(process.argv[2] || 10);

/** Whether /readyz says 200 now; a bare socket, because the first fetch of Node takes longer than a start. */
function ready(port) {
  return new Promise(resolve => {
    const s = net.connect(port, '127.0.0.1', () => s.write('GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'));
    s.on('data', d => { resolve(String(d).startsWith('HTTP/1.1 200')); s.destroy(); });
    s.on('error', () => resolve(false));
    s.on('close', () => resolve(false));
  });
}

/** Milliseconds, and memory then. */
async function once(data, db, port) {
  const args = ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--demo', '--log', 'error', ...(db.url ? ['--db', db.url] : [])];
  const from = performance.now();
  const child = spawn(binary, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = new Promise(resolve => child.on('exit', resolve));
  while (!await ready(port)) {
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}`);
    await new Promise(r => setTimeout(r, 1));
  }
  const ms = performance.now() - from, m = memory(child.pid);
  child.kill('SIGTERM');
  await ended;
  return { ms, m };
}

export async function start() {
  const port = await freePort(), limits = machine(), first = [], again = [];
  for (let i = 0; i < times; i++) {
    const data = folder(), db = freshDatabase();
    first.push(await once(data, db, port));
    again.push(await once(data, db, port));
    remove(data);
    db.drop();
  }
  const row = (what, list) => {
    const ms = list.map(x => x.ms).sort((a, b) => a - b);
    return [what, ms[0].toFixed(0), ms[ms.length >> 1].toFixed(0), ms.at(-1).toFixed(0), list[0].m.rss.toFixed(0), list[0].m.pss.toFixed(0)];
  };
  table(`(d) Start until /readyz, ms, ${times} times, ${engine}. Wanted: < 300; memory (MB) < 150\n    ${limits}`,
    [['', 'least', 'median', 'most', 'resident', 'by share'], row('on an empty folder', first), row('again', again)]);
}
if (process.argv[1].endsWith('start.mjs')) await start();
