/**
 * `<jb-unit-drawing>`: the unit as itself, an AtomS3 Lite on its DTU base, LED glowing. A virtual
 * unit's LED shows the colour its firmware set; a real one names its pattern only, and the drawing
 * plays it in its colour and rhythm. Knows no unit.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, svg, type TemplateResult } from 'lit';
import { LED_LOOKS, LED_TURN_MS } from '../../../shared/console/led.ts';
import type { LedPattern } from '../../../shared/console/records.ts';
import type { LedColour } from '../../app/unit-state.ts';
import { base } from './styles.ts';

/** What each pattern means, for those who do not see the light. */
const LED_TEXT: Record<LedPattern, () => string> = {
  booting: () => msg('purple, booting'),
  searching: () => msg('red, blinking slowly: searching for the network'),
  failed: () => msg('red, blinking fast: failed'),
  connected: () => msg('green: connected and counting'),
  sending: () => msg('cyan, pulsing: sending'),
  sent: () => msg('green for three seconds: sent'),
  send_failed: () => msg('blue, blinking slowly: sending failed'),
  updating: () => msg('yellow, pulsing: updating'),
  button: () => msg('white flash: button pressed'),
  here: () => msg('white, blinking fast: this is the unit'),
};

/** `green: connected and counting`. */
export const ledWords = (pattern: LedPattern): string => LED_TEXT[pattern]();

/** Below this the diode is dark to the eye; the drawing then shows it off. */
const VISIBLE = 4;

export class UnitDrawing extends LitElement {
  static override styles = [
    base,
    css`
      svg {
        display: block;
        width: 100%;
        max-width: 200px;
        height: auto;
        margin: 0 auto;
      }
      .base {
        fill: light-dark(#3a3d42, #43474d);
      }
      .base-edge {
        fill: light-dark(#2a2c30, #2e3136);
      }
      .atom {
        fill: light-dark(#55595f, #5c6168);
      }
      .button {
        fill: light-dark(#45494f, #4a4f55);
        stroke: light-dark(#2f3237, #33373c);
      }
      .print {
        fill: #c9ccd1;
        font: 600 8px var(--font);
        letter-spacing: 0.06em;
      }
      .port {
        fill: #17181b;
      }
      .cable {
        fill: none;
        stroke: var(--line-strong);
        stroke-width: 7;
        stroke-linecap: round;
      }
      .antenna {
        fill: light-dark(#2a2c30, #2e3136);
      }
      .off {
        fill: #23252a;
      }
      .glow {
        filter: blur(9px);
        opacity: 0.9;
      }
      .purple {
        --led: #a24bff;
      }
      .red {
        --led: #ff3b30;
      }
      .green {
        --led: #30e070;
      }
      .cyan {
        --led: #25dcf0;
      }
      .blue {
        --led: #3c7dff;
      }
      .yellow {
        --led: #ffd21f;
      }
      .white {
        --led: #ffffff;
      }
      .named {
        fill: var(--led);
      }
      .slow {
        animation: blink ${LED_TURN_MS.slow}ms steps(1) infinite;
      }
      .fast {
        animation: blink ${LED_TURN_MS.fast}ms steps(1) infinite;
      }
      .pulse {
        animation: pulse ${LED_TURN_MS.pulse}ms ease-in-out infinite;
      }
      @keyframes blink {
        50% {
          opacity: 0;
        }
      }
      @keyframes pulse {
        50% {
          opacity: 0.25;
        }
      }
      @media (prefers-reduced-motion: reduce) {
        .slow,
        .fast,
        .pulse {
          animation: none;
        }
      }
    `,
  ];
  static override properties = {
    led: { attribute: false },
    pattern: {},
    plugged: { type: Boolean },
  };
  /** The diode's own colour; null when only the pattern is known. */
  declare led: LedColour | null;
  declare pattern: LedPattern | null;
  declare plugged: boolean;

  constructor() {
    super();
    this.led = null;
    this.pattern = null;
    this.plugged = true;
  }

  protected override render(): TemplateResult {
    return html`<svg viewBox="0 0 160 190" role="img" aria-label=${this.#words()}>
      ${this.plugged ? svg`<path class="cable" d="M80 168v20"/>` : ''}
      <rect class="antenna" x="118" y="2" width="9" height="62" rx="4"/>
      <rect class="base-edge" x="26" y="44" width="108" height="128" rx="14"/>
      <rect class="base" x="26" y="40" width="108" height="126" rx="14"/>
      <text class="print" x="80" y="157" text-anchor="middle">DTU NB-IoT</text>
      <rect class="atom" x="42" y="54" width="76" height="76" rx="12"/>
      <rect class="button" x="51" y="63" width="58" height="58" rx="9"/>
      <rect class="port" x="66" y="128" width="28" height="8" rx="4"/>
      ${this.#diode()}
    </svg>`;
  }

  #diode(): TemplateResult {
    const { led } = this;
    const dark = svg`<rect class="off" x="73" y="70" width="14" height="9" rx="3"/>`;
    if (!this.plugged) return dark;
    if (led) {
      if (Math.max(led.r, led.g, led.b) < VISIBLE) return dark;
      return lit(`fill: ${bright(led)}`, '');
    }
    if (!this.pattern) return dark;
    const { hue, rhythm } = LED_LOOKS[this.pattern];
    return svg`${dark}${lit('', `named ${hue} ${rhythm}`)}`;
  }

  #words(): string {
    if (!this.plugged) return msg('The unit, unplugged');
    if (this.pattern) return msg(str`The unit. Its light is ${ledWords(this.pattern)}`);
    return msg('The unit. Its light is off');
  }
}

function lit(fill: string, names: string): TemplateResult {
  return svg`<g class=${names} .style=${fill}>
    <ellipse class="glow" cx="80" cy="75" rx="26" ry="18"/>
    <rect x="73" y="70" width="14" height="9" rx="3"/>
  </g>`;
}

/** Firmware dims the diode for eyes an arm away; a screen needs the same hue at full strength. */
function bright({ r, g, b }: LedColour): string {
  const scale = 255 / Math.max(r, g, b);
  const lift = (n: number) => Math.round(40 + (n * scale * 215) / 255);
  return `rgb(${lift(r)}, ${lift(g)}, ${lift(b)})`;
}

customElements.define('jb-unit-drawing', UnitDrawing);

declare global {
  interface HTMLElementTagNameMap {
    'jb-unit-drawing': UnitDrawing;
  }
}
