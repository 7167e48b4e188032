// Pages of imported forms in Chromium: axe, 320 px, valid HTML. Some of the 41 forms here; all with INDGANG_FORMS=all.
import test from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { Client } from '../lib/client.mjs';
import { check, launch, visitor } from '../lib/browser.mjs';
import { fillIn, ways } from './walker.mjs';
import { importAll, municipality, skip } from './imported.mjs';

const some = process.env.INDGANG_FORMS === 'all' ? null : ['nav082115', 'nav100606', 'nav111309', 'nav761381'];

test('the pages of imported forms hold', { skip, timeout: 1800000 }, async t => {
  const all = importAll();
  t.after(all.done);
  const server = await startServer({ args: ['--municipality', municipality, '--services', all.services] });
  t.after(() => server.stop());
  const browser = await launch();
  t.after(() => browser.close());
  let seen = 0;
  for (const f of all.forms.filter(x => !some || some.includes(x.name))) {
    const c = new Client(server.url, { lang: 'nb' });
    await c.login('Anna Holm');
    const pages = await fillIn(c, f.name, ways(f, all.dir).chosen[0].answers), review = c.last.path;
    const page = await visitor(browser, server, { locale: 'nb-NO' });
    await page.context().addCookies([...c.cookies].map(([name, value]) => ({ name, value, url: server.url, secure: name.startsWith('__Host-') })));
    for (const at of ['/service/' + f.name, ...pages.filter(p => !p.endsWith('/new')), review]) {
      const answer = await page.goto(at);
      assert.equal(answer.status(), 200, at);
      await check(page, `${f.name} ${at.replace(/.*draft\/\d+/, '')}`);
      if (process.env.INDGANG_SHOTS) await page.screenshot({ path: `${process.env.INDGANG_SHOTS}/${f.name}${at.replace(/.*draft\/\d+/, '').replace(/\W+/g, '_')}.png`, fullPage: true });
      seen++;
    }
    await page.context().close();
  }
  t.diagnostic(`${seen} pages`);
  assert.ok(seen > 20);
});
