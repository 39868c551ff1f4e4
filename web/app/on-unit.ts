/**
 * What a unit holds already, read from its flash before anything is written to it. Fetched when a
 * unit is on the cable. Knows no port and no stages.
 */
import { type NvsEntry, readNvs } from '../../shared/esp/nvs.ts';
import { readPartitionTable } from '../../shared/esp/partition-table.ts';
import type { FirmwareBundle, FlashPlace } from './flash-types.ts';
import { wipe } from './identity.ts';
import type { Unit } from './unit.ts';

/** Of both partitions; firmware/esp32s3/main/key_value.cc. */
const NAMESPACE = 'jambox';
const PROOF = 'cellular_ok';

/**
 * Whether the unit's own state says that its modem once came online. The state's place is the
 * bundle's: a unit that is divided in another way is refused before.
 * @throws AppError as {@link Unit.read}
 */
export async function hasProvenLink(
  unit: Unit,
  bundle: FirmwareBundle,
  signal: AbortSignal,
): Promise<boolean> {
  const table = readPartitionTable(bundle.images['partition-table'].bytes);
  const state = table.find(({ label }) => label === 'nvs');
  if (!state) return false;
  const { offset, size: length } = state;
  const entry = find(await unit.read({ offset, length }, { signal }), PROOF);
  return typeof entry?.value === 'bigint' && entry.value === 1n;
}

/**
 * The id that the unit's identity says; null: it has none. The token that lies beside it passes
 * through this function and stays nowhere.
 * @throws AppError as {@link Unit.read}
 */
export async function identityOf(
  unit: Unit,
  { fctry }: FirmwareBundle,
  signal: AbortSignal,
): Promise<string | null> {
  const place: FlashPlace = { offset: fctry.offset, length: fctry.size };
  const image = await unit.read(place, { signal });
  try {
    const entry = find(image, 'id');
    return entry?.type === 'string' ? entry.value : null;
  } finally {
    wipe(image);
  }
}

function find(image: Uint8Array, key: string): NvsEntry | undefined {
  return readNvs(image).entries.find((e) => e.namespace === NAMESPACE && e.key === key);
}
