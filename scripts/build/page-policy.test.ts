import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { supabaseOrigin, withPolicy } from './page-policy.ts';

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

test('the page may talk to itself and to that one project', () => {
  expect(connect(withPolicy(headers, null))).toBe("connect-src 'self'");
  expect(connect(withPolicy(headers, 'https://abc.supabase.co'))).toBe(
    "connect-src 'self' https://abc.supabase.co",
  );
  expect(withPolicy(headers, null)).not.toMatch(/\*\.|</);
});
