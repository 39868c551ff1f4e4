/**
 * The flash bench: a whole preparation at 1× flash timing, stage by stage, then the same bytes by
 * our flasher, by stock esptool-js and by the timing model's bound. Prints; judges nothing. Run by
 * `npm run bench:flash`, which supplies what Node has and the page has not.
 */

import { noiseBytes, seededRandom } from '../../../shared/random.ts';
import type { FirmwareBundle, FlashRegion } from '../../app/flash-types.ts';
import { PrepareFlow } from '../../app/prepare.ts';
import { provisioningRegions, unitRegions } from '../../app/regions.ts';
import { systemTime } from '../../app/system-time.ts';
import { type TestBackend, TestOutbox } from '../../app/testing/backend.ts';
import { boardBench } from '../../app/testing/board-bench.ts';
import { Unit } from '../../app/unit.ts';
import { firmwareSource } from '../firmware-source.ts';
import { type Network, slotsBench } from './slots-bench.ts';
import { writeWithStock } from './stock.ts';
import { boundMs } from './timing-bound.ts';

export interface FlashBenchParts {
  /** A file of web/public/ by its URL path. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  network: Network;
  backend: TestBackend;
  print(line: string): void;
}

/** Speed of the running app: the bench measures flashing, not the modem's patience. */
const APP_SPEED = 60;
/** As large, and packed as small, as the image of esptool's published figure: 204 KB/s. */
const LARGE_BYTES = 1_343_712;
const LARGE_NOISE_OF_100 = 60;
/** As large as the two apps are for the chip; those of the virtual unit are a tenth of it. */
const PROVISIONING_BYTES = 714 * 1024;
const JAMBOX_BYTES = 770 * 1024;

export async function runFlashBench(parts: FlashBenchParts): Promise<void> {
  const source = firmwareSource(async (url) => new Response(await parts.read(url)));
  const bundle = await source.load('virtual');
  await preparation(parts, source);
  parts.print('');
  parts.print('Flash throughput at 1× timing, each on a blank board:');
  parts.print(row(['', 'bytes', 'JamBench', 'esptool-js', 'bound', 'to stock', 'to bound']));
  await compare(parts, 'phase 1, as large as real', realPhase1(bundle));
  await compare(parts, 'phase 2, as large as real', realPhase2(bundle));
  await compare(parts, '1.3 MB image', [largeRegion()]);
  parts.print('');
  await again(parts, bundle);
  parts.print('');
  parts.print('From plug to done without the modem’s own time:');
  const phases = { first: realPhase1(bundle), second: realPhase2(bundle) };
  await slotsBench(parts.network, phases, (name, time) => parts.print(row([name, ms(time)])));
}

/** The figures of writing again: how much of a full flash each costs. */
async function again({ network, print }: FlashBenchParts, bundle: FirmwareBundle): Promise<void> {
  const { board, unitPort } = boardBench({ flashTiming: 1, network });
  const connection = await unitPort.connect({ item() {}, loader() {}, lost() {} });
  await connection.enterDownload();
  const write = async (regions: FlashRegion[]) => {
    const { elapsedMs } = await connection.write(regions, { target: 'virtual' });
    return elapsedMs;
  };
  const first = realPhase2(bundle);
  const next = appRegion(nextVersion(first[3]!.bytes));
  const full = await write(first);
  const share = (time: number) => `${((time / full) * 100).toFixed(1)} %`;
  print('Writing a unit again, beside a full flash of a blank one:');
  print(row(['full', ms(full)]));
  const unchanged = await write(first);
  print(row(['unchanged', ms(unchanged), share(unchanged), 'asked: 5 %']));
  const changed = await write([...first.slice(0, 3), next]);
  print(row(['2 % of the app changed', ms(changed), share(changed), 'asked: 30 %']));
  const identity = await write([...realPhase2(bundle).slice(0, 3), next]);
  print(row(['another identity', ms(identity), share(identity), 'asked: 2 s']));
  await connection.close();
  board.dispose();
}

const appRegion = (bytes: Uint8Array): FlashRegion => ({
  name: 'JamBox app',
  kind: 'data',
  offset: 0x20000,
  bytes,
  sha256: null,
  room: 0x200000,
});

/** Packs as an app for the chip does. */
function realSized(length: number, seed: number): Uint8Array {
  return noiseBytes(length, seededRandom(seed)).map((byte, i) =>
    i % 100 < LARGE_NOISE_OF_100 ? byte : 0,
  );
}

/** Its head and hash, and 2 % in one place: what changed when nothing behind it moved. */
function nextVersion(app: Uint8Array): Uint8Array {
  const next = app.slice();
  const flip = (from: number, length: number) => {
    for (let at = from; at < from + length; at++) next[at]! ^= 0x55;
  };
  flip(0x20, 0x100);
  flip(Math.floor(app.length / 3), Math.floor(app.length / 50));
  flip(app.length - 33, 33);
  return next;
}

async function preparation(
  { network, backend, print }: FlashBenchParts,
  firmware: ReturnType<typeof firmwareSource>,
): Promise<void> {
  const { board, unitPort } = boardBench({ flashTiming: 1, speed: APP_SPEED, network });
  const unit = new Unit(systemTime);
  const outbox = new TestOutbox();
  const flow = new PrepareFlow({ unit, portal: backend, outbox, firmware, time: systemTime });
  const begin = performance.now();
  await unit.connect(unitPort);
  const connectMs = performance.now() - begin;
  await flow.start({ deviceId: 'JBNB0001' });
  print(`Preparing a virtual unit (flash and USB at 1×, its app at ${APP_SPEED}×):`);
  print(row(['connect', ms(connectMs)]));
  for (const stage of flow.state.value.stages) {
    print(row([stage.title, ms(stage.elapsedMs), stage.state]));
  }
  print(row(['in all', ms(performance.now() - begin), flow.state.value.result]));
  if (flow.state.value.error) throw flow.state.value.error;
  await unit.disconnect();
  board.dispose();
}

async function compare(
  { network, print }: FlashBenchParts,
  name: string,
  regions: FlashRegion[],
): Promise<void> {
  const bytes = regions.reduce((sum, region) => sum + region.bytes.length, 0);
  const ours = await writeOurs(network, regions);
  const stock = await writeStock(network, regions);
  let bound = 0;
  for (const region of regions) {
    // An erased chip holds FF already: nobody who looks first writes it.
    const blank = region.bytes.every((byte) => byte === 0xff);
    if (!blank) bound += await boundMs(region.bytes, region.offset);
  }
  const rate = (time: number) => `${(bytes / 1024 / (time / 1000)).toFixed(0)} KB/s`;
  print(
    row([
      name,
      String(bytes),
      rate(ours),
      rate(stock),
      rate(bound),
      `${(stock / ours).toFixed(2)}×`,
      `${((bound / ours) * 100).toFixed(0)} %`,
    ]),
  );
}

async function writeOurs(network: Network, regions: FlashRegion[]): Promise<number> {
  const { board, unitPort } = boardBench({ flashTiming: 1, network });
  const connection = await unitPort.connect({ item() {}, loader() {}, lost() {} });
  await connection.enterDownload();
  const begin = performance.now();
  await connection.write(regions, { target: 'virtual' });
  const elapsed = performance.now() - begin;
  await connection.close();
  board.dispose();
  return elapsed;
}

async function writeStock(network: Network, regions: FlashRegion[]): Promise<number> {
  const { board, port } = boardBench({ flashTiming: 1, network });
  const files = regions.map(({ bytes, offset }) => ({ data: bytes, address: offset }));
  const { writeMs } = await writeWithStock(port, files);
  board.dispose();
  return writeMs;
}

function realPhase1(bundle: FirmwareBundle): FlashRegion[] {
  const app = appRegion(realSized(PROVISIONING_BYTES, 2));
  return [...provisioningRegions(bundle).slice(0, 3), app];
}

/** Bootloader, table, identity, app. The content of an identity does not matter here. */
function realPhase2(bundle: FirmwareBundle): FlashRegion[] {
  const identity = new Uint8Array(bundle.fctry.size).fill(0xff);
  identity.set(crypto.getRandomValues(new Uint8Array(256)));
  return [...unitRegions(bundle, identity).slice(0, 3), appRegion(realSized(JAMBOX_BYTES, 1))];
}

function largeRegion(): FlashRegion {
  return { ...appRegion(realSized(LARGE_BYTES, 1)), name: 'large image' };
}

const ms = (value: number) => `${(value / 1000).toFixed(2)} s`;

function row([name = '', ...cells]: string[]): string {
  return `  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
