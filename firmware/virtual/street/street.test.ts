/** The street: repeatable, believable, and honest about what it did. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_OFFSET, KIND_BLE, KIND_WIFI, PROBE_ELEMENTS_AT, transmitter } from './frames.ts';
import { MODELS, type SequencePolicy } from './models.ts';
import { type RadioMode, Street, type StreetOptions } from './street.ts';

/** Monday noon, local. */
const NOON = Date.UTC(2026, 0, 5, 12);
const HOUR_MS = 3_600_000;

function listen(street: Street, mode: RadioMode, channel: number, untilMs: number): Uint8Array[] {
  const frames: Uint8Array[] = [];
  street.tune(mode, channel);
  for (;;) {
    const next = Math.min(street.nextEventAt(), untilMs);
    street.advance(next);
    for (let f = street.next(mode, channel); f !== null; f = street.next(mode, channel)) {
      frames.push(f);
    }
    if (next >= untilMs) return frames;
  }
}

const isProbe = (frame: Uint8Array): boolean => frame[FRAME_OFFSET] === 0x40;
const isLocal = (frame: Uint8Array): boolean => ((transmitter(frame)[0] ?? 0) & 2) !== 0;
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const rssi = (frame: Uint8Array): number => ((frame[1] ?? 0) << 24) >> 24;

/** Elements as [id, content]; throws where a length leads beyond the frame. */
function elements(frame: Uint8Array): [number, Uint8Array][] {
  const found: [number, Uint8Array][] = [];
  for (let at = PROBE_ELEMENTS_AT; at < frame.length; ) {
    const [id = -1, length = -1] = frame.subarray(at, at + 2);
    const end = at + 2 + length;
    if (length < 0 || end > frame.length) throw new Error(`element ${id} is cut off`);
    found.push([id, frame.subarray(at + 2, end)]);
    at = end;
  }
  return found;
}

test('the same seed gives the same frames, another seed gives others', () => {
  const run = (seed: number): string =>
    listen(new Street({ seed, epochMs: NOON }), 1, 6, HOUR_MS)
      .map(hex)
      .join('\n');
  expect(run(5)).toBe(run(5));
  expect(run(5)).not.toBe(run(6));
});

test('how time is cut into steps changes nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 20 }), (steps) => {
      const total = steps.reduce((sum, step) => sum + step, 0);
      const whole = new Street({ epochMs: NOON, queueFrames: 100_000 });
      const cut = new Street({ epochMs: NOON, queueFrames: 100_000 });
      for (const street of [whole, cut]) street.tune(1, 1);
      whole.advance(total);
      let now = 0;
      for (const step of steps) {
        now += step;
        cut.advance(now);
      }
      expect(cut.pending).toBe(whole.pending);
      expect(cut.next(1, 1)).toEqual(whole.next(1, 1));
      expect(cut.groundTruth()).toEqual(whole.groundTruth());
    }),
    { numRuns: 20 },
  );
});

test('what the radio listens to changes neither the people nor their addresses', () => {
  const still = new Street({ epochMs: NOON });
  const hopping = new Street({ epochMs: NOON });
  for (let ms = 0; ms <= HOUR_MS; ms += 1000) {
    still.advance(ms);
    hopping.advance(ms);
    hopping.tune(ms % 7000 === 0 ? 2 : 1, [1, 6, 11][(ms / 1000) % 3] ?? 1);
  }
  expect(hopping.groundTruth()).toEqual(still.groundTruth());
  const addresses = (street: Street): Set<string> =>
    new Set(
      listen(street, 1, 6, 2 * HOUR_MS)
        .filter(isProbe)
        .map((f) => hex(transmitter(f))),
    );
  const [a, b] = [addresses(still), addresses(hopping)];
  // Only frames at the edge of hearing may differ.
  const common = [...a].filter((address) => b.has(address)).length;
  expect(common / Math.max(a.size, b.size)).toBeGreaterThan(0.9);
});

test('probe requests are well formed and mostly from locally administered addresses', () => {
  const frames = listen(new Street({ epochMs: NOON }), 1, 11, 4 * HOUR_MS).filter(isProbe);
  expect(frames.length).toBeGreaterThan(500);
  for (const frame of frames) {
    expect([frame[0], frame[2], frame[3]]).toEqual([KIND_WIFI, 11, 0]);
    expect(rssi(frame)).toBeGreaterThanOrEqual(-96);
    expect(rssi(frame)).toBeLessThanOrEqual(-10);
    // Destination and BSSID: everyone; transmitter: unicast.
    expect(hex(frame.subarray(8, 14))).toBe('ffffffffffff');
    expect((transmitter(frame)[0] ?? 1) & 1).toBe(0);
    const ids = elements(frame).map(([id]) => id);
    expect(ids.slice(0, 5)).toEqual([0, 1, 50, 3, 45]);
    expect(elements(frame)[0]?.[1].length).toBe(0);
    expect(elements(frame)[3]?.[1][0]).toBe(11);
  }
  const senders = new Map(frames.map((frame) => [hex(transmitter(frame)), isLocal(frame)]));
  const localShare = [...senders.values()].filter(Boolean).length / senders.size;
  expect(localShare).toBeGreaterThan(0.85);
  expect(localShare).toBeLessThan(0.99);
});

