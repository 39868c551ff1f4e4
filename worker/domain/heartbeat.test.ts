/** A heartbeat's answer by what the round trip found. */
import { expect, test } from 'vitest';
import { type HeartbeatEntry, type HeartbeatOutcome, takeHeartbeat } from './heartbeat.ts';

const HASH = 'a'.repeat(64);
const WHO = { device_id: 'JBNB0001', token_sha256: HASH };
const NOW_MS = Date.UTC(2026, 0, 28, 12, 0, 0, 7);
const FOUND: HeartbeatOutcome = {
  device: { token_sha256: HASH, status: 'active', config_version: 3, floods: 0 },
  window: { started_s: NOW_MS / 1000 - 60, requests: 10 },
  command: { id: '00000001', name: 'send_now' },
};
const take = (found: Partial<HeartbeatOutcome>, firmware?: string, seen: HeartbeatEntry[] = []) =>
  takeHeartbeat(
    {
      async record(entry) {
        seen.push(entry);
        return { ...FOUND, ...found };
      },
    },
    { device_id: 'JBNB0001', firmware },
    WHO,
    NOW_MS,
  ).then(({ answer }) => answer);

test.each([
  ['6.0', true, ['status', 'server_time', 'command', 'command_id', 'config_version']],
  ['5.4', false, ['status', 'server_time', 'command', 'config_version']],
  [undefined, false, ['status', 'server_time', 'command', 'config_version']],
])('firmware %s: the keys and their order', async (firmware, acknowledges, keys) => {
  const seen: HeartbeatEntry[] = [];
  const answer = await take({}, firmware, seen);
  expect(Object.keys(answer)).toEqual(keys);
  expect(answer).toMatchObject({
    ...{ server_time: '2026-01-28T12:00:00.007000+00:00', command: 'send_now', config_version: 3 },
  });
  expect(seen).toMatchObject([{ received_ms: NOW_MS, acknowledges }]);
  const quiet = await take({ command: null }, firmware);
  expect(Object.keys(quiet)).toEqual(['status', 'server_time', 'config_version']);
});

test('who has not proven himself hears of no limit', async () => {
  const over = { started_s: Math.floor(NOW_MS / 1000) - 60, requests: 11 };
  const others: (HeartbeatOutcome['device'] | undefined)[] = [
    null,
    { token_sha256: 'b'.repeat(64), status: 'active', config_version: 1, floods: 0 },
    { token_sha256: HASH, status: 'inactive', config_version: 1, floods: 0 },
  ];
  for (const device of others) {
    await expect(take({ device: device ?? null, window: over })).rejects.toMatchObject({
      code: 'unauthenticated',
    });
  }
  await expect(take({ window: over })).rejects.toMatchObject({
    ...{ code: 'rate_limited', retryAfterS: 3540 },
  });
  expect(await take({ window: null })).toMatchObject({ status: 'ok' });
});
