/** Fields of several names: which of them wins, and what says nothing. */
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { aliasMetadata, withAliases } from './field-aliases.ts';
import { GeolocationRequest } from './geolocation.ts';
import { HeartbeatRequest } from './heartbeat.ts';
import { OtaCheckRequest, OtaChunkQuery, OtaCompleteRequest } from './ota.ts';
import { ReadingRequest } from './reading.ts';

const Two = withAliases(
  { a: v.optional(v.number()), b: v.optional(v.string()) },
  { a: ['alpha', 'first'], b: ['beta'] },
  { a: 'a number' },
);
const take = (wire: unknown) => v.parse(Two, wire);

test.each([
  [{ a: 1 }, { a: 1 }],
  [{ alpha: 1 }, { a: 1 }],
  [{ first: 1 }, { a: 1 }],
  [{ a: 1, alpha: 2, first: 3 }, { a: 1 }],
  [{ first: 3, alpha: 2 }, { a: 2 }],
  [{ a: null, first: 3 }, { a: 3 }],
  [{ a: undefined, alpha: 2 }, { a: 2 }],
  [{ a: 0, alpha: 2 }, { a: 0 }],
  [{ b: '', beta: 'x' }, { b: '' }],
  [{ a: null, alpha: null }, {}],
  [{ gamma: 1, toString: 2 }, {}],
  [JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}'), {}],
])('%j is %j', (wire, read) => expect(take(wire)).toEqual(read));

test.each(['text', 42, null, true, undefined])('%j is no object', (wire) => {
  expect(() => take(wire)).toThrow('must be a JSON object');
});

test('a name that wins is not passed over because it is wrong', () => {
  expect(v.is(Two, { a: 'x', alpha: 1 })).toBe(false);
});

test('in which order names come does not matter', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'alpha', 'first', 'b', 'beta', 'other'));
  const value = fc.constantFrom(null, 0, 1);
  fc.assert(
    fc.property(names, fc.array(value, { minLength: 6, maxLength: 6 }), (order, values) => {
      const pairs = order.filter((n) => !n.startsWith('b')).map((n, i) => [n, values[i]] as const);
      const there = take(Object.fromEntries(pairs));
      expect(take(Object.fromEntries([...pairs].reverse()))).toEqual(there);
      const first = ['a', 'alpha', 'first'].find((n) =>
        pairs.some(([p, x]) => p === n && x !== null),
      );
      const won = pairs.find(([name]) => name === first);
      expect(there.a).toBe(won?.[1] ?? undefined);
    }),
  );
});

const OBJECT = v.object({});
const REQUESTS = { GeolocationRequest, HeartbeatRequest, OtaCheckRequest, OtaChunkQuery };
const ALL = { ...REQUESTS, OtaCompleteRequest, ReadingRequest };

test.each(Object.entries(ALL))('%s says what its wire looks like, each name once', (_, schema) => {
  const facts = aliasMetadata(schema);
  const fields = Object.keys((facts?.shape as unknown as typeof OBJECT | undefined)?.entries ?? {});
  expect(fields.length).toBeGreaterThan(1);
  const names = [...fields, ...Object.values(facts?.aliases ?? {}).flat()];
  expect(new Set(names).size).toBe(names.length);
  expect(fields).toEqual(expect.arrayContaining(Object.keys(facts?.aliases ?? {})));
  expect(fields).toEqual(expect.arrayContaining(Object.keys(facts?.meaning ?? {})));
});

test('what has no spellings has no such facts', () => {
  expect(aliasMetadata(v.object({}))).toBeUndefined();
});
