// A load balancer of a few lines: each request goes to the next of several processes, so that no two requests of a person after
// one another reach the same one. A process that cannot be connected to is passed over, as HAProxy does with `option redispatch`;
// one that goes away in the middle of a request gives 502, because nobody knows what it had done.
import http from 'node:http';

/** ports: a function that gives the processes' ports. Returns { port, counts (requests by port), stop() }. */
export function startProxy(ports, { port = 0 } = {}) {
  let turn = 0;
  const counts = new Map();
  const server = http.createServer((req, res) => {
    const chunks = [];
    req.on('data', c => chunks.push(c));
    req.on('error', () => {});
    req.on('end', () => pass(Buffer.concat(chunks), ports().length));
    function pass(body, tries) {
      const list = ports(), target = list[turn++ % list.length];
      let connected = false;
      const out = http.request({ host: '127.0.0.1', port: target, method: req.method, path: req.url, headers: req.headers, agent: false }, answer => {
        counts.set(target, (counts.get(target) ?? 0) + 1);
        res.writeHead(answer.statusCode, answer.statusMessage, answer.rawHeaders.filter((_, i, all) => !/^(connection|keep-alive)$/i.test(all[i - i % 2])));
        answer.on('error', () => res.destroy());
        answer.on('aborted', () => res.destroy());
        answer.pipe(res);
      });
      out.on('socket', s => s.on('connect', () => { connected = true; }));
      out.on('error', () => {
        if (!connected && tries > 1) return pass(body, tries - 1);
        if (!res.headersSent) { res.writeHead(502, { 'content-type': 'text/plain' }); res.end('502\n'); } else res.destroy();
      });
      out.end(body);
    }
  });
  server.keepAliveTimeout = 60000;
  return new Promise((resolve, reject) => server.on('error', reject).listen(port, '127.0.0.1', () => resolve({
    port: server.address().port, counts,
    stop: () => new Promise(r => { server.close(r); server.closeAllConnections(); }),
  })));
}
