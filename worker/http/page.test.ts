import { expect, test } from 'vitest';
import { isPageAddress } from './page.ts';

test.each(['/', '/store', '/bench', '/activate/JBNB0042', '/sign-in', '/no-such-page', '/apiary'])(
  '%s is the page',
  (path) => expect(isPageAddress(path)).toBe(true),
);

test.each([
  '/assets/main-abc.js',
  '/assets/',
  '/api/nope',
  '/api',
  '/firmware/virtual/manifest.json',
  '/icons/x',
  '/sw.js',
  '/favicon.ico',
  '/.vite/manifest.json',
  '/.env',
  '/store/x.map',
])('%s is not', (path) => expect(isPageAddress(path)).toBe(false));
