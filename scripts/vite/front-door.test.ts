import { expect, test } from 'vitest';
import { normalised } from './front-door.ts';

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
