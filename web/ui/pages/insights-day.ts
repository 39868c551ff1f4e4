/**
 * What the Store page says of a day below its number: when people come, where they are, how long
 * they stay, who they are. Fetched after the number. No state, no element.
 */
import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Insights } from '../../../shared/contracts/insights.ts';
import '../elements/chart-hours.ts';
import '../elements/scale-bars.ts';
import { figure } from '../format.ts';
import { weekBefore } from './insights-known.ts';
import type { DayOptions } from './insights-parts.ts';
import * as words from './insights-text.ts';

export type { HourBar } from '../elements/chart-hours.ts';

export function dayDetails(
  insights: Insights,
  show: Pick<DayOptions, 'openingHours' | 'note'>,
): TemplateResult {
  return html`<section aria-labelledby="when">
      <div class="title">
        <h2 id="when">${msg('When do people come?')}</h2>
        <p class="key" aria-hidden="true"><span class="front">${msg('This day')}</span>
          <span class="behind">${weekBefore(insights)}</span></p>
      </div>
      ${chart(insights, show)}
      <p class="small muted">${words.gapSentence(insights)}</p>
      ${hoursTable(insights)}
    </section>
    ${three(insights)}`;
}

function chart(
  insights: Insights,
  { openingHours, note }: Pick<DayOptions, 'openingHours' | 'note'>,
): TemplateResult {
  const notes = note ? [{ at: null, of: msg('Your note:'), text: note }] : [];
  return html`<jb-chart-hours .hours=${words.hourBars(insights, openingHours)} .notes=${notes}
    front=${msg('This day')} summary=${words.hoursSummary(insights)}
    against=${weekBefore(insights)}></jb-chart-hours>`;
}

function hoursTable(insights: Insights): TemplateResult {
  return html`<details class="table">
    <summary>${msg('Show as a table')}</summary>
    <div class="scroll"><table>
      <caption class="visually-hidden">${msg('Visits by hour')}</caption>
      <thead><tr><th scope="col">${msg('Hour')}</th>
        <th scope="col">${msg('This day')}</th>
        <th scope="col">${weekBefore(insights)}</th></tr></thead>
      <tbody>${words.hourBars(insights).map(
        (h) => html`<tr><th scope="row">${h.range}</th>
          <td>${h.words}</td>
          <td>${h.before === null ? msg('no data') : figure(h.before)}</td></tr>`,
      )}</tbody>
    </table></div>
  </details>`;
}

/** Where, how long, who: each with what it means and how it is counted. */
export function three(of: Pick<Insights, 'zones' | 'stays' | 'composition'>): TemplateResult {
  return html`<div class="three">
    ${scale(
      msg('Where are they?'),
      msg('How near people come: by the counter, in the shop, at the window, or past it.'),
      msg('Counted by signal strength: shares of the time that phones were noticed.'),
      words.zoneRows(of.zones),
      msg('No phone was noticed in this time.'),
    )}
    ${scale(
      msg('How long do they stay?'),
      msg(
        'Long stays are people who take their time. A loyal customer here is one who stayed long this time: nobody is recognised again.',
      ),
      msg('Counted when a stay ends: shares of the stays that have ended.'),
      words.stayRows(of.stays),
      msg('No stay has ended in this time.'),
    )}
    ${scale(
      msg('Who’s visiting?'),
      msg('Which phones and watches people carry: Apple’s, or others.'),
      msg('Counted over Bluetooth, a few seconds in each minute: a sample, not everybody.'),
      words.makerRows(of.composition),
      msg('No device was noticed over Bluetooth in this time.'),
    )}
  </div>`;
}

/** Bars, or why there are none: shares of nothing would be so many times 0 %. */
function scale(
  title: string,
  means: string,
  counted: string,
  rows: ReturnType<typeof words.zoneRows>,
  none: string,
): TemplateResult {
  const isNothing = rows.every(({ value }) => value === 0);
  return html`<section>
    <h2>${title}</h2>
    <p class="small muted">${means}</p>
    ${isNothing ? html`<p>${none}</p>` : html`<jb-scale-bars .rows=${rows}></jb-scale-bars>`}
    <p class="small muted">${counted}</p>
  </section>`;
}
