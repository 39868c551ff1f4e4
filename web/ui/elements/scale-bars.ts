/**
 * `<jb-scale-bars>`: an ordered scale as bars, each with its word and its share. No counts: what is
 * counted here is not visitors, and would be taken for them. Needs no chart library; knows nothing
 * of zones or stays.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { percent } from '../format.ts';
import { base } from './styles.ts';

export interface ScaleRow {
  label: string;
  /** What the label means, in a few words. */
  note: string;
  value: number;
  /** Name of a colour token, e.g. `--zone-1`. */
  colour: string;
}

export class ScaleBars extends LitElement {
  static override styles = [
    base,
    css`
      dl {
        display: grid;
        gap: 12px;
      }
      .row {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 12px;
        align-items: baseline;
      }
      dt {
        font-weight: 550;
      }
      dt small {
        font-weight: 400;
        font-size: var(--size-12);
        color: var(--muted);
        margin-left: 4px;
      }
      dd {
        font-variant-numeric: tabular-nums;
        text-align: right;
      }
      .track {
        grid-column: 1 / -1;
        height: 8px;
        border-radius: 4px;
        background: var(--sunken);
        overflow: hidden;
      }
      .bar {
        forced-color-adjust: none;
        height: 100%;
        border-radius: 4px;
      }
      .bar.some {
        min-width: 2px;
      }
    `,
  ];
  static override properties = { rows: { attribute: false } };
  declare rows: readonly ScaleRow[];

  constructor() {
    super();
    this.rows = [];
  }

  protected override render(): TemplateResult {
    const whole = this.rows.reduce((sum, row) => sum + row.value, 0);
    return html`<dl>${this.rows.map((row) => this.#row(row, whole))}</dl>`;
  }

  #row(row: ScaleRow, whole: number): TemplateResult {
    const share = whole > 0 ? (100 * row.value) / whole : 0;
    // As a property: the page's policy forbids style attributes in markup.
    const look = `width: ${share.toFixed(2)}%; background: var(${row.colour})`;
    const bar = row.value > 0 ? 'bar some' : 'bar';
    return html`<div class="row">
      <dt>${row.label}${note(row.note)}</dt>
      <dd>${percent(row.value, whole)}</dd>
      <dd class="track" aria-hidden="true"><div class=${bar} .style=${look}></div></dd>
    </div>`;
  }
}

/** A screen reader reads label and note as one text: the comma is for it. */
function note(words: string): TemplateResult | typeof nothing {
  if (words === '') return nothing;
  return html`<span class="visually-hidden">, </span><small>${words}</small>`;
}

customElements.define('jb-scale-bars', ScaleBars);

declare global {
  interface HTMLElementTagNameMap {
    'jb-scale-bars': ScaleBars;
  }
}
