/** Many sensors at once as tests need them: a portal that takes, refuses, pauses or is away. */
import type { CommandName } from '../../../shared/contracts/command.ts';
import type { ConfigChange } from '../../../shared/contracts/config.ts';
import type { UnitOutcome, UnitTuning } from '../../../shared/contracts/fleet-action.ts';
import { AppError } from '../../../shared/errors.ts';
import { type FleetActionPortal, FleetActions } from '../fleet-actions.ts';
import { idOf } from './sensors.ts';
import { MemoryAnswers } from './shop-portal.ts';

export const tuningOf = (n: number, more: Partial<UnitTuning> = {}): UnitTuning => ({
  ...{ device_id: idOf(n), status: 'active', may_change: true, config_version: 1 },
  ...{ changed: {}, waiting: null, ...more },
});

export class FleetActionsStandIn implements FleetActionPortal {
  /** By id; who is not in it is not in sight. */
  readonly set = new Map<string, UnitTuning>();
  /** By id, where it is not `done`. */
  readonly outcomes = new Map<string, UnitOutcome>();
  readonly calls: string[] = [];
  readonly answers = new Map<string, UnitOutcome[]>();
  /** Thrown by the next calls, in turn. */
  readonly failures: AppError[] = [];
  /** Each answer waits for it. */
  until: () => Promise<void> = async () => {};

  constructor(...units: UnitTuning[]) {
    for (const unit of units) this.set.set(unit.device_id, unit);
  }

  async tuning(ids: readonly string[], signal?: AbortSignal): Promise<UnitTuning[]> {
    this.calls.push(`look ${ids.length}`);
    await this.until();
    this.#fail();
    signal?.throwIfAborted();
    return ids.flatMap((id) => this.set.get(id) ?? []);
  }

  configure(
    ids: readonly string[],
    versions: readonly number[],
    config: ConfigChange,
    key: string,
  ) {
    return this.#change(ids, `${versions.join()} ${JSON.stringify(config)}`, key);
  }

  command(ids: readonly string[], command: CommandName, key: string) {
    return this.#change(ids, command, key);
  }

  async #change(ids: readonly string[], what: string, key: string): Promise<UnitOutcome[]> {
    this.calls.push(`${key}: ${ids.length} from ${ids[0]} ${what}`);
    await this.until();
    this.#fail();
    const answer =
      this.answers.get(key) ?? ids.map((id) => this.outcomes.get(id) ?? ('done' as const));
    this.answers.set(key, answer);
    return answer;
  }

  #fail(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}

/** A page with its store; another one over the same store is what a reload makes. */
export function fleetActions(portal: FleetActionPortal, cache = new MemoryAnswers()) {
  const page = { user: 'olga' as string | null, ms: 0, keys: 0, isElsewhere: false };
  const slept: number[] = [];
  const actions = new FleetActions({
    ...{ portal, cache },
    userId: () => page.user,
    time: {
      now: () => page.ms,
      sleep: async (ms, signal) => {
        slept.push(ms);
        if (signal?.aborted) throw new AppError('cancelled', 'Stopped.');
      },
    },
    newKey: () => {
      page.keys += 1;
      return `key-${page.keys}`;
    },
    alone: async (work) => {
      if (!page.isElsewhere) await work();
      return !page.isElsewhere;
    },
  });
  return { actions, cache, page, slept };
}
