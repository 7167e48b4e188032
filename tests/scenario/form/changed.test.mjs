// What was filled in beforehand and is another now is marked, and nothing else: before it is sent, at the desk and on my page.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { startServer } from '../lib/server.mjs';
import { check, launch, screenshot, visitor } from '../lib/browser.mjs';
import { aidsAnswers, apply, citizen, fill, takeCase } from '../lib/people.mjs';

let server, browser;
before(async () => { server = await startServer(); browser = await launch(); });
after(async () => { await browser?.close(); await server?.stop(); });

const mark = 'Ændret i dette skema. Der var udfyldt noget andet på forhånd.';
/** The questions whose answers are marked on a page. */
const marked = html => [...html.matchAll(/<div id="s-(\w+)"[\s\S]*?<\/div>/g)].filter(m => m[0].includes(mark)).map(m => m[1]);
const [{ phone, ...first }, ...rest] = aidsAnswers;

test('only what was changed is marked, for the citizen and for the employee', { timeout: 200000 }, async () => {
  const anna = await citizen(server), erik = await citizen(server, 'Erik Sand'), bo = await citizen(server, 'Bo Kjær');
  const changed = [{ ...first, phone: '20 99 99 99' }, ...rest];
  await fill(anna, changed);
  assert.deepEqual(marked(anna.last.text), ['phone'], 'before it is sent');
  const sent = await apply(anna, changed), id = await takeCase(bo, sent.no);
  await bo.get(`/desk/casefile/${id}`);
  assert.deepEqual(marked(bo.last.text), ['phone'], 'at the desk');
  assert.match(bo.last.text, /20 99 99 99/);
  await anna.get(`/mypage/casefile/${sent.id}`);
  assert.deepEqual(marked(anna.last.text), ['phone'], 'on my page');

  const other = await takeCase(bo, (await apply(erik, [first, ...rest])).no);
  await bo.get(`/desk/casefile/${other}`);
  assert.deepEqual(marked(bo.last.text), [], 'as the register has it');

  const page = await visitor(browser, server);
  await page.context().addCookies([...bo.cookies].map(([name, value]) => ({ name, value, url: server.url, secure: name.startsWith('__Host-') })));
  await page.goto(`/desk/casefile/${id}`);
  await check(page, 'the desk: an answer that was changed');
  await screenshot(page, 'desk-changed');
});
