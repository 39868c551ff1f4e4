import { afterEach, expect, test, vi } from 'vitest';
import { sameBytes } from '../../shared/bytes.ts';
import { OTA_STATE, writeOtaData } from '../../shared/esp/otadata.ts';
import { TestBench } from './testing/bench.ts';
import { appImage } from './testing/images.ts';
import { useJumpingClock } from './testing/jumping-clock.ts';
import { opened } from './testing/opened.ts';
import { type VerifyReport, verifyUnit, verifyWords } from './verify-unit.ts';

vi.setConfig({ testTimeout: 60_000 });
useJumpingClock();

const ID = 'JBNB0001';
const benches: TestBench[] = [];
afterEach(() => {
  for (const bench of benches.splice(0)) bench.dispose();
});

/** A unit with what `change` makes of a prepared one's flash, as a page sees it that opens now. */
async function looked(change: (bench: TestBench) => void = () => {}, isPrepared = true) {
  const bench = new TestBench();
  benches.push(bench);
  const { unit, flow, firmware, connect } = opened(bench);
  await connect();
  if (isPrepared) {
    await flow.start({ deviceId: ID });
    expect(flow.state.value.result).toBe('done');
  }
  change(bench);
  const before = Uint8Array.from(bench.flash.bytes);
  const report = await verifyUnit(unit, firmware, new AbortController().signal);
  expect(sameBytes(bench.flash.bytes, before)).toBe(true);
  return report;
}

const put = (bench: TestBench, bytes: Uint8Array, offset: number) => {
  bench.flash.bytes.set(bytes, offset);
};

test('a unit that was prepared is as it should be', async () => {
  const report = await looked();
  expect(report).toMatchObject({
    ...{ mac: '02:4A:42:00:00:01', app: 'jambox', version: '6.0.0', isWhole: true },
    ...{ isCurrent: true, deviceId: ID, newest: '6.0.0' },
  });
  expect(verifyWords(report, ID)).toEqual({
    good: true,
    sentences: [
      'It holds JamBox 6.0.0, exactly as it should be.',
      `It is ${ID}.`,
      'Its link was not proven yet.',
    ],
  });
});

test('a bare unit has nothing', async () => {
  const report = await looked(() => {}, false);
  expect(report).toMatchObject({ app: 'none', deviceId: null, hasProvenLink: false });
  expect(verifyWords(report, undefined).good).toBe(false);
});

test('after an update it is the other slot that counts', async () => {
  const report = await looked((bench) => {
    const next = appImage({ project: 'jambox-virtual', seed: 9 });
    put(bench, next, 0x220000);
    put(bench, writeOtaData([null, { seq: 2, state: OTA_STATE.valid }]), 0xf000);
  });
  expect(report).toMatchObject({ app: 'jambox', isWhole: true, isCurrent: false });
});

test('one bit that fell over is seen', async () => {
  const report = await looked((bench) => {
    bench.flash.bytes[0x20000 + 20_000]! ^= 1;
  });
  expect(report).toMatchObject({ app: 'jambox', isWhole: false, isCurrent: false });
  expect(verifyWords(report, ID).sentences[0]).toContain('is damaged');
});

const report = (more: Partial<VerifyReport>): VerifyReport => ({
  ...{ mac: '02:4A:42:00:00:01', app: 'jambox', name: 'jambox', version: '6.0.0', isWhole: true },
  ...{ isCurrent: true, newest: '6.0.0', deviceId: ID, hasProvenLink: true, ...more },
});

test.each([
  [report({}), ID, true, 'exactly as it should be'],
  [report({}), undefined, true, 'exactly as it should be'],
  [report({}), 'JBNB0002', false, 'knows this chip as JBNB0002'],
  [report({}), null, false, 'does not know this chip'],
  [report({ isCurrent: false, newest: '6.1.0' }), ID, true, 'this page would write 6.1.0'],
  [report({ app: 'provisioning' }), ID, false, 'counts nobody'],
  [report({ app: 'other', name: 'blink' }), ID, false, 'Another program is on it: blink 6.0.0'],
  [report({ deviceId: null }), undefined, false, 'no identity'],
])('case %# is told, and whether it can be mounted', (found, known, good, words) => {
  const told = verifyWords(found, known);
  expect(told.good).toBe(good);
  expect(told.sentences.join(' ')).toContain(words);
});