test('a randomised address lasts minutes, its sequence numbers count up modulo 4096', () => {
  const frames = new Map<string, { firstMs: number; lastMs: number; sequences: number[] }>();
  const street = new Street({ epochMs: NOON, residents: 0, staticShare: 0 });
  street.tune(1, 1);
  for (let ms = 0; ms < 3 * HOUR_MS; ms += 500) {
    street.advance(ms);
    for (let frame = street.next(1, 1); frame !== null; frame = street.next(1, 1)) {
      if (!isProbe(frame)) continue;
      const key = hex(transmitter(frame));
      const entry = frames.get(key) ?? { firstMs: ms, lastMs: ms, sequences: [] };
      entry.lastMs = ms;
      entry.sequences.push(((frame[26] ?? 0) >> 4) | ((frame[27] ?? 0) << 4));
      frames.set(key, entry);
    }
  }
  const all = [...frames.values()];
  expect(Math.max(...all.map(({ firstMs, lastMs }) => lastMs - firstMs))).toBeLessThan(13 * 60_000);
  for (const { sequences } of all) {
    for (let index = 1; index < sequences.length; index += 1) {
      const step = ((sequences[index] ?? 0) - (sequences[index - 1] ?? 0) + 4096) % 4096;
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThan(1000);
    }
  }
});

test('sequence numbers follow the policy of the model when the address changes', () => {
  /** Steps of the sequence number from one address of a lone phone to its next. */
  const steps = (sequence: SequencePolicy): number[] => {
    const models = [{ ...MODELS[0]!, addressLifetimeMs: 0, sequence }]; // The list is not empty.
    const dwellShares = { quick: 0, browse: 0, shop: 0, loyal: 1 };
    const street = new Street({ models, dwellShares, steady: true, peakPerHour: 2, residents: 0 });
    const numbers = listen(street, 1, 11, 4 * HOUR_MS)
      .filter((frame) => isProbe(frame) && isLocal(frame))
      .map((f) => [hex(transmitter(f)), ((f[26] ?? 0) >> 4) | ((f[27] ?? 0) << 4)] as const);
    return numbers.flatMap(([address, number], index) => {
      const [before, last] = numbers[index - 1] ?? [address, 0];
      return before === address ? [] : [sequence === 'zero' ? number : (number - last) & 0xfff];
    });
  };
  expect(steps('zero').every((number) => number < 6)).toBe(true);
  const small = (all: number[]): number => all.filter((step) => step <= 6).length / all.length;
  expect(small(steps('continue'))).toBeGreaterThan(0.5);
  expect(small(steps('random'))).toBeLessThan(0.1);
});

test('screens make some gaps short and others long, and change no arrival', () => {
  const street = (screens: boolean): Street =>
    new Street({ epochMs: NOON, screens, steady: true, residents: 0 });
  const [with_, without] = [street(true), street(false)];
  for (const s of [with_, without]) s.advance(3 * HOUR_MS);
  const arrived = (s: Street): number[] => s.groundTruth().minutes.map(({ arrived: a }) => a.shop);
  expect(arrived(with_)).toEqual(arrived(without));
  const probed = (s: Street): number =>
    s.groundTruth().minutes.reduce((sum, m) => sum + m.probed, 0);
  expect(probed(with_)).not.toBe(probed(without));
});

test('time stayed adds up to the stays of those who are no passers-by', () => {
  const only = (stay: 'quick' | 'shop'): Partial<StreetOptions> => ({
    dwellShares: { quick: 0, browse: 0, shop: 0, loyal: 0, [stay]: 1 },
    steady: true,
    peakPerHour: 600,
  });
  const stayed = (options: Partial<StreetOptions>): number => {
    const street = new Street(options);
    street.advance(3 * HOUR_MS);
    return street.groundTruth().minutes.reduce((sum, minute) => sum + minute.dwellMs, 0) / HOUR_MS;
  };
  expect(stayed(only('quick'))).toBe(0);
  // 600 an hour for 7.5 minutes on average are 75 people; those of the last minutes stay on.
  expect(stayed(only('shop')) / 3).toBeGreaterThan(65);
  expect(stayed(only('shop')) / 3).toBeLessThan(80);
});

test('a scan on any probe channel meets the access points there, with a readable name', () => {
  const street = new Street({ accessPoints: 3, peakPerHour: 0, residents: 0 });
  let now = 0;
  for (const channel of [1, 6, 11]) {
    now += 200;
    const [frame, ...rest] = listen(street, 1, channel, now);
    expect(rest.length).toBe(0);
    expect(frame?.[FRAME_OFFSET]).toBe(0x80);
    expect(Buffer.from(frame?.subarray(42, 56) ?? []).toString()).toMatch(/^shop-\d\.example$/);
  }
});

