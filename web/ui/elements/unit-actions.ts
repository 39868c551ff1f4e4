/**
 * `<jb-unit-actions>`: what was done to the unit on the cable before, and what else can be done to
 * it than preparing it. Fires `act` with {@link PrepareOptions}. Fetched by the bench when a unit
 * is connected; knows no port.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { UnitStatus } from '../../../shared/contracts/portal.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { LogLine } from '../../app/bench-log.ts';
import { actionWords, resultWords, versionWords } from '../../app/bench-log-file.ts';
import type { PrepareOptions } from '../../app/prepare-state.ts';
import { type UnitHistory, type VerifyReport, verifyWords } from '../../app/verify-unit.ts';
import { dateTime } from '../format.ts';
import { logStyles } from './log-parts.ts';

/** More stand on the log's own page. */
const LINES_MAX = 3;

export class UnitActions extends LitElement {
  static override styles = [
    ...logStyles,
    css`
      :host {
        margin-top: 24px;
      }
      details {
        margin-top: 12px;
      }
      summary {
        min-height: 44px;
        align-content: center;
        cursor: pointer;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        margin: 8px 0;
      }
    `,
  ];
  static override properties = {
    parts: { attribute: false },
    mac: {},
    known: { attribute: false },
    busy: { type: Boolean },
    lines: { state: true },
    report: { state: true },
    looking: { state: true },
    error: { state: true },
  };
  declare parts: UnitHistory;
  declare mac: string;
  /** As what the backend knows the chip, the latest first; null while nobody has said. */
  declare known: readonly UnitStatus[] | null;
  declare busy: boolean;
  declare protected lines: readonly LogLine[];
  declare protected report: VerifyReport | null;
  declare protected looking: boolean;
  declare protected error: AppError | null;

  constructor() {
    super();
    this.known = null;
    this.busy = false;
    this.lines = [];
    this.report = null;
    this.looking = false;
    this.error = null;
  }

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('mac')) return;
    this.lines = [];
    this.report = null;
    this.error = null;
    void this.#read();
  }

  protected override render(): TemplateResult {
    const seen = this.lines.length > 0 || this.#id() !== '';
    if (seen)
      return html`<section aria-label=${msg('Seen before')}>
        <h3>${msg('This unit was here before')}</h3>
        ${this.#history()}${this.#actions(true)}${this.#found()}</section>`;
    return html`<details><summary>${msg('Other things to do with this unit')}</summary>
      ${this.#actions(false)}${this.#found()}</details>`;
  }

  #history(): TemplateResult | typeof nothing {
    if (this.lines.length === 0) return nothing;
    return html`<ol class="entries">${this.lines.slice(0, LINES_MAX).map(
      (line) => html`<li>
        <p class="who small"><span>${dateTime(line.beganAt)} · ${line.deviceId}</span>
          <span class="result ${line.result}">${actionWords(line.action)}:
            ${resultWords(line)}</span></p>
        <p class="small muted">${[versionWords(line), line.trouble].filter(Boolean).join(' · ')}</p>
      </li>`,
    )}</ol>
      <p class="small"><a href="/bench/log?find=${this.mac}">${msg('All entries of this unit')}</a></p>`;
  }

  #actions(isSeen: boolean): TemplateResult {
    const id = this.#id();
    const isBusy = this.busy || this.looking;
    const button = (text: string, act: () => void) =>
      html`<button class="small" aria-disabled=${isBusy} @click=${() => isBusy || act()}
        >${text}</button>`;
    const location_id = this.known?.[0]?.location_id ?? null;
    const place = location_id === null ? {} : { locationId: location_id };
    return html`<div class="buttons">
      ${button(msg('Look at it'), () => void this.#look())}
      ${isSeen && id ? button(msg(str`Prepare again as ${id}`), () => this.#act({ deviceId: id, ...place })) : nothing}
      ${isSeen ? button(msg('Write its firmware only'), () => this.#act({ deviceId: '', action: 'flash' })) : nothing}
      ${button(msg('Test its link only'), () => this.#act({ deviceId: '', action: 'bringup' }))}
    </div>`;
  }

  #found(): TemplateResult | typeof nothing {
    if (this.looking) return html`<p role="status">${msg('Reading what is on it…')}</p>`;
    if (this.error) return html`<jb-notice .error=${this.error}></jb-notice>`;
    if (!this.report) return nothing;
    const { good, sentences } = verifyWords(this.report, this.#knownAs());
    return html`<jb-notice data-testid="found" tone=${good ? 'ok' : 'warn'}
      headline=${good ? msg('This unit can be mounted') : msg('Do not mount this unit yet')}
      advice=${sentences.join(' ')}></jb-notice>`;
  }

  /** undefined: nobody could be asked. */
  #knownAs(): string | null | undefined {
    return this.known === null ? undefined : (this.known[0]?.device_id ?? null);
  }

  #id(): string {
    const logged = this.lines.find(({ deviceId, result }) => deviceId !== '' && result === 'done');
    return this.#knownAs() ?? logged?.deviceId ?? '';
  }

  async #read(): Promise<void> {
    const { mac } = this;
    try {
      const lines = await (await this.parts.log()).ofChip(mac);
      if (mac === this.mac) this.lines = lines;
    } catch (error) {
      // Its history is a help, not a condition.
      console.debug('The bench’s log could not be read.', error);
    }
  }

  async #look(): Promise<void> {
    const { mac } = this;
    this.looking = true;
    this.error = null;
    this.report = null;
    try {
      const report = await this.parts.verify();
      if (report.mac === this.mac) this.report = report;
      await this.#note(report);
    } catch (cause) {
      this.error = toAppError(cause);
    }
    this.looking = false;
    if (mac === this.mac) await this.#read();
  }

  async #note(report: VerifyReport): Promise<void> {
    const { good, sentences } = verifyWords(report, this.#knownAs());
    const { mac, deviceId } = report;
    const trouble = good ? '' : sentences.join(' ');
    await (await this.parts.log()).note({
      ...{ action: 'verify', mac, deviceId: deviceId ?? '', trouble },
    });
  }

  #act(detail: PrepareOptions): void {
    this.dispatchEvent(new CustomEvent('act', { detail }));
  }
}

customElements.define('jb-unit-actions', UnitActions);

declare global {
  interface HTMLElementTagNameMap {
    'jb-unit-actions': UnitActions;
  }
}
