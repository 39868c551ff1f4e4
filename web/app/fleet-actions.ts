/**
 * One wish for many sensors: looks how they are, then sends it a hundred sensors at a time, each
 * call once, as fast as the backend lets it; stops between two calls, and goes on where it stopped,
 * after a reload as well. Knows neither HTTP nor IndexedDB, nor how it is shown.
 */
import { msg } from '@lit/localize';
import type { CommandName } from '../../shared/contracts/command.ts';
import type { ConfigChange } from '../../shared/contracts/config.ts';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { UnitOutcome, UnitTuning } from '../../shared/contracts/fleet-action.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import type { FleetWish } from './fleet-plan.ts';
import {
  AT_ONCE,
  callsFor,
  type FleetRun,
  FleetRunSchema,
  isFinished,
  nextCall,
} from './fleet-run.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { TimeSource } from './ports.ts';
import { KEPT_RUN } from './waiting.ts';

/** The portal, as far as many sensors at once need it. Rejects with AppError only. */
export interface FleetActionPortal {
  /** Of those in sight; at most {@link AT_ONCE}. */
  tuning(ids: readonly string[], signal?: AbortSignal): Promise<UnitTuning[]>;
  /** Outcomes in the order of `ids`; `key` names the call, which counts once. */
  configure(
    ids: readonly string[],
    versions: readonly number[],
    config: ConfigChange,
    key: string,
  ): Promise<UnitOutcome[]>;
  command(ids: readonly string[], command: CommandName, key: string): Promise<UnitOutcome[]>;
}

/** How the chosen sensors are, as far as it is known. */
export interface FleetLook {
  units: readonly FleetUnit[];
  /** By id. Replaced when all of it is there. */
  known: ReadonlyMap<string, UnitTuning>;
  /** How many were asked about. */
  asked: number;
  error: AppError | null;
}

export interface FleetActionState {
  look: FleetLook | null;
  run: FleetRun | null;
  /** `stopping`: after the call that is on its way. */
  phase: 'still' | 'running' | 'stopping';
  /** The backend wants a pause; it goes on by itself. */
  isPaused: boolean;
  /** Milliseconds that the rest will take, by what it took so far. */
  leftMs: number | null;
  /** Why it stopped by itself. */
  error: AppError | null;
}

export interface FleetActionParts {
  portal: FleetActionPortal;
  cache: AnswerCache;
  userId: () => string | null;
  time: TimeSource;
  /** A UUID. */
  newKey: () => string;
  /** Runs it unless another tab of this browser does; false then. */
  alone: (work: () => Promise<void>) => Promise<boolean>;
}

/** Questions side by side. */
const SIDE_BY_SIDE = 4;
/** The backend's limit counts minutes; where it names no time, this is one. */
const PAUSE_S = 60;

const STILL: FleetActionState = {
  ...{ look: null, run: null, phase: 'still', isPaused: false, leftMs: null, error: null },
};

export class FleetActions {
  readonly #parts: FleetActionParts;
  readonly #state = new ObservableValue<FleetActionState>(STILL);
  #looking: AbortController | null = null;
  #running: AbortController | null = null;
  /** Whose run it is. */
  #userId: string | null = null;

  constructor(parts: FleetActionParts) {
    this.#parts = parts;
  }

  get state(): Observable<FleetActionState> {
    return this.#state;
  }

