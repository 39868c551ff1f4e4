/**
 * The flash bench: a whole preparation at 1× flash timing, stage by stage, then the same bytes by
 * our flasher, by stock esptool-js and by the timing model's bound. Prints; judges nothing. Run by
 * `npm run bench:flash`, which supplies what Node has and the page has not.
 */

import type { Network } from '../../../firmware/virtual/network/network.ts';
import { noiseBytes, seededRandom } from '../../../shared/random.ts';
import type { FirmwareBundle, FlashRegion } from '../../app/flash-types.ts';
import { PrepareFlow } from '../../app/prepare.ts';
import { provisioningRegions, unitRegions } from '../../app/regions.ts';
import { systemTime } from '../../app/system-time.ts';
import { type TestBackend, TestOutbox } from '../../app/testing/backend.ts';
import { boardBench } from '../../app/testing/board-bench.ts';
import { Unit } from '../../app/unit.ts';
import { firmwareSource } from '../firmware-source.ts';
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

export async function runFlashBench(parts: FlashBenchParts): Promise<void> {
  const source = firmwareSource(async (url) => new Response(await parts.read(url)));
  const bundle = await source.load('virtual');
  await preparation(parts, source);
  parts.print('');
  parts.print('Flash throughput at 1× timing, each on a blank board:');
  parts.print(row(['', 'bytes', 'JamBench', 'esptool-js', 'bound', 'to stock', 'to bound']));
  await compare(parts, 'bundle, phase 1', provisioningRegions(bundle));
  await compare(parts, 'bundle, phase 2', phase2(bundle));
  await compare(parts, '1.3 MB image', [largeRegion()]);
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

/** An identity of the real size; its content does not matter here. */
function phase2(bundle: FirmwareBundle): FlashRegion[] {
  const identity = new Uint8Array(bundle.fctry.size).fill(0xff);
  identity.set(crypto.getRandomValues(new Uint8Array(256)));
  return unitRegions(bundle, identity);
}

function largeRegion(): FlashRegion {
  const bytes = noiseBytes(LARGE_BYTES, seededRandom(1)).map((byte, i) =>
    i % 100 < LARGE_NOISE_OF_100 ? byte : 0,
  );
  const place = { offset: 0x20000, room: 0x200000, sha256: null };
  return { name: 'large image', kind: 'data', bytes, ...place };
}

const ms = (value: number) => `${(value / 1000).toFixed(2)} s`;

function row([name = '', ...cells]: string[]): string {
  return `  ${name.padEnd(32)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}
