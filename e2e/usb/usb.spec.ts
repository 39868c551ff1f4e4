/**
 * The same story over Chromium's real Web Serial: the virtual unit behind RFC 2217 is plugged into
 * the browser as a USB device. Connect, both phases, first reading, and one pulled cable.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, expect, type Page, test } from '@playwright/test';
import {
  expectPrepared,
  signInAs,
  stage,
  stageTimes,
  startPreparing,
  unfold,
} from '../testing/bench.ts';
import { Watch } from '../testing/console-watch.ts';
import { stack } from '../testing/stack.ts';
import { Board, HOST, portIds } from './board.ts';
import { LAUNCH_MS, launchOn } from './browser.ts';
import { rigMissing, UsbRig } from './rig.ts';

const UNIT = 'JBNB0043';
const SEED = 1;
/** The cable keeps its pace; story.spec.ts has the bring-up at life’s. As in two-units.spec.ts. */
const SPEED = 2;

test.describe.configure({ mode: 'serial' });
const missing = rigMissing();
test.skip(missing !== null, missing ?? '');

let board: Board;
let rig: UsbRig;
let context: BrowserContext;
let page: Page;
let watch: Watch;

test.beforeAll(async () => {
  test.setTimeout(LAUNCH_MS);
  board = await Board.start(SEED, SPEED);
  rig = await UsbRig.start(stack().url);
  ({ context, page } = await launchOn(rig));
  watch = new Watch(context);
});
test.afterAll(async () => {
  await context?.close();
  await rig?.stop();
  board?.stop();
});
test.afterEach(() => {
  expect(watch.take(), 'errors on the console').toEqual([]);
});

test('a plugged unit is connected over USB', async () => {
  await signInAs(page, 'installer');
  await page.goto('/bench');
  await rig.plug(HOST, board.port);
  await expect.poll(() => page.evaluate(portIds)).toEqual(['303a:1001']);
  await page.getByRole('button', { name: 'Connect a unit' }).click();
  await expect(page.locator('[data-phase="connected"]')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByTestId('mac')).toHaveText(/^02:4A:42:/i);
});

test('a cable pulled while writing is reported', async () => {
  test.setTimeout(120_000);
  await startPreparing(page, UNIT);
  await expect(stage(page, 'write-provisioning')).toHaveAttribute('data-state', 'running');
  await sleep(500);
  await rig.unplug();
  await board.power(false);
  const failure = page.getByTestId('failure');
  await expect(failure).toBeVisible({ timeout: 60_000 });
  await expect(failure).toContainText(/plug/i);
});

test('plugged in again, Try again prepares it from a clean start', async ({
  browserName: _,
}, info) => {
  test.setTimeout(300_000);
  await board.power(true);
  await rig.plug(HOST, board.port);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectPrepared(page, UNIT);
  info.annotations.push({ type: 'stages', description: await stageTimes(page) });
  console.log(`\n${await stageTimes(page)}`);
});

test('a cable pulled while it runs is reported, and Reconnect goes on', async () => {
  test.setTimeout(120_000);
  await rig.unplug();
  await board.power(false);
  await expect(page.getByText('The unit is gone')).toBeVisible();
  await board.power(true);
  await rig.plug(HOST, board.port);
  await unfold(page, 'Technical details');
  const heard = page.getByRole('log').getByText('POST /api/heartbeat 200');
  const before = await heard.count();
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await page.getByRole('button', { name: 'Run and watch' }).click();
  await expect(page.locator('[data-phase="running"]')).toBeVisible();
  await expect.poll(() => heard.count(), { timeout: 60_000 }).toBeGreaterThan(before);
});
