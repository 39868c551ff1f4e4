/**
 * No route can be left out: what the rooms' files make is in the table, and what is in the table is
 * answered, refused under every other method, and carries its audience's headers. (Doors:
 * door.test.ts; document: openapi.test.ts; roles: roles.test.ts; the server of `npm start` and
 * `deploy:check`: beside them in scripts/.)
 */
import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import { servicesOf } from '../services.ts';
import { ask, freshWorld } from '../testing/world.ts';
import { createApp } from './app.ts';
import { allRoutes, isOfUnits, type Route } from './routes.ts';

const ROOMS = import.meta.glob<Record<string, unknown>>(
  ['./{unit,portal,admin}/*.ts', '!./**/*.test.ts'],
  { eager: true },
);
const isRoute = (value: unknown): value is Route =>
  typeof value === 'object' && value !== null && 'run' in value && 'summary' in value;
const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test('whatever route a room’s file exports is in the table, once', () => {
  const made = Object.values(ROOMS).flatMap((file) => Object.values(file).flat().filter(isRoute));
  const names = allRoutes.map(nameOf);
  expect(new Set(names).size).toBe(names.length);
  const left = new Set(made.map(nameOf).filter((name) => !names.includes(name)));
  expect([...left]).toEqual([]);
  // the test saw every room: the table has nothing but these, health and the document's two
  expect(new Set(made.map(nameOf)).size).toBe(names.length - 3);
});

test('the app answers the table, and nothing else', () => {
  const app = createApp(servicesOf(env));
  const answered = app.routes
    .filter(({ method, path }) => method !== 'ALL' && !path.includes('*'))
    .map(({ method, path }) => nameOf({ method, path: path.replace(/:(\w+)/g, '{$1}') }));
  expect(answered.sort()).toEqual(allRoutes.map(nameOf).sort());
});

describe.each(allRoutes.map((route) => [nameOf(route), route] as const))('%s', (_name, route) => {
  beforeEach(freshWorld);
  const path = route.path.replace(/\{(\w+)\}/g, (_all, n) => route.example?.params?.[n] ?? '');

  test('is refused under a method that nothing takes', async () => {
    const response = await ask(null, path, { method: 'PATCH' });
    expect(response.status).toBe(405);
    const own = allRoutes.filter((other) => other.path === route.path);
    const allowed = response.headers.get('Allow')?.split(', ') ?? [];
    expect(allowed.filter((method) => method !== 'HEAD').sort()).toEqual(
      own.map(({ method }) => method as string).sort(),
    );
    const isShort = own.every(isOfUnits);
    const { error } = await response.json<{ error: unknown }>();
    expect(typeof error).toBe(isShort ? 'string' : 'object');
  });

  test('carries the headers of its audience, refused or not', async () => {
    const { headers, body } = await ask(null, path, { method: route.method });
    await body?.cancel();
    const isGuarded = headers.get('X-Content-Type-Options') === 'nosniff';
    expect([isGuarded, headers.has('Cache-Control')]).toEqual(
      isOfUnits(route) ? [false, false] : [true, true],
    );
  });
});
