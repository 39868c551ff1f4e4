/** How a board is set up and what it tells: types only, for whoever owns one. */
import type { ResetCause } from './boot/reset-cause.ts';
import type { HostTimers } from './host.ts';
import type { ModemOptions } from './modem/modem.ts';
import type { Network } from './network/network.ts';
import type { ChipName } from './rom/chips.ts';
import type { StubVersion } from './rom/commands.ts';
import type { ChipMode } from './soc.ts';
import type { StreetOptions } from './street/street.ts';

export type { ChipMode, ChipName, ResetCause, StubVersion };

export interface BoardOptions {
  /** 6 bytes; default derived from the seed, locally administered (02:4A:42:…). */
  mac?: Uint8Array;
  /** Street, modem, MAC and random numbers follow from it; default 1. */
  seed?: number;
  /** Initial content of the 8 MB flash, copied; default erased. */
  flash?: Uint8Array;
  /** 1 = times of a real flash and USB, 0 (default) = none. */
  flashTiming?: number;
  /** Virtual ms per host ms for program, modem and street: 1…1000, default 1. */
  speed?: number;
  /** Another chip, to try what a client does with the wrong one. */
  chip?: ChipName;
  /** Which flasher stub answers after an upload; default 1.2.2, the one that the page uploads. */
  stubVersion?: StubVersion;
  /** True: an access to an address without memory silences the loader, as on a chip. */
  accessFaults?: boolean;
  street?: Partial<StreetOptions>;
  modem?: Partial<ModemOptions>;
  network: Network;
  /** Wall time at power on, epoch ms; default now. */
  startTime?: number;
  /** Default: the runtime's own. */
  timers?: HostTimers;
  /** Virtual time stands still except within `advance`; `speed` and `timers` mean nothing then. */
  stepped?: boolean;
}

export type BoardEvent =
  | { type: 'led'; r: number; g: number; b: number }
  | { type: 'power'; on: boolean }
  | { type: 'mode'; mode: ChipMode }
  | { type: 'reset'; cause: ResetCause };
