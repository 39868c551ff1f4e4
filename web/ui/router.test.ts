import fc from 'fast-check';
import { expect, test } from 'vitest';
import { innerPath, type LinkClick, matchRoute, nextPath, signInPath } from './router.ts';

const routes = [
  { pattern: '/', page: 'home' },
  { pattern: '/store', page: 'store' },
  { pattern: '/store/:location', page: 'location' },
];

test.each([
  ['/', 'home', {}],
  ['/store', 'store', {}],
  ['/store/', 'store', {}],
  ['/store/hafen', 'location', { location: 'hafen' }],
  ['/store/caf%C3%A9', 'location', { location: 'café' }],
  ['/store/100%', 'location', { location: '100%' }],
])('%s is %s', (path, page, params) => {
  expect(matchRoute(routes, path)).toEqual({ page, params });
});

test.each(['/stores', '/store/a/b', '/Store'])('%s is no page', (path) => {
  expect(matchRoute(routes, path)).toBeNull();
});

const ORIGIN = 'https://bench.example.net';
const click: LinkClick = {
  button: 0,
  modified: false,
  href: '/store',
  target: '',
  download: false,
};

test('a plain click on an inner link stays in the page', () => {
  expect(innerPath({ ...click, href: `${ORIGIN}/sign-in?next=/store#a` }, ORIGIN)).toBe(
    '/sign-in?next=/store#a',
  );
});

test.each<[string, Partial<LinkClick>]>([
  ['another origin', { href: 'https://example.net/store' }],
  ['a new tab', { target: '_blank' }],
  ['a modifier key', { modified: true }],
  ['the middle button', { button: 1 }],
  ['a download', { download: true }],
  ['a link without address', { href: null }],
  ['the Worker’s own routes', { href: '/api/v1/settings' }],
  ['a broken address', { href: 'http://[' }],
])('%s is left to the browser', (_why, change) => {
  expect(innerPath({ ...click, ...change }, ORIGIN)).toBeNull();
});

test.each([
  ['/store', '/store'],
  ['/store/hafen', '/store/hafen'],
  ['/store/caf%C3%A9?a=1#b', '/store/caf%C3%A9?a=1#b'],
  ['', null],
  ['store', null],
  ['//example.net', null],
  ['/\\example.net', null],
  ['/\t/example.net', null],
  ['/\n/example.net', null],
  ['/.//example.net', null],
  ['/a/..//example.net', null],
  ['https://example.net/store', null],
  ['javascript:alert(1)', null],
  ['/api/v1/me', null],
  ['/sign-in', null],
  ['/sign-in?next=/store', null],
])('after signing in, next=%j leads to %s', (next, path) => {
  expect(nextPath(`?next=${encodeURIComponent(next)}`, ORIGIN)).toBe(path);
});

test('whatever an address asks for, the page stays in its origin', () => {
  const odd = fc.constantFrom(
    '/',
    '\\',
    '\t',
    '\n',
    '\r',
    '.',
    '..',
    '@',
    ':',
    '?',
    'example.net',
    ' ',
  );
  const text = fc.array(fc.oneof(odd, fc.string({ maxLength: 3 }))).map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, (next) => {
      const path = nextPath(`?next=${encodeURIComponent(next)}`, ORIGIN);
      if (path !== null) expect(new URL(path, ORIGIN).origin).toBe(ORIGIN);
    }),
    { numRuns: 2000 },
  );
});

test('signing in leads back to where one was, and there is no next= of next=', () => {
  expect(signInPath('/store/hafen')).toBe('/sign-in?next=%2Fstore%2Fhafen');
  expect(nextPath(signInPath('/store/hafen').slice(8), ORIGIN)).toBe('/store/hafen');
  expect([signInPath('/'), signInPath('/sign-in')]).toEqual(['/sign-in', '/sign-in']);
});
