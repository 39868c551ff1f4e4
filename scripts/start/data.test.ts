/** What npm start leaves in its folders: who may read it, and what other commands find there. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { keepPrivate } from './private.ts';
import { lastSupabasePort } from './supabase.ts';

const folder = mkdtempSync(join(tmpdir(), 'jambench-data-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a folder that others could read is closed to them', () => {
  const old = join(folder, 'was-open');
  mkdirSync(old, { mode: 0o755 });
  keepPrivate(old, join(folder, 'new', 'below'));
  const rights = (path: string) => statSync(path).mode & 0o777;
  const isPosix = process.platform !== 'win32';
  if (isPosix) expect([old, join(folder, 'new', 'below')].map(rights)).toEqual([0o700, 0o700]);
});

test('where the embedded Supabase listens is read from its own settings', () => {
  const data = join(folder, 'ported');
  expect(lastSupabasePort(data)).toBeNull();
  mkdirSync(join(data, 'supabase', 'supabase'), { recursive: true });
  writeFileSync(join(data, 'supabase', 'supabase', 'config.toml'), '[api]\nport = 54999\n\n[db]\n');
  expect(lastSupabasePort(data)).toBe(54999);
});
