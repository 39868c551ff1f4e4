import { expect, test } from 'vitest';
import { isClaim, normalised } from './address.ts';

test.each([
  ['/', '/'],
  ['/api/reading', '/api/reading'],
  ['/api/v1/fleet?text=a/../b%2e', '/api/v1/fleet?text=a/../b%2e'],
  ['/./cdn-cgi/explorer', '/cdn-cgi/explorer'],
  ['//cdn-cgi/explorer', '/cdn-cgi/explorer'],
  ['/%2e/cdn-cgi/explorer', '/cdn-cgi/explorer'],
  ['/x/%2E%2e/cdn-cgi/explorer', '/cdn-cgi/explorer'],
  ['/x%2f..%2fcdn-cgi/explorer', '/cdn-cgi/explorer'],
  ['/\\cdn-cgi\\explorer', '/cdn-cgi/explorer'],
  ['/supabase/auth/v1/../../admin', '/supabase/admin'],
  ['/supabase/auth/v1/%2e%2e/%2e%2e/admin', '/supabase/admin'],
  ['/../../etc/passwd', '/etc/passwd'],
  ['//x.example.net/a', '/x.example.net/a'],
  ['/a?b?c', '/a?b?c'],
])('%s is %s', (raw, address) => expect(normalised(raw)).toBe(address));

test.each(['', 'http://x/cdn-cgi/explorer', 'cdn-cgi', '*'])('%j is no address', (raw) => {
  expect(normalised(raw)).toBeNull();
});

test.each([
  'CF-Connecting-IP',
  'CF-Ray',
  'MF-CF-Blob',
  'MF-Route-Override',
  'MF-Original-URL',
  'X-JamBench-Peer',
  'X-Forwarded-Host',
  'True-Client-IP',
  'Forwarded',
])('a client does not say %s', (name) => expect(isClaim(name)).toBe(true));

test.each(['Host', 'Authorization', 'X-JamBench-Cron', 'Content-Type', 'X-CF', 'apikey'])(
  'a client says %s',
  (name) => expect(isClaim(name)).toBe(false),
);
