/** Signs of life as a table: what newer firmware says of its health, and older does not. */
import { expect, test } from 'vitest';
import { detailOf } from '../../app/testing/sensors.ts';
import { mount, text } from '../testing/mount.ts';
import './sensor-history.ts';

const NOW = Date.parse('2026-11-30T12:04:00Z');
const beat = {
  ...{ received_at: '2026-11-30T12:00:00Z', firmware: '6.0.0', uptime_s: 60 },
  ...{ cell_rssi_dbm: -80, battery_pct: null },
};
const shown = async (heartbeats: object[]) => {
  const detail = { ...detailOf(1), heartbeats };
  const element = await mount('jb-sensor-history', { detail, now: NOW } as never);
  const table = element.shadowRoot?.querySelector('section:last-of-type') ?? element;
  return { words: text(element), heads: [...table.querySelectorAll('th[scope=col]')].length };
};

test('memory and why it started stand beside what it says as well', async () => {
  const told = [{ ...beat, free_kib: 120, free_min_kib: 96, start_reason: 'brownout' }, beat];
  const { words, heads } = await shown(told);
  expect(heads).toBe(7);
  expect(words).toContain('120 KB Its voltage fell too low 6.0.0');
  expect(words).toContain('– – 6.0.0');
});

test('of a sensor that never says so there are no empty columns', async () => {
  const { words, heads } = await shown([beat]);
  expect(heads).toBe(5);
  expect(words).not.toContain('memory');
});
