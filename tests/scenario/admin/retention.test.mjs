// A case whose time is out: the administrator sees it come, holds it back, lets it go, and erases it; then it is nowhere.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { binary, municipalityWith, root, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, citizen, takeCase } from '../lib/people.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';

let server, browser;
before(async () => {
  server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 0 })] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); });

/** One statement, as somebody at the database could: to let years pass. The laws of the store hold for it too. */
function sql(statement) {
  const say = server.db.url
    ? execFileSync('psql', ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-c', statement, server.db.url], { stdio: ['ignore', 'pipe', 'pipe'] })
    : execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(server.data, 'indgang.db'), statement], { stdio: ['ignore', 'pipe', 'pipe'] });
  return say.toString().trim();
}
const DAY = 86400n * 1000000n;

/** A withdrawn case, closed: erased a year after. */
async function closedCase(who, bo) {
  const { no } = await apply(who);
  const id = await takeCase(bo, no);
  await act(bo, id, 'note', { text: 'En note med ordet zebrastribet.' });
  const own = /\/mypage\/casefile\/(\d+)/.exec((await who.get('/mypage/casefiles')).text)[1];
  await who.get(`/mypage/casefile/${own}/withdraw`);
  await who.submit('/withdraw', { text: 'Jeg har fundet en.' });
  await bo.get(`/desk/casefile/${id}`);
  const closed = await bo.submit('/close');
  assert.equal(closed.status, 200, textOf(closed.text).slice(0, 300));
  return { no, id };
}

/** So many days ago the case was closed. */
function closedDaysAgo(no, days) {
  const closed = BigInt(Date.now()) * 1000n - BigInt(days) * DAY, due = closed + 366n * DAY;
  sql(`UPDATE record_casefile SET closed_us = ${closed}, dispose_us = ${due} WHERE id = (SELECT record_id FROM casefile WHERE no = '${no}')`);
}

test('from ninety days ahead until it is gone', async () => {
  const anna = await citizen(server), bo = await citizen(server, 'Bo Kjær'), ulla = await citizen(server, 'Ulla Thorsen');
  assert.equal((await bo.request('/admin/retention')).status, 403);
  assert.equal((await anna.request('/admin/retention')).status, 403);
  assert.match(textOf((await ulla.get('/admin/retention')).text), /Ingen sager skal slettes nu.*Ingen sager når deres frist.*Intet er slettet endnu/);
  const { no, id } = await closedCase(anna, bo);
  assert.throws(() => sql(`UPDATE record_casefile SET dispose_us = 1 WHERE id = (SELECT record_id FROM casefile WHERE no = '${no}')`), /LAW 10/);
  assert.throws(() => sql(`DELETE FROM casefile WHERE no = '${no}'`), /LAW 10/);

  closedDaysAgo(no, 300);
  let page = await ulla.get('/admin/retention');
  assert.match(textOf(page.text), /Ingen sager skal slettes nu.*De næste 90 dage.*Lette hjælpemidler 1 sag/);
  closedDaysAgo(no, 370);
  page = await ulla.get('/admin/retention');
  assert.match(textOf(page.text), /Skal slettes nu .*Lette hjælpemidler 1 sag lukket før .* 1 år efter lukning/);
  assert.doesNotMatch(page.text, /Anna Holm/, 'whose it is is nobody’s business here');

  await ulla.submit('/hold', { no: '2099-000001', reason: 'En klage hos Ankestyrelsen' });
  assert.equal(ulla.last.status, 422);
  assert.match(textOf(ulla.last.text), /Der er ingen sag med det nummer/);
  await ulla.submit('/hold', { no, reason: 'kort' });
  assert.equal(ulla.last.status, 422);
  page = await ulla.submit('/hold', { no, reason: 'En klage hos Ankestyrelsen' });
  assert.match(textOf(page.text), /Sagen holdes tilbage\..*1 holdes tilbage/);
  assert.doesNotMatch(page.text, /href="\/admin\/retention\/run"/, 'there is nothing to erase');
  assert.match(textOf((await ulla.get('/admin/retention/run')).text), /Ingen sager skal slettes nu/);

  const shown = await visitor(browser, server);
  await login(shown, 'Ulla Thorsen');
  await shown.goto('/admin/retention');
  await check(shown, 'administrator: retention, one held back');
  await screenshot(shown, 'retention');
  await shown.getByRole('link', { name: `Lad ${no} slippe` }).click();
  await check(shown, 'administrator: let a case go');
  await shown.getByRole('button', { name: `Lad ${no} slippe` }).click();
  await shown.getByRole('link', { name: 'Slet dem nu' }).click();
  await check(shown, 'administrator: erase now?');

  await ulla.get('/admin/retention/run');
  const stale = ulla.last;
  await shown.getByRole('button', { name: 'Slet 1 sag' }).click();
  await check(shown, 'administrator: retention, begun');
  page = await until('the case to be erased', async () => {
    const p = await ulla.get('/admin/retention');
    return /Slettet .*Lette hjælpemidler 1 sag/.test(textOf(p.text).replace(/.*Hold sagen tilbage/, '')) && p;
  });
  assert.match(textOf(page.text), /1 år efter lukning .* Ulla Thorsen/);
  await shown.reload();
  await check(shown, 'administrator: retention, erased');
  // pressed in another window that still shows one: nothing happens, and it says why
  await ulla.submit('/run', {}, { page: stale });
  assert.equal(ulla.last.status, 409);
  assert.match(textOf(ulla.last.text), /Imens er antallet blevet et andet/);

  assert.equal((await bo.request(`/desk/casefile/${id}`)).status, 404);
  assert.doesNotMatch(textOf((await bo.get('/desk/search?q=' + no)).text), /Lette hjælpemidler/);
  assert.match(textOf((await anna.get('/mypage/casefiles')).text), /ingen sager/i);
  assert.doesNotMatch(textOf((await anna.get('/access')).text), new RegExp(no));
  assert.equal(sql(`SELECT count(*) FROM record_casefile WHERE disposal_id IS NOT NULL AND seq = 1`), '1', 'the number stays');

  await server.stop({ keep: true });
  const verify = execFileSync(binary, ['verify', '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])], { cwd: root }).toString();
  assert.match(verify, /all is as it was left/);
  assert.match(verify, /retention: 0 faults/);
  server.discard();
  server = null;
});
