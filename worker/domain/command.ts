/** Commands for units: names, life time, ids, who queued them, and what became of them. */
import { hexDigits } from '../../shared/bytes.ts';
import type { CommandName, CommandPage } from '../../shared/contracts/command.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTime } from '../../shared/time.ts';
import { type Actor, type Change, unitChange } from './audit.ts';
import { type ChangeOnceContext, maybeOnce, type OnceChange } from './kept-answer.ts';
import { cursorOf, keyIn, type PageQuery, paged } from './page.ts';

export type { CommandName };

/** A v6 unit gets a command again until it acknowledges, at most a day (device API). */
const COMMAND_LIFE_S = 86_400;

/**
 * So long after it was asked for a command may wait on a person's device and still be sent: a
 * restart in the middle of a market day is not what somebody wanted two days before.
 */
const ASKED_AGO_MAX_S = 3600;

/** A command as it goes into an answer. */
export interface PendingCommand {
  id: string;
  name: CommandName;
}

/** The row of a queued command; it takes the place of one that still waits. */
export interface QueuedCommand extends PendingCommand {
  device_id: string;
  queued_by: Actor;
  queued_s: number;
  expires_s: number;
}

/** A command with what became of it; times in Unix seconds. */
export interface CommandEntry extends Omit<QueuedCommand, 'device_id'> {
  /** First time in an answer. */
  delivered_s: number | null;
  /** When it got its outcome. */
  settled_s: number | null;
  /** null while it waits. */
  outcome: 'delivered' | 'acked' | 'superseded' | 'expired' | null;
}

export interface CommandStore {
  /** Queues it in place of what waits, with its trace; false when there is no such unit. */
  queue(command: QueuedCommand, change: Change | OnceChange): Promise<boolean>;
  /** Newest first, those before the given one; for an owner those sent to his locations. */
  history(
    deviceId: string,
    before: { queued_s: number; id: string } | undefined,
    limit: number,
    ownerId: string | undefined,
  ): Promise<CommandEntry[]>;
}

/** A command for a unit, waiting from now on. The id is 32 random bits: unique within one unit. */
export function queuedCommand(
  deviceId: string,
  name: CommandName,
  nowMs: number,
  queuedBy: Actor = 'system',
): QueuedCommand {
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const queuedS = Math.floor(nowMs / 1000);
  return {
    device_id: deviceId,
    id: hexDigits(random, 8),
    name,
    queued_by: queuedBy,
    queued_s: queuedS,
    expires_s: queuedS + COMMAND_LIFE_S,
  };
}

/** What whoever sends a command hears: how it is called, and until when it may be delivered. */
export const sentAnswer = ({ id, name, expires_s }: QueuedCommand) => ({
  ...{ id, command: name, expires_at: isoTime(expires_s) },
});

/**
 * Sends a unit a command with its next answer.
 * @param agoS how long ago a person asked for it, by the clock of that person's device
 * @returns the command that waits now
 * @throws AppError `not_found`; `conflict` when it was asked for too long ago
 */
export async function sendCommand(
  store: CommandStore,
  by: ChangeOnceContext,
  deviceId: string,
  name: CommandName,
  agoS = 0,
): Promise<QueuedCommand> {
  if (agoS > ASKED_AGO_MAX_S) {
    throw new AppError('conflict', 'This was asked for more than an hour ago.', {
      hint: 'Nothing was sent to the sensor. Ask for it again if it is still wanted.',
    });
  }
  const command = queuedCommand(deviceId, name, by.nowMs, by.actor);
  const facts = { after: { command: name, id: command.id } };
  const change = unitChange(by, 'unit.command', deviceId, facts);
  if (await store.queue(command, maybeOnce(change, by, sentAnswer(command)))) return command;
  throw new AppError('not_found', 'There is no such unit.');
}

/** The command's part of an answer; v5.x gets no id, it would only fill its buffer. */
export function commandFields(command: PendingCommand | null, withId: boolean) {
  if (!command) return {};
  return withId ? { command: command.name, command_id: command.id } : { command: command.name };
}

/** The commands of a unit, newest first, a page at a time. */
export async function commandHistory(
  store: CommandStore,
  ownerId: string | undefined,
  deviceId: string,
  query: PageQuery,
): Promise<CommandPage> {
  const before = keyIn(query.cursor, (queued, id = '') => ({ queued_s: Number(queued), id }));
  const { rows, next_cursor } = await paged(
    (n) => store.history(deviceId, before, n, ownerId),
    query.limit,
    ({ queued_s, id }) => cursorOf(queued_s, id),
  );
  return {
    commands: rows.map((row) => ({
      id: row.id,
      command: row.name,
      queued_by: row.queued_by,
      queued_at: isoTime(row.queued_s),
      expires_at: isoTime(row.expires_s),
      delivered_at: isoTime(row.delivered_s),
      settled_at: isoTime(row.settled_s),
      outcome: row.outcome,
    })),
    next_cursor,
  };
}
