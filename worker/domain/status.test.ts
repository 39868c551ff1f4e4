/** How the backend is, and the times of retention: clocks that go back, and settings by hand. */
import { describe, expect, test } from 'vitest';
import {
  PURGE_ROWS_MAX,
  purgeOld,
  type RetentionLimits,
  type RetentionStore,
  retentionTimes,
} from './retention.ts';
import { backendStatus, type StatusPorts } from './status.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const counts = {
  ...{ units: 1, units_active: 1, units_heard_last_hour: 1, units_anomalous: 0, locations: 1 },
  ...{ people: 1, alerts_open: 0, commands_waiting: 0, work_orders_open: 0 },
  ...{ alerts_unmailed: 0, notices_unmailed: 0, dismissals_waiting: 0, erasures_waiting: 0 },
};

/** @param tookMs by how much the clock moves while the database answers */
function portsOf(tookMs: number, syncedS: number | null): StatusPorts {
  let nowMs = NOW;
  return {
    status: {
      ping: async () => {
        nowMs += tookMs;
      },
      counts: async (nowS) => ({ ...counts, units_heard_last_hour: nowS }),
      syncedS: async () => syncedS,
    },
    jobs: { remember: async () => {}, lastRuns: async () => [] },
    rollups: { countDirty: async () => 7 } as StatusPorts['rollups'],
    places: { lacking: async () => ({ rows: 0, synced_s: Number.MAX_SAFE_INTEGER }) } as never,
    now: () => nowMs,
  };
}

describe('the status', () => {
  const S = NOW / 1000;
  test.each([
    [40, S - 300, 40, 300],
    [0, S, 0, 0],
    [1999, S, 1999, 1],
    // by the clock of another isolate, and by one that jumped meanwhile
    [0, S + 5, 0, 0],
    [-2000, S - 300, 0, 298],
    [5, null, 5, null],
  ])('after %i ms, synced at %s: %i ms and a lag of %s', async (took, synced, latency, lag) => {
    const status = await backendStatus(portsOf(took, synced));
    expect(status).toMatchObject({
      as_of: new Date(NOW + took).toISOString(),
      d1_latency_ms: latency,
      sync: { rows_waiting: 7, lag_s: lag },
    });
    expect(status.counts.units_heard_last_hour).toBe(Math.floor((NOW + took) / 1000));
  });

  test.each([
    [3, S - 60, 10, 300],
    [3, S - 900, 10, 900],
    [3, null, 10, null],
    [0, S, 7, 300],
    // By the clock of another isolate, which is ahead.
    [0, S + 60, 7, 300],
  ])(
    'shards lack %i, synced at %s: %i rows wait, a lag of %s',
    async (rows, synced_s, all, lag) => {
      const ports = portsOf(0, S - 300);
      ports.places = { lacking: async () => ({ rows, synced_s }) } as StatusPorts['places'];
      const { sync } = await backendStatus(ports);
      expect(sync).toEqual({ rows_waiting: all, lag_s: lag });
    },
  );

  test('names each job with its last run, as its report says it', async () => {
    const ports = portsOf(0, null);
    const run = { job: 'hourly', started_ms: NOW - 5, took_ms: 3, ok: false, report: { a: 1 } };
    ports.jobs.lastRuns = async () => [run as never];
    const { started_ms: _, ...shown } = { ...run, started_at: new Date(NOW - 5).toISOString() };
    expect((await backendStatus(ports)).jobs).toEqual([shown]);
  });

  test('is none when a shard does not answer: what waits there nobody knows', async () => {
    const ports = portsOf(0, 0);
    const lacking = () => Promise.reject(new Error('no shard'));
    ports.places = { lacking } as unknown as StatusPorts['places'];
    await expect(backendStatus(ports)).rejects.toThrow('no shard');
  });

  test('is none when the database does not answer', async () => {
    const ports = portsOf(0, 0);
    ports.status.ping = () => Promise.reject(new Error('no answer'));
    await expect(backendStatus(ports)).rejects.toThrow('no answer');
  });
});

describe('retention', () => {
  test('keeps what a unit may still send again, and a bucket around it', async () => {
    let asked: [RetentionLimits, number] | undefined;
    const store: RetentionStore = {
      isTakenOver: async () => false,
      dropTakenOver: async () => false,
      purge: async (...given) => {
        asked = given;
        throw new Error('no report');
      },
    };
    await purgeOld(store, retentionTimes({}), NOW + 999).catch(() => {});
    const ago = (days: number) => NOW / 1000 - days * 86_400;
    expect(asked).toEqual([
      {
        readings_before_s: ago(30) - 600,
        heartbeats_before_s: ago(90),
        webhooks_before_s: ago(2),
        rollups_before_s: ago(800),
        traces_before_s: ago(400),
        ended_before_s: ago(1),
        answers_before_s: ago(31),
      },
      PURGE_ROWS_MAX,
    ]);
  });

  const settings = [
    ['RETENTION_READINGS_DAYS', 'readings_days', 30],
    ['RETENTION_HEARTBEATS_DAYS', 'heartbeats_days', 1],
    ['RETENTION_WEBHOOKS_HOURS', 'webhooks_hours', 1],
    ['RETENTION_ROLLUPS_DAYS', 'rollups_days', 92],
    ['RETENTION_TRACES_DAYS', 'traces_days', 92],
  ] as const;
  test.each(settings)('%s is a whole number within its bounds', (name, time, min) => {
    for (const good of [min, min + 1, 36_500]) {
      expect(retentionTimes({ [name]: String(good) })[time]).toBe(good);
    }
    for (const bad of [
      String(min - 1),
      '-1',
      '36501',
      '1e9',
      'Infinity',
      'NaN',
      'x',
      '45.5',
      '45 d',
    ]) {
      expect(() => retentionTimes({ [name]: bad }), bad).toThrow(
        `${name} must be a whole number, ${min} or more, 36500 at most.`,
      );
    }
    expect(retentionTimes({ [name]: '' })).toEqual(retentionTimes({}));
  });
});
