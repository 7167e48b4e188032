// A mail server that keeps what it gets, for tests: enough of RFC 5321, no packages.
//   const smtp = await startSmtp({refuse: address => boolean, busy: n /* answer 451 to the first n messages */,
//     first: {'MAIL FROM': 'answer'} /* to the first such command */});
//   smtp.port, smtp.messages [{from, to, data}], smtp.stop()
// Run by itself it prints "port N" and then each message as one line of JSON.
import net from 'node:net';

export function startSmtp({ refuse = () => false, busy = 0, first = {}, port = 0, onMessage = () => {} } = {}) {
  const messages = [];
  const server = net.createServer((socket) => {
    let rest = '', data = null, from = '', to = [];
    const say = (line) => socket.write(line + '\r\n');
    const command = (line) => {
      const address = (line.match(/<([^>]*)>/) ?? [])[1];
      const early = Object.keys(first).find(c => line.toUpperCase().startsWith(c));
      if (early) { say(first[early]); delete first[early]; }
      else if (/^(EHLO|HELO) /i.test(line)) say('250 test');
      else if (/^MAIL FROM:/i.test(line)) { from = address; to = []; say('250 ok'); }
      else if (/^RCPT TO:/i.test(line)) refuse(address) ? say('550 5.1.1 no such mailbox') : (to.push(address), say('250 ok'));
      else if (/^DATA$/i.test(line)) { data = []; say('354 go on'); }
      else if (/^QUIT/i.test(line)) { say('221 bye'); socket.end(); }
      else if (/^(RSET|NOOP)/i.test(line)) say('250 ok');
      else say('502 not known here');
    };
    const end = () => {
      const text = data.map((l) => (l.startsWith('.') ? l.slice(1) : l)).join('\r\n');
      data = null;
      if (busy-- > 0) return say('451 try again later');
      messages.push({ from, to, data: text });
      onMessage(messages.at(-1));
      say('250 taken');
    };
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      rest += chunk.toString('latin1');
      for (let i; (i = rest.indexOf('\r\n')) >= 0;) {
        const line = rest.slice(0, i);
        rest = rest.slice(i + 2);
        if (data === null) command(line);
        else if (line === '.') end();
        else data.push(line);
      }
    });
    say('220 test mail server');
  });
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () =>
    resolve({ port: server.address().port, messages, stop: () => new Promise((r) => server.close(r)) })));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const smtp = await startSmtp({
    refuse: (address) => address.startsWith('nobody@'),
    busy: Number(process.argv[2] ?? 0),
    port: Number(process.argv[3] ?? 0),
    first: JSON.parse(process.argv[4] || '{}'),
    onMessage: (m) => console.log(JSON.stringify(m)),
  });
  console.log('port ' + smtp.port);
}
