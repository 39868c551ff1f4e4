/**
 * A street of phones in front of a unit's radio: people come by the hour of the local day, stay,
 * wander, probe and leave. Seeded and in virtual time, so a month can be lived through in seconds
 * and twice alike. It knows neither the board nor what the unit makes of the frames.
 *
 * Simplified: a burst's frames on channels 1, 6 and 11 are sent at one instant; no collisions; no
 * reception on neighbouring channels; beacons and advertisements are thinned to what a slow
 * scanner would keep. Whom the radio listens to changes neither the people nor their addresses.
 */

import { AppError } from '../../../shared/errors.ts';
import { EventQueue } from './event-queue.ts';
import { advertisement, beacon, beaconTemplate, probeRequest, probeTemplate } from './frames.ts';
import { type GroundTruth, GroundTruthRecorder, minuteOf } from './ground-truth.ts';
import {
  DAY_CURVE,
  DWELL_CLASSES,
  type DwellClass,
  MODELS,
  type Model,
  WEEK_CURVE,
} from './models.ts';
import { Phone } from './phone.ts';
import { Random } from './random.ts';

/** The radio as in the ABI: 0 off, 1 Wi-Fi sniffing on `channel`, 2 BLE scan. */
export type RadioMode = 0 | 1 | 2;

/** How the street is set up; everything may be left out. */
export interface StreetOptions {
  seed: number;
  /** Wall time (epoch ms) at virtual time 0; default 0. */
  epochMs: number;
  /** Local time minus UTC, minutes; default 0. */
  utcOffsetMinutes: number;
  /** Phones that come by in the busiest hour; default 120. */
  peakPerHour: number;
  /** Relative frequencies of the dwell classes. */
  dwellShares: Readonly<Record<DwellClass, number>>;
  /** Share (0…1) of phones whose Wi-Fi address is not randomised; default 0.08. */
  staticShare: number;
  /** Devices of the neighbourhood that never leave, with static addresses; default 3. */
  residents: number;
  /** Access points that send beacons; default 3. */
  accessPoints: number;
  /** What the phones may be; default MODELS. One entry: everybody has the same phone. */
  models: readonly Model[];
  /** Whether phones probe by the state of their screens; default no: evenly. */
  screens: boolean;
  /** Whether people come at the peak rate at all hours; default no: by hour and day. */
  steady: boolean;
  /** Received frames kept for the reader; when full, newer ones are lost. Default 64. */
  queueFrames: number;
}

/** The defaults of all of it. */
export const STREET_DEFAULTS: StreetOptions = {
  seed: 1,
  epochMs: 0,
  utcOffsetMinutes: 0,
  peakPerHour: 120,
  dwellShares: { quick: 62, browse: 20, shop: 11, loyal: 7 },
  staticShare: 0.08,
  residents: 3,
  accessPoints: 3,
  models: MODELS,
  screens: false,
  steady: false,
  queueFrames: 64,
};

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PROBE_CHANNELS = [1, 6, 11] as const;
const BLE_CHANNELS = [37, 38, 39] as const;
/** Weakest frame the radio decodes. */
const SENSITIVITY_DBM = -96;
const NOISE_DB = 3.5;
/** Real beacons come every 102.4 ms; one in a hundred is kept. */
const BEACON_EVERY_MS = 10_240;
/** A scan that comes to the channel meets the first beacon within one real interval. */
const FIRST_BEACON_MS = [5, 100] as const;
/** Phones that have left are swept out after so many arrivals. */
const SWEEP_EVERY = 64;

interface AccessPoint {
  /** Its beacon. */
  template: Uint8Array;
  channel: number;
  rssiDbm: number;
  nextMs: number;
}

/** Phones, access points, and what the radio receives of them. */
export class Street {
  readonly #options: StreetOptions;
  readonly #arrivals: Random;
  readonly #air: Random;
  readonly #groundTruth = new GroundTruthRecorder();
  readonly #bursts = new EventQueue<Phone>();
  readonly #adverts = new EventQueue<Phone>();
  readonly #accessPoints: AccessPoint[];
  /** Probe frames by model and channel index, built once. */
  readonly #templates: Uint8Array[][];
  #present = new Set<Phone>();
  #queue: Uint8Array[] = [];
  #lost = 0;
  #mode: RadioMode = 0;
  #channel = 0;
  #nowMs = 0;
  #phones = 0;
  #nextArrivalMs = Number.POSITIVE_INFINITY;

