/**
 * `<jb-bench-page>`: the installer's instrument. Connect a unit or try a virtual one, prepare it,
 * watch it run. Draws what the bench controller holds; knows no port and no protocol.
 * The address may start a virtual unit by itself: `/bench?virtual&seed=7&speed=10&timing=0`; and it
 * may say what a work order is about: `/bench?unit=JBNB0042&place=bakery`.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { describeError } from '../../app/error-messages.ts';
import type { PrepareOptions, PrepareState } from '../../app/prepare-state.ts';
import type { SeriesState } from '../../app/series.ts';
import type { ChipInfo, UnitState } from '../../app/unit-state.ts';
import { BenchController, type BenchParts } from '../controllers/bench.ts';
import { FocusController } from '../controllers/focus.ts';
import { icon, type PrepareRequest, touch } from '../elements/bench-parts.ts';
import { base, buttons } from '../elements/styles.ts';
import { benchStyles } from './bench-styles.ts';
import * as words from './bench-text.ts';

export class BenchPage extends LitElement {
  static override styles = [base, buttons, benchStyles];
  static override properties = {
    parts: { attribute: false },
    anew: { state: true },
    details: { state: true },
    scanning: { state: true },
  };
  declare parts: BenchParts;
  /** Someone wants the form again although a flow has ended. */
  declare protected anew: boolean;
  /** *Technical details* are open: only then the console is drawn. */
  declare protected details: boolean;
  /** The camera looks for a label. */
  declare protected scanning: boolean;
  readonly #bench = new BenchController(this, () => this.parts);

  constructor() {
    super();
    this.anew = false;
    this.details = false;
    this.scanning = false;
    new FocusController(this);
  }

  protected override firstUpdated(): void {
    const start = words.virtualStart(location.search);
    if (start && this.parts.unit.state.value.phase === 'none') void this.#bench.startVirtual(start);
  }

  protected override render(): TemplateResult {
    const unit = this.parts.unit.state.value;
    const series = this.parts.series.state.value;
    // A connection that failed before the chip has said who it is leaves nothing to work on.
    const idle = unit.chip === null && !this.#isConnecting(unit) && series.phase === 'off';
    return html`<div class="page">
      <div class="top">
        <h1 tabindex="-1">${msg('Bench')}</h1>
        ${idle ? nothing : this.#presence(unit)}
      </div>
      ${this.#connectError()}
      ${this.#series(series)}
      ${this.#isConnecting(unit) ? this.#connecting(unit) : nothing}
      ${idle ? [this.#start(), this.#before()] : nothing}
      ${unit.chip ? this.#work(unit) : nothing}
      ${this.#toConfirm()}
      ${this.#outbox()}
      <p class="small"><a href="/bench/log">${msg('Log of the bench')}</a> ·
        <a href="/bench/card">${msg('A card to print')}</a> ·
        <a href="/inspect">${msg('What is on a unit, backup and restore')}</a> ·
        <a href="/modem">${msg('Talk to the modem')}</a></p>
      ${this.#development()}
    </div>`;
  }

  /** Its element comes with the first registration that waits. */
  #outbox(): TemplateResult {
    const waiting = this.parts.delivery.state.value;
    if (waiting.entries.length > 0)
      void import('../elements/outbox-list.ts').catch(() => undefined);
    return html`<jb-outbox-list .state=${waiting}
        @deliver=${() => void this.parts.delivery.deliver()}
        @replace=${(e: CustomEvent<number>) => void this.#bench.replaceRefused(e.detail)}
        @discard=${(e: CustomEvent<number>) => void this.#bench.discardRefused(e.detail)}>
      </jb-outbox-list>`;
  }

  #series(series: SeriesState): TemplateResult | typeof nothing {
    const isAtWork = series.lanes.some(({ number, phase }) => number > 1 && phase !== 'free');
    if (series.phase === 'off' && series.units.length === 0 && !isAtWork) return nothing;
    void import('../elements/series-panel.ts');
    const { supported } = this.parts.ports;
    return html`<jb-series-panel .state=${series} ?canChoose=${supported}
      place=${this.#bench.placeName} @try=${() => void this.#bench.startVirtual()}
      ?canTry=${!supported || this.#bench.settings?.environment === 'development'}
      @choose=${() => void this.#bench.chooseNext()}
      @end=${() => this.parts.series.end()}></jb-series-panel>`;
  }

  #start(): TemplateResult {
    const { supported } = this.parts.ports;
    return html`<section class="start">
      <div>
        ${this.#mayPrepare() ? nothing : notAllowed()}
        <p class="lead">${msg(
          'Make a JamBox ready: give it its identity and prove its cellular link.',
        )}</p>
        <div class="doors">
          <button class=${supported ? 'primary' : ''} ?disabled=${!supported}
            ?data-focus=${supported && this.#bench.error === null}
            @click=${() => void this.#bench.connect()}>${icon('usb')}${msg('Connect a unit')}</button>
          <button class=${supported ? '' : 'primary'}
            @click=${() => void this.#bench.startVirtual()}>${icon('play')}${msg('Try a virtual unit')}</button>
        </div>
        ${supported ? this.#howToConnect() : noSerial()}
        <ol class="small">
          <li>${msg(html`<strong>Connect</strong> reads which unit it is. Nothing is
            written yet.`)}</li>
          <li>${msg(html`<strong>Test</strong> tries its modem and its SIM in twelve steps, so
            that you know the link works before you leave.`)}</li>
          <li>${msg(html`<strong>Make it a JamBox</strong> gives the unit its identity and waits
            until its first reading has arrived.`)}</li>
        </ol>
      </div>
      <jb-unit-drawing plugged pattern="connected" aria-hidden="true"></jb-unit-drawing>
    </section>`;
  }

  /** Who prepares nothing has nothing to confirm. */
  #toConfirm(): TemplateResult | typeof nothing {
    if (!this.parts.session.state.value.user) return nothing;
    void import('../elements/to-confirm.ts');
    return html`<jb-to-confirm .parts=${this.parts}></jb-to-confirm>`;
  }

  /** Owners and staff have nothing to prepare. */
  #before(): TemplateResult | typeof nothing {
    const { role } = this.parts.session.state.value;
    if (role === 'owner' || role === 'staff') return nothing;
    void import('../elements/bench-start.ts');
    return html`<jb-bench-start .parts=${this.parts}
      @begin=${(e: CustomEvent<string>) => this.#bench.beginFor(e.detail)}></jb-bench-start>`;
  }

  #howToConnect(): TemplateResult {
    return html`<p class="small muted">${msg(
      'Plug the unit in with a USB-C data cable first. Your browser asks which port it is, and remembers it.',
    )}
      <button class="link" @click=${() => void this.#bench.connect(true)}
        >${msg('Choose another port')}</button>
    </p>`;
  }

  #isConnecting({ phase, chip }: UnitState): boolean {
    if (this.parts.prepare.state.value.result === 'running') return false;
    return phase === 'connecting' || (this.#bench.busy && chip === null);
  }

  /** A unit that does not answer must not keep anybody: it says what to do, and can be left. */
  #connecting({ kind }: UnitState): TemplateResult {
    return html`<section data-testid="connecting">
      <h2 tabindex="-1" data-focus>${
        kind === null ? msg('Choose the unit') : msg('Reading which unit this is…')
      }</h2>
      <p class="small muted">${
        kind === null
          ? msg('Your browser shows a list of what is plugged in: pick the unit there.')
          : msg(
              'This takes a few seconds. If nothing comes, use another cable: many only charge and carry no data.',
            )
      }</p>
      <div><button @click=${() => this.#bench.cancelConnect()}>${msg('Cancel')}</button></div>
    </section>`;
  }

  #presence(unit: UnitState): TemplateResult {
    return html`<p class="presence ${unit.phase}" role="status" data-phase=${unit.phase}>
      <span class="dot" aria-hidden="true"></span>${words.phaseText(unit)}</p>`;
  }

  #work(unit: UnitState): TemplateResult {
    const prepare = this.parts.prepare.state.value;
    // What was found out about one chip is not shown beside another.
    const others = unit.chip !== null && prepare.mac !== null && prepare.mac !== unit.chip.mac;
    const shown = prepare.result !== 'idle' && !this.anew && !(others && ended(prepare));
    const form = unit.chip && !shown;
    return html`<div class="work">
      <div class="flow">
        ${this.#isGone(unit, prepare) ? this.#lost() : nothing}
        ${others && prepare.error?.code === 'another_unit' ? this.#another(prepare) : nothing}
        ${form ? this.#form(unit, prepare) : nothing}
        ${shown ? this.#progress(prepare) : nothing}
        ${this.#technical(unit, prepare, shown)}
      </div>
      <aside aria-label=${msg('The unit')}>${this.#unit(unit, prepare)}</aside>
    </div>`;
  }

  /** What the unit and its modem say, for whoever wants to know more. */
  #technical(unit: UnitState, prepare: PrepareState, shown: boolean): TemplateResult {
    if (unit.chip === null) return html``;
    void import('../elements/bench-technical.ts').catch(() => undefined);
    const runs = unit.hello?.app === 'jambox' || unit.readings.length > 0;
    return html`<details class="technical" ?open=${!shown && unit.phase === 'running'}
      @toggle=${(e: Event) => {
        this.details = (e.target as HTMLDetailsElement).open;
      }}>
      <summary>${msg('Technical details')}</summary>
      <div class="flow">
        ${shown ? html`<jb-stage-list .state=${prepare}></jb-stage-list>` : nothing}
        ${
          runs
            ? html`<jb-readings-table .readings=${unit.readings} .status=${this.#bench.status}>
            </jb-readings-table>`
            : nothing
        }
        ${
          this.details
            ? html`<jb-console-view .lines=${unit.lines} unrecognized=${unit.unrecognized}>
            </jb-console-view>`
            : nothing
        }
      </div>
    </details>`;
  }

  /** In a series the unit that is done is meant to be unplugged. */
  #isGone({ phase }: UnitState, { result }: PrepareState): boolean {
    return phase === 'lost' && result !== 'failed' && this.parts.series.state.value.phase === 'off';
  }

  /** Who is not signed in may be anybody: the server says. */
  #mayPrepare(): boolean {
    const { role } = this.parts.session.state.value;
    return role !== 'owner' && role !== 'staff';
  }

  #form(unit: UnitState, prepare: PrepareState): TemplateResult {
    const { user } = this.parts.session.state.value;
    if (!this.#mayPrepare()) return notAllowed();
    return html`<section>
      <h2 tabindex="-1" data-focus>${msg('Prepare unit')}</h2>
      ${
        user
          ? nothing
          : html`<jb-notice tone="warn" headline=${msg('You are not signed in')}
            advice=${msg(
              'Sign in as an installer, so that the server can say whether the id is free.',
            )}>
            <a class="button" href="/sign-in?next=/bench">${msg('Sign in')}</a></jb-notice>`
      }
      ${this.scanning ? this.#scan() : nothing}
      <jb-prepare-form .locations=${this.#bench.locations.answer}
        .asOf=${this.#bench.locations.asOf}
        place=${this.#bench.locationId || ordered('place')}
        ?canScan=${'mediaDevices' in navigator} @scan=${() => {
          this.scanning = true;
        }}
        ?canTake=${user !== null} @take=${() => void this.#bench.takeNextId()}
        deviceId=${this.#suggestedId(unit.chip?.mac, prepare)}
        ?canSkip=${prepare.provenMacs.has(unit.chip?.mac ?? '') || unit.hello?.cellular_ok === true}
        @prepare=${this.#prepare}></jb-prepare-form>
      ${this.#actions(unit)}
    </section>`;
  }

  #scan(): TemplateResult {
    void import('../elements/scan-label.ts');
    const close = (id?: string) => {
      this.scanning = false;
      if (id !== undefined) this.#bench.name(id);
      this.renderRoot.querySelector('jb-prepare-form')?.focus();
    };
    return html`<jb-scan-label @found=${(e: CustomEvent<string>) => close(e.detail)}
      @close=${() => close()}></jb-scan-label>`;
  }

  /** What else can be done than preparing it. */
  #actions({ chip }: UnitState): TemplateResult {
    void import('../elements/unit-actions.ts');
    const known = this.#bench.chip?.mac === chip?.mac ? this.#bench.chip?.units : null;
    return html`<jb-unit-actions .parts=${this.parts} mac=${chip?.mac ?? ''} .known=${known ?? null}
      ?busy=${this.#bench.busy} @act=${(e: CustomEvent<PrepareOptions>) => {
        this.anew = false;
        this.#bench.prepare(e.detail);
      }}></jb-unit-actions>`;
  }

  /** What this chip was to be called just now, or what the backend knows it as. */
  #suggestedId(mac: string | undefined, prepare: PrepareState): string {
    if (this.#bench.taken !== null) return this.#bench.taken;
    if (prepare.mac === mac && prepare.deviceId) return prepare.deviceId;
    const { chip } = this.#bench;
    return (chip?.mac === mac && chip?.units[0]?.device_id) || ordered('unit');
  }

  /** How it ends is fetched as soon as it has begun: without a network at the end it is there. */
  #progress(prepare: PrepareState): TemplateResult {
    void import('../elements/prepare-result.ts').catch(() => undefined);
    const running = prepare.result === 'running';
    // What went wrong stands first, with what to do about it.
    const isDone = prepare.result === 'done';
    return html`<section>
      <p class="visually-hidden" role="status">${words.spoken(prepare)}</p>
      ${isDone || running ? nothing : this.#outcome(prepare)}
      <jb-prepare-hero data-focus .state=${prepare}>
        ${running ? this.#cancel() : nothing}
      </jb-prepare-hero>
      ${isDone ? this.#outcome(prepare) : nothing}
      ${running ? this.#tellMe() : nothing}
    </section>`;
  }

  #cancel(): TemplateResult {
    const cancel = () => this.parts.prepare.cancel();
    return html`<button @click=${cancel}>${msg('Cancel')}</button>`;
  }

  /** Asked by a click only, and only while the browser has not been told. */
  #tellMe(): TemplateResult | typeof nothing {
    if (!('Notification' in window) || Notification.permission !== 'default') return nothing;
    return html`<p class="small"><button class="link" @click=${async () => {
      await Notification.requestPermission();
      this.requestUpdate();
    }}>${msg('Tell me when it is done, though I look at another page')}</button></p>`;
  }

  #another({ error }: PrepareState): TemplateResult {
    return html`<jb-notice data-testid="another-unit" .error=${error}
      ></jb-notice>`;
  }

  #outcome(prepare: PrepareState): TemplateResult {
    const { status, readings } = this.parts.unit.state.value;
    return html`<jb-prepare-result .state=${prepare} .delivery=${this.parts.delivery.state.value}
      .signalDbm=${status?.rssi_dbm ?? prepare.signalDbm} .readings=${readings}
      ?busy=${this.#bench.busy} @next=${this.#disconnect} @retry=${this.#retry}
      @replace=${this.#replace}
      @erase=${this.#erase} @anew=${this.#again}
      @measure=${() => void this.#bench.measure()}></jb-prepare-result>`;
  }

  #lost(): TemplateResult {
    return html`<jb-notice headline=${msg('The unit is gone')}
      advice=${msg(
        'Plug it in again, then press Reconnect. What it has counted is kept on the unit.',
      )}>
      <button class="primary" @click=${() => void this.#bench.reconnect()}>${msg('Reconnect')}</button>
    </jb-notice>`;
  }

  #unit(unit: UnitState, prepare: PrepareState): TemplateResult {
    const shown = unit.phase !== 'lost' && (unit.kind !== 'virtual' || this.#bench.plugged);
    const free = prepare.result !== 'running' && !this.#bench.busy;
    return html`
      <jb-unit-drawing .led=${unit.led} .pattern=${unit.pattern} ?plugged=${shown}>
      </jb-unit-drawing>
      <p class="led" data-led=${unit.pattern ?? ''}>${words.ledText(unit)}</p>
      ${unit.chip ? this.#chip(unit.chip) : nothing}
      <div class="buttons">
        ${
          unit.phase === 'connected'
            ? html`<button class="small" aria-disabled=${!free}
              @click=${() => free && this.#bench.watch()}>${msg('Run and watch')}</button>`
            : nothing
        }
        ${
          unit.phase === 'running' && unit.hello
            ? html`<button class="small" title=${msg('Its light blinks white for ten seconds.')}
              @click=${() => this.#bench.blink()}>${msg('Blink')}</button>`
            : nothing
        }
        <button class="small" aria-disabled=${!free}
          @click=${() => free && this.#disconnect()}>${msg('Disconnect')}</button>
      </div>`;
  }

  #chip(chip: ChipInfo): TemplateResult {
    const known = this.#bench.chip?.mac === chip.mac ? this.#bench.chip.units : null;
    return html`<jb-chip-card .chip=${chip} .units=${known}
      .locations=${this.#bench.locations.answer}
      @release=${(e: CustomEvent<string>) => void this.#bench.release(e.detail)}></jb-chip-card>`;
  }

  #connectError(): TemplateResult | typeof nothing {
    const { error } = this.#bench;
    if (!error || this.parts.prepare.state.value.error === error) return nothing;
    const { advice } = describeError(error);
    return html`<jb-notice data-testid="connect-error" .error=${error} advice=${advice}
      tone=${error.code === 'port_not_chosen' ? 'warn' : 'bad'}>
      ${touch(error.code === 'no_sync' || error.code === 'port_lost' ? 'cable' : null)}
      <button class="primary" data-focus @click=${() => void this.#bench.again()}
        >${msg('Try again')}</button>
    </jb-notice>`;
  }

  #development(): TemplateResult | typeof nothing {
    if (this.#bench.settings?.environment !== 'development') return nothing;
    const { cron } = this.#bench;
    return html`<section class="development">
      <h2>${msg('Development')}</h2>
      ${this.#virtualControls()}
      <div class="buttons">
        <button class="small" aria-disabled=${cron === 'running'}
          @click=${() => cron !== 'running' && this.#bench.sync()}
          >${msg('Sync to Supabase now')}</button>
        <p class="small" role="status" data-testid="cron">${words.cronText(cron)}</p>
      </div>
    </section>`;
  }

  #virtualControls(): TemplateResult | typeof nothing {
    const { virtual, plugged, speed } = this.#bench;
    if (!virtual || this.parts.unit.state.value.kind !== 'virtual') return nothing;
    void import('../elements/virtual-controls.ts').catch(() => undefined);
    return html`<jb-virtual-controls .unit=${virtual} .speed=${speed} ?plugged=${plugged}
      @plugged=${(e: CustomEvent<boolean>) => this.#bench.setPlugged(e.detail)}>
    </jb-virtual-controls>`;
  }

  readonly #prepare = (event: CustomEvent<PrepareRequest>) => {
    this.anew = false;
    const { inSeries, ...options } = event.detail;
    this.#bench.prepare(options, inSeries);
  };

  readonly #retry = () => {
    this.anew = false;
    this.#bench.retry();
  };

  readonly #replace = () => {
    this.anew = false;
    void this.#bench.replaceOther();
  };

  readonly #erase = () => {
    this.anew = false;
    void this.#bench.eraseOther();
  };

  readonly #again = async () => {
    this.anew = true;
    await this.updateComplete;
    this.renderRoot.querySelector('jb-prepare-form')?.focus();
  };

  readonly #disconnect = async () => {
    await this.#bench.disconnect();
    this.anew = true;
  };
}

const ended = ({ result }: PrepareState) => result !== 'idle' && result !== 'running';

/** What a work order says, by the address; empty: nothing. */
const ordered = (what: 'unit' | 'place') => new URLSearchParams(location.search).get(what) ?? '';

/** Said before anything is written, and not by a refusal in the middle. */
const notAllowed = () => html`<section>
  <h2 tabindex="-1" data-focus>${msg('Prepare unit')}</h2>
  <jb-notice tone="warn" headline=${msg('Units are prepared by installers')}
    advice=${msg(
      'You can see here how this unit runs. To prepare it, sign in as an installer, or ask the one who has put up your sensors.',
    )}></jb-notice></section>`;

function noSerial(): TemplateResult {
  void import('../elements/no-serial.ts');
  return html`<jb-no-serial more=${msg('A virtual unit works here, too.')}></jb-no-serial>`;
}

customElements.define('jb-bench-page', BenchPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-bench-page': BenchPage;
  }
}
