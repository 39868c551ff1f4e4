/**
 * What holds for every contract, tried on values made from its schema: what it takes it takes
 * again, its limits hold behind it too, and what it refuses it explains in one line.
 */
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { inputsOf } from '../testing/arbitrary.ts';
import { describeIssues } from './common.ts';
import { CONFIG_DEFAULTS } from './config.ts';

const MODULES = import.meta.glob<object>(['./*.ts', '!./*.test.ts'], { eager: true });

const isSchema = (value: unknown): value is v.GenericSchema =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'schema';
/** Name → schema, of every contract that there is. */
const CONTRACTS = Object.entries(MODULES).flatMap(([file, module]) =>
  Object.entries(module as Record<string, unknown>)
    .filter((entry): entry is [string, v.GenericSchema] => isSchema(entry[1]))
    .map(([name, schema]) => [`${file.slice(2, -3)}.${name}`, schema] as const),
);

const RUNS = { numRuns: 25 };

test('there are contracts, and of each file', () => {
  expect(CONTRACTS.length).toBeGreaterThan(80);
});

/** Inside they have longer names than on the wire, or are readings instead of rows. */
const RENAMED = [
  'reading-batch.ReadingBatchRequest',
  'hologram.HologramMessage',
  'heartbeat.HeartbeatRequest',
  'ota.OtaCheckRequest',
  'ota.OtaCompleteRequest',
];
/** No chance brings about the name of a time zone. */
const place = {
  name: fc.constantFrom('Harbour Street Bakery', 'Ü'),
  time_zone: fc.constantFrom('Europe/Berlin', 'America/New_York', 'Etc/UTC'),
  address: fc.constantFrom(null, 'Harbour Street 1'),
};
const nowhere = { latitude: fc.constant(null), longitude: fc.constant(null) };
const somewhere = {
  latitude: fc.double({ min: -90, max: 90, noNaN: true }),
  longitude: fc.double({ min: -180, max: 180, noNaN: true }),
};
const placed = (more: object) =>
  fc.oneof(
    fc.record({ ...more, ...place, ...nowhere }),
    fc.record({ ...more, ...place, ...somewhere }),
  );

/** Whose parts must fit each other, which no chance brings about. */
const EXAMPLES: Record<string, fc.Arbitrary<unknown>> = {
  'audit.AuditQuery': fc.record(
    {
      target: fc.constantFrom('unit:JBNB0001', 'person:id-olga', 'location:bakery'),
      actor: fc.constantFrom('id-ada', 'admin-key'),
      since: fc.constantFrom('2026-01-28T12:00:00Z', '2026-01-28T12:00+01:00'),
    },
    { requiredKeys: [] },
  ),
  'judgement.SumsRequest': fc.record({
    from: fc.constantFrom('2026-01-01T00:00Z', '2026-01-30T12:30:00Z'),
    to: fc.constantFrom('2026-01-30T12:30:00.5Z', '2026-01-31T00:00:00Z'),
    counted: fc.boolean(),
  }),
  'location.LocationChange': placed({}),
  'location.NewLocation': placed({ id: fc.constantFrom('bakery', 'b-2') }),
  'config.Config': fc
    .integer({ min: 60_000, max: 3_600_000 })
    .map((report_interval_ms) => ({ ...CONFIG_DEFAULTS, report_interval_ms })),
  'hologram.HologramMessage': fc.record({
    device: fc.record({ id: fc.integer({ min: 1 }) }),
    data: fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.jsonValue())),
  }),
};

/** What stands in an address is text, and no longer when it is taken. */
const OF_ADDRESSES = /(Query|Key|Limit)$/;

describe.each(CONTRACTS)('%s', (contract, schema) => {
  const inputs = EXAMPLES[contract] ?? inputsOf(schema);
  const reasonFor = (value: unknown) => {
    const result = v.safeParse(schema, value);
    return result.success ? null : describeIssues(result.issues);
  };

  test('takes most of what its schema describes, and again what it made of it', () => {
    let taken = 0;
    fc.assert(
      fc.property(inputs, (value) => {
        const first = v.safeParse(schema, value);
        if (!first.success) return;
        taken += 1;
        if (OF_ADDRESSES.test(contract) || RENAMED.includes(contract)) return;
        const again = v.safeParse(schema, first.output);
        if (!again.success) expect(describeIssues(again.issues)).toBe('');
        expect(again.output).toEqual(first.output);
      }),
      RUNS,
    );
    expect(taken).toBeGreaterThan(0);
  });

  test('explains in one line why it does not take something', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, NaN, Infinity)), (value) => {
        expect(reasonFor(value) ?? 'taken').toMatch(/^[^\n]+$/);
      }),
      RUNS,
    );
  });

  test('names the field that is of another kind', () => {
    fc.assert(
      fc.property(inputs, fc.nat(), (value, which) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
        if (reasonFor(value) !== null) return;
        const names = Object.keys(value);
        const name = names[which % Math.max(1, names.length)];
        if (name === undefined) return;
        const reason = reasonFor({ ...value, [name]: { no: ['such', 'thing'] } });
        if (reason !== null) expect(reason).toContain(name);
      }),
      RUNS,
    );
  });
});
