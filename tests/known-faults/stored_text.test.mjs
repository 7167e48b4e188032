// What somebody wrote is shown as it was written, everywhere: it never becomes HTML, a link that runs, or a placeholder.
// Origin: stored cross-site scripting and template injection (CWE-79, CWE-1336): the field is escaped on the page it was made
// for, and not in the list, the letter, the mail, the file name or the other party's view that came later.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { municipalityWith, startServer } from '../scenario/lib/server.mjs';
import { textOf } from '../scenario/lib/client.mjs';
import { act, aidsAnswers, apply, arrived, citizen, decide, png, sendLetter, takeCase } from '../scenario/lib/people.mjs';

let server;
before(async () => { server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 1 })] }); });
after(() => server?.stop());

let n = 0;
/** Something nasty, each with a number of its own, so that one sees which of them got through. */
const evil = () => `ondt${++n} <img src=x onerror=alert(${n})> "'><script>alert(${n})</script> [klik](javascript:alert(${n})) {{party_name}} \${7*7} &lt;b&gt;`;

/** Every page that can be reached by links from these, as this visitor. */
async function crawl(c, ...from) {
  const todo = [...from], seen = new Map();
  while (todo.length && seen.size < 120) {
    const path = todo.shift();
    if (seen.has(path)) continue;
    const a = await c.request(path);
    seen.set(path, a);
    if (!/text\/html/.test(a.headers.get('content-type') || '')) continue;
    for (const m of a.text.matchAll(/href="(\/(?:mypage|desk|letter|access|casefile)[^"#]*)"/g)) todo.push(m[1].replaceAll('&amp;', '&'));
  }
  return seen;
}

function assertHarmless(pages, who) {
  let shown = 0;
  for (const [path, a] of pages) {
    if (!/text\/html/.test(a.headers.get('content-type') || '')) continue;
    const at = `${who} at ${path}`;
    assert.doesNotMatch(a.text, /<img src=x|<script>alert/i, at);
    assert.doesNotMatch(a.text, /(?:href|src|action)\s*=\s*["']?\s*javascript:/i, at);
    assert.doesNotMatch(a.text, /\s(?:on\w+)\s*=\s*["']?alert\((?![^<]*&gt;)/i, at);
    assert.match(a.headers.get('content-security-policy') || '', /script-src 'self'|default-src 'none'/, at);
    for (const m of textOf(a.text).matchAll(/ondt\d+ (.{0,20})/g)) { shown++; assert.ok(m[1].startsWith('<img src=x onerror=a'), `${at}: "${m[1]}" is not as it was written`); }
  }
  return shown;
}

test('in every field, on every page of both sides', { timeout: 120000 }, async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), inge = await citizen(server, 'Inge Dahl');
  const answers = aidsAnswers.map(a => 'difficulty' in a ? { ...a, difficulty: evil() } : a);
  const { no, id } = await apply(anna, answers);
  const desk = await takeCase(bo, no);
  await anna.get(`/mypage/casefile/${id}/add`);
  await anna.submit('/add', { text: evil(), files: { name: `<img src=x onerror=alert(0)>.png`, type: 'image/png', bytes: png } });
  await act(bo, desk, 'ask', { text: evil(), days: '5' });
  const question = /\/mypage\/casefile\/\d+\/question\/(\d+)/.exec((await anna.get(`/mypage/casefile/${id}`)).text)[1];
  await anna.get(`/mypage/casefile/${id}/question/${question}`);
  await anna.submit('/question/', { text: evil() });
  await act(bo, desk, 'note', { text: evil() });
  await act(bo, desk, 'call', { text: evil(), reached: 'yes' });
  await bo.get(`/desk/casefile/${desk}/decision`);
  const reason = evil();
  await bo.submit('/decision', { 'lines-0-outcome': 'granted', 'lines-0-basis': evil(), 'lines-1-outcome': 'refused', 'lines-1-basis': evil(), 'lines-1-reason': reason }, { button: 'do' });
  assert.match(bo.last.path, new RegExp(`/desk/casefile/${desk}(/letter)?$`), textOf(bo.last.text).slice(0, 300));
  await sendLetter(bo, desk);
  const letter = await arrived(anna, id);
  await anna.get(`/mypage/casefile/${id}/appeal`);
  await anna.submit('/appeal', { text: evil() });

  const shown = assertHarmless(await crawl(anna, '/mypage', `/mypage/casefile/${id}`, `/letter/${letter}`, '/access', '/mypage/letters'), 'Anna')
    + assertHarmless(await crawl(bo, '/desk', `/desk/casefile/${desk}`), 'Bo') + assertHarmless(await crawl(inge, '/desk', `/desk/casefile/${desk}`, '/desk/numbers'), 'Inge');
  assert.ok(shown >= 15, `seen ${shown} times`);
  // a value in a letter is a value: no heading, no link, no placeholder
  const html = (await anna.get(`/letter/${letter}`)).text;
  assert.ok(textOf(html).includes(reason.slice(0, 30)), 'the reason stands in the letter');
  assert.match(textOf(html), /\{\{party_name\}\}/);
  assert.doesNotMatch(textOf(html), /alert\(\d+\)\) Anna Holm/);
  for (const m of server.mails()) assert.doesNotMatch(m, /ondt\d/, 'a mail says only that there is news');
});

test('in a search and in an address', async () => {
  const bo = await citizen(server, 'Bo Kjær');
  for (const q of [evil(), '"><script>alert(1)</script>'])
    assertHarmless(new Map([[q, await bo.get('/desk/search?q=' + encodeURIComponent(q))]]), 'Bo');
  const a = await bo.request('/desk/casefile/' + encodeURIComponent('<img src=x onerror=alert(1)>'));
  assert.doesNotMatch(a.text, /<img src=x/);
});
