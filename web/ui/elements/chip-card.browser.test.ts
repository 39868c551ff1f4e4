import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import { change, fired, mount, text } from '../testing/mount.ts';
import './chip-card.ts';

const CHIP = {
  name: 'ESP32-S3 (QFN56)',
  revision: 'v0.2',
  mac: 'F4:12:FA:00:00:01',
  flashBytes: 8 * 1024 * 1024,
  target: 'esp32s3' as const,
};
const PLACES = [{ id: 'bakery', name: 'Harbour Street Bakery', time_zone: 'Europe/Berlin' }];

function unit(deviceId: string, changes: Partial<UnitStatus> = {}): UnitStatus {
  return {
    device_id: deviceId,
    registered: true,
    mac: CHIP.mac,
    status: 'active',
    location_id: 'bakery',
    registered_at: '2026-01-28T12:00:00Z',
    first_heartbeat_at: null,
    first_reading_at: null,
    last_seen_at: null,
    ...changes,
  } as UnitStatus;
}

const card = (units: readonly UnitStatus[] | null, chip: object = CHIP) =>
  mount('jb-chip-card', { chip, units, locations: PLACES } as never);

test('who the chip says it is', async () => {
  const element = await card(null);
  expect(text(element)).toBe(
    'Chip ESP32-S3 (QFN56) Revision v0.2 MAC F4:12:FA:00:00:01 Flash 8 MB Firmware for ESP32-S3',
  );
  await change(element, { chip: { ...CHIP, target: 'virtual' } });
  expect(text(element)).toContain('Firmware for virtual unit');
});

test('nothing is said of the backend until it has answered', async () => {
  const element = await card(null);
  expect(text(element)).not.toContain('backend');
  await change(element, { units: [] });
  expect(text(element)).toContain('The server does not know this chip yet.');
});

test.each([
  [{}, 'at Harbour Street Bakery, never seen.'],
  [{ location_id: null }, 'not placed, never seen.'],
  [{ location_id: 'elsewhere' }, 'at another place, never seen.'],
  [{ status: 'inactive' }, 'at Harbour Street Bakery, out of service, never seen.'],
  [{ status: 'maintenance' }, 'at Harbour Street Bakery, in maintenance, never seen.'],
] as const)('%j is said as: %s', async (changes, words) => {
  const element = await card([unit('JBNB0042', changes as Partial<UnitStatus>)]);
  expect(text(element)).toContain(`The server knows this chip as JBNB0042, ${words}`);
});

test('an id that the chip has left is freed by its own button', async () => {
  const element = await card([unit('JBNB0003'), unit('JBNB0002'), unit('JBNB0001')]);
  const events = fired(element, 'release');
  await expect.element(page.getByRole('button').first()).toHaveTextContent('Free this id');
  expect(page.getByRole('button').elements()).toHaveLength(2);
  await page.getByRole('button').nth(1).click();
  expect(events).toEqual([['release', 'JBNB0001']]);
});
