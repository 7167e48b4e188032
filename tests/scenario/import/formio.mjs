// Form.io's own rules for what is shown and what is accepted, written anew from its documentation and published code's
// behaviour, and evaluated by running the original scripts in node:vm. It shares nothing with src/import.
import vm from 'node:vm';

const containers = new Set(['container', 'identity', 'navAddress', 'addressValidity', 'sender']);
const nothing = new Set(['panel', 'navSkjemagruppe', 'fieldset', 'alertstripe', 'htmlelement', 'accordion', 'image']);
export const isData = c => !nothing.has(c.type);

/** Every component in the order of the form, with its path, the objects its value lies in, and the data grid around. */
export function walk(form) {
  const all = [];
  (function down(list, parent) {
    for (const c of list) {
      const node = { c, parent, path: (parent ? parent.path + '.' : '') + c.key };
      const scope = parent ? parent.inner : [];
      node.scope = scope;                                       // keys of the objects around
      node.grid = parent ? (parent.c.type === 'datagrid' ? parent : parent.grid) : null;
      node.inner = containers.has(c.type) || c.type === 'datagrid' ? [...scope, c.key] : scope;
      all.push(node);
      if (c.components) down(c.components, node);
    }
  })(form.components, null);
  return all;
}

/** The object a component's value lies in; `row`: the row of its data grid. */
export function objectOf(data, node, row) {
  let at = data;
  const keys = node.scope;
  let from = 0;
  if (node.grid && row) { at = row; from = node.grid.scope.length + 1; }
  for (const k of keys.slice(from)) at = at?.[k];
  return at;
}

// ---- scripts ----

const lodash = {
  some: (list, fn) => (list ?? []).some(fn),
  every: (list, fn) => (list ?? []).every(fn),
  get: (o, path) => path.split('.').reduce((x, k) => x?.[k], o),
  includes: (list, x) => (list ?? []).includes(x),
};
const sandbox = vm.createContext({ _: lodash, Date, String, Number, parseFloat, parseInt, Math });
const compiled = new Map();
export const thrown = Symbol('thrown');
/** What the script leaves in `result`; `thrown` when it throws. */
function run(script, result, env) {
  let fn = compiled.get(result + script);
  if (!fn) {
    fn = vm.runInContext(`(function (data, row, component, instance, input) { var ${result} = true; ${script}\n; return ${result}; })`, sandbox);
    compiled.set(result + script, fn);
  }
  try { return fn(env.data, env.row, env.component, env.instance, env.input); } catch { return thrown; }
}

// ---- conditions ----

