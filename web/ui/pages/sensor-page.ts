/**
 * `<jb-sensor-page>`: one sensor: how it is, what it sent, what is to be done about it, its
 * settings beside what it uses, and what it was told. Knows it only through web/app/sensor.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { Alert } from '../../../shared/contracts/alert.ts';
import type { CommandName } from '../../../shared/contracts/command.ts';
import type { MoveRequest, UnitDetail } from '../../../shared/contracts/fleet.ts';
import type { Location } from '../../../shared/contracts/portal.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { AdminStatus, KnownSensor, SensorView } from '../../app/sensor.ts';
import { inPageWords, serverWords } from '../../app/server-words.ts';
import { signalWords } from '../../app/signal-words.ts';
import { ObservableController } from '../controllers/observable.ts';
import '../elements/confirm.ts';
import '../elements/notice.ts';
import '../elements/sensor-commands.ts';
import '../elements/sensor-history.ts';
import '../elements/sensor-place.ts';
import '../elements/sensor-settings.ts';
import type { SettingsSave } from '../elements/sensor-settings.ts';
import { signalBars } from '../elements/signal-bars.ts';
import { base, buttons } from '../elements/styles.ts';
import { ago, ownTimeZone } from '../format.ts';
import { alertWord, commandWord, heardWords, statusWord } from '../sensor-words.ts';
import { sensorStyles } from './sensor-styles.ts';
import type { SensorsParts } from './sensors-page.ts';

/** What the page works with. */
export interface SensorPageParts extends SensorsParts {
  sensor: SensorView;
  locations: () => Promise<Location[]>;
}

