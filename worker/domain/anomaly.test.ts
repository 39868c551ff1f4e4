/** The flag on units that send too much, over real D1. */
import { env } from 'cloudflare:workers';
import { expect, test } from 'vitest';
import { d1AnomalyStore } from '../d1/anomaly.ts';
import { addUnit, count, freshWorld } from '../testing/world.ts';
import { clearAnomaly, FLOODS, watch } from './anomaly.ts';

const BY = { actor: 'admin-key', nowMs: 7_999 };

test('a flood is flagged once, until somebody has looked', async () => {
  await freshWorld();
  await addUnit('JBNB0002');
  const anomalies = d1AnomalyStore(env.DB);
  const limit = (isWithin: boolean) => ({ take: async () => isWithin });
  const seen = (isWithin: boolean) => watch(limit(isWithin), anomalies, 'JBNB0002', BY.nowMs);
  expect([await seen(true), await seen(false), await seen(false), await seen(true)]).toEqual([
    ...[false, true, false, false],
  ]);
  const row = env.DB.prepare('SELECT * FROM devices').first();
  expect(await row).toMatchObject({ anomaly_reason: FLOODS, anomaly_since_s: 7 });
  await clearAnomaly(anomalies, BY, 'JBNB0002');
  await clearAnomaly(anomalies, BY, 'JBNB0002');
  expect([await count('audit'), await seen(false)]).toEqual([1, true]);
  await expect(clearAnomaly(anomalies, BY, 'JBNB0099')).rejects.toMatchObject({
    code: 'not_found',
  });
});
