/**
 * `<jb-chart-line>`: one sign of a sensor over time as a line, decimated to what a screen can show,
 * broken where nothing arrived, with marks where something happened. Draws in a task of its own,
 * so that several do not add up to one long one. Beside it stands a table with the same numbers.
 * Knows neither backend nor sensor.
 */
import { Chart, LinearScale, LineController, LineElement, PointElement, Tooltip } from 'chart.js';
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { decimated, type LinePoints } from '../../app/lttb.ts';
import { timeTicks } from '../../app/time-ticks.ts';
import { dates, dateTime, localeOf, numbers } from '../format.ts';
import { inksOf, rootSize } from './chart-ink.ts';
import { base } from './styles.ts';

Chart.register(LineController, LineElement, LinearScale, PointElement, Tooltip);

/** Something that happened at a moment; Unix milliseconds. */
export interface LineMark {
  at: number;
  kind: 'alert' | 'firmware' | 'restart';
}

/** A span of time, Unix milliseconds. */
export interface LineSpan {
  fromMs: number;
  untilMs: number;
}

/** More points than that a screen of 1440 px cannot show apart. */
const POINTS_MAX = 600;
/** Pixels between two labels of the axis. */
const TICK_PX = 64;
const DASHES = { alert: [], firmware: [6, 3], restart: [2, 3] };
const TOKENS = ['chart', 'muted', 'line', 'bad', 'ok'] as const;
const INKS = { alert: 'bad', firmware: 'ok', restart: 'muted' } as const;
const NO_POINTS = () => ({ x: new Float64Array(0), y: new Float64Array(0) });

export class ChartLine extends LitElement {
  static override styles = [
    base,
    css`
      .frame {
        position: relative;
        height: 9rem;
      }
      canvas {
        max-width: 100%;
      }
    `,
  ];
  static override properties = {
    points: { attribute: false },
    span: { attribute: false },
    marks: { attribute: false },
    gap: { attribute: false },
    unit: {},
    summary: {},
    timeZone: { attribute: false },
    fromZero: { type: Boolean, attribute: 'from-zero' },
  };
  /** Gives them when it draws: by rising time, Unix milliseconds; NaN is no value. */
  declare points: () => LinePoints;
  declare span: LineSpan;
  declare marks: readonly LineMark[];
  /** Milliseconds: what is further apart is not joined. */
  declare gap: number;
  /** Behind a number, e.g. `dBm`. */
  declare unit: string;
  /** The chart in one sentence, for those who do not see it. */
  declare summary: string;
  /** IANA name. */
  declare timeZone: string;
  declare fromZero: boolean;

