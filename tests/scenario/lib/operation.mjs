// What the administrator is told: the page and the daily mail.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { municipalityWith, until } from './server.mjs';
import { textOf } from './client.mjs';
import { citizen } from './people.mjs';

/** The example municipality with a daily mail (at any hour) and perhaps a mail server. */
export function municipality({ smtp } = {}) {
  const dir = municipalityWith({ recall_seconds: 1 }), file = path.join(dir, 'municipality.yaml');
  let text = readFileSync(file, 'utf8');
  if (smtp) text = text.replace(/^( *)# smtp: .*$/m, `$1smtp: {url: "smtp://127.0.0.1:${smtp}", require_tls: false}`);
  assert.doesNotMatch(text, /^operation:/m);
  assert.match(text, /^# operation: .*$/m);
  writeFileSync(file, text.replace(/^# operation: .*$/m, 'operation: {digest_to: [drift@fjordby.example], digest_hour: 0}'));
  return ['--municipality', dir];
}

/** A message's subject and text, decoded. */
export function read(message) {
  const [, head, body] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(message);
  const bytes = s => Buffer.from(s.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, h) => String.fromCharCode(parseInt(h, 16))), 'latin1').toString('utf8');
  const subject = /^Subject: ((?:.*)(?:\r?\n[ \t].*)*)/m.exec(head)[1].replace(/\r?\n[ \t]/g, '').replace(/=\?utf-8\?q\?(.*?)\?=/gi, (_, w) => bytes(w.replace(/_/g, ' ')));
  return { to: /^To: .*?([^\s<>]+@[^\s<>]+)/m.exec(head)?.[1], subject, text: bytes(body).replace(/\s+/g, ' ') };
}
export const digests = messages => messages.map(read).filter(m => m.to === 'drift@fjordby.example');
export const preview = async ulla => textOf((await ulla.get('/admin/digest')).text);
export const health = async ulla => textOf((await ulla.get('/admin')).text);

/** The line about the database, with its times. */
export const from_to = /Database: virkede ikke fra (\d+\. \S+ \d+ kl\. \d+\.\d+) til (\d+\. \S+ \d+ kl\. \d+\.\d+)\./;

/** Minutes of the clock from one moment until now, as the pages write them. */
function minutes(from) {
  const day = new Intl.DateTimeFormat('da-DK', { timeZone: 'Europe/Copenhagen', day: 'numeric', month: 'long', year: 'numeric' });
  const clock = new Intl.DateTimeFormat('da-DK', { timeZone: 'Europe/Copenhagen', hour: '2-digit', minute: '2-digit' });
  const all = new Set(), at = ms => `${day.format(ms)} kl. ${clock.format(ms)}`;
  for (let ms = from; ms < Date.now(); ms += 60e3) all.add(at(ms));
  return all.add(at(Date.now()));
}

/** What `line` finds stands on the administrator's page and in a daily mail; its groups are times since `began`. */
export async function told(house, line, began) {
  const ulla = await citizen(house, 'Ulla Thorsen');
  const isRight = (where, found) => {
    for (const time of found.slice(1).filter(Boolean)) assert.ok(minutes(began).has(time), `${where}: ${found[0]}: not ${[...minutes(began)].join(', ')}`);
  };
  let found;
  await until(`the administrator to be told ${line}`, async () => (found = line.exec(await health(ulla))), 60000);
  isRight('the page', found);
  await ulla.submit('/admin/digest', {}, { page: await ulla.get('/admin') });
  const mail = await until('the daily mail', () => digests(house.mails()).at(-1), 60000);
  found = line.exec(mail.text);
  assert.ok(found, `${line} in ${mail.text}`);
  isRight('the mail', found);
  return mail.text;
}
