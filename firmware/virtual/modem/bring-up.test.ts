/** The bring-up of a fresh unit, step by step, and each way in which a step can fail. */

import { expect, test } from 'vitest';
import { TestUnit } from './testing/unit.ts';
import type { BringUpStep, ModemOptions } from './types.ts';

interface Step {
  step: BringUpStep;
  send: string;
  expect: string[];
  timeoutMs: number;
  tries?: number;
}

/** The table of the provisioning app, as field notes give it. */
const STEPS: Step[] = [
  { step: 1, send: 'AT', expect: ['OK'], timeoutMs: 1000, tries: 10 },
  { step: 2, send: 'ATE0', expect: ['OK'], timeoutMs: 1000 },
  { step: 3, send: 'AT+CPIN?', expect: ['+CPIN: READY'], timeoutMs: 5000, tries: 3 },
  { step: 4, send: 'AT+QCBAND=0,2,4,12,13,66', expect: ['OK'], timeoutMs: 5000 },
  { step: 5, send: 'AT+CFUN=1,1', expect: ['OK'], timeoutMs: 10_000 },
  { step: 6, send: 'AT', expect: ['OK'], timeoutMs: 1000, tries: 30 },
  { step: 6, send: 'ATE0', expect: ['OK'], timeoutMs: 1000 },
  { step: 7, send: 'AT+CEREG?', expect: [',1', ',5'], timeoutMs: 5000, tries: 60 },
  { step: 8, send: 'AT+NETCLOSE', expect: ['OK', 'ERROR'], timeoutMs: 10_000 },
  { step: 9, send: 'AT+CGDCONT=0,"IP","hologram"', expect: ['OK'], timeoutMs: 5000 },
  { step: 10, send: 'AT+CGATT=1', expect: ['OK'], timeoutMs: 75_000 },
  { step: 11, send: 'AT+NETOPEN', expect: ['+NETOPEN: 0'], timeoutMs: 60_000 },
];

function attempt(unit: TestUnit, { send, expect: wanted, timeoutMs, tries = 1 }: Step): boolean {
  for (let n = 0; n < tries; n += 1) {
    unit.send(send, 0);
    const end = unit.clock.now() + timeoutMs;
    while (unit.clock.now() < end) {
      unit.run(50);
      if (wanted.some((word) => unit.lines.some((line) => line.endsWith(word)))) return true;
      if (tries === 1 && unit.lines.some((line) => /ERROR|NETOPEN: 1/.test(line))) return false;
    }
  }
  return false;
}

function hasAddress(unit: TestUnit): boolean {
  const own = unit.send('AT+IPADDR', 500).find((line) => line.startsWith('+IPADDR: '));
  const contexts = unit.send('AT+CGDCONT?', 500);
  const shown = own?.slice(9) ?? contexts[0]?.split(',')[3]?.replaceAll('"', '') ?? '';
  return /^\d+\.\d+\.\d+\.\d+$/.test(shown) && shown !== '0.0.0.0';
}

/** The first step that fails, or null; steps 4 and 8 are noted and passed over as in the app. */
function bringUp(unit: TestUnit): { failed: BringUpStep[]; tookMs: number } {
  const failed: BringUpStep[] = [];
  for (const step of STEPS) {
    if (step.send === 'AT+CFUN=1,1') unit.run(100);
    if (!attempt(unit, step)) failed.push(step.step);
    if (failed.length > 0 && step.step !== 4 && step.step !== 8) {
      if (failed.at(-1) === step.step) return { failed, tookMs: unit.clock.now() };
    }
    if (step.step === 5) unit.run(5000);
  }
  if (!hasAddress(unit)) failed.push(12);
  return { failed, tookMs: unit.clock.now() };
}

const VARIANTS: [string, Partial<ModemOptions>][] = [
  ['as delivered', {}],
  ['an empty AT+IPADDR', { emptyIpAddr: true }],
  ['one byte at a time', { pieceBytes: 1, pieceGapMs: 2 }],
  ['the pace of 115200 baud', { baud: 115_200 }],
  ['unsolicited lines every second', { urcIntervalMs: 1000 }],
  ['the home network', { registration: 'home' }],
  ['registration after two minutes', { registrationDelayMs: 120_000 }],
];

test.each(VARIANTS)('a fresh unit comes up with %s', (_name, options) => {
  const { failed, tookMs } = bringUp(new TestUnit(options));
  expect(failed).toEqual([]);
  expect(tookMs).toBeLessThan(200_000);
});

test.each<BringUpStep>([1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12])(
  'failStep(%i) fails that step and no earlier one',
  (step) => {
    const unit = new TestUnit();
    unit.modem.failStep(step);
    expect(bringUp(unit).failed).toEqual([step]);
    unit.modem.failStep(null);
    expect(bringUp(unit.run(10_000)).failed).toEqual([]);
  },
);

test('failStep(8) leaves NETCLOSE without any answer, and the bring-up goes on', () => {
  const unit = new TestUnit();
  unit.modem.failStep(8);
  expect(bringUp(unit).failed).toEqual([8]);
});

test.each<[string, BringUpStep, Partial<ModemOptions>]>([
  ['no SIM', 3, { sim: 'missing' }],
  ['a locked SIM', 3, { sim: 'pin' }],
  ['no signal', 7, { csq: 99 }],
  ['a network that refuses', 7, { registration: 'denied' }],
  ['a network that is not found', 7, { registration: 'searching' }],
  ['the wrong APN', 11, { apn: 'other.example' }],
])('%s stops the bring-up where it should', (_name, step, options) => {
  expect(bringUp(new TestUnit(options)).failed).toEqual([step]);
});

test('without power nothing is ever said', () => {
  const unit = new TestUnit({ powered: false });
  expect(bringUp(unit).failed).toEqual([1]);
  expect(unit.pieces).toEqual([]);
  expect(unit.clock.pending).toBe(0);
});

test('a lost answer costs one try of a step that is tried again', () => {
  const unit = new TestUnit().ready();
  unit.modem.dropNextAnswer();
  expect(unit.send('AT+CSQ')).toEqual([]);
  expect(unit.send('AT+CSQ')).toEqual(['+CSQ: 18,99', 'OK']);
});
