/** Who sees which location and may put a unit there: every role, every place, over real D1. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import type { Me, Role } from '../../shared/contracts/portal.ts';
import type { AppError } from '../../shared/errors.ts';
import { d1LocationStore } from '../d1/location.ts';
import { freshWorld } from '../testing/world.ts';
import {
  checkDestination,
  locationWithFigures,
  seesLocation,
  visibleLocations,
} from './location.ts';

const as = (name: string, role: Role): Me => ({
  ...{ user_id: `id-${name}`, email: `${name}@example.net`, role, second_factor: false },
});
const code = (act: Promise<unknown>) =>
  act.then(
    () => 'ok',
    (failure) => (failure as AppError).code,
  );

test.each<[Me, string[], Record<string, string>, Record<string, string>]>([
  // who, what is listed, where a unit may go, whose figures may be read
  [
    as('olga', 'owner'),
    ['bakery'],
    { bakery: 'ok', books: 'not_found', none: 'not_found', null: 'forbidden', undefined: 'ok' },
    { bakery: 'ok', books: 'not_found', none: 'not_found' },
  ],
  [
    as('nobody', 'owner'),
    [],
    { bakery: 'not_found', books: 'not_found', none: 'not_found', null: 'forbidden' },
    { bakery: 'not_found', books: 'not_found', none: 'not_found' },
  ],
  [
    as('ines', 'installer'),
    ['books', 'bakery'],
    { bakery: 'ok', books: 'ok', none: 'not_found', null: 'ok', undefined: 'ok' },
    { bakery: 'forbidden', books: 'forbidden', none: 'forbidden' },
  ],
  // who was an owner once and is none now keeps no narrower view by it, and no wider one
  [
    as('olga', 'installer'),
    ['books', 'bakery'],
    { bakery: 'ok', books: 'ok', none: 'not_found', null: 'ok' },
    { bakery: 'forbidden', books: 'forbidden' },
  ],
  [
    as('ada', 'admin'),
    ['books', 'bakery'],
    { bakery: 'ok', books: 'ok', none: 'not_found', null: 'ok', undefined: 'ok' },
    { bakery: 'ok', books: 'ok', none: 'not_found' },
  ],
])('$user_id, $role', async (person, listed, destinations, figures) => {
  await freshWorld();
  const store = d1LocationStore(env.DB);
  expect((await visibleLocations(store, person)).map(({ id }) => id)).toEqual(listed);
  for (const [id, expected] of Object.entries(destinations)) {
    const to = id === 'null' ? null : id === 'undefined' ? undefined : id;
    expect(await code(checkDestination(store, person, to)), id).toBe(expected);
    if (to) expect(await seesLocation(store, person, to)).toBe(listed.includes(to));
  }
  for (const [id, expected] of Object.entries(figures)) {
    expect(await code(locationWithFigures(store, person, id)), id).toBe(expected);
  }
});
