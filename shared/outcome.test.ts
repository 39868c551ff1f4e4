import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from './errors.ts';
import { outcomeOf, unexpectedAnswerOf } from './outcome.ts';

const CODES = Object.keys(ERROR_CODES) as ErrorCode[];

test('every code has an outcome; only what a person must change is given up', () => {
  const of = (outcome: string) => CODES.filter((code) => outcomeOf(code) === outcome).sort();
  expect(of('retry_later')).toEqual(
    ['cancelled', 'forbidden', 'internal', 'rate_limited', 'unavailable'].sort(),
  );
  expect(of('sign_in')).toEqual(['unauthenticated']);
  expect(of('give_up')).toEqual(expect.arrayContaining(['conflict', 'invalid', 'not_found']));
  expect(of('give_up')).toHaveLength(CODES.length - 6);
});

test('an answer that is not ours is believed only in what the protocol says of the request', () => {
  const said = new Map<string, number[]>();
  for (let status = 100; status < 600; status += 1) {
    const kind = unexpectedAnswerOf(status);
    said.set(kind, [...(said.get(kind) ?? []), status]);
  }
  expect(said.get('rate_limited')).toEqual([429]);
  expect(said.get('too_large')).toEqual([413]);
  expect(said.get('network_sign_in')).toHaveLength(201);
  for (const status of [401, 403, 404, 407, 408, 425, 451, 500, 502, 503, 504, 520, 530]) {
    expect(said.get('unavailable')).toContain(status);
  }
});
