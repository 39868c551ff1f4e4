/**
 * The words of the virtual modem's interface: its clock, its options and the states that a page or
 * a test can put it into. Types and defaults only; behaviour is in the files beside this one.
 */

import type { Network } from '../network/network.ts';

/** Virtual time. `schedule` runs `fn` once when `now()` reaches `atMs`; the result cancels it. */
export interface Clock {
  now(): number;
  schedule(atMs: number, fn: () => void): () => void;
}

/** What is in the SIM holder. `pin`: a card that asks for its PIN; `busy`: it starts, for ever. */
export type SimState = 'ready' | 'missing' | 'pin' | 'busy';

/** What the network does with this SIM; `home` and `roaming` let it in. */
export type Registration = 'home' | 'roaming' | 'searching' | 'denied';

/** A command of the bring-up table, 1 to 12 (docs/formats/virtual-modem.md). */
export type BringUpStep = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12;

/** How the modem is set up. Everything may be left out but the clock and the network. */
export interface ModemOptions {
  clock: Clock;
  network: Network;
  /** Latencies, cell id, IMEI, IMSI and ICCID follow from it. Default 1. */
  seed: number;
  /** Power at construction; default true, which starts the boot at once. */
  powered: boolean;
  /** From power or restart to the first answer; default 3000 ms. */
  bootMs: number;
  /** From `SMS Ready` to registered; default 8000 ms. */
  registrationDelayMs: number;
  /** Bounds of one radio round trip; default [300, 1500] ms. */
  latencyMs: readonly [min: number, max: number];
  sim: SimState;
  registration: Registration;
  /** AT+CSQ's own scale, 0…31, 99 = none; default 18 (−77 dBm). */
  csq: number;
  /** `AT+IPADDR` answers nothing but OK, as some units do; default false. */
  emptyIpAddr: boolean;
  /** Answers come in pieces of so many bytes; 0 (default) = each answer at once. */
  pieceBytes: number;
  /** Gap between two pieces; default 1 ms. */
  pieceGapMs: number;
  /** Bits per second of the UART; 0 (default) = no pacing; 115200 as on the board. */
  baud: number;
  /** Mean time between unsolicited lines nobody asked for; 0 (default) = none. */
  urcIntervalMs: number;
  /** Longest `+IPD` block; default 1024 bytes. */
  receiveBlockBytes: number;
  /** The one APN this subscription may use; NETOPEN fails with another. null = any. */
  apn: string | null;
}

/** The defaults of everything that has one. */
export const MODEM_DEFAULTS: Omit<ModemOptions, 'clock' | 'network'> = {
  seed: 1,
  powered: true,
  bootMs: 3000,
  registrationDelayMs: 8000,
  latencyMs: [300, 1500],
  sim: 'ready',
  registration: 'roaming',
  csq: 18,
  emptyIpAddr: false,
  pieceBytes: 0,
  pieceGapMs: 1,
  baud: 0,
  urcIntervalMs: 0,
  receiveBlockBytes: 1024,
  apn: 'hologram',
};

/** What the page shows about the modem. */
export interface ModemStatus {
  powered: boolean;
  /** Booted and listening to commands. */
  ready: boolean;
  sim: SimState;
  csq: number;
  registration: Registration;
  /** AT+CEREG's `stat`: 0 idle, 1 home, 2 searching, 3 denied, 5 roaming. */
  cereg: number;
  netOpen: boolean;
  sockets: number;
  networkDown: boolean;
  failStep: BringUpStep | null;
}
