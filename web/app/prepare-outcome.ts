/**
 * How a preparation that came to its end stands, and what a person is asked before a registration
 * is thrown away or taken over. Pure.
 */
import { msg, str } from '@lit/localize';
import { signalGrade } from '../../shared/at/signal.ts';
import type { UnitStatus } from '../../shared/contracts/portal.ts';
import { pageLanguageTag } from './language.ts';
import type { DeliveryState } from './outbox-delivery.ts';
import type { OutboxEntry } from './ports.ts';
import type { PrepareState } from './prepare-state.ts';
import type { Question } from './question.ts';

export type { Ask } from './question.ts';

/** What to do about a first reading that holds nobody. */
export const emptyAdvice = (): string =>
  msg(
    'Hold a phone with Wi-Fi on beside the unit and press its side button: the next reading must hold something.',
  );

/** How a flow that came to its end stands now, by the backend's word for this very token. */
export type HowDone =
  | 'link'
  | 'firmware'
  | 'ready'
  | 'weak'
  | 'empty'
  | 'unseen'
  | 'waits'
  | 'delivered'
  | 'refused'
  | 'unknown';

/**
 * @param delivery as it is now: what waited may have been delivered, refused or thrown away
 * @param since readings that the unit has reported since it runs: one that holds somebody mends an
 * empty first one
 */
export function howDone(
  prepare: PrepareState,
  delivery: DeliveryState,
  since: readonly { impressions: number }[] = [],
): HowDone {
  const { action, queued, tokenSha256 } = prepare;
  if (action !== 'prepare') return action === 'bringup' ? 'link' : 'firmware';
  if (queued) {
    const entry = delivery.entries.find((e) => e.request.token_sha256 === tokenSha256);
    if (entry) return entry.refused === null ? 'waits' : 'refused';
    const taken = tokenSha256 !== null && delivery.delivered.includes(tokenSha256);
    return taken ? 'delivered' : 'unknown';
  }
  if (!prepare.isSeen) return 'unseen';
  const counts = since.some(({ impressions }) => impressions > 0);
  if (prepare.firstReading?.impressions === 0 && !counts) return 'empty';
  const dbm = prepare.signalDbm;
  const grade = dbm === null ? null : signalGrade(dbm);
  return grade === 'weak' || grade === 'very_weak' ? 'weak' : 'ready';
}

/**
 * Whether an id may be given to another chip, and what is known of the unit that would be cut off.
 * @param waiting what this computer has not delivered yet: another unit may be among it
 */
export function replaceQuestion(
  deviceId: string,
  status: UnitStatus | null,
  place: string | null,
  waiting: readonly OutboxEntry[] = [],
): Question {
  const queued = waiting.filter(({ request }) => request.device_id === deviceId);
  const here = queued.map(({ request: { mac } }) =>
    msg(str`On this computer the registration of ${mac} as ${deviceId} waits.`),
  );
  const loss = msg('What that unit counts is not accepted from then on: it must be prepared anew.');
  return {
    title: msg(str`Give ${deviceId} to another chip?`),
    facts: [standing(deviceId, status, place), ...here, loss],
    yes: msg(str`Give ${deviceId} to this chip`),
    no: msg('Cancel'),
  };
}

/** What is lost with a registration that was refused. */
export function discardQuestion(
  entry: OutboxEntry,
  status: UnitStatus | null,
  place: string | null,
): Question {
  const { device_id, mac } = entry.request;
  return {
    title: msg(str`Throw away the registration of ${mac} as ${device_id}?`),
    facts: [
      standing(device_id, status, place),
      msg('The unit with this MAC keeps a token that nobody will know: it must be prepared again.'),
    ],
    yes: msg('Throw it away'),
    no: msg('Cancel'),
  };
}

/** What it means to free an id that its chip has left. */
export function releaseQuestion(
  deviceId: string,
  status: UnitStatus | null,
  place: string | null,
): Question {
  return {
    title: msg(str`Free ${deviceId} for another unit?`),
    facts: [
      standing(deviceId, status, place),
      msg(
        'What was counted under this id stays where it was counted. This chip keeps its other id.',
      ),
    ],
    yes: msg(str`Free ${deviceId}`),
    no: msg('Cancel'),
  };
}

function standing(deviceId: string, status: UnitStatus | null, place: string | null): string {
  if (status === null) return msg('The server cannot be asked now which unit has this id.');
  if (!status.registered) return msg(str`No unit is registered as ${deviceId}.`);
  const at = status.last_seen_at;
  const time = at && new Date(at).toLocaleString(readersLocales());
  const seen = time ? msg(str`last seen ${time}`) : msg('never seen');
  const where =
    place ?? (status.location_id === null ? msg('at no place') : msg('at a place not yours'));
  const mac = status.mac ?? msg('unknown');
  return msg(str`${deviceId} is the unit with MAC ${mac}, ${where}, ${seen}.`);
}

/** As the reader's own region writes the page's language, where he has one. */
function readersLocales(): string[] {
  const language = pageLanguageTag();
  const own = (globalThis.navigator?.languages ?? []).filter((tag) => tag.startsWith(language));
  return [...own, language];
}
