/** The line patterns of real clients against the chip's reset logic. */
import { expect, test } from 'vitest';
import { ClassicReset } from './classic-reset.ts';
import { type LineAction, LineReset, type Signals } from './line-reset.ts';

/** `D1` asserts DTR, `R0` releases RTS. */
function signals(pattern: string): Signals[] {
  return pattern.split(' ').map((step) => {
    const on = step[1] === '1';
    return step[0] === 'D' ? { dtr: on } : { rts: on };
  });
}

function direct(pattern: string): LineAction[] {
  const lines = new LineReset();
  return signals(pattern)
    .map((step) => lines.set(step))
    .filter((action) => action !== 'none');
}

function bridged(pattern: string): LineAction[] {
  const lines = new LineReset();
  const classic = new ClassicReset();
  return signals(pattern)
    .flatMap((step) => classic.translate(step))
    .map((step) => lines.set(step))
    .filter((action) => action !== 'none');
}

/** esptool's USBJTAGSerialReset; each RTS is followed by a write of the same DTR. */
const USB_DOWNLOAD = 'R0 D0 D0 D1 R0 D1 R1 D1 D0 R1 D0 D0 R0 D0';
/** esptool's ClassicReset. */
const CLASSIC_DOWNLOAD = 'D0 R1 D0 D1 R0 D1 D0';
/** pyserial asserts one line after the other when it opens. */
const OPEN = 'D1 R1';
const RUN_APP = 'D0 R1 D0 R0 D0';

test('the USB pattern enters download mode', () => {
  expect(direct(USB_DOWNLOAD)).toEqual(['hold', 'start-download']);
});

test('RTS alone restarts into the program', () => {
  expect(direct(RUN_APP)).toEqual(['hold', 'start-app']);
  expect(direct(`${USB_DOWNLOAD} ${RUN_APP}`).slice(2)).toEqual(['hold', 'start-app']);
});

test('releasing RTS that was never asserted does nothing', () => {
  expect(direct('D0 R0 D0 R0')).toEqual([]);
});

test('both lines asserted, as an opening terminal leaves them, do nothing', () => {
  expect(direct('D1 R1')).toEqual([]);
});

test('the classic pattern alone does not enter download mode on this chip', () => {
  expect(direct(CLASSIC_DOWNLOAD)).toEqual(['hold', 'start-app']);
});

test('behind RFC 2217 the classic pattern ends in download mode', () => {
  expect(bridged(CLASSIC_DOWNLOAD).slice(-2)).toEqual(['hold', 'start-download']);
  expect(bridged(`${OPEN} ${CLASSIC_DOWNLOAD}`).slice(-2)).toEqual(['hold', 'start-download']);
});

test('behind RFC 2217 the other patterns still mean what they mean', () => {
  expect(bridged(USB_DOWNLOAD)).toEqual(['hold', 'start-download']);
  expect(bridged(RUN_APP)).toEqual(['hold', 'start-app']);
  expect(bridged(`${OPEN} ${RUN_APP}`)).toEqual(['hold', 'start-app']);
  expect(bridged(`${OPEN} ${USB_DOWNLOAD}`)).toEqual(['hold', 'start-download']);
  expect(bridged(`${CLASSIC_DOWNLOAD} ${RUN_APP}`).slice(-2)).toEqual(['hold', 'start-app']);
});
