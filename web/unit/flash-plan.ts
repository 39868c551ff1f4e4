/**
 * What of a region has to be written, found by asking the chip for MD5s of what it holds. Writes
 * nothing. Knows the stub's one question, no frames and no progress.
 *
 * An MD5 costs a sixteenth of an erase and write of the same bytes, so asking pays where a block in
 * sixteen is there already, and hardly ever on a chip that holds something else. Four blocks tell
 * the two apart.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { sameBytes } from '../../shared/bytes.ts';
import type { FlashRegion, WriteReason } from '../app/flash-types.ts';
import type { Run } from './heavy-work.ts';
import type { OffThread } from './off-thread.ts';
import type { StubCommands } from './stub-commands.ts';

const SECTOR_BYTES = 0x1000;
/** What the stub erases at once, and fastest a byte; blocks lie on multiples of it in flash. */
export const BLOCK64_BYTES = 0x10000;

export interface RegionPlan {
  region: FlashRegion;
  /** Blocks that differ, joined: ascending, none touching another; empty: all of it is there. */
  runs: Run[];
  reason: WriteReason;
}

/** Who answers for the chip, and who computes what the answer should be. */
export interface FlashReader {
  stub: Pick<StubCommands, 'md5'>;
  thread: Pick<OffThread, 'md5s'>;
}

/**
 * @param sure every block is asked about, as after an attempt of our own; otherwise a region that
 *   looks blank or wholly different is taken to be so
 * @throws AppError as {@link StubCommands.md5}
 */
export async function planRegion(
  chip: FlashReader,
  region: FlashRegion,
  sure = false,
): Promise<RegionPlan> {
  const blocks = blocksOf(region);
  const whole = [{ begin: 0, end: region.bytes.length }];
  if (!sure && blocks.length > 1 && (await isBlank(chip, region))) {
    return { region, runs: whole, reason: 'blank' };
  }
  const same = new Map<Run, boolean>();
  const ask = async (block: Run | undefined) => {
    if (block && !same.has(block)) same.set(block, await holds(chip, region, block));
  };
  for (const quarter of [0, 1, 2, 3]) {
    await ask(blocks[Math.floor((quarter * blocks.length) / 4)]);
  }
  const found = [...same.values()];
  if (!sure && !found.includes(true)) return { region, runs: whole, reason: 'other' };
  const rest = blocks.filter((block) => !same.has(block));
  // Where nothing has changed so far most likely nothing has: one question for what lies between.
  if (!found.includes(false)) {
    for (const { begin, end } of joined(rest)) {
      const within = rest.filter((block) => block.begin >= begin && block.end <= end);
      if (within.length === 1 || !(await holds(chip, region, { begin, end }))) continue;
      for (const block of within) same.set(block, true);
    }
  }
  for (const block of blocks) await ask(block);
  const runs = joined(blocks.filter((block) => !same.get(block)));
  return { region, runs, reason: runs.length > 0 ? 'changed' : 'same' };
}

/** Bytes that a plan writes. */
export function bytesToWrite({ runs }: RegionPlan): number {
  return runs.reduce((sum, { begin, end }) => sum + end - begin, 0);
}

/** Whether the chip holds exactly this piece of the region. @throws as {@link planRegion} */
async function holds(
  { stub, thread }: FlashReader,
  { bytes, offset }: FlashRegion,
  { begin, end }: Run,
): Promise<boolean> {
  // The chip reads while we compute.
  const there = stub.md5(offset + begin, end - begin);
  const ours = thread.md5s(bytes.subarray(begin, end), [{ begin: 0, end: end - begin }]);
  const [theirs, [own]] = await Promise.all([there, ours]);
  return own !== undefined && sameBytes(theirs, own);
}

/** Writes go upwards: where the first sector is erased and should not be, nothing follows it. */
async function isBlank({ stub }: FlashReader, { bytes, offset }: FlashRegion): Promise<boolean> {
  const blank = new Uint8Array(SECTOR_BYTES).fill(0xff);
  if (sameBytes(bytes.subarray(0, SECTOR_BYTES), blank)) return false;
  return sameBytes(await stub.md5(offset, SECTOR_BYTES), md5(blank));
}

/** The region cut where flash's own blocks of 64 KB begin. */
function blocksOf({ bytes, offset }: FlashRegion): Run[] {
  const blocks: Run[] = [];
  for (let begin = 0; begin < bytes.length; ) {
    const next = begin + BLOCK64_BYTES - ((offset + begin) % BLOCK64_BYTES);
    const end = Math.min(next, bytes.length);
    blocks.push({ begin, end });
    begin = end;
  }
  return blocks;
}

function joined(blocks: readonly Run[]): Run[] {
  const runs: Run[] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last?.end === block.begin) last.end = block.end;
    else runs.push({ ...block });
  }
  return runs;
}