export class SensorPage extends LitElement {
  static override styles = [base, buttons, sensorStyles];
  static override properties = {
    parts: { attribute: false },
    unit: {},
    places: { state: true },
    busy: { state: true },
    conflict: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare parts: SensorPageParts;
  /** Id of the sensor. */
  declare unit: string;
  declare protected places: readonly Location[];
  declare protected busy: boolean;
  declare protected conflict: boolean;
  /** What was done last, as a sentence. */
  declare protected done: string;
  declare protected error: AppError | null;

  constructor() {
    super();
    this.unit = '';
    this.places = [];
    this.busy = false;
    this.conflict = false;
    this.done = '';
    this.error = null;
    new ObservableController(this, () => this.parts?.sensor.state);
    new ObservableController(this, () => this.parts?.session.state);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('unit') || !this.parts.session.state.value.user) return;
    this.done = '';
    this.error = null;
    this.conflict = false;
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
      ${known ? this.#known(known) : loading ? html`<p class="muted wait">${msg('Loading …')}</p>` : nothing}`;
  }

  #known(known: KnownSensor): TemplateResult {
    const { detail, config, commands, alerts } = known;
    const now = this.parts.clock.now();
    const { role } = this.parts.session.state.value;
    const section = (id: string, title: string, content: TemplateResult) =>
      html`<section aria-labelledby=${id}><h2 id=${id}>${title}</h2>${content}</section>`;
    return html`${this.#facts(known, now)}${this.#doubt(detail, now)}
      ${alerts.map((alert) => this.#alert(alert, now))}
      <div class="columns">
        <div class="column">
          ${section(
            'history-title',
            msg('How it is doing'),
            html`<jb-sensor-history .detail=${detail} .now=${now} .timeZone=${this.#timeZone(detail)}
              ></jb-sensor-history>`,
          )}
          ${section(
            'commands-title',
            msg('Tell it something'),
            html`<jb-sensor-commands .commands=${commands} .now=${now} ?busy=${this.busy}
              @send=${this.#send}></jb-sensor-commands>`,
          )}
        </div>
        <div class="column">
          ${section(
            'settings-title',
            msg('Settings'),
            html`<jb-sensor-settings .detail=${detail} .config=${config} .now=${now}
              ?busy=${this.busy} ?conflict=${this.conflict} @save=${this.#save}
              @settled=${this.#settled}></jb-sensor-settings>`,
          )}
          ${section(
            'place-title',
            msg('Name and place'),
            html`<jb-sensor-place .detail=${detail} .locations=${this.places} .role=${role}
              ?busy=${this.busy} @rename=${this.#rename} @move=${this.#move}
              @status=${this.#status}></jb-sensor-place>`,
          )}
        </div>
      </div>`;
  }

  /** By the clock of where it stands; where nobody knows that, by the reader's. */
  #timeZone({ location_id, time_zone }: UnitDetail): string {
    const place = this.places.find(({ id }) => id === location_id);
    return place?.time_zone ?? time_zone ?? ownTimeZone();
  }

  #facts({ detail, asOf }: KnownSensor, now: number): TemplateResult {
    const { device_id, location_name, state, status, firmware, cell_rssi_dbm } = detail;
    const heard = status === 'active' ? heardWords(detail, now) : statusWord(status);
    return html`<ul class="facts">
      <li class="state ${state}"><span class="dot" aria-hidden="true"></span>${heard}</li>
      <li><bdi>${location_name ?? msg('at no place')}</bdi></li>
      <li class="mono">${device_id}</li>
      <li>${signalBars(cell_rssi_dbm)} ${
        cell_rssi_dbm === null ? msg('no signal known') : signalWords(cell_rssi_dbm)
      }</li>
      ${firmware ? html`<li>${msg('Firmware')} <bdi>${firmware}</bdi></li>` : nothing}
      <li class="muted">${msg(str`as of ${ago(asOf, now)}`)}
        <button class="small quiet" @click=${this.#reload}>${msg('Refresh')}</button></li>
    </ul>`;
  }

  #doubt({ anomaly }: UnitDetail, now: number): TemplateResult | typeof nothing {
    if (!anomaly) return nothing;
    const { role } = this.parts.session.state.value;
    const since = ago(Date.parse(anomaly.since), now);
    const headline = msg(
      str`Its numbers are in doubt since ${since}: ${serverWords(anomaly.reason)}`,
    );
    const clear =
      role === 'admin'
        ? html`<jb-confirm label=${msg('Take the flag off')} confirm-label=${msg('Take it off')}
            ?busy=${this.busy} @confirm=${this.#clear}>${msg(
              'You have looked. What happens next flags it again; readings left out of the sums stay out.',
            )}</jb-confirm>`
        : nothing;
    return html`<jb-notice tone="warn" headline=${headline}>${clear}</jb-notice>`;
  }

  #alert(alert: Alert, now: number): TemplateResult {
    const since = ago(Date.parse(alert.started_at), now);
    const headline = msg(str`${alertWord(alert.kind)}, since ${since}`);
    return html`<jb-notice tone="warn" headline=${headline}>${
      alert.acknowledged_at
        ? html`<span class="small">${msg('Somebody knows.')}</span>`
        : html`<button class="small" aria-disabled=${this.busy} @click=${() => this.#know(alert)}
            >${msg('I know')}</button>`
    }</jb-notice>`;
  }

  readonly #reload = (): void => void this.parts.sensor.reload();
  readonly #settled = (): void => {
    this.conflict = false;
  };

  readonly #save = ({ detail }: CustomEvent<SettingsSave>): Promise<void> =>
    this.#attempt(msg('Saved. The sensor fetches it when it next reports.'), async (portal) => {
      try {
        await portal.setConfig(this.unit, detail.change, detail.ifVersion);
        this.conflict = false;
      } catch (cause) {
        if (toAppError(cause).code !== 'conflict') throw cause;
        this.conflict = true;
        this.done = '';
      }
    });

  readonly #send = ({ detail }: CustomEvent<CommandName>): Promise<void> =>
    this.#attempt(msg(str`“${commandWord(detail)}” goes with its next report.`), (portal) =>
      portal.send(this.unit, detail),
    );

  readonly #rename = ({ detail }: CustomEvent<string | null>): Promise<void> =>
    this.#attempt(msg('Renamed.'), (portal) => portal.rename(this.unit, detail));

  readonly #move = ({ detail }: CustomEvent<MoveRequest>): Promise<void> =>
    this.#attempt(msg('Moved.'), (portal) => portal.move(this.unit, detail));

  readonly #status = ({ detail }: CustomEvent<AdminStatus>): Promise<void> =>
    this.#attempt(msg('Done.'), (portal) => portal.setStatus(this.unit, detail));

  readonly #clear = (): Promise<void> =>
    this.#attempt(msg('It is not flagged any more.'), (portal) => portal.clearAnomaly(this.unit));

  #know(alert: Alert): Promise<void> {
    return this.#attempt(msg('Noted, with your name.'), (portal) => portal.acknowledge(alert));
  }

  /** One change at a time; then everything anew. Never rejects. */
  async #attempt(
    done: string,
    work: (portal: SensorView['portal']) => Promise<unknown>,
  ): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    this.done = done;
    try {
      await work(this.parts.sensor.portal);
      await this.parts.sensor.reload();
    } catch (cause) {
      this.done = '';
      this.error = inPageWords(toAppError(cause, 'unavailable'));
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
