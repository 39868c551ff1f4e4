/** What people send about units, orders and sums: what belongs together, and what has limits. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { AdminRegisterRequest } from './admin.ts';
import { CommandRequest } from './command.ts';
import { describeIssues } from './common.ts';
import { FleetQuery, MoveRequest, RenameRequest, StatusRequest } from './fleet.ts';
import { InsightsQuery } from './insights.ts';
import { JUDGED_DAYS_MAX, SumsRequest } from './judgement.ts';
import { RoleRequest } from './people.ts';
import { RegisterRequest, Settings } from './portal.ts';
import { ActivateRequest, PinRequest, ReissueRequest, ReserveRequest } from './provisioning.ts';
import { AssignWorkOrder, CloseWorkOrder, NewWorkOrder, WorkOrderId } from './work-order.ts';

const reasonOf = (schema: v.GenericSchema, value: unknown) => {
  const { success, issues } = v.safeParse(schema, value);
  return success ? '' : describeIssues(issues);
};

/** Whose fields are all known: a slip of the pen is no silence. */
const STRICT: Record<string, [v.GenericSchema, object]> = {
  AdminRegisterRequest: [AdminRegisterRequest, { device_id: 'JBNB0001' }],
  CommandRequest: [CommandRequest, { command: 'send_now' }],
  RenameRequest: [RenameRequest, { name: 'Door' }],
  MoveRequest: [MoveRequest, { location_id: 'bakery' }],
  StatusRequest: [StatusRequest, { status: 'active' }],
  RoleRequest: [RoleRequest, { role: 'owner' }],
  ReserveRequest: [ReserveRequest, {}],
  ReissueRequest: [ReissueRequest, { token_sha256: 'a'.repeat(64) }],
  PinRequest: [PinRequest, { pin: '0042' }],
  ActivateRequest: [ActivateRequest, { pin: '0042', location_id: 'bakery' }],
  AssignWorkOrder: [AssignWorkOrder, { user_id: null }],
  CloseWorkOrder: [CloseWorkOrder, { outcome: 'done' }],
  NewWorkOrder: [NewWorkOrder, { kind: 'install', location_id: 'bakery' }],
  SumsRequest: [SumsRequest, { from: '2026-01-01T00:00Z', to: '2026-01-02T00:00Z', counted: true }],
};

test.each(Object.entries(STRICT))(
  '%s takes what it knows and nothing else',
  (_, [schema, least]) => {
    expect(reasonOf(schema, least)).toBe('');
    expect(reasonOf(schema, { ...least, more: 1 })).not.toBe('');
    expect(reasonOf(schema, [least])).not.toBe('');
    for (const name of Object.keys(least)) {
      const { [name]: _gone, ...rest } = least as Record<string, unknown>;
      expect([name, reasonOf(schema, rest)]).not.toEqual([name, '']);
    }
  },
);

describe('a place', () => {
  test.each([
    [{ location_id: null }, ''],
    [{ latitude: 0, longitude: 0 }, ''],
    [{ latitude: -90, longitude: 180 }, ''],
    [{ latitude: 90, longitude: -180, location_id: 'bakery' }, ''],
    [{}, 'name a location_id, or latitude and longitude'],
    [{ latitude: 1 }, 'latitude and longitude belong together'],
    [{ longitude: 1, location_id: 'bakery' }, 'latitude and longitude belong together'],
    [{ latitude: 90.0001, longitude: 0 }, 'latitude: must be 90 or less'],
    [{ latitude: -91, longitude: 0 }, 'latitude: must be −90 or more'],
    [{ latitude: 0, longitude: 180.5 }, 'longitude: must be 180 or less'],
    [{ latitude: 0, longitude: -181 }, 'longitude: must be −180 or more'],
    [{ latitude: Number.NaN, longitude: 0 }, 'latitude: must be a number'],
    [{ latitude: Infinity, longitude: 0 }, 'latitude: must be 90 or less'],
    [{ latitude: '1', longitude: 0 }, 'latitude: must be a number'],
  ])('%j: "%s"', (place, words) => expect(reasonOf(MoveRequest, place)).toBe(words));
});

