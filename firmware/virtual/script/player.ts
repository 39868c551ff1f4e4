/**
 * Plays a script on a board and its network, in the board's virtual time. States of one kind that
 * overlap end with the last of them. Knows no schema and no random numbers.
 */
import type { VirtualBoard } from '../board.ts';
import type { Registration } from '../modem/modem.ts';
import type { NetworkFaults } from './faulty-network.ts';
import type { Script, ScriptEvent } from './script.ts';

/** Signal and network of a unit that nothing happens to. */
const CSQ_USUAL = 18;
const REGISTRATION_USUAL: Registration = 'roaming';

type Of<Kind extends ScriptEvent['do']> = Extract<ScriptEvent, { do: Kind }>;
type CutInWrite = Of<'power_cut_in_write'>;
/** Begins, and ends by itself. */
type State = Exclude<Extract<ScriptEvent, { for_s: number }>, CutInWrite>;

export interface Stage {
  board: VirtualBoard;
  faults: NetworkFaults;
  /** Told of each event as it happens. */
  onEvent?(event: ScriptEvent): void;
  /** The power goes within a write to flash, now. */
  onCut?(): void;
}

/** What each state sets when it begins (`on`) and when the last of its kind ends. */
const STATES: {
  [Kind in State['do']]: (stage: Stage, event: Of<Kind>, on: boolean) => void;
} = {
  signal: ({ board }, { csq }, on) => board.modem.setSignal(on ? csq : CSQ_USUAL),
  tower_lost: ({ board }, _, on) =>
    board.modem.setRegistration(on ? 'searching' : REGISTRATION_USUAL),
  network_down: ({ board }, _, on) => board.modem.setNetworkDown(on),
  // With the unit's power the modem's comes back by itself.
  modem_off: ({ board }, _, on) => {
    if (board.powered) board.modem.setPowered(!on);
  },
  radio_broken: ({ board }, { what }, on) => {
    board.brokenReceivers = on ? what : 'none';
  },
  power_cut: ({ board }, _, on) => (on ? board.powerOff() : board.powerOn()),
  backend_unreachable: ({ faults }, _, on) => {
    faults.unreachable = on;
  },
  backend_error: ({ faults }, { status }, on) => {
    faults.status = on ? status : null;
  },
  slow: ({ faults }, { bytes_per_s }, on) => {
    faults.bytesPerS = on ? bytes_per_s : 0;
  },
  duplicate_requests: ({ faults }, _, on) => {
    faults.duplicateRequests = on;
  },
  duplicate_answers: ({ faults }, _, on) => {
    faults.duplicateAnswers = on;
  },
  lost_answers: ({ faults }, { how }, on) => {
    faults.lostAnswers = on ? how : null;
  },
  clock_wrong: ({ faults }, { offset_s }, on) => {
    faults.clockOffsetS = on ? offset_s : 0;
  },
};

/** Schedules all of `script`, its time 0 being now. @returns takes back what has not happened */
export function playScript(script: Script, stage: Stage): () => void {
  return new Player(stage).play(script);
}

class Player {
  readonly #stage: Stage;
  readonly #cancels: (() => void)[] = [];
  /** How many of a kind are under way. */
  readonly #active = new Map<string, number>();

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  play({ events }: Script): () => void {
    const begin = this.#stage.board.now;
    for (const event of events) this.#at(begin + event.at_s * 1000, () => this.#happen(event));
    return () => {
      for (const cancel of this.#cancels) cancel();
    };
  }

  #at(ms: number, fn: () => void): void {
    this.#cancels.push(this.#stage.board.schedule(ms, fn));
  }

  #happen(event: ScriptEvent): void {
    const { board, onEvent } = this.#stage;
    onEvent?.(event);
    switch (event.do) {
      case 'brown_out':
        board.brownOut();
        break;
      case 'press':
        board.press('top', event.ms);
        break;
      case 'street':
        board.street.setPeakPerHour(event.peak_per_hour);
        break;
      case 'power_cut_in_write':
        this.#armCut(event);
        break;
      default:
        this.#begin(event);
    }
  }

  #begin(event: State): void {
    this.#active.set(event.do, (this.#active.get(event.do) ?? 0) + 1);
    this.#set(event, true);
    this.#at(this.#stage.board.now + event.for_s * 1000, () => {
      const left = (this.#active.get(event.do) ?? 1) - 1;
      this.#active.set(event.do, left);
      if (left === 0) this.#set(event, false);
    });
  }

  #set(event: State, on: boolean): void {
    // The table has the right function for each kind; the compiler cannot follow it through.
    const set = STATES[event.do] as (stage: Stage, event: State, on: boolean) => void;
    set(this.#stage, event, on);
  }

  /** The board goes off by itself when the cut is reached. */
  #armCut({ bytes, for_s }: CutInWrite): void {
    const { board, onCut } = this.#stage;
    board.flash.onPowerCut = () => {
      board.flash.onPowerCut = () => {};
      onCut?.();
      this.#at(board.now + for_s * 1000, () => board.powerOn());
    };
    board.flash.cutPowerAfter(bytes);
  }
}
