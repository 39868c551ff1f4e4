/**
 * `<jb-at-log>`: what was said to a modem and by it, each line with its time and, beside it, what
 * it means. Follows the newest until somebody scrolls up. Knows no modem.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { masked } from '../../../shared/at/decode.ts';
import type { AtEntry } from '../../app/at-console.ts';
import { factWords } from '../../app/at-words.ts';
import { figure, plural } from '../format.ts';
import { clockTime } from './clock-time.ts';
import { base } from './styles.ts';

/** Within this many pixels of the end counts as being at the end. */
const NEAR_END_PX = 24;
const SIGN = { sent: '→', answer: '', unasked: '!', final: '', trouble: '×' } as const;

class AtLog extends LitElement {
  static override styles = [
    base,
    css`
      .lines {
        max-height: 60vh;
        min-height: 12rem;
        overflow: auto;
        position: relative; /* so that visually hidden words scroll along */
        padding: 8px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--sunken);
        overscroll-behavior: contain;
      }
      .line {
        display: grid;
        grid-template-columns: 9ch 1.5ch minmax(0, 1fr) minmax(0, 1fr);
        gap: 0 12px;
        font: var(--size-12) / 1.6 var(--mono);
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      .words {
        font-family: var(--font);
        color: var(--ink);
      }
      time,
      .took {
        color: var(--muted);
      }
      .sent {
        font-weight: 600;
      }
      .unasked > .said {
        color: var(--muted);
        font-style: italic;
      }
      .trouble > .said {
        color: var(--bad);
      }
      @media (max-width: 640px) {
        .line {
          grid-template-columns: 9ch 1.5ch minmax(0, 1fr);
        }
        .words {
          grid-column: 3;
        }
      }
    `,
  ];
  static override properties = {
    entries: { attribute: false },
    dropped: { type: Number },
    running: { attribute: false },
    shows: { type: Boolean },
  };
  declare entries: readonly AtEntry[];
  declare dropped: number;
  /** The command that is not answered yet. */
  declare running: string | null;
  /** Whether numbers of modem, card and subscriber are shown. */
  declare shows: boolean;
  #following = true;

  constructor() {
    super();
    this.entries = [];
    this.dropped = 0;
    this.running = null;
    this.shows = false;
  }

  protected override render(): TemplateResult {
    return html`<div class="lines" role="log" aria-label=${msg('What was said')} tabindex="0"
      @scroll=${this.#scrolled}>
      ${this.dropped > 0 ? html`<p class="small muted">${droppedWords(this.dropped)}</p>` : nothing}
      ${repeat(
        this.entries,
        ({ seq }) => seq,
        (entry) => this.#line(entry),
      )}
      ${this.running === null ? nothing : html`<p class="small muted">${msg('Waiting for the modem …')}</p>`}
    </div>`;
  }

  #line(entry: AtEntry): TemplateResult {
    const { kind, line, facts, tookMs } = entry;
    const took = tookMs === undefined ? '' : ` ${figure(tookMs)} ms`;
    return html`<div class="line ${kind}"><time>${clockTime(entry.at)}</time
      ><span aria-hidden="true">${SIGN[kind]}</span
      ><span class="said">${this.#kindWord(kind)}${this.shows ? line : masked(line)}<span
        class="took">${took}</span></span
      ><span class="words">${(facts ?? []).map(factWords).join('. ')}</span></div>`;
  }

  /** What the sign says to who does not see it. */
  #kindWord(kind: AtEntry['kind']): TemplateResult | typeof nothing {
    if (kind !== 'sent' && kind !== 'unasked') return nothing;
    const word = kind === 'sent' ? msg('sent:') : msg('unasked:');
    return html`<span class="visually-hidden">${word} </span>`;
  }

  protected override updated(changed: PropertyValues): void {
    const box = this.renderRoot.querySelector('.lines');
    if (box && changed.has('entries') && this.#following) box.scrollTop = box.scrollHeight;
  }

  readonly #scrolled = (event: Event): void => {
    const box = event.currentTarget as HTMLElement;
    this.#following = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
  };
}

function droppedWords(count: number): string {
  const n = figure(count);
  return plural(count, {
    one: msg('One older line is not kept any more.'),
    other: msg(str`${n} older lines are not kept any more.`),
  });
}

customElements.define('jb-at-log', AtLog);

declare global {
  interface HTMLElementTagNameMap {
    'jb-at-log': AtLog;
  }
}
