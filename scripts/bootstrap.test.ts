/** `--no-install` installs nothing, and says what is missing. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A checkout with one package in its lock, and with what npm says it has installed. */
function checkout(here: object | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'jambench-bootstrap-'));
  folders.push(folder);
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  mkdirSync(join(folder, 'scripts'));
  cpSync(join(import.meta.dirname, 'bootstrap.mjs'), join(folder, 'scripts', 'bootstrap.mjs'));
  write('scripts/test.ts', "console.log('handed over');");
  const packages = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', optional: true },
  };
  write('package-lock.json', JSON.stringify({ packages }));
  if (!here) return folder;
  mkdirSync(join(folder, 'node_modules', 'node', 'bin'), { recursive: true });
  const windows = process.platform === 'win32';
  symlinkSync(
    process.execPath,
    join(folder, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node'),
  );
  write('node_modules/.package-lock.json', JSON.stringify({ packages: here }));
  return folder;
}

function testIn(folder: string): string {
  const args = [join('scripts', 'bootstrap.mjs'), 'test', '--no-install'];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

test('without packages it says what to run', () => {
  const folder = checkout(null);
  expect(testIn(folder)).toContain('Run `npm ci` once.');
  expect(existsSync(join(folder, 'node_modules'))).toBe(false);
});

test('with older packages it says so and goes on with them', () => {
  const said = testIn(checkout({ 'node_modules/a': { version: '0.9.0' } }));
  expect(said).toContain('not those of package-lock.json');
  expect(said).toContain('handed over');
});

test('what npm itself has installed will do', () => {
  expect(testIn(checkout({ 'node_modules/a': { version: '1.0.0' } }))).toBe('handed over\n');
});
