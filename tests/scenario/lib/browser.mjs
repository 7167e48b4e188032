// A visitor with Chromium. Every page and state a test comes to is held against axe-core at 1280 and 320 px, html-validate,
// and the rules no tool knows: one h1, a title, nothing wider than the window, targets of 24 px, a visible focus.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { root } from './server.mjs';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
let validator = null; // loaded with the first page that is held
const newValidator = async () => new (await import('html-validate')).HtmlValidate({ extends: ['html-validate:recommended', 'html-validate:a11y'], rules: { 'long-title': 'off', 'tel-non-breaking': 'off', 'no-trailing-whitespace': 'off', 'form-dup-name': ['error', { shared: ['radio', 'checkbox', 'submit', 'button'] }] } });

const children = () => readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(p => p && /chrom/.test(readFileSync(`/proc/${p}/cmdline`, 'utf8')));

/** Chromium has been seen to say that it closes and not to end: then it is ended. */
function endFor(browser, pid) {
  const close = browser.close.bind(browser);
  browser.close = async () => {
    const late = setTimeout(() => process.kill(-pid, 'SIGKILL'), 20000);
    await close();
    clearTimeout(late);
  };
  return browser;
}

/** Chromium without a window's machinery: it draws the same pages for half the processor time. */
export async function launch() {
  const before = children();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium-headless-shell', headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
  return endFor(browser, Number(children().find(p => !before.includes(p))));
}

/** What was pressed has come whole: a page that is on its way is loaded, a file that goes up beside the page has its answer. */
async function settled(page) {
  await page.waitForLoadState();
  await page.locator('html:not([data-uploading])').waitFor({ state: 'attached' });
}

/** Playwright's click is over when the next page begins to come, and with an upload before anything has. For all locators. */
let patient = null;
function waitAfterClicks(page) {
  if (patient) return;
  patient = Object.getPrototypeOf(page.locator('html'));
  const click = patient.click;
  patient.click = async function (options) {
    await click.call(this, options);
    if (!this.page().hurried) await settled(this.page());
  };
}

/** A fresh visitor. options: javaScriptEnabled, locale, viewport. With page.hurried = true it waits for nothing after a click. */
export async function visitor(browser, server, options = {}) {
  const context = await browser.newContext({ baseURL: server.url, viewport: { width: 1280, height: 900 }, locale: 'da-DK', bypassCSP: true, ...options });
  const page = await context.newPage();
  waitAfterClicks(page);
  page.setDefaultTimeout(10000);
  const faults = [];
  page.on('pageerror', e => faults.push('script: ' + e.message));
  page.on('requestfailed', r => { if (!/ERR_ABORTED/.test(r.failure()?.errorText || '')) faults.push(`request failed: ${r.url()}`); });
  page.on('response', r => { if (r.status() >= 400 && /\/static\//.test(r.url())) faults.push(`${r.status()} ${r.url()}`); });
  page.faults = faults;
  // The markup as the server sent it, not as the browser mended it; the answer to an upload is a page as well.
  page.on('response', r => {
    const aPage = r.request().resourceType() === 'xhr' || (r.request().isNavigationRequest() && r.frame() === page.mainFrame());
    if (aPage && !(r.status() >= 300 && r.status() < 400)) { page.sent = r.text(); page.sent.catch(() => {}); } // gone when one goes on at once
  });
  return page;
}

/** Log in by the demo chooser, by name. */
export async function login(page, name) {
  await page.goto('/auth/demo');
  await page.getByRole('button', { name }).click();
}

const seen = new Set();

// A page does not depend on the engine: one with the elements that were held against the rules in an earlier run of this test is
// not held again. INDGANG_HELD names the list of a ./test; without it every run holds every page.
const list = process.env.INDGANG_HELD;
const held = new Set(list && existsSync(list) ? readFileSync(list, 'utf8').split('\n') : []);
const elements = html => createHash('sha256').update(html.match(/<\/?[a-z][a-z0-9]*/g).join('')).digest('hex').slice(0, 16);

/**
 * Hold the page as it stands against every rule. `name` says which page and state it is; once per name and run.
 * With JavaScript off axe cannot run, so only the markup is checked.
 */
export async function check(page, name) {
  if (seen.has(name)) return;
  seen.add(name);
  await settled(page);
  assert.deepEqual(page.faults, [], `${name}: the browser complained`);
  assert.equal(await page.locator('h1').count(), 1, `${name}: exactly one h1`);
  assert.ok((await page.title()).length > 3, `${name}: a title`);
  const key = `${path.basename(process.argv[1])} ${elements(await page.content())} ${name}`;
  if (held.has(key)) return;
  await rules(page, name);
  if (list) appendFileSync(list, key + '\n');
}

async function rules(page, name) {
  const html = await page.sent;
  validator ??= await newValidator();
  const report = await validator.validateString(html, name);
  const messages = report.results.flatMap(r => r.messages).map(m => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`);
  assert.deepEqual(messages, [], `${name}: html-validate`);
  const size = page.viewportSize();
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await axe(page, `${name} at ${width} px`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(wide <= width, `${name}: ${wide} px wide in a window of ${width}`);
  }
  await page.setViewportSize(size);
  const small = await page.evaluate(() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, nav a, summary')]
    .filter(e => { const r = e.getBoundingClientRect(); return r.width && r.height && (r.width < 24 || r.height < 24) && !(e.matches('input[type=radio],input[type=checkbox]')); })
    .map(e => `${e.tagName} ${e.id || e.textContent.trim().slice(0, 30)} ${Math.round(e.getBoundingClientRect().width)}×${Math.round(e.getBoundingClientRect().height)}`));
  assert.deepEqual(small, [], `${name}: targets under 24 px`);
}

async function axe(page, name) {
  if (!await page.evaluate(() => 'axe' in window)) await page.evaluate(axeSource); // it is there at the second width
  const result = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'EN-301-549'] }));
  const violations = result.violations.map(v => `${v.id}: ${v.help}\n    ${v.nodes.map(n => n.target.join(' ')).slice(0, 5).join('\n    ')}`);
  assert.deepEqual(violations, [], `${name}: axe`);
}

/** Tab from the top: every stop must show its focus. Returns the stops as text. */
export async function tabThrough(page, max = 60) {
  await page.evaluate(() => document.activeElement?.blur?.());
  const stops = [];
  for (let i = 0; i < max; i++) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const e = document.activeElement;
      if (!e || e === document.body) return null;
      const s = getComputedStyle(e), r = e.getBoundingClientRect();
      const shown = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none' || e.matches('input[type=radio],input[type=checkbox]');
      return { text: (e.getAttribute('aria-label') || e.textContent || e.id || e.name || e.tagName).trim().slice(0, 40), shown, visible: r.width > 0 && r.height > 0 };
    });
    if (!stop) break;
    assert.ok(stop.shown, `no visible focus on "${stop.text}"`);
    stops.push(stop.text);
  }
  return stops;
}

/** A picture for docs/img (only when INDGANG_SCREENSHOTS is set) — the documents show what the tests saw. */
export async function screenshot(page, name) {
  if (!process.env.INDGANG_SCREENSHOTS) return;
  const dir = path.join(root, 'docs/img');
  mkdirSync(dir, { recursive: true });
  await page.screenshot({ path: path.join(dir, name + '.png'), fullPage: true });
}