  /** What this device knows of an earlier one, of whoever is signed in. Never rejects. */
  async restore(): Promise<void> {
    const userId = this.#parts.userId();
    if (userId === this.#userId) return;
    this.#running?.abort();
    this.#userId = userId;
    this.unlook();
    this.#state.set(STILL);
    const kept = await this.#kept();
    if (this.#userId === userId && this.#state.value.run === null) {
      this.#state.patch({ run: kept });
    }
  }

  /** How these sensors are, a hundred at a time. Never rejects. */
  async look(units: readonly FleetUnit[]): Promise<void> {
    this.unlook();
    const own = new AbortController();
    this.#looking = own;
    const known = new Map<string, UnitTuning>();
    let asked = 0;
    this.#state.patch({ look: { units, known: new Map(), asked, error: null } });
    const calls = Array.from({ length: callsFor(units.length) }, (_, i) =>
      units.slice(i * AT_ONCE, (i + 1) * AT_ONCE).map(({ device_id }) => device_id),
    );
    const worker = async () => {
      for (let ids = calls.shift(); ids && !own.signal.aborted; ids = calls.shift()) {
        const some = await this.#parts.portal.tuning(ids, own.signal);
        for (const tuning of some) known.set(tuning.device_id, tuning);
        asked += ids.length;
        const now = asked === units.length ? known : new Map<string, UnitTuning>();
        if (!own.signal.aborted) {
          this.#state.patch({ look: { units, known: now, asked, error: null } });
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
    } catch (cause) {
      if (own.signal.aborted) return;
      own.abort();
      const error = toAppError(cause);
      this.#state.patch({ look: { units, known: new Map(), asked: 0, error } });
    }
  }

  /** Lets go of what was looked at. */
  unlook(): void {
    this.#looking?.abort();
    this.#looking = null;
    this.#state.patch({ look: null });
  }

  /** Sends a wish to sensors that were looked at. Never rejects. */
  async begin(wish: FleetWish, units: readonly FleetUnit[]): Promise<void> {
    const { look, phase } = this.#state.value;
    if (phase !== 'still' || !look || units.length === 0) return;
    const ids = units.map(({ device_id }) => device_id);
    const run: FleetRun = {
      ...{ wish, ids, outcomes: [] },
      versions: wish.config ? ids.map((id) => look.known.get(id)?.config_version ?? 0) : [],
      keys: Array.from({ length: callsFor(ids.length) }, () => this.#parts.newKey()),
      startedAt: this.#parts.time.now(),
    };
    this.#userId = this.#parts.userId();
    this.unlook();
    this.#state.patch({ run });
    // Kept before anything is sent: after a reload the same calls have the same keys.
    await this.#parts.cache.put(KEPT_RUN, run);
    await this.goOn();
  }

  /** Goes on with what is left. Never rejects. */
  async goOn(): Promise<void> {
    if (this.#running || !this.#state.value.run) return;
    const own = new AbortController();
    this.#running = own;
    this.#state.patch({ phase: 'running', error: null });
    try {
      if (!(await this.#parts.alone(() => this.#work(own.signal)))) {
        throw new AppError('conflict', msg('Another tab of this browser is at it.'), {
          hint: msg('Go on there, or close that tab.'),
        });
      }
    } catch (cause) {
      if (!own.signal.aborted) this.#state.patch({ error: toAppError(cause) });
    } finally {
      this.#running = null;
      this.#state.patch({ phase: 'still', isPaused: false, leftMs: null });
    }
  }

  /** Stops after the call that is on its way; a pause ends at once. */
  stop(): void {
    if (!this.#running || this.#running.signal.aborted) return;
    this.#running.abort();
    this.#state.patch({ phase: 'stopping' });
  }

  /** Forgets a run that stands still: what was done stays done, the rest is not. */
  async dismiss(): Promise<void> {
    if (this.#running) return;
    this.#state.patch({ run: null, error: null });
    await this.#parts.cache.put(KEPT_RUN, null);
  }

  async #kept(): Promise<FleetRun | null> {
    const kept = await this.#parts.cache.get(KEPT_RUN, FleetRunSchema);
    return (kept?.answer as FleetRun | undefined) ?? null;
  }

  async #work(signal: AbortSignal): Promise<void> {
    await this.#catchUp();
    const began = this.#parts.time.now();
    const before = this.#state.value.run?.outcomes.length ?? 0;
    for (;;) {
      const { run } = this.#state.value;
      if (!run || isFinished(run) || signal.aborted) return;
      // Never as somebody else than whoever began it.
      if (this.#parts.userId() !== this.#userId) return;
      const outcomes = await this.#call(run, signal);
      if (!outcomes) continue;
      const next = { ...run, outcomes: [...run.outcomes, ...outcomes] };
      const each = (this.#parts.time.now() - began) / (next.outcomes.length - before);
      const leftMs = Math.round(each * (next.ids.length - next.outcomes.length));
      this.#state.patch({ run: next, leftMs });
      await this.#parts.cache.put(KEPT_RUN, next);
    }
  }

  /** Another tab may have got further meanwhile. */
  async #catchUp(): Promise<void> {
    const { run } = this.#state.value;
    const kept = await this.#kept();
    const isSame = kept !== null && run !== null && kept.keys[0] === run.keys[0];
    if (isSame && kept.outcomes.length > run.outcomes.length) this.#state.patch({ run: kept });
  }

  /** null: the backend wanted a pause, which is over, or was ended. */
  async #call(run: FleetRun, signal: AbortSignal): Promise<readonly UnitOutcome[] | null> {
    const { portal, time } = this.#parts;
    const { ids, versions, key } = nextCall(run);
    const { wish } = run;
    try {
      const outcomes = wish.config
        ? await portal.configure(ids, versions, wish.config, key)
        : await portal.command(ids, wish.command, key);
      return ids.map((_, i) => outcomes[i] ?? 'not_found');
    } catch (cause) {
      const error = toAppError(cause);
      if (error.code === 'conflict') return ids.map(() => 'conflict');
      if (error.code !== 'rate_limited') throw error;
      const ms = (error.retryAfterS ?? PAUSE_S) * 1000;
      this.#state.patch({ isPaused: true });
      await time.sleep(ms, signal);
      this.#state.patch({ isPaused: false });
      return null;
    }
  }
}
