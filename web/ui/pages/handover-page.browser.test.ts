/** The sheet that is signed when units are handed over, on the screen and as the printer has it. */
import { afterEach, expect, test, vi } from 'vitest';
import { cdp, page, userEvent } from 'vitest/browser';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import { AppError } from '../../../shared/errors.ts';
import type { LogLine } from '../../app/bench-log.ts';
import { ObservableValue } from '../../app/observable.ts';
import { SessionDrafts } from '../../storage/drafts.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './handover-page.ts';

/** What is used of Chromium's protocol: https://chromedevtools.github.io/devtools-protocol */
interface Protocol {
  send(method: string, parameters: object): Promise<unknown>;
}
const chromium = cdp() as Protocol;
const paper = (media: 'print' | '') => chromium.send('Emulation.setEmulatedMedia', { media });
const here = location.href;
afterEach(async () => {
  await paper('');
  sessionStorage.clear();
  history.replaceState(null, '', here);
});

const UNIT: FleetUnit = {
  ...{ device_id: 'JBNB0001', name: 'Door', location_id: 'b1', location_name: 'Bakery Hill' },
  ...{ status: 'active', state: 'online', anomaly: null, broken_receivers: [], quality: 'OK' },
  ...{ firmware: '6.1.0', last_seen_at: '2026-11-30T09:00:00Z', cell_rssi_dbm: -85 },
  ...{ battery_pct: null, latitude: null, longitude: null },
};
const LINE: LogLine = {
  ...{ account: 'id-ada', number: 1, page: 'tab', by: 'ada@example.net', action: 'prepare' },
  ...{ mac: 'F4:12:FA:00:00:02', deviceId: 'JBNB0002', locationId: 'b1', jambox: '6.0.0' },
  ...{ provisioning: '6.0.0', beganAt: 1, endedAt: 1_796_000_031_000, result: 'done' },
  ...{ stage: 'signal', trouble: '', isQueued: true, signalDbm: -97 },
};
const PLACE = { id: 'b1', name: 'Bakery Hill', time_zone: 'UTC', address: '1 Hill Road' };

async function sheet(role: 'installer' | 'owner' | null = 'installer', isAway = false) {
  const { session } = signedIn(role);
  const parts = {
    work: {
      places: async () => [PLACE],
      place: async () => ({ ...PLACE, latitude: null, longitude: null }),
      unitsAt: async () => {
        if (isAway) throw new AppError('unavailable', 'The server cannot be reached.');
        return [UNIT];
      },
    },
    log: { shown: async () => ({ lines: [LINE], dropped: 0 }) },
    drafts: new SessionDrafts(sessionStorage, () => session.state.value.user?.id ?? null),
    asOf: new ObservableValue<number | null>(null),
  };
  const element = await mount('jb-handover-page', { parts, session, locationId: 'b1' });
  await settled(element);
  await settled(element);
  return element;
}

const where = () => page.getByRole('textbox', { name: 'Where JBNB0001 hangs' });

test('units of the backend and of the bench, with the signal where it was measured', async () => {
  const element = await sheet();
  const rows = [...(element.shadowRoot?.querySelectorAll('tbody tr') ?? [])].map(text);
  expect(rows[0]).toContain('JBNB0001 Door');
  expect(rows[0]).toContain('good, −85 dBm (where it hangs,');
  expect(rows[1]).toContain('JBNB0002 F4:12:FA:00:00:02');
  expect(rows[1]).toContain('−97 dBm (on the bench)');
  expect(rows[1]).toContain('ada@example.net');
  expect(text(element)).toContain('Handover: Bakery Hill');
  expect(text(element)).toContain('1 Hill Road');
});

test('what is typed outlives a reload, of the same person', async () => {
  const before = await sheet();
  await userEvent.fill(where(), 'above the door');
  await userEvent.fill(page.getByRole('textbox', { name: 'Notes' }), 'Key at the bar');
  before.remove();
  const after = await sheet();
  await expect.element(where()).toHaveValue('above the door');
  await expect.element(page.getByRole('textbox', { name: 'Notes' })).toHaveValue('Key at the bar');
  after.remove();
});

test('on paper: facts, notes and lines to sign, and nothing to press', async () => {
  await sheet();
  await userEvent.fill(page.getByRole('textbox', { name: 'Notes' }), 'Key at the bar');
  await paper('print');
  await expect.element(page.getByText('Key at the bar').last()).toBeVisible();
  for (const line of ['Place and date', 'Handed over by', 'Taken over by'])
    await expect.element(page.getByText(line)).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Print' })).not.toBeInTheDocument();
  await expect.element(page.getByText('Add photos')).not.toBeVisible();
});

test('photos stay on the page, six at most, and can be taken off', async () => {
  const element = await sheet();
  const calls = vi.spyOn(globalThis, 'fetch');
  const canvas = new OffscreenCanvas(4, 4);
  canvas.getContext('2d')?.fillRect(0, 0, 4, 4);
  const pixel = await canvas.convertToBlob();
  const input = element.shadowRoot?.querySelector<HTMLInputElement>('#photos');
  const chosen = new DataTransfer();
  for (let i = 0; i < 8; i += 1)
    chosen.items.add(new File([pixel], `${i}.png`, { type: 'image/png' }));
  chosen.items.add(new File(['text'], 'notes.txt', { type: 'text/plain' }));
  Object.assign(input ?? {}, { files: chosen.files });
  input?.dispatchEvent(new Event('change'));
  await settled(element);
  expect(element.shadowRoot?.querySelectorAll('img')).toHaveLength(6);
  await page.getByRole('button', { name: 'Take it off' }).first().click();
  expect(element.shadowRoot?.querySelectorAll('img')).toHaveLength(5);
  expect(calls).not.toHaveBeenCalled();
});

test('without a network and without anything kept it says so', async () => {
  const element = await sheet('installer', true);
  expect(text(element)).toContain('The server cannot be reached.');
});

test.each([
  ['owner', 'Units are prepared by installers'],
  [null, 'You are not signed in'],
] as const)('%s gets no sheet', async (role, words) => {
  const element = await sheet(role);
  expect(text(element)).toContain(words);
  expect(element.shadowRoot?.querySelector('table')).toBeNull();
});
