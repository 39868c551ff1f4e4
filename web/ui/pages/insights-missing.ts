/**
 * Why numbers are few: a part is missing, and since when. Fetched after the first number. No state.
 */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Insights, MissingPart } from '../../../shared/contracts/insights.ts';
import { civilDate } from '../../../shared/metrics/time-zone.ts';
import { isolated } from '../../app/isolated.ts';
import { icon } from '../elements/icons.ts';
import { dayName, figure, plural, timeOfDay } from '../format.ts';
import { type Dated, isToday, type Seen } from './insights-known.ts';

/** Parts listed one by one; of more, how many. */
const PARTS_SHOWN_MAX = 3;

/** Whose part is missing in the numbers, and what to do about it. */
export function missing(
  insights: Dated & Pick<Insights, 'units'>,
  seen: Seen,
): TemplateResult | typeof nothing {
  const shown = missingText(insights, seen);
  if (shown.length === 0) return nothing;
  const [open, over] = [shown.filter((t) => t.isOpen), shown.filter((t) => !t.isOpen)];
  return html`<div class="missing" role="status" data-testid="missing">
    ${open.map(({ what }) => html`<p class="open">${icon('warning')}<span>${what}</span></p>`)}
    ${
      open.length > 0
        ? html`<p class="small">${msg(
            'What a sensor counts while it has no connection arrives later. If one is silent for an hour, check that it has power.',
          )}</p>`
        : nothing
    }
    ${over.map(({ what }) => html`<p class="small muted">${what}</p>`)}
  </div>`;
}

/** A sentence of a part that is missing. */
export interface MissingText {
  what: string;
  /** It is missing still, or was to the end of the day. */
  isOpen: boolean;
}

/** Which part of the numbers is missing, what is missing still first. */
export function missingText(insights: Dated & Pick<Insights, 'units'>, seen: Seen): MissingText[] {
  const { units } = insights;
  const isOnly = units.total === 1;
  // With one sensor, a silence that has ended is the gap in the chart, and shown there.
  const shown = units.missing.filter((part) => part.to === null || !isOnly);
  const open = shown.filter((part) => part.to === null);
  const over = shown.filter((part) => part.to !== null);
  const isNow = isToday(insights, seen);
  const sentences = [...open, ...over].map((part) => ({
    what: sentence(part, insights, isOnly, isNow),
    isOpen: part.to === null,
  }));
  const more = sentences.length - PARTS_SHOWN_MAX;
  if (more <= 0) return sentences;
  const isOpen = open.length > PARTS_SHOWN_MAX;
  const rest = plural(more, {
    one: msg('One more stretch is missing.'),
    other: msg(str`${figure(more)} more stretches are missing.`),
  });
  return [...sentences.slice(0, PARTS_SHOWN_MAX), { what: rest, isOpen }];
}

function sentence(part: MissingPart, insights: Dated, isOnly: boolean, isNow: boolean): string {
  const name = part.name ?? part.device_id;
  const who = isOnly ? msg('your sensor') : msg(str`the sensor ${isolated(name)}`);
  const { from, to } = part;
  if (from === null) return msg(str`No numbers have come from ${who} yet.`);
  const time = moment(from, insights);
  if (to !== null) {
    const end = moment(to, insights);
    return msg(str`No numbers from ${who} from ${time} to ${end}.`);
  }
  return isNow
    ? msg(str`No numbers from ${who} since ${time}.`)
    : msg(str`No numbers from ${who} after ${time}.`);
}

/** The time, with its day as soon as that is another than the one shown. */
export function moment(iso: string, { location, day }: Dated): string {
  const zone = location.time_zone;
  const time = timeOfDay(iso, zone);
  const date = civilDate(Date.parse(iso), zone);
  return date === day ? time : `${dayName(date)}, ${time}`;
}

/** Of another day than today the shop may have sensors now. */
export function noSensor(isToday: boolean): string {
  return isToday
    ? msg(
        'No sensor is set up here yet. Numbers appear about five minutes after the first one starts.',
      )
    : msg('No sensor is known here for that time.');
}
