import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inlineHashes, supabaseOrigin, tilesOrigin, withPolicy } from './page-policy.ts';

const file = join(import.meta.dirname, '..', '..', 'web', 'public', '_headers');
const headers = readFileSync(file, 'utf8');
const connect = (text: string) => /connect-src[^;]*/.exec(text)?.[0];

test.each([
  ['SUPABASE_PUBLIC_URL = "https://abc.supabase.co"', 'https://abc.supabase.co'],
  ['SUPABASE_PUBLIC_URL = "https://auth.example.net/base/"', 'https://auth.example.net'],
  ['SUPABASE_PUBLIC_URL = "/supabase"', null],
  ['SUPABASE_PUBLIC_URL = "https://<project>.supabase.co"', null],
  ['SUPABASE_PUBLIC_URL = "http://plain.example.net"', null],
  ['# SUPABASE_PUBLIC_URL = "https://abc.supabase.co"', null],
])('%s → %s', (toml, origin) => expect(supabaseOrigin(toml)).toBe(origin));

test.each([
  ['MAP_TILES_URL = "https://tiles.example.net/{z}/{x}/{y}.png"', 'https://tiles.example.net'],
  ['MAP_TILES_URL = ""', null],
  ['MAP_TILES_URL = "http://plain.example.net/{z}/{x}/{y}.png"', null],
])('%s → %s', (toml, origin) => expect(tilesOrigin(toml)).toBe(origin));

const NOBODY = { supabase: null, tiles: null };

test('the page may talk to itself and to that one project', () => {
  expect(connect(withPolicy(headers, NOBODY))).toBe("connect-src 'self'");
  const project = { ...NOBODY, supabase: 'https://abc.supabase.co' };
  expect(connect(withPolicy(headers, project))).toBe("connect-src 'self' https://abc.supabase.co");
  const images = (text: string) => /img-src[^;]*/.exec(text)?.[0];
  expect(images(withPolicy(headers, NOBODY))).toBe("img-src 'self' data:");
  const tiles = { ...NOBODY, tiles: 'https://tiles.example.net' };
  expect(images(withPolicy(headers, tiles))).toBe("img-src 'self' data: https://tiles.example.net");
  expect(withPolicy(headers, NOBODY)).not.toMatch(/\*\.|</);
});

test('of scripts in the page itself, only those of the build are allowed', () => {
  const scripts = (text: string) => /script-src[^;]*/.exec(text)?.[0];
  expect(scripts(withPolicy(headers, NOBODY))).toBe("script-src 'self' 'wasm-unsafe-eval'");
  // the example of CSP3, 8.3: alert('Hello, world.');
  const html = "<script src=a.js></script><script>alert('Hello, world.');</script>";
  const opening = inlineHashes(html);
  expect(opening).toEqual(['sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng=']);
  expect(scripts(withPolicy(headers, { ...NOBODY, opening }))).toContain(`'${opening[0]}'`);
});