describe('readings that are judged', () => {
  const sums = (from: string, to: string) => reasonOf(SumsRequest, { from, to, counted: false });

  test.each([
    ['2026-01-01T00:00Z', '2026-01-01T00:01Z', ''],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00.001Z', ''],
    ['2026-01-01T00:00:00.5Z', '2026-01-01T00:00:01Z', ''],
    ['2024-02-29T00:00Z', '2024-03-01T00:00Z', ''],
    ['2026-01-01T00:00Z', '2026-02-01T00:00Z', ''], // 31 days
    ['2026-01-01T00:00Z', '2026-02-01T00:00:00.001Z', `more than ${JUDGED_DAYS_MAX} days apart`],
    ['2026-01-01T00:00Z', '2026-01-01T00:00:00.000Z', 'from must be before to'],
    ['2026-01-02T00:00Z', '2026-01-01T00:00Z', 'from must be before to'],
    ['2026-02-29T00:00Z', '2026-03-01T00:00Z', 'from: must be a time that the calendar has'],
    ['2026-01-01T24:00Z', '2026-01-03T00:00Z', 'from: must be a time that the calendar has'],
    ['2026-01-01T00:00Z', '2026-01-01T00:61Z', 'to: must be a time that the calendar has'],
    ['2026-01-01', '2026-01-02T00:00Z', 'from: must be a time like'],
    ['2026-01-01T00:00', '2026-01-02T00:00Z', 'from: must be a time like'],
    ['2026-01-01T00:00+00:00', '2026-01-02T00:00Z', 'from: must be a time like'],
    ['2026-01-01T00:00:00.1234Z', '2026-01-02T00:00Z', 'from: must be a time like'],
  ])('from %s to %s: "%s"', (from, to, words) => {
    expect(sums(from, to)).toContain(words);
    expect(sums(from, to) === '').toBe(words === '');
  });
});

describe('a label', () => {
  const SECRET = 'AZaz09_-AZaz09_-AZaz09';

  test.each([
    [{ pin: '0000' }, true],
    [{ pin: '9999', secret: SECRET }, true],
    [{ pin: '123' }, false],
    [{ pin: '12345' }, false],
    [{ pin: 1234 }, false],
    [{ pin: '12e4' }, false],
    [{ pin: '1234\n' }, false],
    [{ pin: '１２３４' }, false],
    [{ pin: '0000', secret: SECRET.slice(1) }, false],
    [{ pin: '0000', secret: `${SECRET}A` }, false],
    [{ pin: '0000', secret: SECRET.replace('_', '+') }, false],
    [{ secret: SECRET }, false], // who has a QR code has a PIN below it
  ])('%j is one: %s', (label, is) => expect(v.is(PinRequest, label)).toBe(is));

  test.each([
    [{ pin: '0042' }, true],
    [{ secret: SECRET }, true],
    [{ pin: '0042', secret: SECRET }, false],
    [{}, false],
  ])('%j takes the unit to a location: %s', (proof, is) => {
    const words = 'must hold location_id and either pin or secret, as they are on the label';
    expect(reasonOf(ActivateRequest, { ...proof, location_id: 'bakery' })).toBe(is ? '' : words);
    expect(reasonOf(ActivateRequest, proof)).not.toBe('');
  });
});

