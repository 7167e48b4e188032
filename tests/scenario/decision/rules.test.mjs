// A parent whose income the register knows is granted on the spot and sees why; another gets a person and a call. Over HTTP and
// without JavaScript, then in Chromium: every page at two widths, against axe and html-validate.
import test, { after, before } from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { dateParts } from '../lib/days.mjs';
import { binary as bin, municipalityWith, root, startServer, until } from '../lib/server.mjs';
import { textOf } from '../lib/client.mjs';
import { act, apply, arrived, citizen, daycare, decide, sendLetter, takeCase } from '../lib/people.mjs';
import { check, launch, login, screenshot, visitor } from '../lib/browser.mjs';

const service = 'oekonomisk-friplads', basis = 'dagtilbudsloven § 43 (eksempel)';
let server, browser;
before(async () => {
  server = await startServer({ args: ['--municipality', municipalityWith({ recall_seconds: 3600 })] });
  browser = await launch();
});
after(async () => { await browser?.close(); await server?.stop(); });

/** `indgang decision …` on this server's data. */
function decision(...args) {
  const r = spawnSync(bin, ['decision', ...args, '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])], { encoding: 'utf8', cwd: root });
  return { status: r.status, text: r.stdout + r.stderr };
}

test('a single mother below the limit gets a yes on the spot', async t => {
  const maja = await citizen(server, 'Maja Riis');
  let no, id;

  await t.test('the figures come from the registers and cannot be typed', async () => {
    await maja.get(`/form/${service}`);
    await maja.submit('/start');
    const second = await maja.submit('/form/draft/', { phone: '20 00 00 11' });
    assert.match(textOf(second.text), /198.400,00 kr/);
    assert.match(textOf(second.text), /Hentet fra indkomstregistret/);
    assert.ok(!/name="income"/.test(second.text), 'no field for the income');
    assert.ok(!/name="lives"|name="partner_name"/.test(second.text), 'what the registers know is not asked');
  });

  await t.test('the receipt says yes', async () => {
    const c = await apply(maja, daycare('nursery', 'kindergarten'), service);
    ({ no, id } = c);
    assert.match(textOf(c.receipt.text), /Svaret er ja/);
  });

  await t.test('she sees what was decided, on what, from where, and by which rule', async () => {
    const page = textOf((await maja.get(`/mypage/casefile/${id}`)).text);
    for (const words of ['Bevilget', 'Derfor fik du ja', 'Husstandens indkomst om året', '198.400,00', 'indkomstregistret', 'folkeregistret',
      'Børn uden plads i kommunens dagpleje, vuggestue eller børnehave 0 Kilde: svaret i ansøgningen', 'Tilskud i procent: 100.', 'Regel 1: Husstandens indkomst er ikke højere end grænsen', 'dagtilbudsloven § 43'])
      assert.ok(page.includes(words), words);
    assert.ok(!page.includes('person ser på'), 'nobody is waited for');
  });

  await t.test('in her language too', async () => {
    const page = textOf((await maja.get(`/page/language?to=en&next=/mypage/casefile/${id}`)).text);
    assert.match(page, /Why you got a yes/);
    assert.match(page, /the register of incomes/);
    assert.match(page, /The income of your household is not above the limit/);
    await maja.get('/page/language?to=da&next=/page/help');
  });

  await t.test('the letter comes at once, without an hour for second thoughts, and the case closes with it', async () => {
    const letter = await arrived(maja, id);
    const text = textOf((await maja.get(`/letter/${letter}`)).text);
    assert.match(text, /Du får fuld økonomisk friplads/);
    assert.match(text, /Husstandens indkomst er ikke højere/);
    assert.match(text, /Afgjort automatisk efter reglerne, Center for Dagtilbud og Skole/);
    assert.ok(text.includes(no));
    const closed = await until('the case to close', async () => {
      const page = textOf((await maja.get(`/mypage/casefile/${id}`)).text);
      return /Sagen er afsluttet\. Du kan stadig klage/.test(page) && page;
    }, 90000);
    assert.match(closed, /klage/i);
  });

  await t.test('the unit sees who decided, and has nothing to do', async () => {
    const mette = await citizen(server, 'Mette Bro');
    assert.ok(!(await mette.get('/desk')).text.includes(no), 'not in the queue');
    await mette.get('/desk/search?q=' + no);
    const desk = textOf((await mette.get(/\/desk\/casefile\/\d+/.exec(mette.last.text)[0])).text);
    assert.match(desk, /Reglernes svar/);
    assert.match(desk, /Reglerne gav et fuldt ja/);
  });

  await t.test('evaluated again it says the same', () => {
    const r = decision('replay', no);
    assert.equal(r.text.trim().split('\n').at(-1), '1 evaluated again, 0 differences');
    assert.equal(r.status, 0);
    assert.match(decision('replay', '2026-999999').text, /no case file 2026-999999/);
  });
});

test('what is posted for a figure of the register is not looked at', async () => {
  const oskar = await citizen(server, 'Oskar Bech');
  await oskar.get(`/form/${service}`);
  await oskar.submit('/start');
  const draft = /\/form\/draft\/(\d+)/.exec(oskar.last.path)[1];
  await oskar.submit('/form/draft/', { phone: '20 00 00 12' });
  await oskar.submit('/form/draft/', { figures_right: 'true', partner_knows: 'true', income: '1', children: '5', single: 'true' }, { forge: true });
  const review = await oskar.get(`/form/draft/${draft}/review`);
  assert.match(textOf(review.text), /412.300,00/);
  await oskar.get(`/form/draft/${draft}/delete`);
  await oskar.submit('/delete');
});

test('a father above the limit gets a person, and a call before anything is refused', async t => {
  const oskar = await citizen(server, 'Oskar Bech');
  const { no, id, receipt } = await apply(oskar, daycare(), service);
  assert.ok(!/Svaret er ja/.test(textOf(receipt.text)));
  let deskId;

  await t.test('he reads that a person looks at it and on what, and no refusal', async () => {
    const page = textOf((await oskar.get(`/mypage/casefile/${id}`)).text);
    assert.match(page, /Derfor ser en medarbejder på sagen/);
    assert.match(page, /En maskine siger aldrig nej/);
    assert.match(page, /412.300,00 kr/);
    assert.ok(!/Afslået/.test(page));
    assert.ok(!/Sådan kom reglerne frem/.test(page), 'the suggestion is for the person who decides');
  });

  await t.test('the caseworker sees in the queue that a call comes first, and the receipt with the suggestion', async () => {
    const mette = await citizen(server, 'Mette Bro');
    const row = async () => textOf((await mette.get('/desk')).text.split('<tr>').find(r => r.includes(no)) ?? '');
    assert.match(await row(), /Ring før afslag/);
    deskId = await takeCase(mette, no);
    const desk = textOf((await mette.get(`/desk/casefile/${deskId}`)).text);
    for (const words of ['Reglernes svar', 'Ring til borgeren, før du giver afslag', 'Regel 1 passede næsten: »Indkomst over grænsen« skulle være højst 0, men er 196.800',
      'Husstandens indkomst er højere end grænsen', 'Tilskud i procent: 54.']) assert.ok(desk.includes(words), words);
    const partly = { basis, granted: '54 procent tilskud', reason: 'Husstandens indkomst er højere end grænsen for en gratis plads.' };
    const early = await decide(mette, deskId, ['partly'], partly);
    assert.match(textOf(early.text), /Ring til borgeren/);
    await act(mette, deskId, 'call', { text: 'Han tog den ikke.', reached: 'no' });
    assert.match(await row(), /Ring før afslag/, 'not spoken to yet');
    await act(mette, deskId, 'call', { text: 'Vi talte om indkomsten. Oskar forstår det.', reached: 'yes' });
    assert.doesNotMatch(await row(), /Ring før afslag/);
    assert.match(await row(), /Oskar Bech/);
    await decide(mette, deskId, ['partly'], partly);
    await sendLetter(mette, deskId);
  });

  await t.test('he sees that he was called', async () => {
    assert.match(textOf((await oskar.get(`/mypage/casefile/${id}`)).text), /Mette Bro talte med dig i telefonen/);
  });
});

test('the house is as it was left', () => {
  const r = spawnSync(bin, ['verify', '--data', server.data, ...(server.db.url ? ['--db', server.db.url] : [])], { encoding: 'utf8', cwd: root });
  assert.match(r.stdout, /all is as it was left/, r.stdout + r.stderr);
});

test('other rules are tried on what has been applied for, and examples by the folder itself', async () => {
  const dir = path.join(mkdtempSync(path.join(tmpdir(), 'rules-')), service);
  cpSync(path.join(root, 'services', service), dir, { recursive: true });
  const yaml = path.join(dir, 'service.yaml');
  writeFileSync(yaml, readFileSync(yaml, 'utf8').replace('value: 215500', 'value: 500000'));
  const r = decision('compare', dir);
  assert.match(r.text, /: not decided yet; by these rules: granted on the spot|partly granted by a person; by these rules: granted on the spot/);
  assert.match(r.text, /2 applications of the last 12 months: 1 granted on the spot then, 2 by these rules; 1 more, 0 less/);
  assert.match(execFileSync(bin, ['try', path.join(root, 'services', service)], { encoding: 'utf8' }), /11 examples in order/);
  const tried = spawnSync(bin, ['try', dir], { encoding: 'utf8' });
  assert.equal(tried.status, 1);
  assert.match(tried.stdout, /graensen\.yaml:\d+:\d+: it is granted on the spot: the rules say "grant"; correct the rules or the example/);
});

for (const javaScriptEnabled of [true, false])
  test(`in Chromium ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
    const look = async (page, name) => { if (javaScriptEnabled) await check(page, 'rules-' + name); await screenshot(page, `rules-${name}`); };
    const maja = await visitor(browser, server, { javaScriptEnabled });
    await login(maja, 'Maja Riis');
    await maja.goto(`/service/${service}`);
    await look(maja, 'service');
    await maja.getByRole('link', { name: 'Søg nu' }).click();
    await maja.locator('main form button:visible').first().click();
    const next = () => maja.getByRole('button', { name: 'Næste', exact: true }).click();
    await next();
    await look(maja, 'household');
    await maja.getByRole('group', { name: /Passer det, vi har hentet/ }).getByLabel('Ja').check();
    await next();
    await maja.getByRole('button', { name: 'Tilføj et barn' }).click();
    await maja.getByLabel('Navn', { exact: true }).fill('Alma Riis');
    for (const [part, value] of Object.entries(dateParts('child_born', -1000))) await maja.locator(`[name=${part}]`).fill(value);
    await maja.getByLabel('Hvor har barnet plads?').first().selectOption('nursery');
    await look(maja, 'child');
    await maja.getByRole('button', { name: 'Gem', exact: true }).click();
    await maja.waitForURL(/\/children(#|$)/);
    assert.match(await maja.locator('main').textContent(), /Børn uden plads i kommunens dagpleje, vuggestue eller børnehave.*\s0\s/s);
    await look(maja, 'children');
    await next();
    await maja.getByRole('group', { name: /indkomst ændrer sig/ }).getByLabel('Nej').check();
    await next();
    for (const [part, value] of Object.entries(dateParts('from', 40))) await maja.locator(`[name=${part}]`).fill(value);
    await maja.getByLabel(/Jeg giver besked/).check();
    await maja.getByLabel(/Det, jeg har skrevet/).check();
    await next();
    await look(maja, 'review');
    await maja.getByRole('button', { name: 'Send', exact: true }).click();
    await maja.waitForURL(/receipt/);
    assert.match(await maja.locator('#granted').textContent(), /Svaret er ja/);
    await look(maja, 'receipt');
    await maja.getByRole('link', { name: 'Se, hvorfor du fik ja' }).click();
    await maja.getByText('Sådan kom reglerne frem til svaret').click();
    await look(maja, 'mypage-yes');
    await maja.goto('/mypage/data');
    assert.match(await maja.locator('main').textContent(), /Fra indkomstregistret/);

    await apply(await citizen(server, 'Oskar Bech'), daycare(), service);
    const mette = await visitor(browser, server, { javaScriptEnabled });
    await login(mette, 'Mette Bro');
    await mette.goto('/desk?scope=unit');
    assert.ok(await mette.getByText('Ring før afslag').count() >= 1);
    await look(mette, 'queue');
    await mette.getByRole('link', { name: 'Prøv reglerne' }).click();
    await look(mette, 'list');
    await mette.getByRole('link', { name: 'Økonomisk friplads' }).click();
    await look(mette, 'try-empty');
    await mette.getByLabel(/Husstandens indkomst/).fill('200000');
    await mette.getByLabel(/Børn under 18/).fill('1');
    await mette.getByRole('group', { name: /Eneste voksne/ }).getByLabel('Nej').check();
    await mette.getByRole('group', { name: /vi har hentet/ }).getByLabel('Ja').check();
    await mette.getByRole('group', { name: /Indkomsten ændrer sig/ }).getByLabel('Nej').check();
    await mette.getByLabel(/Børn uden plads/).fill('0');
    await mette.getByRole('button', { name: 'Se svaret' }).click();
    assert.match(await mette.locator('section[aria-labelledby=answer]').textContent(), /ja til en gratis plads/);
    await mette.getByLabel(/Husstandens indkomst/).fill('300000');
    await mette.getByRole('button', { name: 'Se svaret' }).click();
    const changed = await mette.locator('section[aria-labelledby=answer]').textContent();
    assert.match(changed, /før 200000, nu 300000/);
    assert.match(changed, /Før var det: ja til en gratis plads/);
    assert.match(changed, /»Indkomst over grænsen« skulle være højst 0/);
    await look(mette, 'try-changed');
    await mette.getByLabel(/Husstandens indkomst/).fill('mange');
    await mette.getByRole('button', { name: 'Se svaret' }).click();
    assert.match(await mette.title(), /^Fejl:/);
    await look(mette, 'try-wrong');
    await maja.context().close();
    await mette.context().close();
  });
