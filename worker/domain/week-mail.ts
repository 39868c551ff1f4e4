/**
 * The mail about a shop's week: its owner switches it on, it goes out on Monday mornings by the
 * shop's clock, and whoever has got one can end them without signing in. Knows no HTTP and no SQL.
 */
import type { Location, Me } from '../../shared/contracts/portal.ts';
import type { Language, WeekMail, WeekMailRequest } from '../../shared/contracts/week-mail.ts';
import { addDays, civilDate, clockMs, isoWeekday } from '../../shared/metrics/time-zone.ts';
import { type Change, changeOf } from './audit.ts';
import type { InsightsStore } from './insights.ts';
import { type OnceChange, type OncePerson, onceOf } from './kept-answer.ts';
import { type LocationStore, locationWithFigures } from './location.ts';
import type { Mailer } from './mail.ts';
import type { ShopDayStore } from './shop-day.ts';
import { weekOf } from './week.ts';
import { weekMailText } from './week-mail-text.ts';

/** One person's mails of one shop. */
export interface Subscription {
  location_id: string;
  user_id: string;
  language: Language;
  /** 32 hex digits that only the mail has. */
  key: string;
  /** Where the person has the page, like `https://bench.example.net`. */
  origin: string;
  /** The last Monday that a mail went out for, or that was over when it was switched on. */
  sent_monday: string;
}

/** With what a mail needs; only of people who still own the shop. */
export interface DueMail extends Subscription {
  email: string;
  location: Location;
}

export interface WeekMailStore {
  find(locationId: string, userId: string): Promise<Subscription | null>;
  /** Anew, or the language of one that is there, whose key stays. */
  put(subscription: Subscription, change: OnceChange): Promise<void>;
  /** By the person's own switch, or by the key of a mail. */
  remove(locationId: string, userId: string, change: OnceChange | Change): Promise<void>;
  byKey(key: string): Promise<(Subscription & { location_name: string }) | null>;
  /** Those that got none for this Monday or a later one, by shop. */
  due(monday: string, limit: number): Promise<DueMail[]>;
  sent(subscription: Subscription, monday: string): Promise<void>;
}

export interface WeekMailPorts {
  locations: LocationStore;
  weekMails: WeekMailStore;
}

/** @throws AppError `not_found`, for another owner's shop as for none */
export async function weekMailOf(
  { locations, weekMails }: WeekMailPorts,
  person: Me,
  id: string,
): Promise<WeekMail> {
  await locationWithFigures(locations, person, id);
  const found = await weekMails.find(id, person.user_id);
  return { is_on: found !== null, language: found?.language ?? 'en', email: person.email };
}

/**
 * Switches the mails on or off, or to another language. The first one comes on the next Monday.
 * @param origin where the person has the page
 * @throws AppError `not_found`
 */
export async function setWeekMail(
  { locations, weekMails }: WeekMailPorts,
  { person, nowMs, once }: OncePerson,
  id: string,
  { is_on, language }: WeekMailRequest,
  origin: string,
): Promise<WeekMail> {
  const { time_zone } = await locationWithFigures(locations, person, id);
  const answer = { is_on, language, email: person.email };
  const change = onceOf(trace({ user_id: person.user_id, nowMs }, id, is_on), once, answer);
  if (is_on) {
    const sent_monday = mondayOf(civilDate(nowMs, time_zone));
    const own = { location_id: id, user_id: person.user_id, language, origin };
    await weekMails.put({ ...own, key: newKey(), sent_monday }, change);
  } else {
    await weekMails.remove(id, person.user_id, change);
  }
  return answer;
}

/** What is ended by whom, for the page that asks; null when it has ended already. */
export function mailByKey({ weekMails }: Pick<WeekMailPorts, 'weekMails'>, key: string) {
  return weekMails.byKey(key);
}

/** Ends mails for whoever has their key. @returns what was ended; null when it had been */
export async function endByKey(
  { weekMails }: Pick<WeekMailPorts, 'weekMails'>,
  key: string,
  nowMs: number,
) {
  const found = await weekMails.byKey(key);
  if (!found) return null;
  const { location_id, user_id } = found;
  await weekMails.remove(location_id, user_id, trace({ user_id, nowMs }, location_id, false));
  return found;
}

function trace({ user_id, nowMs }: { user_id: string; nowMs: number }, id: string, on: boolean) {
  const facts = { after: { is_on: on } };
  return changeOf({ actor: user_id, nowMs }, 'location.week_mail', `location:${id}`, facts);
}

const mondayOf = (day: string) => addDays(day, 1 - isoWeekday(day));

function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** From when on a mail goes out on its Monday, by the shop's clock. */
const FROM_MS = 7 * 3_600_000;
/** Shops looked at in one run of the hourly job: five times the largest fleet in any plan. */
const DUE_MAX = 25_000;
/** Mails in one run: each takes some tenths of a second of the minute that a job has. */
const MAILS_MAX = 100;
/** The furthest that a place is ahead of UTC. */
const AHEAD_MS = 14 * 3_600_000;

export interface WeekMailJobPorts {
  weekMails: WeekMailStore;
  insights: InsightsStore;
  shopDays: ShopDayStore;
  mailer: Mailer;
}

/** One run. @throws AppError `unavailable` when nobody took a mail; the others wait as well */
export async function mailWeeks(ports: WeekMailJobPorts, nowMs: number) {
  const latest = mondayOf(civilDate(nowMs + AHEAD_MS, 'UTC'));
  const due = await ports.weekMails.due(latest, DUE_MAX);
  let told = 0;
  for (const mail of due) {
    if (told === MAILS_MAX) break;
    const monday = mondayToTell(mail, nowMs);
    if (monday === null) continue;
    await tell(ports, mail, monday, nowMs);
    told += 1;
  }
  return { told };
}

/** The Monday that a mail is to go out for now; null while there is none. */
function mondayToTell({ location, sent_monday }: DueMail, nowMs: number): string | null {
  const today = civilDate(nowMs, location.time_zone);
  const monday = mondayOf(today);
  if (monday <= sent_monday) return null;
  return today > monday || clockMs(nowMs, location.time_zone) >= FROM_MS ? monday : null;
}

async function tell(ports: WeekMailJobPorts, mail: DueMail, monday: string, nowMs: number) {
  const { location, origin, key, language, email } = mail;
  const sunday = addDays(monday, -1);
  const [week, shopDays] = await Promise.all([
    weekOf(ports.insights, location, sunday, nowMs),
    ports.shopDays.list(location.id, addDays(monday, -7), sunday),
  ]);
  const end = `${origin}/api/v1/week-mails/${key}`;
  const links = { week: `${origin}/store/${location.id}?range=week&day=${sunday}`, end };
  await ports.mailer.send({
    ...weekMailText(week, shopDays, language, links),
    to: email,
    end_url: end,
    idempotency_key: `week-${monday}-${key.slice(0, 16)}`,
  });
  await ports.weekMails.sent(mail, monday);
}
