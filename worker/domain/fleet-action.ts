/**
 * One change or command for many units: each by the rules that it would have by itself, all that go
 * through in one transaction, and what became of it with each. Knows no HTTP and no SQL.
 */
import type {
  FleetActionAnswer,
  FleetCommandRequest,
  FleetConfigRequest,
  TuningAnswer,
  UnitOutcome,
  UnitTuning,
} from '../../shared/contracts/fleet-action.ts';
import { AppError } from '../../shared/errors.ts';
import { type Change, type PersonContext, unitChange } from './audit.ts';
import { type QueuedCommand, queuedCommand } from './command.ts';
import { nextConfig, type StoredConfig } from './config.ts';
import { type OnceAnswer, type OncePerson, SeenOtherwise } from './kept-answer.ts';
import { ownerFilter } from './person.ts';
import { type RelationStore, relatedUnits } from './relation.ts';

/** How a unit in sight is set, whoever may change it. */
export type TunedUnit = Omit<UnitTuning, 'may_change'>;

/** The configuration of a unit after a change. */
export interface UnitConfig extends StoredConfig {
  device_id: string;
  change: Change;
}

/** A command for a unit, with its trace. */
export interface UnitCommand {
  command: QueuedCommand;
  change: Change;
}

export interface FleetActionStore {
  /** Those of the units that are there and, for an owner, at his locations; by id. */
  look(
    deviceIds: readonly string[],
    ownerId: string | undefined,
    nowS: number,
  ): Promise<TunedUnit[]>;
  /**
   * All of them or none, and the answer with them.
   * @throws SeenOtherwise when one is not of the version before, AlreadyDone
   */
  configure(next: readonly UnitConfig[], kept: OnceAnswer): Promise<void>;
  /** The same. @throws SeenOtherwise when one is not there any more, AlreadyDone */
  command(commands: readonly UnitCommand[], kept: OnceAnswer): Promise<void>;
}

interface Ports {
  fleetActions: FleetActionStore;
  relations: RelationStore;
}

/** Others may change some of the same units meanwhile; then all of it is looked at anew. */
const ATTEMPTS = 5;

/** How units are set, of those in sight. */
export async function fleetTuning(
  { fleetActions, relations }: Ports,
  by: PersonContext,
  deviceIds: readonly string[],
): Promise<TuningAnswer> {
  const nowS = Math.floor(by.nowMs / 1000);
  const [seen, related] = await Promise.all([
    fleetActions.look(deviceIds, ownerFilter(by.person), nowS),
    relatedUnits(relations, by, deviceIds),
  ]);
  return { units: seen.map((unit) => ({ ...unit, may_change: related.has(unit.device_id) })) };
}

/**
 * Changes some fields of each unit and keeps the rest, as changing one does.
 * @throws AppError `conflict` when others do not let it happen
 */
export function configureFleet(
  ports: Ports,
  by: OncePerson,
  { units, config }: FleetConfigRequest,
): Promise<FleetActionAnswer> {
  const ids = units.map(({ device_id }) => device_id);
  return inOneGo(ports, by, ids, (seen) => {
    const changes: UnitConfig[] = [];
    const outcomes = units.map(({ device_id, if_version }): UnitOutcome => {
      const before = seen.get(device_id);
      if (typeof before !== 'object') return before ?? 'not_found';
      const { next, differs } = after(before, config);
      if (next && !differs) return 'unchanged';
      if (if_version !== undefined && if_version !== before.config_version) return 'conflict';
      if (!next || !differs) return 'invalid';
      const who = { actor: by.person.user_id, nowMs: by.nowMs };
      const change = unitChange(who, 'unit.config', device_id, differs);
      changes.push({ device_id, ...next, change });
      return 'done';
    });
    return { outcomes, write: (kept) => ports.fleetActions.configure(changes, kept) };
  });
}

/** `next` is null when the whole would break a rule. */
function after(before: TunedUnit, config: FleetConfigRequest['config']) {
  try {
    return nextConfig(before, config);
  } catch (failure) {
    if (failure instanceof AppError && failure.code === 'invalid')
      return { next: null, differs: null };
    throw failure;
  }
}

/**
 * Sends each unit a command with its next answer, in place of what waits.
 * @throws AppError `conflict` when others do not let it happen
 */
export function commandFleet(
  ports: Ports,
  by: OncePerson,
  { units, command: name }: FleetCommandRequest,
): Promise<FleetActionAnswer> {
  return inOneGo(ports, by, units, (seen) => {
    const commands: UnitCommand[] = [];
    const outcomes = units.map((device_id): UnitOutcome => {
      const unit = seen.get(device_id);
      if (typeof unit !== 'object') return unit ?? 'not_found';
      const who = { actor: by.person.user_id, nowMs: by.nowMs };
      const command = queuedCommand(device_id, name, by.nowMs, who.actor);
      const facts = { after: { command: name, id: command.id } };
      commands.push({ command, change: unitChange(who, 'unit.command', device_id, facts) });
      return 'done';
    });
    return { outcomes, write: (kept) => ports.fleetActions.command(commands, kept) };
  });
}

type Seen = ReadonlyMap<string, TunedUnit | 'forbidden'>;
interface Plan {
  /** In the order of the ids. */
  outcomes: UnitOutcome[];
  /** What of it is done. */
  write(kept: OnceAnswer): Promise<void>;
}

/** Looks, plans and does it; when something was changed in between, from the beginning. */
async function inOneGo(
  ports: Ports,
  by: OncePerson,
  ids: readonly string[],
  plan: (seen: Seen) => Plan,
): Promise<FleetActionAnswer> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { units } = await fleetTuning(ports, by, ids);
    const seen = new Map(
      units.map((unit) => [unit.device_id, unit.may_change ? unit : ('forbidden' as const)]),
    );
    const { outcomes, write } = plan(seen);
    const answer = {
      units: ids.map((device_id, i) => ({ device_id, outcome: outcomes[i] ?? 'not_found' })),
    };
    // Nothing of it is done: said again, it may go otherwise, as any change that was refused.
    if (!outcomes.includes('done')) return answer;
    try {
      await write({ once: by.once, answer });
      return answer;
    } catch (failure) {
      if (!(failure instanceof SeenOtherwise)) throw failure;
    }
  }
  throw new AppError('conflict', 'Others are changing the same units. Try again.');
}
