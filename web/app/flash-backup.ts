/**
 * All of a unit's flash into a file, and back. The bytes hold the unit's token: they go from unit
 * to file and nowhere else. Knows no page.
 */
import { msg, str } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import { APP_HEAD_BYTES, peekAppDescriptor } from '../../shared/esp/app-image.ts';
import { TYPE } from '../../shared/esp/partition-names.ts';
import {
  PARTITION_TABLE_BYTES,
  PARTITION_TABLE_OFFSET,
  type Partition,
  readPartitionTable,
} from '../../shared/esp/partition-table.ts';
import type { FlashRegion } from './flash-types.ts';
import type { TransferOptions } from './ports.ts';
import type { Question } from './question.ts';
import type { Unit } from './unit.ts';
import type { ChipInfo, Target } from './unit-state.ts';

/** A file is written in pieces, so that what stands already is left out and progress is seen. */
const PIECE_BYTES = 0x100000;
const BOOTLOADER_OFFSET = 0;

/** @throws AppError as {@link Unit.read} */
export async function backUp(
  unit: Unit,
  options: TransferOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const { flashBytes } = await unit.ready(options.signal);
  return unit.read({ offset: 0, length: flashBytes }, options);
}

/** `jambox-F412FA000001-2026-02-01.bin` */
export function backupName(mac: string, at: Date): string {
  return `jambox-${mac.replaceAll(':', '')}-${at.toISOString().slice(0, 10)}.bin`;
}

/**
 * What of a file is written where. Nothing of the unit is looked at but its size and kind.
 * @throws AppError `invalid` (no backup, or of another size), `image_wrong_target`
 */
export function restoreRegions(file: Uint8Array, chip: ChipInfo): FlashRegion[] {
  if (file.length !== chip.flashBytes) {
    const [has, needs] = [file.length, chip.flashBytes];
    throw invalid(
      msg(str`A backup of this unit has ${needs} bytes; the file has ${has}: nothing was written.`),
    );
  }
  const partitions = tableOf(file);
  requireTarget(file, partitions, chip.target);
  const regions: FlashRegion[] = [];
  for (let offset = 0; offset < file.length; offset += PIECE_BYTES) {
    const bytes = file.slice(offset, offset + PIECE_BYTES);
    const name = msg(str`flash from 0x${offset.toString(16)}`);
    regions.push({ name, kind: 'data', offset, bytes, sha256: null, room: bytes.length });
  }
  return regions;
}

/** What a backup is, before it is made. */
export function backupQuestion(): Question {
  return {
    title: msg('Save everything that is on this unit?'),
    facts: [
      msg(
        'The file holds the unit’s token: whoever has the file can speak to the server as this unit. Keep it as you keep a key, send it to nobody, and delete it when it is not needed any more.',
      ),
      msg('It cannot be saved without: a unit that is restored without its token is nobody.'),
      msg('It goes to where your browser saves files. JamBench keeps no copy of it.'),
    ],
    yes: msg('Read and save it'),
    no: msg('Cancel'),
  };
}

/** What a restore means, before it begins. */
export function restoreQuestion(fileName: string, { mac }: ChipInfo): Question {
  return {
    title: msg(str`Restore ${fileName} on ${mac}?`),
    facts: [
      msg('All that the unit holds now is replaced by what the file holds, its token included.'),
      msg(
        'If the file comes from another unit, both would speak as the same one: prepare this one instead.',
      ),
    ],
    yes: msg('Write the file to the unit'),
    no: msg('Cancel'),
  };
}

/** In which state a restore that did not come to its end has left the unit. @param written bytes */
export function restoreStopped(written: number): string {
  if (written === 0) return msg('Nothing was written: the unit is as it was.');
  return msg(
    'The unit holds a part of the file and a part of what it held: do not mount it. Plug it in and restore the same file again: what was written is kept.',
  );
}

function tableOf(file: Uint8Array): Partition[] {
  try {
    return readPartitionTable(
      file.subarray(PARTITION_TABLE_OFFSET, PARTITION_TABLE_OFFSET + PARTITION_TABLE_BYTES),
    );
  } catch (cause) {
    throw invalid(msg('This file is no backup of a unit: it has no partition table.'), cause);
  }
}

/** A virtual image never reaches a real chip, nor the reverse; bootloader and apps say theirs. */
function requireTarget(file: Uint8Array, partitions: readonly Partition[], target: Target): void {
  const places = partitions.filter(({ type }) => type === TYPE.app).map(({ offset }) => offset);
  for (const at of [BOOTLOADER_OFFSET, ...places]) {
    const app = peekAppDescriptor(file.subarray(at, at + APP_HEAD_BYTES));
    if (!app) continue;
    const made: Target = app.projectName.endsWith('-virtual') ? 'virtual' : 'esp32s3';
    if (made === target) continue;
    throw new AppError(
      'image_wrong_target',
      made === 'virtual'
        ? msg('This is the backup of a virtual unit, and this unit is real: nothing was written.')
        : msg('This is the backup of a real unit, and this one is virtual: nothing was written.'),
    );
  }
}

function invalid(message: string, cause?: unknown): AppError {
  const hint = msg('Choose a file that was saved here as a backup of this very unit.');
  return new AppError('invalid', message, { hint, cause });
}
