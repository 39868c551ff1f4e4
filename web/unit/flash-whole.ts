/**
 * Reads pieces of flash, or erases all of it, through the flasher stub. What is erased already is
 * found by its MD5, which costs a tenth of reading or erasing it. Knows no regions and no formats.
 */
import { msg } from '@lit/localize';
import { md5 } from '@noble/hashes/legacy.js';
import { sameBytes } from '../../shared/bytes.ts';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { throwIfCancelled } from '../app/cancel.ts';
import type { FlashPlace } from '../app/flash-types.ts';
import type { TransferOptions } from '../app/ports.ts';
import type { ChipInfo } from '../app/unit-state.ts';
import { BLOCK64_BYTES } from './flash-plan.ts';
import type { StubCommands } from './stub-commands.ts';

/** So often a block is read that was lost or damaged on the way. */
const ATTEMPTS = 3;
const AGAIN: readonly ErrorCode[] = ['verify_failed', 'unit_silent', 'unit_refused'];
/** Less than this is read at once: asking whether it is erased would take as long. */
const ASKED_FROM_BYTES = 0x4000;
/** Below this much work a rate is a guess, and no time left is reported. */
const ESTIMATE_AFTER_MS = 500;

/**
 * What flash holds at `place`.
 * @throws AppError `verify_failed`, `unit_silent`, `unit_refused`, `port_lost`, `cancelled`
 */
export async function readFlash(
  stub: StubCommands,
  place: FlashPlace,
  options: TransferOptions,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(place.length).fill(0xff);
  const report = reporter(place.length, options);
  report(0);
  for (const { offset, length } of blocksOf(place)) {
    throwIfCancelled(options.signal);
    const asked = length >= ASKED_FROM_BYTES && (await isBlank(stub, offset, length));
    if (!asked) bytes.set(await readBlock(stub, offset, length), offset - place.offset);
    report(offset + length - place.offset);
  }
  return bytes;
}

/**
 * Erases all of flash, block by block, the one with bootloader and partition table last.
 * @throws AppError `flash_write_failed`, `verify_failed`, `unit_silent`, `port_lost`, `cancelled`
 */
export async function eraseFlash(
  stub: StubCommands,
  chip: ChipInfo,
  options: TransferOptions,
): Promise<void> {
  const [first, ...others] = blocksOf({ offset: 0, length: chip.flashBytes });
  const full: FlashPlace[] = [];
  for (const block of first ? [...others, first] : []) {
    throwIfCancelled(options.signal);
    if (!(await isBlank(stub, block.offset, block.length))) full.push(block);
  }
  const report = reporter(full.length * BLOCK64_BYTES, options);
  for (const [i, { offset, length }] of full.entries()) {
    throwIfCancelled(options.signal);
    report(i * BLOCK64_BYTES);
    await stub.erase(offset, length);
    if (!(await isBlank(stub, offset, length))) throw notErased();
  }
  report(full.length * BLOCK64_BYTES);
}

async function readBlock(stub: StubCommands, offset: number, length: number) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await stub.read(offset, length);
    } catch (error) {
      const again = error instanceof AppError && AGAIN.includes(error.code);
      if (!again || attempt === ATTEMPTS) throw error;
      await stub.stopReading();
    }
  }
}

function notErased(): AppError {
  return new AppError('flash_write_failed', msg('A part of the flash cannot be erased.'));
}

const BLANK = new Map<number, Uint8Array>();

async function isBlank(stub: StubCommands, offset: number, length: number): Promise<boolean> {
  const blank = BLANK.get(length) ?? md5(new Uint8Array(length).fill(0xff));
  BLANK.set(length, blank);
  return sameBytes(await stub.md5(offset, length), blank);
}

/** Cut where flash's own blocks of 64 KB begin. */
function blocksOf({ offset, length }: FlashPlace): FlashPlace[] {
  const blocks: FlashPlace[] = [];
  for (let at = offset; at < offset + length; ) {
    const next = Math.min(at + BLOCK64_BYTES - (at % BLOCK64_BYTES), offset + length);
    blocks.push({ offset: at, length: next - at });
    at = next;
  }
  return blocks;
}

function reporter(total: number, { onProgress }: TransferOptions): (done: number) => void {
  const since = performance.now();
  return (done) => {
    const spent = performance.now() - since;
    const known = done > 0 && (spent >= ESTIMATE_AFTER_MS || done === total);
    const remainingMs = known ? Math.round((spent / done) * (total - done)) : null;
    onProgress?.({ done, total, remainingMs });
  };
}
