/**
 * Two flashings with the bring-up between them, beside both apps written at once into a slot each:
 * what each costs from plug to done without the modem's own time, in the timing model. The figures
 * of decision 0090. Prints; judges nothing.
 */
import type { Network } from '../../../firmware/virtual/network/network.ts';
import { OTA_STATE, writeOtaData } from '../../../shared/esp/otadata.ts';
import type { FlashRegion } from '../../app/flash-types.ts';
import type { UnitConnection } from '../../app/ports.ts';
import { boardBench } from '../../app/testing/board-bench.ts';

export type { Network } from '../../../firmware/virtual/network/network.ts';

/** As large as real ones; {@link first} ends with the test firmware, {@link second} with JamBox. */
export interface TwoPhases {
  /** Bootloader, table, boot selection, test firmware. */
  first: FlashRegion[];
  /** Bootloader, table, identity, JamBox. */
  second: FlashRegion[];
}

const OTA_1 = 0x220000;
const OTADATA = 0xf000;

/** One step on the cable, by its name; what it does is timed. */
type Step = [name: string, work: (connection: UnitConnection) => Promise<unknown>];

export async function slotsBench(
  network: Network,
  { first, second }: TwoPhases,
  print: (name: string, ms: number) => void,
): Promise<void> {
  const identity = second[2]!; // as TwoPhases says
  const jambox = { ...second[3]!, offset: OTA_1 };
  const ways: Record<string, Step[]> = {
    'two flashings': [
      ['write the test firmware', written(first)],
      ['start it', (connection) => connection.runApp()],
      ['stop it', (connection) => connection.enterDownload()],
      ['write identity and JamBox', written(second)],
    ],
    'both at once, a change of slot by the loader': [
      ['write both', written([...first, jambox])],
      ['start the test firmware', (connection) => connection.runApp()],
      ['stop it', (connection) => connection.enterDownload()],
      ['write identity and boot selection', written([identity, selection()])],
    ],
    'all at once, a change of slot by the app': [
      ['write all', written([...first, identity, jambox])],
      ['start the test firmware', (connection) => connection.runApp()],
    ],
  };
  for (const [name, steps] of Object.entries(ways)) await timed(network, name, steps, print);
}

const written =
  (regions: FlashRegion[]): Step[1] =>
  (connection) =>
    connection.write(regions, { target: 'virtual' });

/** The second slot, from now on. */
function selection(): FlashRegion {
  const bytes = writeOtaData([{ seq: 2, state: OTA_STATE.valid }, null]);
  const where = { offset: OTADATA, room: bytes.length, sha256: null };
  return { name: 'boot selection', kind: 'data', bytes, ...where };
}

async function timed(
  network: Network,
  name: string,
  steps: readonly Step[],
  print: (name: string, ms: number) => void,
): Promise<void> {
  const { board, unitPort } = boardBench({ flashTiming: 1, network });
  const connection = await unitPort.connect({ item() {}, loader() {}, lost() {} });
  const begin = performance.now();
  await connection.enterDownload();
  for (const [step, work] of steps) {
    const from = performance.now();
    await work(connection);
    print(`  ${step}`, performance.now() - from);
  }
  print(`${name}, in all`, performance.now() - begin);
  await connection.close();
  board.dispose();
}
