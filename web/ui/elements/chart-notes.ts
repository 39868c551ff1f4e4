/** Notes that stand on a chart: over their bar, or over all of it. No state, no element. */
import { css, html, nothing, type TemplateResult } from 'lit';
import { isolated } from '../../app/isolated.ts';
import { icon } from './icons.ts';

export interface ChartNote {
  /** Of the bar, from 0; null: the note is for all that the chart shows. */
  at: number | null;
  /** What the note is of, e.g. `Wednesday`. */
  of: string;
  text: string;
}

/** Above the bars, as high as {@link NOTES_PX}. */
export function chartNotes(notes: readonly ChartNote[]): TemplateResult | typeof nothing {
  const whole = notes.filter(({ at }) => at === null);
  const single = notes.filter(({ at }) => at !== null);
  return html`${whole.map(
    ({ of, text }) => html`<p class="note" data-testid="note">${icon('note')}<span
      ><b>${of}</b> <bdi>${text}</bdi></span></p>`,
  )}${
    single.length === 0
      ? nothing
      : html`<ul class="notes">${single.map(
          ({ at, of, text }) => html`<li data-at=${at}><button type="button" class="note"
            aria-label="${of}: ${isolated(text)}"
            >${icon('note')}<span><bdi>${text}</bdi></span></button>
          </li>`,
        )}</ul>`
  }`;
}

/** Pixels of a chart that notes stand in. */
export const NOTES_PX = 30;

/** Puts each over the middle of its bar. A style attribute would be against the page's policy. */
export function placeNotes(root: ParentNode, bars: number): void {
  for (const item of root.querySelectorAll<HTMLElement>('.notes li')) {
    item.style.setProperty('--at', String((Number(item.dataset.at) + 0.5) / Math.max(1, bars)));
  }
}

/** The frame says where the plot is: `--plot-left` and `--plot-width`. */
export const noteStyles = css`
  .frame {
    container-type: inline-size;
  }
  .note {
    display: flex;
    gap: 6px;
    align-items: center;
    min-height: 26px;
    margin: 0;
    padding: 2px 8px;
    border: 1px solid var(--line);
    border-radius: 8px;
    background: var(--raised);
    color: var(--ink);
    font: inherit;
    font-size: var(--size-12);
    text-align: start;
    overflow-wrap: anywhere;
  }
  p.note {
    position: absolute;
    top: 0;
    inset-inline: var(--plot-left, 0) 0;
    max-height: 3.6em;
    overflow: auto;
  }
  .notes {
    position: absolute;
    top: 0;
    left: var(--plot-left, 0);
    width: var(--plot-width, 100%);
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .notes li {
    position: absolute;
    left: calc(100% * var(--at, 0.5));
    translate: calc(-100% * var(--at, 0.5)) 0;
  }
  .notes li:is(:hover, :focus-within) {
    z-index: 1;
  }
  .notes span {
    display: none;
    width: max-content;
    max-width: 14rem;
  }
  .notes .note:is(:hover, :focus) span {
    display: block;
  }
  @container (min-width: 40rem) {
    .notes .note:not(:hover, :focus) span {
      display: block;
      width: auto;
      max-width: 5rem;
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
    }
  }
`;
