/** Lists: each takes the cursors that its own pages give, and no other's; pages have limits. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { DevicesQuery, HeartbeatsQuery, OtaStatusQuery, ReadingsQuery } from './admin.ts';
import { AlertKey, AlertKind, AlertsQuery } from './alert.ts';
import { AuditQuery } from './audit.ts';
import { CommandHistoryQuery } from './command.ts';
import { describeIssues } from './common.ts';
import { FleetQuery } from './fleet.ts';
import { DoubtsQuery } from './judgement.ts';
import { NoticesQuery } from './notice.ts';
import { PeopleQuery } from './people.ts';
import { WorkOrdersQuery } from './work-order.ts';

const MS = '1769602530123';
const S = '1769602500';

/** As the Worker puts keys together (worker/domain/page.ts), with the longest parts they have. */
const LISTS: Record<string, { query: v.GenericSchema; cursors: string[] }> = {
  devices: { query: DevicesQuery, cursors: ['JBNB0000', 'JBNB9999', 'JBNB99999999'] },
  readings: {
    query: ReadingsQuery,
    cursors: [
      `JBNB0001~${S}~`,
      `JBNB0001~${S}~s4294967295`, // numbered by its unit
      `JBNB0001~${S}~u4294967295-0123456789abcdef`, // numbered, of a unit without a clock
      `JBNB0001~${S}~0123456789abcdef`, // by what it counted
      'JBNB0001~0~s1',
      `JBNB99999999~99999999999~u4294967295-0123456789abcdef`,
    ],
  },
  heartbeats: { query: HeartbeatsQuery, cursors: [`${MS}~JBNB0001`, `${MS}~JBNB99999999`] },
  updates: { query: OtaStatusQuery, cursors: [`${MS}~JBNB0001`, `${MS}~JBNB99999999`] },
  alerts: {
    query: AlertsQuery,
    cursors: AlertKind.options.flatMap((kind) => [
      `${S}~JBNB0001~${kind}`,
      `${S}~JBNB99999999~${kind}`,
    ]),
  },
  audit: { query: AuditQuery, cursors: ['1', '123456789012345'] },
  commands: { query: CommandHistoryQuery, cursors: [`${S}~c0ffee00`, `${S}~0123456789abcdef`] },
  fleet: { query: FleetQuery, cursors: ['JBNB0042', 'JBNB10042'] },
  doubts: {
    query: DoubtsQuery,
    cursors: [`${S}~`, `${S}~s7`, `${S}~u4294967295-0123456789abcdef`, `${S}~0123456789abcdef`],
  },
  notices: { query: NoticesQuery, cursors: ['1', '123456789012345'] },
  people: { query: PeopleQuery, cursors: ['8d7ac7a1-93f1-4c7e-8a19-0c2a1a5b7f01', 'dev-owner'] },
  orders: { query: WorkOrdersQuery, cursors: ['0123456789abcdef'] },
};

const reasonOf = (query: v.GenericSchema, value: unknown) => {
  const { success, issues } = v.safeParse(query, value);
  return success ? '' : describeIssues(issues);
};

describe.each(Object.entries(LISTS))('%s', (_, { query, cursors }) => {
  test.each(cursors)('goes on at %s', (cursor) => {
    expect(v.parse(query, { cursor })).toMatchObject({ cursor });
  });

  test('does not go on at what no page said', () => {
    const whole = cursors[0] ?? '';
    const odd = [`${whole}'`, ` ${whole}`, `${whole}\n`, `${whole}~x y`, '~', 'é', 'x'.repeat(65)];
    for (const cursor of ['', ...odd]) {
      expect([cursor, reasonOf(query, { cursor })]).toEqual([
        cursor,
        expect.stringMatching(/^cursor: /),
      ]);
    }
  });

  test('begins at the beginning, with a page that is not too large', () => {
    const { cursor, limit } = v.parse(query, {}) as { cursor?: string; limit: number };
    expect([cursor, limit]).toEqual([undefined, Number(limitOf(query).normal)]);
  });

  test('has pages of one row up to its limit', () => {
    const { most } = limitOf(query);
    for (const limit of [1, 2, most]) {
      expect(v.parse(query, { limit: `${limit}` })).toMatchObject({ limit });
    }
    for (const limit of [
      '0',
      '00',
      '-1',
      `${most + 1}`,
      '1e2',
      '5.0',
      '0x5',
      '',
      ' 5',
      '5 ',
      '五',
    ]) {
      expect([limit, reasonOf(query, { limit })]).toEqual([
        limit,
        expect.stringMatching(/^limit: must (be|not)/),
      ]);
    }
  });
});

/** The admin API's pages are larger (docs/formats/device-api.md). */
function limitOf(query: v.GenericSchema) {
  const isAdmin = [DevicesQuery, ReadingsQuery, HeartbeatsQuery, OtaStatusQuery].some(
    (one) => one === query,
  );
  return isAdmin ? { normal: 100, most: 1000 } : { normal: 50, most: 200 };
}

test('no list takes another’s cursor, unless their keys are alike', () => {
  const alike = [
    ['devices', 'fleet', 'people'],
    ['heartbeats', 'updates'],
    ['audit', 'notices', 'people'],
    ['orders', 'people'],
    ['commands', 'doubts'],
  ];
  for (const [name, { cursors }] of Object.entries(LISTS)) {
    for (const [other, { query }] of Object.entries(LISTS)) {
      if (other === name || alike.some((group) => [name, other].every((n) => group.includes(n))))
        continue;
      for (const cursor of cursors) {
        expect([name, other, reasonOf(query, { cursor }) === '']).toEqual([name, other, false]);
      }
    }
  }
});

/** Every kind of target that the Worker writes into the trail. */
test.each([
  'unit:JBNB0001',
  'work-order:0123456789abcdef',
  'alert:JBNB0001:credential:1769602500',
  'person:8d7ac7a1-93f1-4c7e-8a19-0c2a1a5b7f01',
  'ota:5.4',
  'ota:6.0.0-rc.1+build_7', // all that a version may hold
])('changes of %s can be asked for', (target) => {
  expect(v.parse(AuditQuery, { target })).toMatchObject({ target });
});

test.each([
  'unit:',
  'JBNB0001',
  'store:1',
  'unit:a b',
  "unit:'",
  'unit:a/b',
  `ota:${'x'.repeat(65)}`,
])('nothing is %s', (target) =>
  expect(reasonOf(AuditQuery, { target })).toBe('target: must be a target like unit:JBNB0001'),
);

test('an alert is named by unit, kind and start', () => {
  const key = { id: 'JBNB0001', kind: 'radio', started: S };
  expect(v.parse(AlertKey, key)).toEqual({ ...key, started: Number(S) });
  for (const started of ['', '-1', '1.5', '123456789012', 'now']) {
    expect(reasonOf(AlertKey, { ...key, started })).toBe('started: must be Unix seconds');
  }
  expect(reasonOf(AlertKey, { ...key, kind: 'late' })).toMatch(/^kind: /);
});

test.each([
  [AlertsQuery, ['open', 'all']],
  [WorkOrdersQuery, ['open', 'all']],
])('open ones are shown unless all are asked for', (query, states) => {
  expect(v.parse(query, {}).state).toBe('open');
  for (const state of states) expect(v.parse(query, { state })).toMatchObject({ state });
  expect(reasonOf(query, { state: 'closed' })).toMatch(/^state: /);
});
