/** Whatever a client sends, the board's loader neither breaks nor answers without end. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { slipEncode } from '../../../shared/esp/slip.ts';
import { FlashTimeline } from '../flash/flash-timeline.ts';
import { NorFlash } from '../flash/nor-flash.ts';
import { systemTimers } from '../host.ts';
import { CHIPS } from './chips.ts';
import type { StubVersion } from './commands.ts';
import { Loader } from './loader.ts';
import { OP } from './protocol.ts';
import { Registers } from './registers.ts';

/** More than any answer: READ_FLASH sends 4 KB, SYNC eight frames. */
const ANSWER_BYTES_MAX = 2 * 0x1000 + 100;

const chip = CHIPS.esp32s3;
const flash = new NorFlash();
const words = (values: readonly number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)];

const op = fc.oneof(fc.constantFrom(...Object.values(OP)), fc.integer({ min: 0, max: 255 }));
const value = fc.oneof(
  fc.constantFrom(0, 1, 0x400, 0x1000, 0x4000, 0x7ff000, 0x800000, 0xffffffff),
  fc.integer({ min: 0, max: 0xffffffff }),
);
const request = fc
  .record({
    direction: fc.constantFrom(0, 0, 0, 1),
    op,
    length: fc.option(fc.constantFrom(0, 16, 0x4000, 0xffff)),
    checksum: fc.integer({ min: 0, max: 255 }),
    data: fc.array(value, { maxLength: 12 }).map(words),
  })
  .map(({ direction, op: command, length, checksum, data }) => {
    const said = length ?? data.length;
    const head = [direction, command, said & 0xff, said >> 8, checksum, 0, 0, 0];
    return slipEncode(Uint8Array.from([...head, ...data]));
  });
const burst = fc.oneof(request, fc.uint8Array({ maxLength: 40 }));

test.each(['rom', '1.2.2', 'legacy'] as const)('%s survives anything', (version) => {
  fc.assert(
    fc.property(
      fc.array(burst, { minLength: 1, maxLength: 12 }),
      fc.boolean(),
      (bursts, faults) => {
        let answered = 0;
        const loader = new Loader({
          timers: systemTimers,
          chip,
          flash: new FlashTimeline(flash, 0),
          registers: new Registers({ chip, mac: new Uint8Array(6), faults }),
          stubVersion: version === 'rom' ? '1.2.2' : (version satisfies StubVersion),
          send: (bytes) => {
            answered += bytes.length;
          },
          onStub() {},
          onPowerCut() {},
          onRestart() {},
        });
        if (version !== 'rom') {
          for (const [command, data] of [
            [OP.memBegin, [4, 1, 0x1800, 0x40378000]],
            [OP.memEnd, [0, 0x40378000]],
          ] as const) {
            const body = words(data);
            loader.receive(
              slipEncode(Uint8Array.of(0, command, body.length, 0, 0, 0, 0, 0, ...body)),
              0,
            );
          }
        }
        for (const bytes of bursts) {
          answered = 0;
          loader.receive(bytes, 0);
          expect(answered).toBeLessThanOrEqual(ANSWER_BYTES_MAX);
        }
      },
    ),
    { numRuns: 1500 },
  );
});
