/**
 * `<jb-sensor-page>`: one sensor: how it is, what it sent, what is to be done about it, its
 * settings beside what it uses, and what it was told. Knows it only through web/app/sensor.ts.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { KnownSensor, SensorChange } from '../../app/sensor.ts';
import { ObservableController } from '../controllers/observable.ts';
import '../elements/sensor-parts.ts';
import type { SensorPageParts } from '../controllers/sensors.ts';
import type { SettingsClash, SettingsSave } from '../elements/sensor-settings.ts';
import { base, buttons } from '../elements/styles.ts';
import { ownTimeZone } from '../format.ts';
import { sensorAlert, sensorDoubt, sensorFacts } from './sensor-facts.ts';
import { sensorPending } from './sensor-pending.ts';
import { sensorStyles } from './sensor-styles.ts';

const PLACE_WISHES = ['sensor_name', 'sensor_place', 'sensor_spot', 'sensor_status'] as const;

export class SensorPage extends LitElement {
  static override styles = [base, buttons, sensorStyles];
  static override properties = {
    parts: { attribute: false },
    unit: {},
    places: { state: true },
    busy: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare parts: SensorPageParts;
  /** Id of the sensor. */
  declare unit: string;
  declare protected places: Awaited<ReturnType<SensorPageParts['locations']>>;
  declare protected busy: boolean;
  /** What was done last, as a sentence. */
  declare protected done: string;
  declare protected error: AppError | null;

  constructor() {
    super();
    this.unit = '';
    this.places = [];
    this.busy = false;
    this.done = '';
    this.error = null;
    new ObservableController(this, () => this.parts?.sensor.state);
    new ObservableController(this, () => this.parts?.sensor.delivery);
    new ObservableController(this, () => this.parts?.session.state);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('unit') || !this.parts.session.state.value.user) return;
    this.done = '';
    this.error = null;
    void this.parts.sensor.open(this.unit);
    if (this.places.length === 0) void this.#locations();
  }

  protected override render(): TemplateResult {
    const { user } = this.parts.session.state.value;
    const { known } = this.parts.sensor.state.value;
    const title = known?.detail.name ?? this.unit;
    return html`<div class="page">
      <p class="small"><a href="/locations">${msg('All sensors')}</a></p>
      <h1 tabindex="-1"><bdi>${title}</bdi></h1>
      ${user ? this.#sensor() : this.#signIn()}
    </div>`;
  }

  #signIn(): TemplateResult {
    const href = `/sign-in?next=/locations/${encodeURIComponent(this.unit)}`;
    return html`<p>${msg(html`<a href=${href}>Sign in</a> to see this sensor.`)}</p>`;
  }

  #sensor(): TemplateResult {
    const { known, loading, error } = this.parts.sensor.state.value;
    const failure = this.error ?? error;
    return html`
      ${
        failure
          ? html`<jb-notice .error=${failure} tone=${known ? 'warn' : nothing}>
            <button class="small" @click=${this.#reload}>${msg('Try again')}</button></jb-notice>`
          : nothing
      }
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}
      ${
        known
          ? this.#known(known)
          : html`${sensorPending(this.parts.sensor, this.#placeName)}${
              loading ? html`<p class="muted wait">${msg('Loading …')}</p>` : nothing
            }`
      }`;
  }

  #known(known: KnownSensor): TemplateResult {
    const { detail, config, commands, alerts } = known;
    const now = this.parts.clock.now();
    const { role } = this.parts.session.state.value;
    const isLooking = role === 'staff';
    const section = (id: string, title: string, content: TemplateResult) =>
      html`<section aria-labelledby=${id}><h2 id=${id}>${title}</h2>${content}</section>`;
    return html`${sensorFacts(known, now, this.#reload)}
      ${sensorDoubt(detail, now, this.busy, role === 'admin' ? this.#clear : null)}
      ${sensorPending(this.parts.sensor, this.#placeName, ['sensor_flag', 'sensor_alert'])}
      ${alerts.map((alert) => {
        const know = isLooking ? null : () => this.#know(alert);
        return sensorAlert(alert, now, this.busy, know);
      })}
      ${section('past-title', msg('Over time'), this.#past(detail))}
      <div class="columns">
        <div class="column">
          ${section(
            'history-title',
            msg('How it is doing'),
            html`<jb-sensor-history .detail=${detail} .now=${now} 
              .timeZone=${this.#timeZone(detail)}></jb-sensor-history>`,
          )}
          ${
            isLooking
              ? nothing
              : section(
                  'commands-title',
                  msg('Tell it something'),
                  html`${sensorPending(this.parts.sensor, this.#placeName, ['sensor_command'])}
                    <jb-sensor-commands .commands=${commands} .now=${now} ?busy=${this.busy}
                    @wish=${this.#change}></jb-sensor-commands>`,
                )
          }
        </div>
        <div class="column">
          ${section(
            'settings-title',
            msg('Settings'),
            html`${sensorPending(this.parts.sensor, this.#placeName, ['sensor_settings'])}
              <jb-sensor-settings .detail=${detail} .config=${config} .stored=${known.stored.config}
              .now=${now} ?busy=${this.busy} .clash=${this.#clash(known)} ?fixed=${isLooking}
              @save=${this.#save} @again=${() => this.#decide('again')}
              @leave=${() => this.#decide('discard')}></jb-sensor-settings>`,
          )}
          ${
            isLooking
              ? nothing
              : section(
                  'place-title',
                  msg('Name and place'),
                  html`${sensorPending(this.parts.sensor, this.#placeName, PLACE_WISHES)}
                    <jb-sensor-place .detail=${detail} .locations=${this.places} .role=${role}
                    ?busy=${this.busy} @wish=${this.#change}></jb-sensor-place>`,
                )
          }
        </div>
      </div>
      ${section('trail-title', msg('Who changed what'), this.#trail(known))}`;
  }

  #past(detail: KnownSensor['detail']): TemplateResult {
    return html`<jb-sensor-past .past=${this.parts.past} device=${detail.device_id}
      .timeZone=${this.#timeZone(detail)} interval=${detail.report_interval_s}></jb-sensor-past>`;
  }

  #trail(known: KnownSensor): TemplateResult {
    const places = new Map(this.places.map(({ id, name }) => [id, name]));
    return html`<jb-sensor-trail .past=${this.parts.past} device=${known.detail.device_id}
      .version=${known.asOf} .places=${places}
      .timeZone=${this.#timeZone(known.detail)}></jb-sensor-trail>`;
  }

  /** By the clock of where it stands; where nobody knows that, by the reader's. */
  #timeZone({ location_id, time_zone }: KnownSensor['detail']): string {
    const place = this.places.find(({ id }) => id === location_id);
    return place?.time_zone ?? time_zone ?? ownTimeZone();
  }

  readonly #reload = (): void => void this.parts.sensor.reload();
  readonly #placeName = (id: string): string | null =>
    this.places.find((place) => place.id === id)?.name ?? null;

  /** Settings that somebody else has changed meanwhile. */
  #clashing() {
    return this.parts.sensor.state.value.changes.find(({ wish, trouble }) => {
      return wish.what === 'sensor_settings' && trouble?.kind === 'conflict';
    });
  }

  #clash({ stored }: KnownSensor): SettingsClash | null {
    const wish = this.#clashing()?.wish;
    return wish?.what === 'sensor_settings' ? { mine: wish.change, theirs: stored.config } : null;
  }

  #decide(how: 'again' | 'discard'): void {
    const change = this.#clashing();
    if (change) void this.parts.sensor[how](change);
  }

  readonly #save = ({ detail }: CustomEvent<SettingsSave>): Promise<void> =>
    this.#attempt({
      done: msg('Saved. The sensor fetches it when it next reports.'),
      want: { what: 'sensor_settings', ...detail },
    });

  readonly #change = ({ detail }: CustomEvent<SensorChange>): Promise<void> =>
    this.#attempt(detail);

  readonly #clear = (): Promise<void> =>
    this.#attempt({ want: { what: 'sensor_flag' }, done: msg('It is not flagged any more.') });

  #know({ kind, started }: KnownSensor['alerts'][number]): Promise<void> {
    const done = msg('Noted, with your name.');
    return this.#attempt({ want: { what: 'sensor_alert', kind, started }, done });
  }

  /** One change at a time; what waits, or was refused, is shown beside what it is about. */
  async #attempt({ want, done }: SensorChange): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    this.done = '';
    try {
      const fate = await this.parts.sensor.want(want);
      if (fate === 'stored') this.done = done;
    } catch (cause) {
      this.error = toAppError(cause, 'unavailable');
    } finally {
      this.busy = false;
    }
  }

  async #locations(): Promise<void> {
    try {
      this.places = await this.parts.locations();
    } catch (cause) {
      // Where it may be moved to is of no use without a network.
      console.debug('Places cannot be had.', cause);
    }
  }
}

customElements.define('jb-sensor-page', SensorPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-page': SensorPage;
  }
}
