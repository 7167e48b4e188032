// The 41 published forms, imported once for a test run.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, existsSync, rmSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { tmpdir } from 'node:os';
import { binary, root, sharedData } from '../lib/server.mjs';

export const municipality = path.join(root, 'tests/scenario/import/municipality');
export const formsDir = sharedData && existsSync(path.join(sharedData, 'forms/nav/forms')) ? path.join(sharedData, 'forms/nav') : null;
export const skip = formsDir ? false : 'the published forms are not here (../shared/data/forms/nav): CONTRIBUTING.md says where they come from';

export const indgang = (...args) => execFileSync(binary, [...args, '--municipality', municipality], { encoding: 'utf8', maxBuffer: 1 << 28 });

/** { dir, forms: [{ name, form, map, folder }] }; done() removes it. */
export function importAll() {
  const dir = mkdtempSync(path.join(tmpdir(), 'indgang-import-'));
  const services = path.join(dir, 'services');
  mkdirSync(services);
  const forms = readdirSync(path.join(formsDir, 'forms')).filter(f => f.endsWith('.json')).sort().map(file => {
    const name = file.slice(0, -5), folder = path.join(services, name), map = path.join(dir, name + '.json');
    const told = indgang('import', 'formio', path.join(formsDir, 'forms', file), '--translations', path.join(formsDir, 'translations', file), '--to', folder, '--map', map);
    return { name, folder, told, form: JSON.parse(readFileSync(path.join(formsDir, 'forms', file), 'utf8')), map: JSON.parse(readFileSync(map, 'utf8')) };
  });
  return { dir, services, forms, done: () => rmSync(dir, { recursive: true, force: true }) };
}
