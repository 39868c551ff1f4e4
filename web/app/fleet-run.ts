/**
 * A wish on its way to many sensors: whom it is for, call by call, and what became of each so far.
 * Kept on the device, so that what was done stays known and the rest can be gone on with. Pure.
 */
import * as v from 'valibot';
import { CommandName } from '../../shared/contracts/command.ts';
import { ConfigChange } from '../../shared/contracts/config.ts';
import {
  ACTION_UNITS_MAX,
  type UnitOutcome,
  UnitOutcome as UnitOutcomeSchema,
} from '../../shared/contracts/fleet-action.ts';
import type { AnswerCache } from './answers.ts';
import type { FleetWish } from './fleet-plan.ts';
import { KEPT_RUN } from './waiting.ts';

export interface FleetRun {
  wish: FleetWish;
  ids: readonly string[];
  /** Of each: the configuration that was seen. Empty for a command. */
  versions: readonly number[];
  /** Of each call: sent again after a reload, it counts once. */
  keys: readonly string[];
  /** Of those asked about so far, in the order of `ids`. */
  outcomes: readonly UnitOutcome[];
  /** Unix milliseconds by the device's clock. */
  startedAt: number;
}

/** As it is kept. */
export const FleetRunSchema = v.object({
  wish: v.union([
    v.strictObject({ config: ConfigChange }),
    v.strictObject({ command: CommandName }),
  ]),
  ids: v.array(v.string()),
  versions: v.array(v.number()),
  keys: v.array(v.string()),
  outcomes: v.array(UnitOutcomeSchema),
  startedAt: v.number(),
});

/** Sensors of one call. */
export const AT_ONCE = ACTION_UNITS_MAX;
export const callsFor = (sensors: number): number => Math.ceil(sensors / AT_ONCE);

export const isFinished = ({ ids, outcomes }: FleetRun): boolean => outcomes.length >= ids.length;

/** The next call: its sensors, and its key. */
export function nextCall({ ids, versions, keys, outcomes }: FleetRun) {
  const from = outcomes.length;
  const to = from + AT_ONCE;
  return {
    ids: ids.slice(from, to),
    versions: versions.slice(from, to),
    key: keys[Math.floor(from / AT_ONCE)] ?? '',
  };
}

/** How many sensors one that is kept has not asked about yet. Never rejects. */
export async function sensorsAhead(cache: AnswerCache): Promise<number> {
  const kept = await cache.get(KEPT_RUN, FleetRunSchema);
  return kept ? kept.answer.ids.length - kept.answer.outcomes.length : 0;
}

export interface RunCounts {
  done: number;
  unchanged: number;
  failed: number;
  /** Not asked about yet. */
  ahead: number;
}

export function countRun({ ids, outcomes }: FleetRun): RunCounts {
  const of = (wanted: UnitOutcome) => outcomes.filter((one) => one === wanted).length;
  const [done, unchanged] = [of('done'), of('unchanged')];
  const failed = outcomes.length - done - unchanged;
  return { done, unchanged, failed, ahead: ids.length - outcomes.length };
}

/** What became of one that it did not reach. */
export type FailedOutcome = Exclude<UnitOutcome, 'done' | 'unchanged'>;

/** Those that it did not reach, in the order of the list. */
export function failuresOf({ ids, outcomes }: FleetRun): { id: string; outcome: FailedOutcome }[] {
  return outcomes.flatMap((outcome, i) => {
    const id = ids[i];
    return id === undefined || outcome === 'done' || outcome === 'unchanged'
      ? []
      : [{ id, outcome }];
  });
}
