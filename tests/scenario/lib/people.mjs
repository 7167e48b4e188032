// What the people of the story do, over HTTP and without JavaScript: used by every scenario that needs a case.
import assert from 'node:assert/strict';
import { dateParts } from './days.mjs';
import { Client, formsOf, textOf } from './client.mjs';
import { until } from './server.mjs';

/** A small PNG, one pixel. */
export const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
export const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

export async function citizen(server, name = 'Anna Holm', options) {
  const c = new Client(server.url, options);
  await c.login(name);
  return c;
}

/** Answers of the light assistive aids form, page by page. */
export const aidsAnswers = [
  { phone: '20 00 00 01' },
  { aids: ['stok', 'badebaenk'], used_before: 'no' },
  { difficulty: 'Jeg er bange for at falde på vej ud i badet og på trappen.', lasts: 'yes', fallen: 'yes', falls: '2' },
  { stairs: 'no', bathroom: 'tub' },
  { contact_by: 'page', helper: 'no', truth: 'yes' },
];

/** Answers of økonomisk friplads by one whose household the registers know, with a child in each of these places. */
export const daycare = (...places) => [
  { phone: '20 00 00 11', figures_right: 'yes', partner_knows: 'yes', income_changes: 'no', ...dateParts('from', 40), duty: 'yes', truth: 'yes' },
  { repeat: 'places', rows: (places.length ? places : ['nursery']).map(place => ({ child_name: 'Alma', ...dateParts('child_born', -1000), child_place: place })) },
];

/** Fill the form until the review page. Values of yes/no and checkboxes are taken from the form itself. `{repeat, rows}` among
 *  the pages are the rows of a repeat. Service null: the form one is in. */
