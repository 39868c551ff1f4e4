/**
 * `<jb-prepare-hero>`: one unit on its way, to be read from two metres: its id, what happens now,
 * one bar with the time left, and a line for each part. Its button goes in the slot. Draws
 * {@link PrepareState}; moves nothing.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { PrepareState, Stage } from '../../app/prepare-state.ts';
import { type PreparePart, prepareTime, stageNow } from '../../app/prepare-time.ts';
import { plural } from '../format.ts';
import { duration } from '../format-technical.ts';
import { icon } from './icons.ts';
import { base } from './styles.ts';
import { bars } from './styles-parts.ts';

const PARTS: readonly { id: PreparePart; title: () => string; now: () => string }[] = [
  { id: 'check', title: () => msg('Check'), now: () => msg('Checking') },
  {
    id: 'phase1',
    title: () => msg('Test the cellular link'),
    now: () => msg('Testing the cellular link'),
  },
  { id: 'phase2', title: () => msg('Make it a JamBox'), now: () => msg('Making it a JamBox') },
];

export class PrepareHero extends LitElement {
  static override styles = [
    base,
    bars,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .top {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        align-items: start;
        gap: 8px 16px;
      }
      .id {
        font-size: var(--size-20);
        letter-spacing: 0.06em;
      }
      h2 {
        font-size: var(--size-28);
        line-height: 1.2;
        overflow-wrap: anywhere;
      }
      .bar {
        display: grid;
        gap: 4px;
      }
      progress {
        height: 12px;
        border-radius: 6px;
      }
      .left {
        font-variant-numeric: tabular-nums;
      }
      .now {
        min-height: 1.5em;
        color: var(--muted);
      }
      ol {
        list-style: none;
        font-size: var(--size-14);
      }
      li {
        display: grid;
        grid-template-columns: 20px 1fr auto;
        gap: 8px;
        align-items: center;
        padding: 4px 0;
        color: var(--muted);
      }
      .running {
        color: var(--ink);
        font-weight: 600;
      }
      .done svg {
        color: var(--ok);
      }
      .warning svg {
        color: var(--warn);
      }
      .failed svg {
        color: var(--bad);
      }
    `,
  ];
  static override properties = { state: { attribute: false } };
  declare state: PrepareState;

  /** The heading: it says what happens. */
  override focus(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector('h2')?.focus());
  }

  protected override render(): TemplateResult {
    const { deviceId, result } = this.state;
    return html`<div class="top">
        <div>
          ${deviceId ? html`<p class="id mono">${deviceId}</p>` : nothing}
          <h2 tabindex="-1">${stateText(this.state)}</h2>
        </div>
        <slot></slot>
      </div>
      ${result === 'running' ? this.#bar() : nothing}
      ${result === 'done' ? this.#summary() : nothing}
      ${result === 'done' ? nothing : this.#parts()}
    `;
  }

  #parts(): TemplateResult {
    return html`<ol>${PARTS.map(({ id, title }) => this.#part(id, title()))}</ol>`;
  }

  /** Instead of a line for each stage. */
  #summary(): TemplateResult {
    const { stages } = this.state;
    const time = duration(stages.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0));
    const warnings = stages.filter(({ state }) => state === 'warning').length;
    return html`<p class="now" data-testid="summary">${msg(str`All steps took ${time}.`)}
      ${
        warnings === 0
          ? nothing
          : plural(warnings, {
              one: msg('One ended with a warning: see the technical details.'),
              other: msg(str`${warnings} ended with a warning: see the technical details.`),
            })
      }</p>`;
  }

  #bar(): TemplateResult {
    const { fraction, leftMs } = prepareTime(this.state);
    return html`<div class="bar">
        <progress max="100" value=${Math.floor(fraction * 100)}
          aria-label=${msg('All of the preparation')}></progress>
        <p class="left">${leftText(leftMs)}</p>
      </div>
      <p class="now">${stageNow(this.state)?.detail ?? ''}</p>`;
  }

  #part(id: PreparePart, title: string): TemplateResult | typeof nothing {
    const stages = this.state.stages.filter(({ phase }) => phase === id);
    const state = partState(stages);
    const [name, word] = MARKS[state];
    const time = duration(stages.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0));
    return html`<li class=${state} data-part=${id} data-state=${state}>
      ${icon(name, 16)}<span>${title}<span class="visually-hidden">, ${word()}</span></span>
      <span>${state === 'waiting' || state === 'skipped' ? word() : time}</span></li>`;
  }
}

const MARKS = {
  waiting: ['dot', () => msg('waiting')],
  running: ['play', () => msg('running')],
  done: ['check', () => msg('done')],
  warning: ['warning', () => msg('done with a warning')],
  failed: ['cross', () => msg('failed')],
  skipped: ['dot', () => msg('left out')],
} as const;

/** Of several stages, what one line says of all. */
function partState(stages: readonly Stage[]): keyof typeof MARKS {
  const has = (state: Stage['state']) => stages.some((stage) => stage.state === state);
  if (has('failed')) return 'failed';
  if (stages.every(({ state }) => state === 'skipped')) return 'skipped';
  if (has('running')) return 'running';
  if (has('waiting')) return has('done') || has('warning') ? 'running' : 'waiting';
  return has('warning') ? 'warning' : 'done';
}

/** `Testing the cellular link`: the big words. */
export function stateText(state: PrepareState): string {
  const { result, action, stages } = state;
  switch (result) {
    case 'idle':
      return msg('Prepare');
    case 'running': {
      const stage = stageNow(state) ?? stages.find((one) => one.state === 'waiting');
      if (stage?.id === 'erase') return msg('Erasing the whole unit');
      return PARTS.find(({ id }) => id === stage?.phase)?.now() ?? msg('Preparing');
    }
    case 'done':
      return action === 'prepare' ? msg('Prepared') : msg('Done');
    case 'failed':
      return msg('Could not prepare');
    case 'cancelled':
      return msg('Stopped preparing');
  }
}

/** Minutes, as nobody counts seconds of an estimate. @param ms null: nobody can say */
export function leftText(ms: number | null): string {
  if (ms === null) return msg('Takes longer than usual.');
  const minutes = Math.round(ms / 60_000);
  if (ms < 45_000) return msg('Less than a minute left');
  return plural(minutes, {
    one: msg('About a minute left'),
    other: msg(str`About ${minutes} minutes left`),
  });
}

customElements.define('jb-prepare-hero', PrepareHero);

declare global {
  interface HTMLElementTagNameMap {
    'jb-prepare-hero': PrepareHero;
  }
}
