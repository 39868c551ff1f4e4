/**
 * The radio side of the virtual modem: when it is registered, and what AT+CEREG calls that. It
 * knows the SIM, the signal and the network's mood, and no AT syntax.
 *
 *   off ──boot──▶ searching (2) ──delay──▶ home (1) | roaming (5) | denied (3)
 *                    ▲                          │
 *                    └── signal or network lost ┘
 */

import type { Timers } from './timers.ts';
import type { Registration, SimState } from './types.ts';

/** `stat` of AT+CEREG (3GPP TS 27.007, 10.1.22). */
const STAT = { idle: 0, home: 1, searching: 2, denied: 3, roaming: 5 } as const;

/** A value of STAT. */
export type Stat = (typeof STAT)[keyof typeof STAT];

/** AT+CSQ's word for no signal. */
const NO_SIGNAL = 99;

/** Networks on this virtual street, by PLMN (shared facts: T-Mobile and AT&T NB-IoT). */
export const OPERATORS = [
  { plmn: '310260', name: 'T-Mobile', band: 4, earfcn: 2300 },
  { plmn: '310410', name: 'AT&T', band: 12, earfcn: 5110 },
] as const;

/** Everything registration depends on. Assign, then call `update`. */
export interface CellInputs {
  on: boolean;
  sim: SimState;
  csq: number;
  registration: Registration;
  delayMs: number;
  /** PLMN forced by AT+COPS=1, or null. */
  forced: string | null;
  /** AT+COPS=2, AT+CGATT=0 or AT+CFUN=0|4 keep it off the air. */
  detached: boolean;
  /** Bands it searches on; the lock holds from the next start on. */
  searched: readonly number[];
  /** Searches for ever (failStep 7). */
  blocked: boolean;
}

/** Registration as a state machine over virtual time. */
export class Cell {
  readonly inputs: CellInputs;
  readonly #timers: Timers;
  readonly #onChange: (stat: Stat) => void;
  #stat: Stat = STAT.idle;
  #goal: Stat = STAT.idle;
  #cancel: () => void = () => {};

  constructor(timers: Timers, inputs: CellInputs, onChange: (stat: Stat) => void) {
    this.#timers = timers;
    this.inputs = inputs;
    this.#onChange = onChange;
  }

  get stat(): Stat {
    return this.#stat;
  }

  get registered(): boolean {
    return this.#stat === STAT.home || this.#stat === STAT.roaming;
  }

  get operator(): (typeof OPERATORS)[number] {
    return OPERATORS.find(({ plmn }) => plmn === this.inputs.forced) ?? OPERATORS[0];
  }

  /** Draws the consequences of changed inputs; joining takes `delayMs`, losing takes none. */
  update(): void {
    const goal = this.#target();
    if (goal === this.#goal) return;
    this.#goal = goal;
    this.#cancel();
    if (goal === STAT.idle || goal === STAT.searching) {
      this.#become(goal);
      return;
    }
    if (this.registered && goal !== STAT.denied) {
      this.#become(goal);
      return;
    }
    this.#become(STAT.searching);
    this.#cancel = this.#timers.after(this.inputs.delayMs, () => this.#become(goal));
  }

  /** Starts the search anew, as after AT+COPS: the same goal takes its delay again. */
  searchAgain(): void {
    this.#goal = STAT.idle;
    if (this.registered) this.#become(STAT.searching);
    this.update();
  }

  #target(): Stat {
    const { on, sim, csq, registration, forced, detached, blocked, searched } = this.inputs;
    if (!on || sim !== 'ready' || detached) return STAT.idle;
    if (csq === NO_SIGNAL || registration === 'searching' || blocked) return STAT.searching;
    if (forced !== null && !OPERATORS.some(({ plmn }) => plmn === forced)) return STAT.searching;
    if (!OPERATORS.some(({ band }) => searched.includes(band))) return STAT.searching;
    return STAT[registration];
  }

  #become(stat: Stat): void {
    if (stat === this.#stat) return;
    this.#stat = stat;
    this.#onChange(stat);
  }
}
