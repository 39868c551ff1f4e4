/** A receiver that does not listen, from the unit's heartbeat to what people see. */

import { env } from 'cloudflare:workers';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Alert } from '../../../shared/contracts/alert.ts';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { mailAlerts, reviewAlerts } from '../../domain/silence.ts';
import { adaptersOf } from '../../services.ts';
import { forgetHours, keptHeartbeats } from '../../testing/kept.ts';
import { addUnit, ask, freshWorld, send } from '../../testing/world.ts';

const ID = 'JBNB0001';
const beat = async (more: object, v = '6.0.0') => {
  // the limit is ten an hour; these tests are faster than a unit
  await forgetHours();
  const answer = await send('/api/heartbeat', { d: ID, v, uptime: 60, cfg: 0, ...more });
  expect(answer.status, await answer.text()).toBe(200);
};
const status = async () => (await ask('ines', `/api/v1/units/${ID}`)).json<UnitStatus>();
const fleet = async () => {
  const { units } = await (await ask('ada', '/api/v1/fleet')).json<{ units: FleetUnit[] }>();
  return units[0]?.broken_receivers;
};
const alerts = async () => {
  await reviewAlerts(adaptersOf(env).silence, Date.now());
  const { alerts } = await (await ask('olga', '/api/v1/alerts?state=all')).json<{
    alerts: Alert[];
  }>();
  return alerts.map(({ kind, detail, ended_at }) => ({ kind, detail, open: ended_at === null }));
};

beforeEach(async () => {
  await freshWorld();
  await addUnit(ID);
});

test('a unit that listens is not shown, and costs its heartbeat nothing', async () => {
  await beat({});
  expect((await status()).broken_receivers).toBeUndefined();
  expect(await fleet()).toEqual([]);
  expect(await alerts()).toEqual([]);
});

test('a broken receiver is stored, shown, an alert, and mailed once', async () => {
  await beat({ radio: 1 });
  expect((await status()).broken_receivers).toEqual(['wifi']);
  expect(await fleet()).toEqual(['wifi']);
  const open = { kind: 'radio', detail: 'Wi-Fi does not listen: nobody is counted', open: true };
  expect(await alerts()).toEqual([open]);
  const sent: string[] = [];
  const mailer = { send: async ({ text }: { text: string }) => void sent.push(text) };
  const { silence } = adaptersOf(env);
  for (let hour = 0; hour < 2; hour += 1) await mailAlerts(silence, mailer, Date.now());
  expect(sent).toHaveLength(1);
  expect(sent[0]).toContain('With a broken receiver:\n- JBNB0001');

  await beat({ radio: 3 });
  expect(await fleet()).toEqual(['wifi', 'bluetooth']);
  expect((await alerts())[0]?.detail).toMatch(/^neither Wi-Fi nor Bluetooth/);
  await mailAlerts(silence, mailer, Date.now());
  expect(sent[1]).toContain('neither Wi-Fi nor Bluetooth');

  await beat({});
  expect((await status()).broken_receivers).toBeUndefined();
  expect((await alerts()).map((alert) => alert.open)).toEqual([false]);
  await mailAlerts(silence, mailer, Date.now());
  expect(sent[2]).toContain('Well again');
});

describe('what is not said', () => {
  test('a unit of 5.x says nothing of its radio, and nothing is believed of it', async () => {
    await beat({}, '5.3');
    const [row] = await keptHeartbeats();
    expect(row).toMatchObject({ radio: null });
    expect(await fleet()).toEqual([]);
  });

  test('a bit of a later firmware is no reason to refuse its heartbeat', async () => {
    await beat({ radio: 6 });
    expect(await fleet()).toEqual(['bluetooth']);
  });

  test.each([-1, 256, 1.5, 'wifi'])('%j is refused in words', async (radio) => {
    const answer = await send('/api/heartbeat', { d: ID, v: '6.0.0', radio });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('radio')]);
  });

  test('a unit that is registered anew begins without a fault', async () => {
    await beat({ radio: 3 });
    const body = {
      device_id: ID,
      token_sha256: await sha256Hex('N'.repeat(43)),
      mac: '02:4A:42:00:00:01',
      firmware: '6.0.0',
      replace: true,
    };
    expect((await ask('ada', '/api/v1/units', { body })).status).toBe(201);
    expect((await status()).broken_receivers).toBeUndefined();
  });
});
