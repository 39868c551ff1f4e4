/** What was prepared offline: from waiting to proven, and what came in between, in words. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { UnitStatus } from '../../shared/contracts/portal.ts';
import type { WorkOrder } from '../../shared/contracts/work-order.ts';
import { AppError } from '../../shared/errors.ts';
import type { LogLine } from './bench-log.ts';
import type { OutboxEntry } from './ports.ts';
import { confirmWords, ToConfirm } from './to-confirm.ts';

const MAC = '02:4A:42:00:00:01';
const line = (more: Partial<LogLine> = {}): LogLine => ({
  ...{ account: 'id-ines', number: 1, page: 'tab', by: 'ines@example.net', action: 'prepare' },
  ...{ mac: MAC, deviceId: 'JBNB0001', locationId: 'bakery', jambox: '6', provisioning: '6' },
  ...{ beganAt: 1, endedAt: 2, result: 'done', stage: 'signal', trouble: '', isQueued: true },
  ...{ signalDbm: -80 },
  ...more,
});
const status = (more: Partial<UnitStatus> = {}): UnitStatus => ({
  ...{ device_id: 'JBNB0001', registered: true, mac: MAC, status: 'active', location_id: 'bakery' },
  ...{ registered_at: 'x', first_heartbeat_at: null, first_reading_at: null, last_seen_at: null },
  ...{ firmware: '6' },
  ...more,
});
const entry = (refused: string | null): OutboxEntry => ({
  ...{ id: 1, queuedAt: 1, refused },
  request: { device_id: 'JBNB0001', token_sha256: 'a'.repeat(64), mac: MAC, firmware: '6' },
});
const order = (more: Partial<WorkOrder> = {}): WorkOrder => ({
  ...{ id: '019a0000000abcde', kind: 'install', location_id: 'bakery', device_id: null, note: '' },
  ...{ created_at: 'x', created_by: 'id-ada', assigned_to: 'id-ines', closed_at: null },
  ...{ closed_by: null, outcome: null },
  ...more,
});

let world: {
  lines: LogLine[];
  entries: OutboxEntry[];
  status: UnitStatus | null;
  orders: WorkOrder[];
};
let confirm: ToConfirm;
let changed = () => {};
beforeEach(() => {
  world = { lines: [line()], entries: [entry(null)], status: null, orders: [order()] };
  const answer = async <T>(value: T | null): Promise<T> => {
    if (value === null) throw new AppError('unavailable', 'Away.');
    return value;
  };
  confirm = new ToConfirm({
    log: async () => ({
      onChange: (fn) => {
        changed = fn;
        return () => {
          changed = () => {};
        };
      },
      shown: async () => ({ lines: world.lines, dropped: 0 }),
      confirm: async ({ number }) => {
        world.lines = world.lines.map((one) =>
          one.number === number ? { ...one, confirmedAt: 3 } : one,
        );
      },
    }),
    entries: () => world.entries,
    unitStatus: () => answer(world.status),
    work: {
      orders: async () => ({ work_orders: world.orders, next_cursor: null }),
      places: async () => [{ id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'UTC' }],
    },
    taken: async () => [{ id: '019a0000000abcde', locationId: 'bakery' }],
    userId: () => 'id-ines',
  });
});

const states = async () => {
  await confirm.look();
  return confirm.state.value.units.map(({ state }) => state);
};
const said = async () => {
  await confirm.look();
  return confirm.state.value.orders;
};

test('from waiting to proven, and then no more after the page is opened anew', async () => {
  expect(await states()).toEqual(['waits']);
  world.entries = [];
  world.status = status();
  expect(await states()).toEqual(['silent']);
  world.status = status({ first_heartbeat_at: 'x' });
  expect(await states()).toEqual(['heard']);
  world.status = status({ first_heartbeat_at: 'x', first_reading_at: 'x' });
  expect(await states()).toEqual(['proven']);
  expect(await states()).toEqual(['proven']);
  expect(world.lines[0]?.confirmedAt).toBe(3);
});

test('without a network nothing is said to be lost: it stays as it was', async () => {
  world.entries = [];
  expect(await states()).toEqual(['sent']);
  world.status = status();
  expect(await states()).toEqual(['silent']);
  world.status = null;
  expect(await states()).toEqual(['silent']);
});

test('the id taken meanwhile, another’s by now, or nothing left to send: what to do', async () => {
  world.entries = [entry('JBNB0001 is registered or reserved by someone else.')];
  expect(await states()).toEqual(['refused']);
  expect(confirmWords('refused')).toContain('prepare this unit with another id');
  world.entries = [];
  world.status = status({ mac: '02:4A:42:00:00:02', first_reading_at: 'x' });
  expect(await states()).toEqual(['another']);
  world.status = status({ registered: false, mac: null });
  expect(await states()).toEqual(['gone']);
});

test('of a chip only its last preparation counts, and only what had waited', async () => {
  world.lines = [
    line({ number: 3, deviceId: 'JBNB0003', isQueued: false }),
    line({ number: 2, mac: '02:4A:42:00:00:02', result: 'failed' }),
    line({ number: 1 }),
  ];
  expect(await states()).toEqual([]);
});

test('the order was closed, or is somebody else’s: said, with what to do', async () => {
  expect(await said()).toEqual([]);
  world.orders = [order({ closed_at: '2026-01-28T12:00:00Z' })];
  expect(await said()).toEqual([expect.stringMatching(/Harbour Street Bakery.* was closed/)]);
  world.orders = [];
  expect(await said()).toEqual([expect.stringMatching(/is not yours any more/)]);
  world.orders = [order({ assigned_to: 'id-otto' })];
  expect(await said()).toEqual([expect.stringMatching(/is not yours any more/)]);
  world.orders = [order()];
  expect(await said()).toEqual([]);
});

test('a unit that is prepared now is listed at once; watching ends', async () => {
  world.lines = [];
  const stop = await confirm.watch();
  await confirm.look();
  world.lines = [line()];
  changed();
  await vi.waitFor(() => expect(confirm.state.value.units).toHaveLength(1));
  stop();
  world.lines = [line({ number: 2, mac: '02:4A:42:00:00:02', deviceId: 'JBNB0002' }), line()];
  changed();
  expect(await states()).toHaveLength(2); // by looking, not by the change
});