  constructor(options: Partial<StreetOptions> = {}) {
    this.#options = { ...STREET_DEFAULTS, ...options };
    const { seed, residents, models } = this.#options;
    this.#templates = models.map((model) => PROBE_CHANNELS.map((c) => probeTemplate(model, c)));
    this.#arrivals = new Random(seed, 1);
    this.#air = new Random(seed, 2);
    this.#accessPoints = makeAccessPoints(seed, this.#options.accessPoints);
    for (let index = 0; index < residents; index += 1) this.#settle();
    this.#scheduleArrival();
  }

  /** Frames waiting in the queue. */
  get pending(): number {
    return this.#queue.length;
  }

  /** Frames lost because the queue was full. */
  get lost(): number {
    return this.#lost;
  }

  /**
   * Sets what the radio listens to from `atMs` (default: where street time stands) on; a change
   * empties the queue. Give `atMs` when time was not advanced while the radio was off, or the
   * radio would hear, late, what was sent before it listened.
   */
  tune(mode: RadioMode, channel: number, atMs = this.#nowMs): void {
    this.advance(atMs);
    if (mode === this.#mode && (mode !== 1 || channel === this.#channel)) return;
    this.#mode = mode;
    this.#channel = channel;
    this.#queue = [];
    this.#adverts.clear();
    if (mode === 1) this.#meetBeacons();
    if (mode === 2) this.#meetAdverts();
  }

  /** Lets time pass up to `toMs`. Throws AppError `invalid` if that lies in the past. */
  advance(toMs: number): void {
    if (!(toMs >= this.#nowMs)) {
      throw new AppError('invalid', `Street time cannot go back from ${this.#nowMs} to ${toMs}.`);
    }
    for (;;) {
      const next = this.#nextMs();
      if (next > toMs) break;
      this.#nowMs = next;
      this.#happen(next);
    }
    this.#nowMs = toMs;
  }

  /** The oldest frame received, in radio_next layout; tunes first when mode or channel differ. */
  next(mode: RadioMode, channel: number): Uint8Array | null {
    this.tune(mode, channel);
    return this.#queue.shift() ?? null;
  }

  /** Earliest virtual ms at which a frame may arrive; Infinity while the radio is off. */
  nextEventAt(): number {
    return this.#mode === 0 ? Number.POSITIVE_INFINITY : this.#nextMs();
  }

  /** Phones in the busiest hour, from now on; 0 empties the street bit by bit. */
  setPeakPerHour(phones: number): void {
    this.#options.peakPerHour = Math.max(0, phones);
    this.#scheduleArrival();
  }

  /** What really happened so far. */
  groundTruth(): GroundTruth {
    return this.#groundTruth.until(this.#nowMs);
  }

  #nextMs(): number {
    let next = Math.min(this.#nextArrivalMs, this.#bursts.nextMs, this.#adverts.nextMs);
    if (this.#mode === 1) {
      for (const point of this.#accessPoints) {
        if (point.channel === this.#channel) next = Math.min(next, point.nextMs);
      }
    }
    return next;
  }

  #happen(ms: number): void {
    if (this.#nextArrivalMs <= ms) this.#arrive();
    else if (this.#bursts.nextMs <= ms) this.#burst();
    else if (this.#adverts.nextMs <= ms) this.#advertise();
    else this.#beacons(ms);
  }

  #scheduleArrival(): void {
    const { peakPerHour } = this.#options;
    this.#nextArrivalMs =
      peakPerHour > 0
        ? this.#nowMs + this.#arrivals.gap(HOUR_MS / peakPerHour)
        : Number.POSITIVE_INFINITY;
  }

  /** Candidates come at the peak rate; the hour and the day decide who really does. */
  #arrive(): void {
    const { epochMs, utcOffsetMinutes, dwellShares, steady } = this.#options;
    const local = epochMs + this.#nowMs + utcOffsetMinutes * 60_000;
    const hour = DAY_CURVE[Math.floor((((local % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS)] ?? 0;
    // 1 January 1970 was a Thursday.
    const day = WEEK_CURVE[(((Math.floor(local / DAY_MS) + 4) % 7) + 7) % 7] ?? 0;
    const comes = this.#arrivals.fraction() < (steady ? 1 : hour * day);
    const stay =
      DWELL_CLASSES[this.#arrivals.pick(DWELL_CLASSES.map((name) => dwellShares[name]))] ?? 'quick';
    this.#scheduleArrival();
    if (!comes) return;
    const number = this.#phones;
    this.#phones += 1;
    const phone = new Phone({ ...this.#options, number, arrivesMs: this.#nowMs, stay });
    this.#groundTruth.arrival(stay, phone.arrivesMs, phone.leavesMs);
    this.#join(phone);
    if (this.#phones % SWEEP_EVERY === 0) this.#sweep();
  }

  #settle(): void {
    const forever = { leavesMs: Number.POSITIVE_INFINITY, staticShare: 1 };
    const number = this.#phones;
    this.#phones += 1;
    this.#join(new Phone({ ...this.#options, number, arrivesMs: 0, stay: 'browse', ...forever }));
  }

  #join(phone: Phone): void {
    this.#present.add(phone);
    this.#bursts.push(phone.firstBurstMs(), phone);
    if (this.#mode === 2) this.#scheduleAdvert(phone);
  }

  #sweep(): void {
    for (const phone of this.#present) {
      if (phone.leavesMs < this.#nowMs) this.#present.delete(phone);
    }
  }

  #burst(): void {
    const phone = this.#bursts.pop()?.item;
    const ms = this.#nowMs;
    if (phone === undefined || ms > phone.leavesMs) return;
    if (phone.heardMinute !== minuteOf(ms) && phone.leavesMs !== Number.POSITIVE_INFINITY) {
      phone.heardMinute = minuteOf(ms);
      this.#groundTruth.probe(ms, phone.isStatic);
    }
    const address = phone.addressAt(ms);
    PROBE_CHANNELS.forEach((channel, index) => {
      const listening = this.#mode === 1 && channel === this.#channel;
      for (let n = 0; n < phone.model.framesPerChannel; n += 1) {
        const sequence = phone.nextSequence();
        const rssi = listening ? this.#receive(phone, ms) : null;
        const template = this.#templates[phone.modelIndex]?.[index];
        if (rssi === null || template === undefined) continue;
        this.#enqueue(probeRequest(template, address, sequence, rssi));
      }
    });
    this.#bursts.push(phone.nextBurstMs(ms), phone);
  }

  /** RSSI of one frame, dBm, or null if it is too weak to be received. */
  #receive(phone: Phone, ms: number): number | null {
    const rssi = Math.round(phone.rssiAt(ms) + this.#air.noise(NOISE_DB));
    return rssi < SENSITIVITY_DBM ? null : Math.min(-10, rssi);
  }

  #enqueue(frame: Uint8Array): void {
    if (this.#queue.length < this.#options.queueFrames) this.#queue.push(frame);
    else this.#lost += 1;
  }

  #meetAdverts(): void {
    this.#sweep();
    for (const phone of this.#present) this.#scheduleAdvert(phone);
  }

  #scheduleAdvert(phone: Phone): void {
    if (phone.model.ble === null) return;
    const ms = this.#nowMs + this.#air.between(0.2, 1.8) * phone.model.ble.everyMs;
    if (ms < phone.leavesMs) this.#adverts.push(ms, phone);
  }

  #advertise(): void {
    const phone = this.#adverts.pop()?.item;
    const advertising = phone?.model.ble ?? null;
    if (phone === undefined || advertising === null) return;
    const ms = this.#nowMs;
    const rssiDbm = this.#receive(phone, ms);
    if (rssiDbm !== null) {
      const channel = BLE_CHANNELS[this.#air.whole(0, 2)] ?? 37;
      const tail = this.#air.fill(new Uint8Array(advertising.bytes - advertising.prefix.length));
      this.#enqueue(
        advertisement(advertising, phone.bleAddressAt(ms), 1, tail, { channel, rssiDbm }),
      );
    }
    this.#scheduleAdvert(phone);
  }

  #meetBeacons(): void {
    for (const point of this.#accessPoints) {
      point.nextMs = this.#nowMs + this.#air.between(...FIRST_BEACON_MS);
    }
  }

  #beacons(ms: number): void {
    for (const point of this.#accessPoints) {
      if (point.channel !== this.#channel || point.nextMs > ms) continue;
      const rssi = Math.round(point.rssiDbm + this.#air.noise(2));
      this.#enqueue(beacon(point.template, rssi));
      point.nextMs = ms + BEACON_EVERY_MS;
    }
  }
}

/** Access points with addresses of the range for documentation (RFC 7042: 00-00-5E-00-53-xx). */
function makeAccessPoints(seed: number, count: number): AccessPoint[] {
  const random = new Random(seed, 3);
  return Array.from({ length: count }, (_, index) => {
    const bssid = Uint8Array.of(0x00, 0x00, 0x5e, 0x00, 0x53, (seed * 16 + index) & 0xff);
    const channel = PROBE_CHANNELS[index % PROBE_CHANNELS.length] ?? 1;
    return {
      template: beaconTemplate(bssid, `shop-${index + 1}.example`, channel),
      channel,
      rssiDbm: random.whole(-85, -45),
      nextMs: Number.POSITIVE_INFINITY,
    };
  });
}