const plain = x => x !== null && typeof x === 'object' && !Array.isArray(x);
const has = (o, path) => path.split('.').every(k => { if (plain(o) && k in o) { o = o[k]; return true; } return false; });
const get = (o, path) => path.split('.').reduce((x, k) => x?.[k], o);
/** A key is looked for in the object, then in the objects inside it. */
function find(o, path) {
  if (!plain(o)) return undefined;
  if (has(o, path)) return get(o, path);
  for (const inner of Object.values(o)) {
    const found = find(inner, path);
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}
function simple(cond, data, row, node, gridRow) {
  let value = row === data ? undefined : find(row, cond.when);
  if (value == null && gridRow) { // a row is also named by the path of its grid
    value = find(gridRow, cond.when);
    const at = cond.when.split('.').indexOf(node.grid.c.key);
    if (value == null && at >= 0) value = find(gridRow, cond.when.split('.').slice(at + 1).join('.'));
  }
  if (value == null) value = find(data, cond.when);
  value ??= '';
  const eq = String(cond.eq), show = String(cond.show);
  if (plain(value) && eq in value) return String(value[eq]) === show;
  if (plain(value) && 'value' in value) value = value.value; // a choice that carries its label
  if (Array.isArray(value) && value.map(String).includes(eq)) return show === 'true';
  return (String(value) === eq) === (show === 'true');
}
export const instance = { isSubmissionDigital: () => true };
/** By its own condition alone. */
export function conditionHolds(node, data, gridRow) {
  const c = node.c, row = objectOf(data, node, gridRow) ?? data;
  if (c.customConditional?.trim()) {
    const show = run(c.customConditional, 'show', { data, row, component: c, instance });
    return show === thrown ? true : !!show; // what fails is shown
  }
  if (c.conditional?.when) return simple(c.conditional, data, row, node, gridRow);
  return !c.hidden;
}

// What is cleared when it is hidden still is an object where scripts look into it.
const empty = c => ['selectboxes', 'landvelger', 'valutavelger', 'attachment'].includes(c.type) || containers.has(c.type) ? {} : undefined;

/**
 * Which components are shown, and the data that is left: what is hidden is cleared, until nothing changes.
 * Returns { shown: Map(node → boolean, or a list of them, one a row), data }.
 */
export function settle(nodes, full) {
  let data = structuredClone(full), shown = new Map(), before = '';
  for (let round = 0; round < 30; round++) {
    shown = new Map();
    for (const n of nodes) {
      const around = row => (n.parent ? (Array.isArray(shown.get(n.parent)) ? shown.get(n.parent)[row] : shown.get(n.parent)) : true);
      if (n.grid) {
        const rows = objectOf(data, n.grid)?.[n.grid.c.key] ?? [];
        shown.set(n, rows.map((r, i) => around(i) && conditionHolds(n, data, r)));
      } else shown.set(n, around(0) && conditionHolds(n, data, null));
    }
    const now = JSON.stringify([...shown.values()]);
    if (now === before) return { shown, data };
    before = now;
    data = structuredClone(full);
    for (const n of nodes) {
      if (!isData(n.c)) continue;
      const clear = (object, visible) => {
        if (visible || !object || !(n.c.key in object)) return;
        const none = empty(n.c);
        if (n.c.type === 'container' || n.c.type === 'datagrid') return n.c.type === 'datagrid' ? void (object[n.c.key] = []) : undefined; // a container stays; what is in it is hidden with it
        if (none === undefined) delete object[n.c.key]; else object[n.c.key] = none;
      };
      if (n.grid) (objectOf(data, n.grid)?.[n.grid.c.key] ?? []).forEach((r, i) => clear(objectOf(data, n, r), shown.get(n)[i]));
      else clear(objectOf(data, n), shown.get(n));
    }
  }
  return { shown, data };
}

// ---- validations: the helpers that the published forms name ----

const mod11 = (digits, weights) => digits.reduce((s, d, i) => s + d * weights[i], 0) % 11;
const digitsOf = (s, n) => (new RegExp(`^\\d{${n}}$`).test(s) ? [...s].map(Number) : null);
export function isOrgNo(s) {
  const d = digitsOf(String(s).replace(/\s/g, ''), 9);
  return !!d && mod11(d, [3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0;
}
export function isAccount(s) {
  const d = digitsOf(String(s).replace(/[\s.]/g, ''), 11);
  return !!d && mod11(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) === 0;
}
export function isIdno(s) {
  const d = digitsOf(String(s).replace(/\s/g, ''), 11);
  if (!d || mod11(d, [3, 7, 6, 1, 8, 9, 4, 5, 2, 1]) || mod11(d, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1])) return false;
  const day = (d[0] % 4) * 10 + d[1], month = (d[2] * 10 + d[3]) % 40;
  return day > 0 && day < 32 && month > 0 && month < 13;
}
export function isIban(s) {
  const x = String(s).replace(/\s/g, '');
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/.test(x)) return false;
  const n = [...x.slice(4) + x.slice(0, 4)].map(c => parseInt(c, 36)).join('');
  return BigInt(n) % 97n === 1n;
}
const shift = (day, n) => new Date(Date.parse(day) + n * 86400000).toISOString().slice(0, 10);
const number = x => x !== '' && x !== null && x !== undefined && Number.isInteger(+x);
/** In the row itself, which is also named by the path of its grid. */
const inRow = (row, gridKey, path) => find(row ?? {}, path) ?? (gridKey && path.split('.').includes(gridKey) ? find(row, path.split('.').slice(path.split('.').indexOf(gridKey) + 1).join('.')) : undefined);
/** navDatepicker: after the other date, and within the limits, which count in days from today. */
function dateOk(input, data, c, row, today, gridKey) {
  if (!input) return true;
  const other = c.beforeDateInputKey ? inRow(row, gridKey, c.beforeDateInputKey) ?? find(data, c.beforeDateInputKey) : '';
  if (other && (c.mayBeEqual ? input < other : input <= other)) return false;
  if (number(c.earliestAllowedDate) && input < shift(today, +c.earliestAllowedDate)) return false;
  if (number(c.latestAllowedDate) && input > shift(today, +c.latestAllowedDate)) return false;
  if (c.specificEarliestAllowedDate && input < c.specificEarliestAllowedDate) return false;
  if (c.specificLatestAllowedDate && input > c.specificLatestAllowedDate) return false;
  return true;
}
/** Is the answer accepted by `validate.custom`? */
export function accepts(node, input, data, gridRow, today) {
  const row = objectOf(data, node, gridRow) ?? data, c = node.c;
  const helpers = {
    validateFnrNew: isIdno, validateOrganizationNumber: isOrgNo, validateAccountNumber: isAccount, validateIban: isIban,
    validateDatePickerV2: () => dateOk(input, data, c, row, today, node.grid?.c.key),
    validateDatePicker: () => dateOk(input, data, c, row, today, node.grid?.c.key),
    ...instance,
  };
  const valid = run(c.validate.custom, 'valid', { data, row, component: c, instance: helpers, input });
  return valid === true || valid === thrown;
}
