/**
 * What an administrator looks at and says about readings that a unit cannot have counted, as the
 * page asks for it, and the moments it names. Times are UTC throughout: a stretch of readings is
 * the same for whoever looks at it. Knows no HTTP.
 */

import { msg, str } from '@lit/localize';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { DoubtsPage, SumsAnswer, SumsRequest } from '../../shared/contracts/judgement.ts';
import { JUDGED_DAYS_MAX } from '../../shared/contracts/judgement.ts';
import { readDeviceId } from '../../shared/device-id.ts';
import { AppError } from '../../shared/errors.ts';
import { isoTimeMs } from '../../shared/time.ts';

/** A unit that is flagged, with the reason. */
export type FlaggedUnit = FleetUnit;

/** Every method rejects with AppError. */
export interface Judgement {
  /** Units that are flagged, with the reason. */
  flagged(): Promise<FlaggedUnit[]>;
  /** Newest first; `cursor` of the page before. */
  doubts(deviceId: string, cursor: string | null): Promise<DoubtsPage>;
  judge(deviceId: string, stretch: SumsRequest): Promise<SumsAnswer>;
  clearFlag(deviceId: string): Promise<unknown>;
}

/** The unit that is meant, however its id was typed. @throws AppError `invalid` */
export function unitOf(typed: string): string {
  const id = readDeviceId(typed);
  if (id) return id;
  throw wrong(msg('That is no unit’s id.'), msg('It is on the label, like JBNB0042.'));
}

/** `2026-01-28T12:00` of an input field, meant as UTC. null for what is no moment. */
export function momentOf(typed: string): string | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(typed)) return null;
  return Number.isNaN(Date.parse(`${typed}Z`)) ? null : `${typed}Z`;
}

/**
 * A stretch as it was typed.
 * @throws AppError `invalid` in words, before anything is asked of the backend
 */
export function timeRangeOf(from: string, to: string): { from: string; to: string } {
  const [first, last] = [momentOf(from), momentOf(to)];
  if (!first || !last) throw wrong(msg('Both moments are needed.'), msg('Fill in from and to.'));
  const length = Date.parse(last) - Date.parse(first);
  if (length <= 0)
    throw wrong(msg('“From” is not before “to”.'), msg('Exchange them, or correct one.'));
  if (length > JUDGED_DAYS_MAX * 86_400_000) {
    const days = JUDGED_DAYS_MAX;
    throw wrong(
      msg(str`That is longer than ${days} days.`),
      msg(str`Do it in parts of ${days} days at most.`),
    );
  }
  return { from: first, to: last };
}

/** The one reading that begins at this moment: periods begin at whole seconds. */
export function onlyThat(periodStart: string): { from: string; to: string } {
  const ms = Date.parse(periodStart);
  return { from: isoTimeMs(ms), to: isoTimeMs(ms + 1000) };
}

const wrong = (message: string, hint: string) => new AppError('invalid', message, { hint });
