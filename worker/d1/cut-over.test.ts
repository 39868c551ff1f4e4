/** What D1 hands over of a unit, and that it is closed from then on. Real D1. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { retentionTimes } from '../domain/retention.ts';
import { d1HeartbeatStore } from '../testing/earlier/heartbeat.ts';
import { d1ReadingStore } from '../testing/earlier/reading.ts';
import { send } from '../testing/own-shards.ts';
import { addUnit, freshWorld, nowS, TOKEN } from '../testing/world.ts';
import { d1Predecessor } from './cut-over.ts';
import { d1ShardRegistry } from './shard-facts.ts';

const id = 'JBNB0001';

test('what is handed over is what D1 has, and again the same', async () => {
  await freshWorld();
  await addUnit(id);
  const atS = nowS() - 3600;
  const sent = { id, start_s: atS - 300, i: 4, isDated: true, seq: 1 };
  await send(d1ReadingStore(env.DB), sent, atS);
  const credential = { device_id: id, token_sha256: await sha256Hex(TOKEN) };
  const heartbeat = { device_id: id, firmware: '6.0.1', uptime_s: 5, battery_pct: 70, radio: 2 };
  const entry = { heartbeat, received_ms: atS * 1000, acknowledges: true };
  await d1HeartbeatStore(env.DB).record(entry as never, credential);
  const before = d1Predecessor(env.DB, d1ShardRegistry(env.DB), retentionTimes({}));
  const history = await before.history(id, nowS());
  expect(history).toMatchObject({
    readings: [{ variant: 's1', location_id: 'bakery', is_counted: true, received_s: atS }],
    heartbeats: [{ received_ms: atS * 1000, uptime_s: 5, radio: 2, location_id: 'bakery' }],
    record: {
      contact: {
        heartbeat: { first_s: atS, last_s: atS, firmware: '6.0.1', battery_pct: 70, radio: 2 },
        newest: { period_start_s: atS - 300, variant: 's1' },
        first_reading_s: atS,
      },
    },
  });
  expect(await before.history(id, nowS())).toEqual(history);
  expect(await before.history('JBNB0099', nowS())).toBeNull();
  await expect(d1HeartbeatStore(env.DB).record(entry as never, credential)).rejects.toThrow(
    'cut over',
  );
});
