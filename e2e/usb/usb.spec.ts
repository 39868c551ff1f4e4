/**
 * The same story over Chromium's real Web Serial: the virtual unit behind RFC 2217 is plugged into
 * the browser as a USB device. Connect, both phases, first reading, and one pulled cable.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BrowserContext, chromium, expect, type Page, test } from '@playwright/test';
import { ROOT } from '../../scripts/start/options.ts';
import { expectPrepared, signInAs, stage, stageTimes, startPreparing } from '../support/bench.ts';
import { CHROMIUM, CHROMIUM_ARGS } from '../support/browser.ts';
import { freePort, stack } from '../support/stack.ts';
import { Watch } from '../support/watch.ts';
import { rigMissing, UsbRig } from './rig.ts';

const UNIT = 'JBNB0043';
const HOST = '127.0.0.1';

test.describe.configure({ mode: 'serial' });
const missing = rigMissing();
test.skip(missing !== null, missing ?? '');

let board: { process: ChildProcess; port: number; control: number };
let rig: UsbRig;
let context: BrowserContext;
let page: Page;
let watch: Watch;

test.beforeAll(async () => {
  board = await startBoard();
  rig = await UsbRig.start(stack().url);
  context = await chromium.launchPersistentContext('', {
    executablePath: CHROMIUM,
    args: CHROMIUM_ARGS,
    baseURL: stack().url,
    locale: 'en-GB',
    env: { ...(process.env as Record<string, string>), ...rig.env },
  });
  watch = new Watch(context);
  page = await context.newPage();
});
test.afterAll(async () => {
  await context?.close();
  await rig?.stop();
  board?.process.kill();
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

test('a cable pulled while writing is told', async () => {
  test.setTimeout(120_000);
  await startPreparing(page, UNIT);
  await expect(stage(page, 'write-provisioning')).toHaveAttribute('data-state', 'running');
  await sleep(500);
  await rig.unplug();
  await control({ cmd: 'power', on: false });
  const failure = page.getByTestId('failure');
  await expect(failure).toBeVisible({ timeout: 60_000 });
  await expect(failure).toContainText(/plug/i);
});

test('plugged in again, Try again prepares it from a clean start', async ({
  browserName: _,
}, info) => {
  test.setTimeout(300_000);
  await control({ cmd: 'power', on: true });
  await rig.plug(HOST, board.port);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expectPrepared(page, UNIT);
  info.annotations.push({ type: 'stages', description: await stageTimes(page) });
  console.log(`\n${await stageTimes(page)}`);
});

test('a cable pulled while it runs is told, and Reconnect goes on', async () => {
  test.setTimeout(120_000);
  await rig.unplug();
  await control({ cmd: 'power', on: false });
  await expect(page.getByText('The unit is gone')).toBeVisible();
  await control({ cmd: 'power', on: true });
  await rig.plug(HOST, board.port);
  const heard = page.getByRole('log').getByText('POST /api/heartbeat 200');
  const before = await heard.count();
  await page.getByRole('button', { name: 'Reconnect' }).click();
  await page.getByRole('button', { name: 'Run and watch' }).click();
  await expect(page.locator('[data-phase="running"]')).toBeVisible();
  await expect.poll(() => heard.count(), { timeout: 60_000 }).toBeGreaterThan(before);
});

interface Serial {
  getPorts(): Promise<{ getInfo(): { usbVendorId?: number; usbProductId?: number } }[]>;
}

/** Runs in the page; the policy lets it see the port without the browser's chooser. */
async function portIds(): Promise<string[]> {
  const { serial } = navigator as unknown as { serial: Serial };
  const ports = await serial.getPorts();
  return ports.map((port) => {
    const { usbVendorId, usbProductId } = port.getInfo();
    return `${usbVendorId?.toString(16)}:${usbProductId?.toString(16)}`;
  });
}

async function startBoard(): Promise<typeof board> {
  const [port, controlPort] = [await freePort(), await freePort()];
  const args = ['--port', String(port), '--control', String(controlPort), '--timing', '1'];
  const child = spawn(process.execPath, [join(ROOT, 'scripts', 'board.ts'), ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('Control port')) resolve();
    });
    child.once('exit', () => reject(new Error('npm run board ended')));
  });
  return { process: child, port, control: controlPort };
}

/** One command to the board's control port. */
async function control(command: object): Promise<void> {
  const socket = connect(board.control, HOST);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.write(`${JSON.stringify(command)}\n`, () => resolve());
  });
  // answered in order with the board's events; the effect is what the test looks at
  await sleep(200);
  socket.destroy();
}