  #chart: Chart<'line'> | undefined;
  #task: ReturnType<typeof setTimeout> | undefined;
  #onPaper = false;
  /** Of the scheme that is drawn for. */
  #inks = Object.fromEntries(TOKENS.map((name) => [name, ''])) as ReturnType<typeof inksNow>;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    super();
    this.points = NO_POINTS;
    this.span = { fromMs: 0, untilMs: 1 };
    this.marks = [];
    this.gap = 0;
    this.unit = '';
    this.summary = '';
    this.timeZone = 'UTC';
    this.fromZero = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener('change', this.#redraw);
    window.addEventListener('beforeprint', this.#redraw);
    window.addEventListener('afterprint', this.#redraw);
    if (this.hasUpdated) this.#soon();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener('change', this.#redraw);
    window.removeEventListener('beforeprint', this.#redraw);
    window.removeEventListener('afterprint', this.#redraw);
    clearTimeout(this.#task);
    this.#forget();
  }

  protected override render(): TemplateResult {
    return html`<div class="frame"><canvas role="img" aria-label=${this.summary}></canvas></div>`;
  }

  protected override updated(_changed: PropertyValues): void {
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#task);
    this.#task = setTimeout(() => this.#draw());
  }

  /** Paper is white, and does not wait. */
  readonly #redraw = (event: Event) => {
    this.#onPaper = event.type === 'beforeprint';
    this.#draw();
  };

  #forget(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas || !this.isConnected) return;
    this.#forget();
    const { x, y } = decimated(this.points(), POINTS_MAX, this.gap);
    this.#inks = inksNow(this.renderRoot, this.#onPaper);
    const colour = this.#inks.chart;
    const data = Array.from(x, (at, i) => ({ x: at, y: Number(y[i]) }));
    // A point alone between two gaps has no line to be seen by.
    const isAlone = (i: number) => !isKnown(y[i - 1]) && !isKnown(y[i + 1]);
    this.#chart = new Chart(canvas, {
      type: 'line',
      data: {
        datasets: [
          {
            data,
            borderColor: colour,
            backgroundColor: colour,
            borderWidth: 1.5,
            pointRadius: Array.from(x, (_, i) => (isAlone(i) ? 2 : 0)),
            pointHitRadius: 6,
            spanGaps: false,
            normalized: true,
          },
        ],
      },
      options: this.#options(),
      plugins: [{ id: 'marks', afterDatasetsDraw: (chart) => this.#drawMarks(chart) }],
    });
  }

  #drawMarks({ ctx, chartArea, scales }: Chart): void {
    const axis = scales.x;
    if (!axis) return;
    ctx.save();
    ctx.lineWidth = 2;
    for (const { at, kind } of this.marks) {
      if (at < this.span.fromMs || at >= this.span.untilMs) continue;
      const x = Math.round(axis.getPixelForValue(at)) + 0.5;
      ctx.strokeStyle = this.#inks[INKS[kind]];
      ctx.setLineDash(DASHES[kind]);
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
    }
    ctx.restore();
  }

  #options(): Chart<'line'>['options'] {
    const { muted, line } = this.#inks;
    const font = { family: getComputedStyle(this).fontFamily, size: 0.75 * rootSize() };
    const { fromMs, untilMs } = this.span;
    const { timeZone, unit } = this;
    const most = Math.max(2, Math.floor(this.clientWidth / TICK_PX));
    const { at, isDays } = timeTicks(fromMs, untilMs, timeZone, most);
    const label = dates(
      localeOf(),
      isDays ? { timeZone, day: 'numeric', month: 'short' } : { timeZone, timeStyle: 'short' },
    );
    const figure = numbers(localeOf(), { maximumFractionDigits: 1 });
    return {
      responsive: true,
      maintainAspectRatio: false,
      locale: localeOf(),
      animation: false,
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      scales: {
        x: {
          type: 'linear',
          min: fromMs,
          max: untilMs,
          grid: { display: false },
          border: { color: line },
          afterBuildTicks: (axis) => {
            axis.ticks = at.map((value) => ({ value }));
          },
          ticks: {
            color: muted,
            font,
            maxRotation: 0,
            autoSkip: false,
            align: 'start',
            callback: (value) => label.format(Number(value)),
          },
        },
        y: {
          beginAtZero: this.fromZero,
          ...(this.fromZero && { suggestedMax: 2 }),
          border: { display: false },
          grid: { color: line },
          ticks: {
            color: muted,
            font,
            precision: 0,
            maxTicksLimit: 4,
            callback: (value) => figure.format(Number(value)),
          },
        },
      },
      plugins: {
        tooltip: {
          displayColors: false,
          callbacks: {
            title: (items) => dateTime(Number(items[0]?.parsed.x ?? 0), timeZone),
            label: ({ parsed }) => `${figure.format(Number(parsed.y))} ${unit}`,
          },
        },
      },
    };
  }
}

const inksNow = (root: Node, onPaper: boolean) => inksOf(root, TOKENS, onPaper);

const isKnown = (y: number | undefined) => y !== undefined && !Number.isNaN(y);

customElements.define('jb-chart-line', ChartLine);

declare global {
  interface HTMLElementTagNameMap {
    'jb-chart-line': ChartLine;
  }
}
