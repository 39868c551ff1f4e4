/**
 * `<jb-sensor-commands>`: what a sensor was told to do and what became of it, and something new.
 * Fires `wish` with a SensorChange. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CommandName } from '../../../shared/contracts/command.ts';
import type { SensorChange, SentCommand } from '../../app/sensor.ts';
import { ago } from '../format.ts';
import { COMMANDS, commandHelp, commandWord, fateWords } from '../sensor-words.ts';
import './confirm.ts';
import { base, buttons } from './styles.ts';

export class SensorCommands extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      .all {
        display: grid;
        gap: 12px 24px;
      }
      .one {
        display: grid;
        gap: 4px;
        justify-items: start;
        align-content: start;
      }
      ol {
        list-style: none;
        display: grid;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        justify-content: space-between;
        padding: 8px 0;
        border-bottom: 1px solid var(--line);
        font-size: var(--size-14);
      }
      @media (min-width: 760px) {
        .all {
          grid-template-columns: repeat(2, 1fr);
        }
      }
    `,
  ];
  static override properties = {
    commands: { attribute: false },
    now: { type: Number },
    busy: { type: Boolean },
  };
  /** Newest first. */
  declare commands: readonly SentCommand[];
  /** Unix milliseconds by the backend's clock. */
  declare now: number;
  declare busy: boolean;

  constructor() {
    super();
    this.commands = [];
    this.now = 0;
    this.busy = false;
  }

  protected override render(): TemplateResult {
    const waiting = this.commands.find(({ outcome, delivered_at }) => {
      return outcome === null && delivered_at === null;
    });
    return html`
      ${
        waiting
          ? html`<p class="small">${msg(
              str`“${commandWord(waiting.command)}” waits until the sensor next reports. Another one takes its place.`,
            )}</p>`
          : nothing
      }
      <div class="all">${COMMANDS.map((command) => this.#offer(command))}</div>
      ${
        this.commands.length === 0
          ? html`<p class="small muted">${msg('It was told nothing yet.')}</p>`
          : html`<ol aria-label=${msg('Commands so far')}>${this.commands.map((one) => this.#sent(one))}</ol>`
      }`;
  }

  #offer(command: CommandName): TemplateResult {
    const words = commandWord(command);
    const help = html`<p class="small muted" id="${command}-help">${commandHelp(command)}</p>`;
    if (command === 'reboot') {
      return html`<div class="one"><jb-confirm label=${words} confirm-label=${words}
        ?busy=${this.busy} @confirm=${() => this.#send(command)}
        >${msg('While it restarts, about a minute, it counts nobody.')}</jb-confirm>${help}</div>`;
    }
    return html`<div class="one"><button class="small" aria-disabled=${this.busy}
      aria-describedby="${command}-help" @click=${() => this.#send(command)}>${words}</button>
      ${help}</div>`;
  }

  #sent(one: SentCommand): TemplateResult {
    const at = one.settled_at ?? one.delivered_at ?? one.queued_at;
    return html`<li><span>${commandWord(one.command)}</span>
      <span class="muted">${fateWords(one)}, ${ago(Date.parse(at), this.now)}</span></li>`;
  }

  #send(command: CommandName): void {
    if (this.busy) return;
    const detail: SensorChange = {
      want: { what: 'sensor_command', command },
      done: msg(str`“${commandWord(command)}” goes with its next report.`),
    };
    this.dispatchEvent(new CustomEvent('wish', { detail }));
  }
}

customElements.define('jb-sensor-commands', SensorCommands);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-commands': SensorCommands;
  }
}