export async function fill(c, pages, service = 'lette-hjaelpemidler') {
  if (service) { await c.get(`/form/${service}`); await c.submit('/start'); }
  const refused = {}, repeats = pages.filter(p => p.repeat).map(p => ({ ...p, rows: [...p.rows] }));
  let row = null;
  for (let i = 0; i < 30 && !/\/review/.test(c.last.path); i++) {
    const form = formsOf(c.last.text).find(f => /\/form\/draft\//.test(f.action ?? c.last.path) && (f.method || '').toLowerCase() === 'post');
    assert.ok(form, `no form on ${c.last.path}: ${textOf(c.last.text).slice(0, 200)}`);
    const names = new Set(form.fields.map(f => f.name));
    const values = {};
    const coming = repeats.find(r => r.rows.length && c.last.text.includes(`value="add-${r.repeat}"`));
    for (const answers of row ? [row] : pages) for (const [k, v] of Object.entries(answers)) if (names.has(k)) values[k] = pick(form, k, v);
    row = coming ? coming.rows.shift() : null;
    const before = c.last.path;
    const a = await c.submit(form.action ?? c.last.path, values, { page: c.last, button: coming && 'add-' + coming.repeat });
    assert.ok([200, 422].includes(a.status), textOf(a.text).slice(0, 500)); // 422: a follow-up question has come
    if (a.status === 422) { refused[before] = (refused[before] || 0) + 1; assert.ok(refused[before] < 3, `${before} will not go on: ${textOf(a.text).slice(0, 900)}`); }
  }
  assert.match(c.last.path, /\/review/, textOf(c.last.text).slice(0, 600));
  return c.last;
}

/** One page of the form without rows, as fill fills it. */
export function fillPage(c, pages) {
  const form = formsOf(c.last.text).find(f => /\/form\/draft\//.test(f.action ?? c.last.path) && (f.method || '').toLowerCase() === 'post');
  const names = new Set(form.fields.map(f => f.name)), values = {};
  for (const answers of pages) for (const [k, v] of Object.entries(answers)) if (names.has(k)) values[k] = pick(form, k, v);
  return c.submit(form.action ?? c.last.path, values);
}

/** A yes/no field's own words for yes and no: whatever its options are called. */
function pick(form, name, value) {
  const options = form.fields.filter(f => f.name === name && (f.type === 'radio' || f.type === 'checkbox')).map(f => f.value);
  if (!options.length || Array.isArray(value) || options.includes(value)) return value;
  if (value === 'yes') return options.find(o => ['true', 'yes', '1', 'on'].includes(o)) ?? options[0];
  if (value === 'no') return options.find(o => ['false', 'no', '0'].includes(o)) ?? options[1];
  return value;
}

/** From nothing to a case: returns { no, id, receipt }. */
export async function apply(c, pages = aidsAnswers, service) {
  await fill(c, pages, service);
  const receipt = await c.submit('/casefile/submit');
  assert.equal(receipt.status, 200, textOf(receipt.text).slice(0, 500));
  const no = /\b(20\d\d-\d{6})\b/.exec(textOf(receipt.text))?.[1];
  assert.ok(no, 'the receipt has a case number: ' + textOf(receipt.text).slice(0, 400));
  await c.get('/mypage');
  const list = await c.get('/mypage/casefiles');
  const id = new RegExp(`/mypage/casefile/(\\d+)"[\\s\\S]*?${no}`).exec(list.text)?.[1];
  return { no, id: id && lastBefore(list.text, no), receipt };
}

/** The id of the case whose number stands in the list: the last link before the number. */
function lastBefore(html, no) {
  const links = [...html.slice(0, html.indexOf(no)).matchAll(/\/mypage\/casefile\/(\d+)"/g)];
  return links.at(-1)?.[1];
}

export async function takeCase(bo, no) {
  await bo.get('/desk/search?q=' + no);
  const id = /\/desk\/casefile\/(\d+)"/.exec(bo.last.text)?.[1];
  assert.ok(id, `${no} is found at the desk: ${textOf(bo.last.text).slice(0, 300)}`);
  await bo.get(`/desk/casefile/${id}`);
  const a = await bo.submit('/take');
  assert.equal(a.status, 200, textOf(a.text).slice(0, 300));
  return id;
}

/** One of the desk's small acts: ask, note, call, hear, exempt, extend, suspend. */
export async function act(bo, id, what, values) {
  await bo.get(`/desk/casefile/${id}/do/${what}`);
  return bo.submit(`/do/${what}`, values);
}

/** Write the decision; outcomes: one of granted, partly, refused for each line. Returns the last answer. */
export async function decide(bo, id, outcomes, { final = true, basis = 'serviceloven § 112 (eksempel)', granted = 'En kort bænk',
  reason = 'Du har allerede en bænk, der kan bruges i dit bad. Derfor har vi ikke givet dig en til.' } = {}) {
  await bo.get(`/desk/casefile/${id}/decision`);
  const values = {};
  outcomes.forEach((o, i) => {
    values[`lines-${i}-outcome`] = o;
    values[`lines-${i}-basis`] = basis;
    if (o !== 'granted') values[`lines-${i}-reason`] = reason;
    if (o === 'partly') values[`lines-${i}-granted`] = granted;
  });
  return bo.submit('/decision', values, final ? { button: 'do' } : {});
}

/** Choose the fitting template, save it as it is, send it. Returns the letter's id. */
export async function sendLetter(bo, id) {
  await bo.get(`/desk/casefile/${id}/letter`);
  const page = await bo.submit('/letter');
  const letter = /\/desk\/letter\/(\d+)/.exec(page.path)?.[1];
  assert.ok(letter, 'a letter has begun: ' + textOf(page.text).slice(0, 300));
  const sent = await bo.submit(`/desk/letter/${letter}/send`);
  assert.equal(sent.status, 200, textOf(sent.text).slice(0, 400));
  return letter;
}

/** Wait until the citizen has the letter on my page. */
export async function arrived(anna, id) {
  return until('the letter to arrive', async () => {
    const page = await anna.get(`/mypage/casefile/${id}`);
    return /\/letter\/(\d+)"/.exec(page.text)?.[1];
  }, 30000);
}
