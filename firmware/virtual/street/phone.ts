/**
 * One phone on the street: where it is at any moment, how strong it arrives, which addresses it
 * shows. Everything follows from the seed and its number, whatever the radio listens to. It does
 * not know the radio, the queue or the other phones.
 */

import { DWELL_SHAPES, type DwellClass, MODELS, type Model } from './models.ts';
import { Random } from './random.ts';

/** RSSI at one metre of an average phone, as an ESP32-S3 receives it; measured −35 to −42. */
const RSSI_AT_1M_DBM = -38;
/** Path loss exponent of a shop with people in it (ITU-R P.1238: 2.2 to 3). */
const PATH_LOSS = 2.6;
const WALK_M_PER_S = [1.1, 1.6] as const;
/** A Bluetooth private address is kept 15 minutes (Core Specification, GAP appendix A). */
const BLE_ADDRESS_LIFETIME_MS = 15 * 60_000;
const SEQUENCE_MASK = 0xfff;
/**
 * A phone in use probes more often than one in the pocket, as labelled captures by state of the
 * screen show (Pintor and Atzori, Computer Networks 2022). The figures here are assumed; on average
 * over time they give the model's own rate.
 */
const SCREEN = {
  onShare: 0.33,
  onMs: 60_000,
  offMs: 120_000,
  onFactor: 0.5,
  offFactor: 2,
} as const;

/** Whom to make. */
export interface PhoneOptions {
  seed: number;
  /** Different for every phone; its random stream. */
  number: number;
  arrivesMs: number;
  stay: DwellClass;
  /** Chance (0…1) that its Wi-Fi address is the factory's. */
  staticShare: number;
  /** Leaves then instead of when its stay says; Infinity for residents. */
  leavesMs?: number;
  /** What it may be; default: the models of this street. */
  models?: readonly Model[];
  /** Whether it probes by the state of its screen instead of evenly. */
  screens?: boolean;
}

/** A device with a way through the street. */
export class Phone {
  readonly model: Model;
  readonly modelIndex: number;
  readonly stay: DwellClass;
  readonly arrivesMs: number;
  readonly leavesMs: number;
  readonly isStatic: boolean;
  /** Minute in which it was last heard; the street's own note. */
  heardMinute = -1;
  readonly #random: Random;
  readonly #ble: Random;
  readonly #metres: number;
  readonly #speed: number;
  readonly #phase: number;
  readonly #shadowDb: number;
  readonly #address = new Uint8Array(6);
  readonly #bleAddress = new Uint8Array(6);
  #addressUntilMs = Number.NEGATIVE_INFINITY;
  #bleAddressUntilMs = Number.NEGATIVE_INFINITY;
  #sequence: number;
  /** Null: the screen does not matter. */
  readonly #screen: { on: boolean; untilMs: number; random: Random } | null;

  constructor(options: PhoneOptions) {
    const random = new Random(options.seed, options.number * 2 + 100);
    this.#random = random;
    this.#ble = new Random(options.seed, options.number * 2 + 101);
    const models = options.models ?? MODELS;
    this.modelIndex = random.pick(models.map(({ share }) => share));
    this.model = models[this.modelIndex] ?? MODELS[0]!; // The index comes from this very list.
    this.stay = options.stay;
    this.arrivesMs = options.arrivesMs;
    const shape = DWELL_SHAPES[options.stay];
    this.leavesMs = options.leavesMs ?? options.arrivesMs + random.between(...shape.ms);
    this.isStatic = random.fraction() < options.staticShare;
    this.#metres = random.between(...shape.metres);
    this.#speed = random.between(...WALK_M_PER_S);
    this.#phase = random.between(0, 2 * Math.PI);
    this.#shadowDb = random.noise(2);
    this.#sequence = random.whole(0, SEQUENCE_MASK);
    if (this.isStatic) this.#drawStatic();
    this.#screen = options.screens === true ? firstScreen(options) : null;
  }

  /** When it first probes: soon after arriving, since people take the phone out. */
  firstBurstMs(): number {
    return this.arrivesMs + this.#random.gap(this.model.probeEveryMs / 3);
  }

  /** When it probes after a burst at `nowMs`. */
  nextBurstMs(nowMs: number): number {
    const every = this.model.probeEveryMs * this.#screenFactor(nowMs);
    return nowMs + every * 0.3 + this.#random.gap(every * 0.7);
  }

  /** Metres from the sensor: passers-by walk past it, the others wander about their place. */
  metresAt(ms: number): number {
    if (this.stay !== 'quick') {
      return this.#metres * (1 + 0.35 * Math.sin(this.#phase + (ms / 60_000) * 2));
    }
    const along = ((ms - (this.arrivesMs + this.leavesMs) / 2) / 1000) * this.#speed;
    return Math.hypot(this.#metres, along);
  }

  /** Mean RSSI, dBm, without the noise of the single frame. */
  rssiAt(ms: number): number {
    const loss = 10 * PATH_LOSS * Math.log10(Math.max(0.3, this.metresAt(ms)));
    return RSSI_AT_1M_DBM + this.model.gainDb + this.#shadowDb - loss;
  }

  /** Wi-Fi address at `ms`, first byte first. Times must not go back. The array is reused. */
  addressAt(ms: number): Uint8Array {
    if (!this.isStatic && ms >= this.#addressUntilMs) {
      this.#random.fill(this.#address);
      // Locally administered, unicast (IEEE 802, 8.2).
      this.#address[0] = ((this.#address[0] ?? 0) & 0xfc) | 0x02;
      this.#addressUntilMs = ms + this.model.addressLifetimeMs * this.#random.between(0.7, 1.3);
      this.#restartSequence();
    }
    return this.#address;
  }

  /** The next sequence number, 12 bits. */
  nextSequence(): number {
    this.#sequence = (this.#sequence + 1) & SEQUENCE_MASK;
    return this.#sequence;
  }

  /** Bluetooth address at `ms`, LSB first: resolvable private, top bits 01. Reused. */
  bleAddressAt(ms: number): Uint8Array {
    if (ms >= this.#bleAddressUntilMs) {
      this.#ble.fill(this.#bleAddress);
      this.#bleAddress[5] = ((this.#bleAddress[5] ?? 0) & 0x3f) | 0x40;
      this.#bleAddressUntilMs = ms + BLE_ADDRESS_LIFETIME_MS;
    }
    return this.#bleAddress;
  }

  #restartSequence(): void {
    const fresh = this.#random.whole(0, SEQUENCE_MASK);
    if (this.model.sequence === 'random') this.#sequence = fresh;
    if (this.model.sequence === 'zero') this.#sequence = SEQUENCE_MASK;
  }

  #screenFactor(nowMs: number): number {
    const screen = this.#screen;
    if (screen === null) return 1;
    while (nowMs >= screen.untilMs) {
      screen.on = !screen.on;
      screen.untilMs += screen.random.gap(screen.on ? SCREEN.onMs : SCREEN.offMs);
    }
    return screen.on ? SCREEN.onFactor : SCREEN.offFactor;
  }

  #drawStatic(): void {
    this.#random.fill(this.#address);
    this.#address.set(this.model.oui);
  }
}

/** A stream of its own: whether screens matter must not move the other draws. */
function firstScreen(options: PhoneOptions): { on: boolean; untilMs: number; random: Random } {
  const random = new Random(options.seed ^ 0x5c4ee2, options.number);
  const on = random.fraction() < SCREEN.onShare;
  return { on, untilMs: options.arrivesMs + random.gap(on ? SCREEN.onMs : SCREEN.offMs), random };
}
