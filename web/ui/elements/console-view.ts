/**
 * `<jb-console-view>`: the unit's console, newest line last, following until someone pauses or
 * scrolls up. Bounded by whoever keeps the lines. Knows no port.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ConsoleLine } from '../../app/unit-state.ts';
import { plural } from '../format.ts';
import { clockTime } from './clock-time.ts';
import { base, buttons } from './styles.ts';

/** Within this many pixels of the end counts as being at the end. */
const NEAR_END_PX = 24;

export class ConsoleView extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .head {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 12px;
        margin-bottom: 8px;
      }
      .lines {
        height: 17.5rem;
        position: relative; /* so that visually hidden words scroll along */
        overflow: auto;
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--sunken);
        font: var(--size-12) / 1.5 var(--mono);
        overscroll-behavior: contain;
      }
      .line {
        display: grid;
        grid-template-columns: 9ch 1fr;
        gap: 12px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      time {
        color: var(--muted);
      }
      .event,
      .answer {
        color: var(--accent);
      }
      .note {
        color: var(--muted);
        font-style: italic;
      }
      .unrecognized,
      .unrecognized-count {
        color: var(--warn);
      }
      .error {
        color: var(--bad);
      }
      .warn {
        color: var(--warn);
      }
      .nothing {
        color: var(--muted);
      }
    `,
  ];
  static override properties = {
    lines: { attribute: false },
    unrecognized: { type: Number },
    paused: { state: true },
  };
  declare lines: readonly ConsoleLine[];
  /** How many records of the unit did not fit. */
  declare unrecognized: number;
  /** The lines as they were when someone pressed Pause. */
  declare protected paused: readonly ConsoleLine[] | null;
  #following = true;

  constructor() {
    super();
    this.lines = [];
    this.unrecognized = 0;
    this.paused = null;
  }

  protected override render(): TemplateResult {
    const shown = this.paused ?? this.lines;
    const missed = this.paused ? (this.lines.at(-1)?.seq ?? 0) - (this.paused.at(-1)?.seq ?? 0) : 0;
    const resume = missed > 0 ? msg(str`Resume (${missed} new)`) : msg('Resume');
    return html`<div class="head">
        <h2>${msg('Console')}</h2>
        <button class="small" aria-pressed=${this.paused !== null} @click=${this.#toggle}>
          ${this.paused ? resume : msg('Pause')}</button>
      </div>
      <div class="lines" role="log" aria-live="off" aria-label=${msg('Console of the unit')} tabindex="0"
        @scroll=${this.#scrolled}>
        ${shown.length === 0 ? nothingYet() : nothing}
        ${repeat(shown, (line) => line.seq, lineOf)}
      </div>
      ${unrecognizedText(this.unrecognized)}`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('lines') && !changed.has('paused')) return;
    const box = this.#box();
    if (box && this.#following && !this.paused) box.scrollTop = box.scrollHeight;
  }

  #box(): HTMLElement | null {
    return this.renderRoot.querySelector('.lines');
  }

  readonly #toggle = () => {
    this.paused = this.paused ? null : this.lines;
    if (!this.paused) this.#following = true;
  };

  readonly #scrolled = () => {
    const box = this.#box();
    if (box) this.#following = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
  };
}

const nothingYet = () => html`<p class="nothing">${msg('What the unit says appears here.')}</p>`;

function unrecognizedText(count: number): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  const words = plural(count, {
    one: msg('One record of the unit did not fit the format: shown above as sent, and ignored.'),
    other: msg(
      str`${count} records of the unit did not fit the format: shown above as sent, and ignored.`,
    ),
  });
  return html`<p class="small unrecognized-count">${words}</p>`;
}

function lineOf(line: ConsoleLine): TemplateResult {
  return html`<div class="line"><time>${clockTime(line.at)}</time
    ><span class="${line.kind} ${severity(line)}">${line.text}</span></div>`;
}

/** ESP-IDF log lines begin with their level: `E (1234) tag: text`. */
function severity({ kind, text }: ConsoleLine): string {
  if (kind !== 'log') return '';
  if (text.startsWith('E (')) return 'error';
  return text.startsWith('W (') ? 'warn' : '';
}

customElements.define('jb-console-view', ConsoleView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-console-view': ConsoleView;
  }
}