test('advertisements carry a company id and a private address; a fair part is Apple', () => {
  const frames = listen(new Street({ epochMs: NOON }), 2, 0, HOUR_MS);
  const companies = frames.map((frame) => {
    expect([frame[0], frame[4]]).toEqual([KIND_BLE, 1]);
    expect([37, 38, 39]).toContain(frame[2]);
    expect((frame[10] ?? 0) >> 6).toBe(1);
    const data = frame.subarray(11);
    expect(data.length).toBeLessThanOrEqual(31);
    let at = 0;
    while (data[at + 1] !== 0xff) at += (data[at] ?? 0) + 1;
    expect(at + 1 + (data[at] ?? 0)).toBe(data.length);
    return (data[at + 2] ?? 0) | ((data[at + 3] ?? 0) << 8);
  });
  const apple = companies.filter((company) => company === 0x004c).length / companies.length;
  expect(apple).toBeGreaterThan(0.4);
  expect(apple).toBeLessThan(0.98);
});

test('strength falls with distance: every zone of the page is met', () => {
  const levels = listen(new Street({ epochMs: NOON }), 1, 6, 6 * HOUR_MS)
    .filter(isProbe)
    .map(rssi);
  const share = (min: number, max: number): number =>
    levels.filter((level) => level > min && level <= max).length / levels.length;
  for (const zone of [share(-50, 0), share(-65, -50), share(-80, -65), share(-128, -80)]) {
    expect(zone).toBeGreaterThan(0.01);
  }
});

test('the truth: noon is busier than night, people add up, only the present probe', () => {
  const street = new Street({ epochMs: NOON - 12 * HOUR_MS });
  street.advance(24 * HOUR_MS);
  const { minutes, visitors } = street.groundTruth();
  expect(minutes.length).toBe(1441);
  const arrivals = minutes.map(({ arrived }) => Object.values(arrived).reduce((a, b) => a + b));
  const during = (hour: number): number =>
    arrivals.slice(hour * 60, hour * 60 + 60).reduce((a, b) => a + b);
  expect(arrivals.reduce((a, b) => a + b)).toBe(visitors);
  expect(visitors).toBeGreaterThan(800);
  expect(during(12)).toBeGreaterThan(10 * Math.max(1, during(3)));
  for (const minute of minutes) {
    expect(minute.probed).toBeLessThanOrEqual(minute.present);
    expect(minute.probedStatic).toBeLessThanOrEqual(minute.probed);
  }
});

test('local time decides, not UTC', () => {
  const count = (options: Partial<StreetOptions>): number => {
    const street = new Street({ epochMs: NOON, ...options });
    street.advance(HOUR_MS);
    return street.groundTruth().visitors;
  };
  expect(count({ utcOffsetMinutes: 0 })).toBeGreaterThan(60);
  expect(count({ utcOffsetMinutes: -9 * 60 })).toBeLessThan(20);
});

test('the queue is bounded, retuning empties it, an off radio hears nothing', () => {
  const street = new Street({ epochMs: NOON, queueFrames: 8 });
  street.tune(1, 6);
  street.advance(HOUR_MS);
  expect(street.pending).toBe(8);
  expect(street.lost).toBeGreaterThan(0);
  expect(street.next(1, 1)).toBeNull();
  street.tune(0, 0);
  expect(street.nextEventAt()).toBe(Number.POSITIVE_INFINITY);
  street.advance(2 * HOUR_MS);
  expect(street.next(0, 0)).toBeNull();
  expect(() => street.advance(HOUR_MS)).toThrow(/cannot go back/);
});

test('a radio that comes on hears nothing of what was sent before', () => {
  const options = { epochMs: NOON, accessPoints: 0 };
  const street = new Street(options);
  street.tune(1, 6, HOUR_MS);
  expect(street.next(1, 6)).toBeNull();
  const other = new Street(options);
  other.advance(HOUR_MS);
  expect(street.groundTruth()).toEqual(other.groundTruth());
  expect(() => street.tune(1, 1, 0)).toThrow(/cannot go back/);
});

test('setPeakPerHour empties and fills the street', () => {
  const street = new Street({ epochMs: NOON });
  street.setPeakPerHour(0);
  street.advance(HOUR_MS);
  expect(street.groundTruth().visitors).toBe(0);
  street.setPeakPerHour(1000);
  street.advance(2 * HOUR_MS);
  expect(street.groundTruth().visitors).toBeGreaterThan(400);
});

test('a month passes in seconds', () => {
  const street = new Street({ epochMs: NOON });
  street.tune(1, 6);
  const start = performance.now();
  for (let ms = 0; ms <= 30 * 24 * HOUR_MS; ms += 60_000) {
    street.advance(ms);
    while (street.next(1, 6) !== null);
  }
  expect(street.groundTruth().visitors).toBeGreaterThan(20_000);
  // Measured 3 s on two slow cores; the limit is a minute.
  expect(performance.now() - start).toBeLessThan(60_000);
}, 90_000);
