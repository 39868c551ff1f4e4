/** What a chip's status means, byte by byte and word by word. */
import { expect, test } from 'vitest';
import { bytesOf, recordedSequences } from '../../firmware/virtual/testing/recording.ts';
import { SlipDecoder } from '../../shared/esp/slip.ts';
import type { LoaderIo } from './loader-io.ts';
import { readStatus, statusText } from './loader-status.ts';
import { StubCommands } from './stub-commands.ts';

test('the ROM’s first byte says whether it failed, whatever the second holds', () => {
  expect(readStatus(Uint8Array.of(0, 5, 0, 0), 'rom')).toBe(0);
  expect(readStatus(Uint8Array.of(0, 0, 0x36, 0x35), 'rom')).toBe(0);
  expect(readStatus(Uint8Array.of(1, 7, 0, 0), 'rom')).toBe(7);
  expect(readStatus(Uint8Array.of(1, 0, 0, 0), 'rom')).toBe(6); // failed, and no more is known
});

test('the stub says the error, then 0', () => {
  expect(readStatus(Uint8Array.of(0, 0), 'stub')).toBe(0);
  expect(readStatus(Uint8Array.of(0xc1, 0), 'stub')).toBe(0xc1);
  expect(readStatus(Uint8Array.of(0xc0, 0xee), 'stub')).toBe(0xc0);
});

test.each([
  [0x05, 'the message was not understood (0x05)'],
  [0x06, 'the command could not be carried out (0x06)'],
  [0x07, 'the checksum is wrong (0x07)'],
  [0x08, 'the flash could not be written (0x08)'],
  [0x09, 'the flash could not be read (0x09)'],
  [0x0a, 'more was to be read than it can (0x0A)'],
  [0x0b, 'the compressed data are damaged (0x0B)'],
  [0x0c, 'the compressed data have a wrong check sum (0x0C)'],
  [0x63, 'for a reason not known here (0x63)'],
])('ROM error %i in words', (error, words) => {
  expect(statusText(error, 'rom')).toBe(words);
});

/** A stub that answers every command with `error`. */
function refusing(error: number): StubCommands {
  const answers: Uint8Array[] = [];
  const io: Pick<LoaderIo, 'writeEncoded' | 'read'> = {
    writeEncoded: async (frame) => {
      answers.push(Uint8Array.of(1, frame[2]!, 2, 0, 0, 0, 0, 0, error, 0));
    },
    read: async () => answers.shift()!,
  };
  return new StubCommands(io as LoaderIo);
}

test.each([
  [0x01, 'the length or the place is wrong (0x01)'],
  [0xc0, 'a length is wrong, or data are missing (0xC0)'],
  [0xc1, 'the checksum is wrong (0xC1)'],
  [0xc2, 'the block size is wrong (0xC2)'],
  [0xc3, 'the command is unknown (0xC3)'],
  [0xc4, 'the place is out of range, or the flash chip did not obey (0xC4)'],
  [0xc5, 'the flash chip cannot be unlocked (0xC5)'],
  [0xc6, 'writing was not begun (0xC6)'],
  [0xc7, 'the compressed data are damaged (0xC7)'],
  [0xc8, 'too little data came (0xC8)'],
  [0xc9, 'too much data came (0xC9)'],
  [0xff, 'the command is not implemented (0xFF)'],
  [0xd0, 'for a reason not known here (0xD0)'],
])('stub error %i in words', async (error, words) => {
  await expect(refusing(error).deflBegin(10, 1, 0)).rejects.toMatchObject({
    code: 'flash_write_failed',
    message: `The unit refused to begin to write: ${words}.`,
  });
});

test('every failure that was recorded has words', () => {
  const failures = new Map<string, number>();
  for (const { loader, exchanges } of recordedSequences()) {
    const by = loader === 'rom' ? 'rom' : 'stub';
    const statusBytes = by === 'rom' ? 4 : 2;
    for (const frame of exchanges.flatMap(({ answer }) =>
      new SlipDecoder().push(bytesOf(answer)),
    )) {
      const answers = frame[0] === 1 && frame[2]! + 256 * frame[3]! === frame.length - 8;
      if (!answers) continue; // text, or a piece of flash
      const error = readStatus(frame.subarray(-statusBytes), by);
      if (error !== 0) failures.set(statusText(error, by), error);
    }
  }
  expect([...failures.values()].sort((a, b) => a - b)).toEqual([
    ...[1, 5, 6, 7, 9, 10, 11, 12],
    ...[0xc0, 0xc1, 0xc3, 0xc4, 0xc6, 0xc7, 0xc8, 0xc9, 0xff],
  ]);
  expect([...failures.keys()].filter((words) => words.includes('not known'))).toEqual([]);
});
