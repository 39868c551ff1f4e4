/**
 * Crowds for measuring the estimate of visits: a steady street with a given number of people inside
 * on average, and the radio on it as a unit tunes it. Knows the truth of the street and the count
 * by addresses, and nothing about the estimate.
 */
import { PROBE_ELEMENTS_AT } from '../../firmware/virtual/street/frames.ts';
import {
  DWELL_CLASSES,
  DWELL_SHAPES,
  MODELS,
  type Model,
} from '../../firmware/virtual/street/models.ts';
import {
  STREET_DEFAULTS,
  Street,
  type StreetOptions,
} from '../../firmware/virtual/street/street.ts';

const MINUTE_MS = 60_000;
export const PERIOD_MS = 5 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;

/** A kind of crowd. */
export interface Crowd {
  name: string;
  models: readonly Model[];
  /** Where its street differs from the one that the estimate is calibrated on. */
  street?: Partial<Pick<StreetOptions, 'dwellShares' | 'screens' | 'staticShare'>>;
}

const phone = (name: string): Model => MODELS.find((m) => m.name === name) ?? MODELS[0]!; // listed

/** Everything from easy to hopeless; the last two are streets that nothing was fitted to. */
export const CROWDS: readonly Crowd[] = [
  { name: 'five models', models: MODELS },
  { name: 'one model, number goes on', models: [phone('samsung-phone')] },
  { name: 'one model, random number', models: [phone('apple-phone')] },
  {
    name: 'one model, new address each burst',
    models: [{ ...phone('apple-phone'), addressLifetimeMs: 0 }],
  },
  {
    name: 'five models, probing evenly, none with a fixed address',
    models: MODELS,
    street: { screens: false, staticShare: 0 },
  },
  {
    name: 'five models, most people pass or leave soon',
    models: MODELS,
    street: { dwellShares: { quick: 85, browse: 11, shop: 3, loyal: 1 } },
  },
];

/**
 * A street with `people` inside on average, beside whom passers-by come in the usual proportion.
 */
export function streetOf(crowd: Crowd, people: number, seed: number): Street {
  return new Street({
    seed,
    models: crowd.models,
    peakPerHour: people / meanHoursInside(crowd.street?.dwellShares ?? STREET_DEFAULTS.dwellShares),
    steady: true,
    screens: true,
    residents: 2,
    queueFrames: 4096,
    ...crowd.street,
  });
}

/** Mean time inside of whoever comes by, hours: a passer-by spends none. */
function meanHoursInside(dwellShares: StreetOptions['dwellShares']): number {
  const all = DWELL_CLASSES.reduce((sum, stay) => sum + dwellShares[stay], 0);
  const inside = DWELL_CLASSES.filter((stay) => stay !== 'quick').reduce((sum, stay) => {
    const [min, max] = DWELL_SHAPES[stay].ms;
    return sum + (dwellShares[stay] * (min + max)) / 2;
  }, 0);
  return inside / all / HOUR_MS;
}

/** What the frames are given to. */
export interface Listener {
  frame(bytes: Uint8Array, ms: number): void;
  tick(ms: number): void;
  period(endMs: number): void;
}

/** Lets `hours` pass on `street`, the radio hopping as the unit's schedule has it. */
export function listen(street: Street, hours: number, listener: Listener): void {
  for (let ms = 0; ms < hours * HOUR_MS; ) {
    const inCycle = ms % 30_000;
    const ble = inCycle >= 29_000;
    const slot = Math.floor(inCycle / 3000);
    const until = ms - inCycle + (ble ? 30_000 : Math.min(29_000, (slot + 1) * 3000));
    const channel = [1, 6, 11][(slot + Math.floor(ms / 30_000)) % 3] ?? 1;
    street.tune(ble ? 0 : 1, channel);
    ms = receive(street, ble ? null : channel, until, listener);
    listener.tick(ms);
    if (ms % PERIOD_MS === 0) listener.period(ms);
  }
}

function receive(street: Street, channel: number | null, untilMs: number, to: Listener): number {
  let now = 0;
  while (now < untilMs) {
    now = Math.min(street.nextEventAt(), untilMs);
    street.advance(now);
    if (channel === null) continue;
    for (let f = street.next(1, channel); f !== null; f = street.next(1, channel)) to.frame(f, now);
  }
  return untilMs;
}

/** What really happened between two times, both on whole minutes. */
export function truthOf(street: Street, fromMs: number, toMs: number) {
  const minutes = street
    .groundTruth()
    .minutes.filter(({ startMs }) => startMs >= fromMs && startMs < toMs);
  const visits = minutes.reduce(
    (sum, { arrived }) => sum + arrived.browse + arrived.shop + arrived.loyal,
    0,
  );
  const dwellMs = minutes.reduce((sum, minute) => sum + minute.dwellMs, 0);
  return { visits, people: dwellMs / (toMs - fromMs) };
}

const TRANSMITTER_AT = PROBE_ELEMENTS_AT - 14;
const NEAR_DBM = -65;

/**
 * Counting addresses: every randomised address that was once heard near is a visit, and each minute
 * has as many people as it has such addresses.
 */
export class AddressCount {
  visits = 0;
  #known = new Set<string>();
  #minute = new Set<string>();
  #minutes = 0;
  #deviceMinutes = 0;

  frame(bytes: Uint8Array): void {
    const address = bytes.subarray(TRANSMITTER_AT, TRANSMITTER_AT + 6);
    const rssi = ((bytes[1] ?? 0) << 24) >> 24;
    if (bytes[4] !== 0x40 || ((address[0] ?? 0) & 2) === 0 || rssi <= NEAR_DBM) return;
    const key = address.join();
    this.#minute.add(key);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.visits += 1;
  }

  minute(): void {
    this.#minutes += 1;
    this.#deviceMinutes += this.#minute.size;
    this.#minute.clear();
  }

  /** Visits and mean people since the last call. */
  close(): { visits: number; people: number } {
    const closed = { visits: this.visits, people: this.#deviceMinutes / this.#minutes };
    this.visits = this.#minutes = this.#deviceMinutes = 0;
    return closed;
  }
}
