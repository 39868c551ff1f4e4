/**
 * The backend's side of a preparation: is the id free, register the token's hash or keep it for
 * later. Knows no port and no unit.
 */
import { msg, str } from '@lit/localize';
import { DEVICE_ID_PATTERN } from '../../shared/contracts/common.ts';
import type { RegisterRequest, UnitStatus } from '../../shared/contracts/portal.ts';
import { AppError, type ErrorCode, toAppError } from '../../shared/errors.ts';
import { outcomeOf } from '../../shared/outcome.ts';
import { orCancelled } from './cancel.ts';
import { errorWords } from './error-words.ts';
import type { Outbox, UnitsPortal } from './ports.ts';
import type { PrepareOptions } from './prepare-state.ts';
import type { StageContext } from './stage-tracker.ts';

/** @throws AppError `invalid` */
/** Where ids are known: the backend, and what this page has not delivered to it yet. */
interface Registry {
  portal: UnitsPortal;
  outbox: Outbox;
}

export function checkDeviceId(deviceId: string): void {
  if (DEVICE_ID_PATTERN.test(deviceId)) return;
  throw new AppError('invalid', msg(str`“${deviceId}” is no device id.`), {
    hint: msg('A device id is JBNB and four to eight digits, like JBNB0042.'),
  });
}

/**
 * Whether `options.deviceId` may become the id of the chip with `mac`.
 * @returns what the backend knows, or null when it cannot be reached
 * @throws AppError `conflict` when another unit has it and `replace` is not set; `unauthenticated`,
 * `forbidden`
 */
export async function checkIdIsFree(
  { portal, outbox }: Registry,
  options: PrepareOptions,
  mac: string,
  signal: AbortSignal,
): Promise<UnitStatus | null> {
  const waiting = (await outbox.list()).find((e) => e.request.device_id === options.deviceId);
  if (waiting && waiting.request.mac !== mac && !options.replace) {
    throw taken(
      msg(
        str`${options.deviceId} was given to another unit on this computer. Nothing was written.`,
      ),
    );
  }
  const status = await orNull(orCancelled(portal.unitStatus(options.deviceId, signal), signal));
  if (status?.registered && status.mac !== mac && !options.replace) {
    throw taken(msg(str`${options.deviceId} is registered for another unit. Nothing was written.`));
  }
  return status;
}

/**
 * Makes the token's hash known. It is kept in the outbox before it is sent: the unit holds the
 * token by now, so a page closed in the middle must not take the only copy of its hash along.
 * @returns true when it still waits in the outbox
 * @throws AppError `conflict`, `forbidden`, … in words that say what the unit holds now
 */
export async function register(
  { portal, outbox }: Registry,
  request: RegisterRequest,
  { reporter, signal }: StageContext,
): Promise<boolean> {
  await outbox.add(request);
  try {
    await orCancelled(portal.register(request, signal), signal);
  } catch (cause) {
    const error = toAppError(cause, 'unavailable');
    if (error.code === 'cancelled' || error.code === 'port_lost') throw error;
    if (outcomeOf(error.code) !== 'give_up') {
      reporter.warn(waitsText(error));
      return true;
    }
    await refuse(outbox, request, error);
    throw error.code === 'conflict' ? refusedAfterWriting(request.device_id, error) : error;
  }
  await forget(outbox, request);
  return false;
}

/** What the backend refused for good stays, and is shown: the unit holds this token. */
async function refuse(outbox: Outbox, request: RegisterRequest, error: AppError): Promise<void> {
  for (const entry of await outbox.list()) {
    if (entry.request.token_sha256 !== request.token_sha256) continue;
    await outbox.refuse(entry.id, errorWords(error).what);
  }
}

/** Takes this very registration out of the outbox; a newer one of the same unit stays. */
async function forget(outbox: Outbox, request: RegisterRequest): Promise<void> {
  for (const entry of await outbox.list()) {
    if (entry.request.token_sha256 === request.token_sha256) await outbox.remove(entry.id);
  }
}

const WAITS: Partial<Record<ErrorCode, () => string>> = {
  unavailable: () => msg('The server cannot be reached.'),
  unauthenticated: () => msg('Nobody is signed in.'),
  rate_limited: () => msg('The server asks for a pause.'),
  forbidden: () => msg('Whoever is signed in may not register units.'),
};

function waitsText(error: AppError): string {
  const why = WAITS[error.code]?.() ?? msg('The server had a problem of its own.');
  const waits = msg(
    'The registration waits on this computer and is sent by itself later; until then the unit keeps its readings.',
  );
  return `${why} ${waits}`;
}

function taken(words: string): AppError {
  return new AppError('conflict', words, {
    hint: msg('Choose another id, or replace the other unit on purpose.'),
  });
}

function refusedAfterWriting(deviceId: string, cause: AppError): AppError {
  return new AppError(
    'conflict',
    msg(
      str`The unit is now ${deviceId}, but the server refused it: the id belongs to another unit. What it counts will not be accepted.`,
    ),
    {
      hint: msg('Choose another id, or replace the other unit; both prepare this one anew.'),
      cause,
    },
  );
}

/** null when the backend cannot be reached; other errors stay errors. */
export async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (cause) {
    const error = toAppError(cause, 'unavailable');
    if (error.code === 'unavailable') return null;
    throw error;
  }
}
