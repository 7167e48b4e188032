// A form in the browser, step by step, each held against axe-core, html-validate and the rules of browser.mjs.
import assert from 'node:assert/strict';
import { check } from './browser.mjs';


/** Answer the step that is shown: radio and checkbox by value, list, file, text. What is not there is left out. */
async function answer(page, answers) {
  for (const [name, value] of Object.entries(answers)) {
    for (const v of Array.isArray(value) ? value : [value]) {
      const choice = page.locator(`input:is([type=radio],[type=checkbox])[name="${name}"][value="${v}"]`);
      const text = page.locator(`:is(input,textarea)[name="${name}"]:not([type=radio]):not([type=checkbox])`);
      if (typeof v === 'object') { const f = page.locator(`input[type=file][name="${name}"]`); if (await f.count()) await f.setInputFiles(v); }
      else if (await choice.count()) await choice.check();
      else if (await page.locator(`select[name="${name}"]`).count()) await page.selectOption(`select[name="${name}"]`, v);
      else if (await text.count()) await text.fill(v);
    }
  }
}

/** Add the rows of a repeat on the page that is shown: each is filled in on its own page. */
async function addRows(page, repeat, rows, name) {
  for (const [i, row] of rows.entries()) {
    await Promise.all([page.waitForNavigation(), page.locator(`button[value="add-${repeat}"]`).click()]);
    await answer(page, row);
    if (!i) await check(page, `${name}: a row of ${repeat}`);
    await Promise.all([page.waitForNavigation(), page.locator('#form button.button-primary:visible').first().click()]);
  }
}

/** From the page of the service through all steps to the review; a step comes back while a follow-up question is
 *  unanswered. `repeats`: the rows of each repeat. `name` goes before the names of the checks. Returns the steps seen. */
export async function go(page, service, answers, name, repeats = {}) {
  await page.goto('/service/' + service);
  await check(page, `${name}: the service`);
  await page.goto('/form/' + service);
  await check(page, `${name}: before one begins`);
  await Promise.all([page.waitForNavigation(), page.locator('form[action$="/start"] button').click()]);
  const steps = [];
  for (let i = 0; i < 20 && !/\/review/.test(page.url()); i++) {
    const step = /\/([a-z_]+)(\?|#|$)/.exec(page.url())[1], again = steps.includes(step);
    steps.push(step);
    await answer(page, answers);
    for (const [repeat, rows] of again ? [] : Object.entries(repeats))
      if (await page.locator(`button[value="add-${repeat}"]`).count()) await addRows(page, repeat, rows, name);
    await check(page, `${name}: ${step}${again ? ', asked again' : ''}`);
    await Promise.all([page.waitForNavigation(), page.locator('#form button.button-primary:visible').first().click()]);
  }
  assert.match(page.url(), /\/review/, steps.join());
  await check(page, `${name}: review`);
  return new Set(steps);
}

/** A file to choose. */
export const file = (name, buffer, mimeType = 'application/pdf') => ({ name, mimeType, buffer });
