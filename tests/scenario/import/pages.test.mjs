// Pages of imported forms as a citizen meets them, in Chromium: axe at 1280 and 320 px, nothing wider than the window, valid
// HTML, the same questions without JavaScript, and what is said when nothing was answered. Four of the 41 forms in ./test,
// along one way; INDGANG_FORMS=all (./bench --forms) goes as many ways as it takes to see every page and question of all 41;
// INDGANG_FORMS=nav111309,nav761381 does so for these.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { Client } from '../lib/client.mjs';
import { check, launch, visitor } from '../lib/browser.mjs';
import { covering, fillIn, ways } from './walker.mjs';
import { importAll, municipality, skip } from './imported.mjs';

const asked = process.env.INDGANG_FORMS, shots = process.env.INDGANG_SHOTS;
const some = asked === 'all' ? null : asked ? asked.split(',') : ['nav082115', 'nav100606', 'nav111309', 'nav761381'];

/** /form/draft/7/barn/barna/3k7f0a2c → barn/barna: the same page of any draft, the same for each row. */
const place = at => at.replace(/.*draft\/\d+\//, '').replace(/(\/[^/]+)\/[0-9a-z]{8}$/, '$1');

async function cookies(page, c, server) {
  await page.context().addCookies([...c.cookies].map(([name, value]) => ({ name, value, url: server.url, secure: name.startsWith('__Host-') })));
}

/** What one can answer and press on the page, in words. */
const controls = page => page.evaluate(() => [...document.querySelectorAll('main :is(input, select, textarea, button, summary, a[href])')]
  .filter(e => e.getClientRects().length).map(e => `${e.tagName} ${e.name ?? ''} ${e.textContent.trim().slice(0, 40)}`));

/** Without scripts: as much can be answered, and nothing is wider than a phone. */
async function plainly(plain, at, name, asks) {
  await plain.goto(at);
  assert.deepEqual(await controls(plain), asks, `${name}: without JavaScript`);
  await plain.setViewportSize({ width: 320, height: 900 });
  const wide = await plain.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 320, `${name}: ${wide} px wide in a window of 320 without JavaScript`);
  await plain.setViewportSize({ width: 1280, height: 900 });
}

/** Nothing is answered: is what is said then well said? From the last page on, for an answer decides what comes after it. */
async function unanswered(page, name, pages, fault) {
  let seen = 0;
  for (const at of [...pages].reverse()) {
    await page.goto(at);
    await page.evaluate(() => {
      for (const e of document.querySelectorAll('#form :is(input, select, textarea)'))
        if (e.matches('[type=radio], [type=checkbox]')) e.checked = false;
        else if (!e.matches('[type=hidden], [type=file]')) e.value = '';
    });
    await page.locator('#form .button-primary').click();
    if (!await page.locator('#errors').count()) continue;
    seen++;
    await fault(() => check(page, `${name} ${place(at)} with nothing answered`));
    await shot(page, `${name} ${place(at)} wrong`);
  }
  return seen;
}

async function shot(page, name) {
  if (shots) await page.screenshot({ path: `${shots}/${name.replace(/\W+/g, '_')}.png`, fullPage: true });
}

/** All pages of a form along these ways; a page comes again when it asks something new. */
async function look(f, server, browser, chosen, fault) {
  const page = await visitor(browser, server, { locale: 'nb-NO' });
  const plain = await visitor(browser, server, { locale: 'nb-NO', javaScriptEnabled: false });
  const seen = new Set();
  let looked = 0, wrong = 0;
  for (const [i, way] of chosen.entries()) {
    const c = new Client(server.url, { lang: 'nb' });
    await c.login('Anna Holm');
    const pages = (await fillIn(c, f.name, way.answers)).filter(p => !p.endsWith('/new')), review = c.last.path.replace(/\?.*/, '');
    const rows = [...new Set([...c.last.text.matchAll(/href="(\/form\/draft\/\d+\/[^/"]+\/[^/"]+\/[^/"#]+)#/g)].map(m => m[1]))];
    for (const p of [page, plain]) await cookies(p, c, server);
    for (const at of ['/service/' + f.name, '/form/' + f.name, ...pages, ...rows, review]) {
      const answer = await page.goto(at), asks = await controls(page), name = `${f.name} ${place(at)}${i ? ' way ' + (i + 1) : ''}`;
      assert.equal(answer.status(), 200, at);
      const things = await page.evaluate(() => [...document.querySelectorAll('main [id]')].map(e => e.id.replace(/[0-9a-z]{8}-/, '')));
      const fresh = things.map(id => place(at) + ' ' + id).concat(place(at)).filter(id => !seen.has(id));
      if (!fresh.length) continue;
      fresh.forEach(id => seen.add(id));
      looked++;
      await fault(() => check(page, name));
      await fault(() => plainly(plain, at, name, asks));
      await shot(page, name);
    }
    if (!i) wrong = await unanswered(page, f.name, pages, fault);
  }
  for (const p of [page, plain]) await p.context().close();
  return { looked, wrong };
}

test('the pages of imported forms hold', { skip, timeout: some ? 1800000 : 4 * 3600000 }, async t => {
  const all = importAll(), told = [];
  t.after(all.done);
  const server = await startServer({ args: ['--municipality', municipality, '--services', all.services] });
  t.after(() => server.stop());
  const browser = await launch();
  t.after(() => browser.close());
  const say = line => { if (asked) process.stderr.write(line + '\n'); }; // as it comes: it is long
  const fault = async what => {
    try { await what(); } catch (e) { told.push(e.message); say(e.message); }
  };
  const sum = { forms: 0, ways: 0, looked: 0, wrong: 0 };
  for (const f of all.forms.filter(x => !some || some.includes(x.name))) {
    const chosen = asked ? covering(f, all.dir).chosen : ways(f, all.dir).chosen.slice(0, 1);
    const { looked, wrong } = await look(f, server, browser, chosen, fault);
    say(`${f.name}: ${chosen.length} ways, ${looked} pages, ${wrong} of them again with nothing answered, ${told.length} faults so far`);
    sum.forms++, sum.ways += chosen.length, sum.looked += looked, sum.wrong += wrong;
  }
  t.diagnostic(`${sum.forms} forms along ${sum.ways} ways: ${sum.looked} pages, ${sum.wrong} of them again with nothing answered`);
  assert.deepEqual(told, []);
  assert.equal(sum.forms, some ? some.length : 41);
  assert.ok(sum.looked > sum.forms * 5 && sum.wrong >= sum.forms, JSON.stringify(sum));
});
