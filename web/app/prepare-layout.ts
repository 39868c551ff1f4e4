/**
 * Whether a unit's flash is divided as the bundle's partition table says; another division is
 * refused before anything is erased, and erased as a whole by whoever means it. What differs is
 * put into words by other-layout.ts, which is fetched only then.
 */
import { msg, str } from '@lit/localize';
import { PARTITION_TABLE_OFFSET } from '../../shared/esp/partition.ts';
import type { FirmwareBundle } from './flash-types.ts';
import { allErased, type PrepareOptions } from './prepare-state.ts';
import type { StageContext } from './stage-tracker.ts';
import type { Unit } from './unit.ts';

/**
 * A table that is erased, or that we had begun to write when the cable was pulled, is none.
 * @returns whether all of flash has to be erased, as `options` allow
 * @throws AppError `other_layout`; as {@link Unit.read}
 */
export async function findLayout(
  unit: Unit,
  bundle: FirmwareBundle,
  { eraseAll }: PrepareOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const ours = bundle.images['partition-table'].bytes;
  const place = { offset: PARTITION_TABLE_OFFSET, length: ours.length };
  const there = await unit.read(place, { signal });
  if (there.every((byte, i) => byte === 0xff || byte === ours[i])) return false;
  const { isSameLayout, otherLayout } = await import('./other-layout.ts');
  if (isSameLayout(there, ours)) return false;
  if (eraseAll) return true;
  throw await otherLayout(there, ours, (app) => unit.read(app, { signal }));
}

/** @throws AppError as {@link Unit.erase} */
export async function eraseUnit(unit: Unit, { reporter, signal }: StageContext): Promise<void> {
  await unit.erase({
    signal,
    onProgress: ({ done, total, remainingMs }) => {
      const megabytes = (total / 2 ** 20).toFixed(1);
      const detail = msg(str`Erasing ${megabytes} MB that are not empty. Leave it plugged in.`);
      reporter.update({ progress: total === 0 ? 1 : done / total, remainingMs, detail });
    },
  });
  reporter.update({ detail: allErased() });
}
