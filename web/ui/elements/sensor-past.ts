/**
 * `<jb-sensor-past>`: how a sensor was over a day, a week, a month or as long as anything is kept:
 * charts that can be gone back in, what happened meanwhile, and the same numbers as a table. Knows
 * it only through web/app/sensor-past.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { UnitHistory } from '../../../shared/contracts/history.ts';
import type { KnownPast, SensorPast } from '../../app/sensor-past.ts';
import { inPageWords } from '../../app/server-words.ts';
import type { Span } from '../../app/time-ticks.ts';
import { ObservableController } from '../controllers/observable.ts';
import { ago, dateTime, figure, plural } from '../format.ts';
import {
  happened,
  marksOf,
  numbersTable,
  type Picture,
  pictureOf,
  shownSpan,
} from '../past-words.ts';
import './chart-line.ts';
import './notice.ts';
import { sensorPastStyles } from './sensor-past-styles.ts';
import { base, buttons } from './styles.ts';

export class SensorPastView extends LitElement {
  static override styles = [base, buttons, sensorPastStyles];
  static override properties = {
    past: { attribute: false },
    device: {},
    timeZone: { attribute: false },
    interval: { type: Number },
    open: { state: true },
  };
  declare past: SensorPast;
  /** Id of the sensor. */
  declare device: string;
  /** IANA name, of where it stands. */
  declare timeZone: string;
  /** Seconds between two of its reports. */
  declare interval: number;
  /** Whether the table is open: it is made when somebody looks. */
  declare protected open: boolean;

  #drawn: (Picture & { known: KnownPast; zone: string }) | undefined;

  constructor() {
    super();
    this.device = '';
    this.timeZone = 'UTC';
    this.interval = 300;
    this.open = false;
    new ObservableController(this, () => this.past?.state);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('device') && !changed.has('timeZone') && !changed.has('past')) return;
    void this.past.open(this.device, this.timeZone);
  }

  protected override render(): TemplateResult {
    const { known, loading, error } = this.past.state.value;
    return html`${this.#picker()}
      ${
        error
          ? html`<jb-notice .error=${inPageWords(error)} tone=${known ? 'warn' : nothing}>
            <button class="small" @click=${() => this.past.reload()}>${msg('Try again')}</button>
          </jb-notice>`
          : nothing
      }
      ${known ? this.#known(known) : loading ? html`<p class="muted wait">${msg('Loading …')}</p>` : nothing}`;
  }

  #picker(): TemplateResult {
    const { span, back, known } = this.past.state.value;
    const words: Record<Span, string> = {
      day: msg('Day'),
      week: msg('Week'),
      month: msg('Month'),
      all: msg('Everything'),
    };
    const one = (name: Span) => html`<button class="small" aria-pressed=${name === span}
      @click=${() => this.past.choose(name)}>${words[name]}</button>`;
    const move = (by: number, isOn: boolean, label: string) =>
      html`<button class="small" aria-disabled=${!isOn}
        @click=${() => isOn && this.past.move(by)}>${label}</button>`;
    return html`<div class="picker">
      <div class="group" role="group" aria-label=${msg('How much is shown')}>
        ${(['day', 'week', 'month', 'all'] as const).map(one)}
      </div>
      <div class="group" role="group" aria-label=${msg('Which part')}>
        ${move(1, this.past.hasEarlier, msg('Earlier'))}
        ${move(-1, back > 0, msg('Later'))}
      </div>
      <p class="small muted" role="status">${known ? this.#spanWords(known) : nothing}</p>
    </div>`;
  }

  #spanWords(known: KnownPast): TemplateResult {
    const { fromMs, untilMs } = shownSpan(known);
    const [from, until] = [fromMs, Math.min(untilMs, known.asOf)].map((at) =>
      dateTime(at, this.timeZone),
    );
    const now = this.past.now();
    return html`${from} – ${until}
      · ${msg(str`as of ${ago(known.asOf, now)}`)}
      ${this.past.state.value.loading ? html`· ${msg('older parts are on their way …')}` : nothing}`;
  }

  #known(known: KnownPast): TemplateResult {
    const { history } = known;
    if (history.first_at === null) {
      return html`<p class="muted">${msg(
        'Nothing has come from this sensor yet. Charts begin with its first reading.',
      )}</p>`;
    }
    const { rows, charts } = this.#made(known);
    const hasFigures = history.readings.visits !== undefined;
    const marks = marksOf(known);
    const span = shownSpan(known);
    return html`${this.#quiet(history)}
      <div class="charts">${charts.map(
        (chart) => html`<figure>
          <figcaption><h3>${chart.title}</h3><p class="small muted">${chart.help}</p></figcaption>
          ${
            chart.summary
              ? html`<jb-chart-line .points=${chart.points} .span=${span} .marks=${marks}
                  .gap=${chart.gap} .timeZone=${this.timeZone} unit=${chart.unit}
                  summary=${`${chart.title} ${chart.summary}`}
                  ?from-zero=${chart.fromZero}></jb-chart-line>
                <p class="small">${chart.summary}</p>`
              : html`<p class="small muted">${msg('The sensor said nothing of it in this time.')}</p>`
          }
        </figure>`,
      )}</div>
      ${happened(known, this.timeZone)}
      <details ?open=${this.open} @toggle=${this.#toggled}>
        <summary>${msg('The same numbers as a table')}</summary>
        ${this.open ? numbersTable(rows, this.timeZone, hasFigures) : nothing}
      </details>`;
  }

  #quiet({ readings, heartbeats }: UnitHistory): TemplateResult | typeof nothing {
    const n = readings.start_s.length;
    if (n === 0) {
      const beats = heartbeats.length;
      const words = plural(beats, {
        one: msg(str`${figure(beats)} sign of life came.`),
        other: msg(str`${figure(beats)} signs of life came.`),
      });
      return html`<p>${msg('No reading came in this time.')} ${beats > 0 ? words : nothing}</p>`;
    }
    if (n === 1)
      return html`<p>${msg('One reading came in this time: a point, not yet a line.')}</p>`;
    return nothing;
  }

  /** Lines are made anew when there is something new. */
  #made(known: KnownPast) {
    if (this.#drawn?.known === known && this.#drawn.zone === this.timeZone) return this.#drawn;
    const picture = pictureOf(known, this.timeZone, this.interval);
    this.#drawn = { known, zone: this.timeZone, ...picture };
    return this.#drawn;
  }

  readonly #toggled = (event: Event): void => {
    this.open = (event.target as HTMLDetailsElement).open;
  };
}

customElements.define('jb-sensor-past', SensorPastView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-past': SensorPastView;
  }
}