describe('a work order', () => {
  const order = (fields: object) =>
    reasonOf(NewWorkOrder, { kind: 'inspect', location_id: 'bakery', ...fields });

  test.each([
    [{ note: 'x'.repeat(1000), device_id: 'JBNB0001', assigned_to: 'dev-installer' }, ''],
    [{ note: 'x'.repeat(1001) }, 'note: must not be longer than 1000 characters'],
    [{ note: '\u0007' }, 'note: must not hold control characters'],
    [{ kind: 'paint' }, 'kind: '],
    [{ assigned_to: 'x'.repeat(65) }, 'assigned_to: must be a user id'],
    [{ assigned_to: 'a b' }, 'assigned_to: must be a user id'],
    [{ device_id: null }, 'device_id: '],
  ])('%#: "%s"', (fields, words) => {
    expect(order(fields).slice(0, words.length)).toBe(words);
    expect(order(fields) === '').toBe(words === '');
  });

  test('has an empty note where nothing is noted, and lines where there are', () => {
    const least = { kind: 'inspect', location_id: 'bakery' };
    expect(v.parse(NewWorkOrder, least).note).toBe('');
    expect(v.parse(NewWorkOrder, { ...least, note: 'a\r\nb' }).note).toBe('a\nb');
    expect(v.parse(CloseWorkOrder, { outcome: 'done' })).toEqual({ outcome: 'done' });
  });

  test.each([
    ['0123456789abcdef', true],
    ['0123456789abcde', false],
    ['0123456789abcdef0', false],
    ['0123456789ABCDEF', false],
  ])('%s is its id: %s', (id, is) => expect(v.is(WorkOrderId, id)).toBe(is));
});

describe('a registration', () => {
  const least = {
    device_id: 'JBNB0042',
    token_sha256: 'a'.repeat(64),
    mac: '02:4A:42:00:00:01',
    firmware: '6.0.0',
  };

  test.each([
    [{ token_age_s: 0 }, ''],
    [{ token_age_s: 315_360_000, location_id: 'x'.repeat(64), replace: true }, ''],
    [{ token_age_s: -1 }, 'token_age_s: '],
    [{ token_age_s: 315_360_001 }, 'token_age_s: '],
    [{ token_age_s: 0.5 }, 'token_age_s: '],
    [{ mac: '02:4A:42:00:00' }, 'mac: must be a MAC'],
    [{ mac: '02:4A:42:00:00:01:02' }, 'mac: must be a MAC'],
    [{ mac: '02-4A-42-00-00-01' }, 'mac: must be a MAC'],
    [{ location_id: 'x'.repeat(65) }, 'location_id: '],
    [{ firmware: 'x'.repeat(33) }, 'firmware: '],
    [{ replace: 'yes' }, 'replace: '],
  ])('with %j: "%s"', (fields, words) => {
    const reason = reasonOf(RegisterRequest, { ...least, ...fields });
    expect(reason.slice(0, words.length)).toBe(words);
    expect(reason === '').toBe(words === '');
  });
});

test('settings without a region are those of the United States', () => {
  const least = {
    supabase_url: '/supabase',
    supabase_anon_key: 'x',
    device_host: 'units.example.net',
    device_port: 80,
    environment: 'production',
  };
  expect(v.parse(Settings, least)).toMatchObject({
    modem_apn: 'hologram',
    modem_bands: '2,4,12,13,66',
  });
  expect(reasonOf(Settings, { ...least, modem_apn: 'a"b' })).toMatch(/^modem_apn: must be/);
});

test.each([
  [{}, { range: 'day' }],
  [
    { day: 'yesterday', range: 'week' },
    { day: 'yesterday', range: 'week' },
  ],
  [{ day: '2026-01-28' }, { day: '2026-01-28', range: 'day' }],
])('of the query %j is shown %j', (query, shown) => {
  expect(v.parse(InsightsQuery, query)).toEqual(shown);
});

test.each([
  ['tomorrow', 'must be today, yesterday or a date like 2026-01-28'],
  ['', 'must be today, yesterday or a date like 2026-01-28'],
  ['2026-1-1', 'must be today, yesterday or a date like 2026-01-28'],
  ['2026-02-30', 'must be a date that the calendar has'],
])('"%s" is no day to show: %s', (day, words) => {
  expect(reasonOf(InsightsQuery, { day })).toBe(`day: ${words}`);
});

test.each([
  ['x'.repeat(64), true],
  ['x'.repeat(65), false],
  ['%_\'"\\', true], // part of a name, whatever it means to a database
])('the fleet is searched for %j: %s', (text, is) => expect(v.is(FleetQuery, { text })).toBe(is));
