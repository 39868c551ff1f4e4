/**
 * `<jb-touch-picture>`: the unit, and with an arrow what a hand has to touch after a failure: SIM,
 * antenna, cable or the base. Drawn here; fetched with the first failure. Knows no unit.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, type SVGTemplateResult, svg, type TemplateResult } from 'lit';
import type { Touch } from '../../app/prepare-touch.ts';
import { base } from './styles.ts';

interface Picture {
  /** What the arrow points at, and what to do there. */
  words: () => string;
  drawing: SVGTemplateResult;
}

const ARROW = svg`<path d="M0 0h22m-8-7 8 7-8 7" class="arrow"/>`;

/** Atom on its base, as `unit-drawing` shows it, seen from above; 240 × 120. */
const UNIT = svg`<rect x="86" y="26" width="68" height="68" rx="8" class="body"/>
  <rect x="104" y="30" width="32" height="32" rx="5" class="atom"/>
  <circle cx="120" cy="46" r="6" class="body"/>`;
const ANTENNA = svg`<path d="M154 40h10v-6h44v12h-44v-6" class="part"/>`;
const CABLE = svg`<path d="M120 26V12H40" class="wire"/><rect x="114" y="16" width="12" height="10"
  rx="2" class="part"/>`;
const SIM = svg`<path d="M108 94v14h18l6-5v-9" class="part"/><path d="M113 98h8v6h-8z"
  class="body"/>`;

const PICTURES: Record<Touch, Picture> = {
  sim: {
    words: () => msg('The SIM, at the edge of the base: contacts down, notch first.'),
    drawing: svg`${UNIT}${ANTENNA}${CABLE}<g class="hot">${SIM}</g>
      <g transform="translate(74 106)">${ARROW}</g>`,
  },
  antenna: {
    words: () => msg('The antenna: screw it tight by hand.'),
    drawing: svg`${UNIT}${CABLE}${SIM}<g class="hot">${ANTENNA}</g>
      <g transform="translate(184 78) rotate(-90)">${ARROW}</g>`,
  },
  cable: {
    words: () => msg('The USB-C cable: one that carries data, pushed in at both ends.'),
    drawing: svg`${UNIT}${ANTENNA}${SIM}<g class="hot">${CABLE}</g>
      <g transform="translate(54 40) rotate(-90)">${ARROW}</g>`,
  },
  base: {
    words: () => msg('The unit on its base: push it down until it sits level.'),
    drawing: svg`${ANTENNA}${CABLE}${SIM}<g class="hot">${UNIT}</g>
      <g transform="translate(52 60)">${ARROW}</g>`,
  },
};

export class TouchPicture extends LitElement {
  static override styles = [
    base,
    css`
      figure {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
        margin: 0;
      }
      svg {
        width: 240px;
        max-width: 100%;
        height: auto;
        border-radius: var(--radius-small);
        background: var(--surface);
      }
      figcaption {
        flex: 1 1 12rem;
      }
      .body,
      .atom,
      .part,
      .wire {
        fill: none;
        stroke: var(--muted);
        stroke-width: 2;
      }
      .wire {
        stroke-width: 4;
      }
      .hot .body,
      .hot .atom,
      .hot .part,
      .hot .wire {
        stroke: var(--accent);
        stroke-width: 4;
      }
      .arrow {
        fill: none;
        stroke: var(--accent);
        stroke-width: 4;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
    `,
  ];
  static override properties = { touch: {} };
  declare touch: Touch;

  protected override render(): TemplateResult {
    const { words, drawing } = PICTURES[this.touch];
    return html`<figure data-testid="touch" data-touch=${this.touch}>
      <svg viewBox="0 0 240 120" aria-hidden="true" focusable="false">${drawing}</svg>
      <figcaption>${words()}</figcaption></figure>`;
  }
}

customElements.define('jb-touch-picture', TouchPicture);

declare global {
  interface HTMLElementTagNameMap {
    'jb-touch-picture': TouchPicture;
  }
}
