/**
 * The kinds of devices that walk this street: how often each probes, how long it keeps an address,
 * what it says about itself over Wi-Fi and Bluetooth. Rounded from published captures of probe
 * requests; no device of a real person is in here. No behaviour in this file.
 */

/** How a model advertises over Bluetooth Low Energy; null: it is silent. */
export interface BleAdvertising {
  /** Company identifier of the manufacturer data (Bluetooth Assigned Numbers). */
  company: number;
  /** Manufacturer data behind the company id; random bytes follow up to `bytes`. */
  prefix: readonly number[];
  bytes: number;
  /** Mean gap between advertisements that reach a scanner. */
  everyMs: number;
}

/**
 * What happens to the 12-bit sequence number when the address changes. Early randomisation went on
 * counting (Vanhoef et al., AsiaCCS 2016; Martin et al., PETS 2017), which IEEE 802.11-2020,
 * 12.2.10
 * forbids since; later phones start at a random number, some chips at 0 (Fenske et al., PETS 2021).
 */
export type SequencePolicy = 'random' | 'continue' | 'zero';

/** One device model. */
export interface Model {
  name: string;
  /** Relative frequency. */
  share: number;
  /** Mean gap between bursts of probe requests. */
  probeEveryMs: number;
  /** Probe requests a burst sends on each channel. */
  framesPerChannel: number;
  /** How long a randomised address is kept; 0: every burst has a new one. */
  addressLifetimeMs: number;
  /** What the sequence number does when the address changes. */
  sequence: SequencePolicy;
  /** OUI used when the address is not randomised. */
  oui: readonly [number, number, number];
  /** dB against the average phone. */
  gainDb: number;
  /** Bit field of the HT capabilities element (IEEE 802.11-2020, 9.4.2.55). */
  htCapabilities: number;
  /** Extended capabilities element, empty if not sent. */
  extended: readonly number[];
  /** Contents of vendor elements: OUI, type, data. */
  vendors: readonly (readonly number[])[];
  ble: BleAdvertising | null;
}

const MINUTE = 60_000;

/** Address is `[locally administered, unicast]` random for all of them, unless drawn static. */
export const MODELS: readonly Model[] = [
  {
    name: 'apple-phone',
    share: 46,
    probeEveryMs: 35_000,
    framesPerChannel: 2,
    addressLifetimeMs: 4 * MINUTE,
    sequence: 'random',
    oui: [0x00, 0x17, 0xf2],
    gainDb: 1,
    htCapabilities: 0x402d,
    extended: [0x00, 0x00, 0x08, 0x84, 0x00, 0x00, 0x00, 0x40],
    vendors: [
      [0x00, 0x17, 0xf2, 0x0a, 0x00, 0x01, 0x04],
      [0x00, 0x10, 0x18, 0x02, 0x00, 0x00, 0x10, 0x00, 0x00],
    ],
    ble: { company: 0x004c, prefix: [0x10, 0x05], bytes: 7, everyMs: 1000 },
  },
  {
    name: 'samsung-phone',
    share: 24,
    probeEveryMs: 50_000,
    framesPerChannel: 2,
    addressLifetimeMs: 3 * MINUTE,
    sequence: 'continue',
    oui: [0x8c, 0x71, 0xf8],
    gainDb: 0,
    htCapabilities: 0x01ad,
    extended: [0x04, 0x00, 0x08, 0x80, 0x00, 0x00, 0x00, 0x40],
    vendors: [[0x00, 0x90, 0x4c, 0x04, 0x08, 0xbf, 0x0c, 0xb2]],
    ble: { company: 0x0075, prefix: [0x42, 0x04], bytes: 20, everyMs: 2500 },
  },
  {
    name: 'pixel-phone',
    share: 12,
    probeEveryMs: 60_000,
    framesPerChannel: 1,
    addressLifetimeMs: 2 * MINUTE,
    sequence: 'random',
    oui: [0x3c, 0x5a, 0xb4],
    gainDb: -1,
    htCapabilities: 0x016f,
    extended: [0x00, 0x00, 0x0a, 0x02, 0x01, 0x00, 0x00, 0x40],
    vendors: [[0x00, 0x50, 0xf2, 0x08, 0x00, 0x00, 0x00]],
    ble: null,
  },
  {
    name: 'plain-phone',
    share: 13,
    probeEveryMs: 25_000,
    framesPerChannel: 3,
    addressLifetimeMs: 6 * MINUTE,
    sequence: 'continue',
    oui: [0x50, 0x8f, 0x4c],
    gainDb: -3,
    htCapabilities: 0x0020,
    extended: [],
    vendors: [[0x00, 0x50, 0xf2, 0x08, 0x00, 0x12, 0x00]],
    ble: null,
  },
  {
    name: 'laptop',
    share: 5,
    probeEveryMs: 20_000,
    framesPerChannel: 2,
    addressLifetimeMs: 10 * MINUTE,
    sequence: 'zero',
    oui: [0xa0, 0x88, 0xb4],
    gainDb: 3,
    htCapabilities: 0x19ef,
    extended: [0x04, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x40],
    vendors: [],
    ble: { company: 0x0006, prefix: [0x01, 0x09, 0x20, 0x02], bytes: 27, everyMs: 3000 },
  },
];

/** How long people stay, in the words of the page: Quick Glance to Loyal Customer. */
export const DWELL_CLASSES = ['quick', 'browse', 'shop', 'loyal'] as const;

/** One of DWELL_CLASSES. */
export type DwellClass = (typeof DWELL_CLASSES)[number];

/** Bounds of each stay and of the distance at which it is spent. */
export const DWELL_SHAPES: Readonly<
  Record<DwellClass, { ms: readonly [number, number]; metres: readonly [number, number] }>
> = {
  quick: { ms: [12_000, 58_000], metres: [4, 35] },
  browse: { ms: [MINUTE, 5 * MINUTE], metres: [2.5, 10] },
  shop: { ms: [5 * MINUTE, 10 * MINUTE], metres: [2, 8] },
  loyal: { ms: [10 * MINUTE, 45 * MINUTE], metres: [1, 6] },
};

/** Arrivals by hour of the local day, 1 = busiest: a shopping street without night life. */
export const DAY_CURVE: readonly number[] = [
  0.02, 0.01, 0.01, 0.01, 0.02, 0.05, 0.12, 0.28, 0.45, 0.5, 0.6, 0.75, 1, 0.95, 0.8, 0.75, 0.85,
  0.98, 0.9, 0.65, 0.4, 0.25, 0.12, 0.05,
];
/** Sunday to Saturday. */
export const WEEK_CURVE: readonly number[] = [0.45, 0.85, 0.85, 0.9, 0.95, 1, 1];
