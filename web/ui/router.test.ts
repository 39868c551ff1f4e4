import { expect, test } from 'vitest';
import { innerPath, type LinkClick, matchRoute } from './router.ts';

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
