/**
 * `<jb-chart-hours>`: visits by hour, or by day, as bars; what they are compared with faintly
 * behind, gaps where nothing arrived, closed hours grey, notes on top. Chart.js comes with it,
 * after the first paint. The Store page has the same numbers as a table beside it. Knows neither
 * cache nor backend.
 */
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { figure, localeOf } from '../format.ts';
import { nextTask } from '../next-task.ts';
import { inksOf, rootSize } from './chart-ink.ts';
import { type ChartNote, chartNotes, NOTES_PX, noteStyles, placeNotes } from './chart-notes.ts';
import { base } from './styles.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

export interface HourBar {
  /** Short label for the axis. */
  label: string;
  /** What the tooltip says, e.g. `3–4 PM`. */
  range: string;
  /** null = a gap. */
  visits: number | null;
  /** The same of what it is compared with. */
  before: number | null;
  /** The shop is closed then. */
  isClosed?: boolean;
  /** A part of it has no numbers: the bar is too low. */
  isPartial?: boolean;
}

/** Two datasets on one axis, not side by side: the week before is the wider, paler one behind. */
const WIDTH_BEHIND = 0.96;
const WIDTH_FRONT = 0.62;

const TOKENS = ['chart', 'chart-behind', 'line', 'muted', 'sunken'] as const;
type Colours = Record<(typeof TOKENS)[number], string>;
const NO_COLOURS = Object.fromEntries(TOKENS.map((token) => [token, ''])) as Colours;

/** More than that a screen cannot show apart: a year has 8,760 hours. */
const BARS_MAX = 400;
const DAY_HOURS = 24;

/** Neighbours as one bar, if there are too many: hours of a year as its days. */
function joined(bars: readonly HourBar[]): readonly HourBar[] {
  const least = Math.ceil(bars.length / BARS_MAX);
  if (least <= 1) return bars;
  const size = Math.ceil(least / DAY_HOURS) * DAY_HOURS;
  return Array.from({ length: Math.ceil(bars.length / size) }, (_, i) =>
    sum(bars.slice(i * size, (i + 1) * size)),
  );
}

/** A gap only where each of them is one. */
function sum(bars: readonly HourBar[]): HourBar {
  const all = (counts: (number | null)[]) => {
    const known = counts.filter((n) => n !== null);
    return known.length === 0 ? null : known.reduce((total, n) => total + n, 0);
  };
  return {
    label: bars[0]?.label ?? '',
    range: `${bars[0]?.range} – ${bars.at(-1)?.range}`,
    visits: all(bars.map(({ visits }) => visits)),
    before: all(bars.map(({ before }) => before)),
    isClosed: bars.every(({ isClosed }) => isClosed),
    isPartial: bars.some(({ isPartial }) => isPartial),
  };
}

function areOthers(bars: readonly HourBar[], before: readonly HourBar[] | undefined): boolean {
  if (before?.length !== bars.length) return true;
  return bars.some((bar, i) => {
    const its = before[i];
    const isSame =
      bar.visits === its?.visits && bar.before === its.before && bar.isClosed === its.isClosed;
    if (bar.isPartial !== its?.isPartial) return true;
    return !isSame || bar.label !== its.label || bar.range !== its.range;
  });
}

/** Oblique lines, a pattern that says *not known* without a colour. */
function hatch(
  ctx: CanvasRenderingContext2D,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  ctx.globalAlpha = 0.35;
  ctx.beginPath();
  for (let x = left - height; x < left + width; x += 9) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }
  ctx.stroke();
  ctx.restore();
}

const areOtherNotes = (notes: readonly ChartNote[], before: readonly ChartNote[] | undefined) =>
  JSON.stringify(notes) !== JSON.stringify(before);

export class ChartHours extends LitElement {
  static override styles = [
    base,
    noteStyles,
    css`
      .frame {
        position: relative;
        height: 15rem;
      }
      canvas {
        max-width: 100%;
      }
    `,
  ];
  static override properties = {
    // The page makes them anew whenever anything on it changes; drawing takes a while.
    hours: { attribute: false, hasChanged: areOthers },
    notes: { attribute: false, hasChanged: areOtherNotes },
    front: {},
    summary: {},
    against: {},
  };
  declare hours: readonly HourBar[];
  /** What somebody wrote of bars, or of all of them. */
  declare notes: readonly ChartNote[];
  /** What the bars are, e.g. `This day`. */
  declare front: string;
  /** The chart in one sentence, for those who do not see it. */
  declare summary: string;
  /** What the pale bars are, e.g. `Friday before`. */
  declare against: string;

  #chart: Chart<'bar'> | undefined;
  /** As they are drawn. */
  #bars: readonly HourBar[] = [];
  /** As of the last time it was drawn. */
  #colour: Colours = NO_COLOURS;
  #onPaper = false;
  /** The first picture, until it is drawn. */
  #begun: Promise<void> | undefined;
  readonly #scheme = matchMedia('(prefers-color-scheme: dark)');

  constructor() {
    super();
    this.hours = [];
    this.notes = [];
    this.front = '';
    this.summary = '';
    this.against = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#scheme.addEventListener('change', this.#redraw);
    window.addEventListener('beforeprint', this.#redraw);
    window.addEventListener('afterprint', this.#redraw);
    // back on the page: nothing has changed, but the chart went when it left
    if (this.hasUpdated && !this.#begun) this.#draw();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#scheme.removeEventListener('change', this.#redraw);
    window.removeEventListener('beforeprint', this.#redraw);
    window.removeEventListener('afterprint', this.#redraw);
    this.#forget();
  }

  protected override render(): TemplateResult {
    return html`<div class="frame"><canvas role="img" aria-label=${this.summary}></canvas>
      ${chartNotes(this.notes)}</div>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('hours') && !changed.has('against') && !changed.has('front')) {
      if (changed.has('notes') && this.#chart) this.#drawAnew();
      return;
    }
    if (changed.has('notes')) this.#forget();
    if (this.#chart) this.#draw();
    else this.#begun ??= this.#begin();
  }

  /** In a task of its own: on a slow phone the first picture takes as long as all around it. */
  async #begin(): Promise<void> {
    await nextTask();
    this.#begun = undefined;
    if (this.isConnected && !this.#chart) this.#draw();
  }

  protected override async getUpdateComplete(): Promise<boolean> {
    const isDone = await super.getUpdateComplete();
    await this.#begun;
    return isDone;
  }

  /** Other colours: the scheme has changed, or it goes to paper, which is white. */
  readonly #redraw = (event: Event) => {
    this.#onPaper = event.type === 'beforeprint';
    this.#drawAnew();
  };

  #drawAnew(): void {
    this.#forget();
    this.#draw();
  }

  #forget(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
  }

  #draw(): void {
    const canvas = this.renderRoot.querySelector('canvas');
    if (!canvas) return;
    this.#bars = joined(this.hours);
    this.#colour = inksOf(this.renderRoot, TOKENS, this.#onPaper);
    const data = this.#data();
    if (this.#chart) {
      this.#chart.data = data;
      this.#chart.update();
      return;
    }
    this.#chart = new Chart(canvas, {
      type: 'bar',
      data,
      options: this.#options(),
      plugins: [
        { id: 'closed', beforeDatasetsDraw: (chart) => this.#greyClosed(chart) },
        { id: 'notes', afterLayout: (chart) => this.#placeNotes(chart) },
      ],
    });
  }

  /** Over their bars, whatever room the axis takes. */
  #placeNotes({ canvas, chartArea: { left, width } }: Chart): void {
    const frame = canvas.parentElement;
    if (!frame) return;
    frame.style.setProperty('--plot-left', `${left}px`);
    frame.style.setProperty('--plot-width', `${width}px`);
    placeNotes(frame, this.#bars.length);
  }

  /** A band over the whole height: an hour without a bar is closed, too. */
  #greyClosed({ ctx, chartArea, scales }: Chart): void {
    const axis = scales.x;
    if (!axis) return;
    const width = chartArea.width / Math.max(1, this.#bars.length);
    ctx.save();
    ctx.fillStyle = this.#colour.sunken;
    ctx.strokeStyle = this.#colour.muted;
    for (const [i, { isClosed, isPartial }] of this.#bars.entries()) {
      const left = axis.getPixelForValue(i) - width / 2;
      if (isClosed) ctx.fillRect(left, chartArea.top, width, chartArea.height);
      if (isPartial) hatch(ctx, left, chartArea.top, width, chartArea.height);
    }
    ctx.restore();
  }

  #data(): Chart<'bar'>['data'] {
    const common = { grouped: false, categoryPercentage: 1, borderRadius: 3 };
    return {
      labels: this.#bars.map((h) => h.label),
      datasets: [
        {
          ...common,
          label: this.front,
          data: this.#bars.map((h) => h.visits),
          backgroundColor: this.#colour.chart,
          barPercentage: WIDTH_FRONT,
          order: 0,
        },
        {
          ...common,
          label: this.against,
          data: this.#bars.map((h) => h.before),
          backgroundColor: this.#colour['chart-behind'],
          barPercentage: WIDTH_BEHIND,
          order: 1,
        },
      ],
    };
  }

  #options(): Chart<'bar'>['options'] {
    const muted = this.#colour.muted;
    const font = { family: getComputedStyle(this).fontFamily, size: 0.75 * rootSize() };
    return {
      responsive: true,
      layout: { padding: { top: this.notes.length > 0 ? NOTES_PX : 0 } },
      maintainAspectRatio: false,
      locale: localeOf(),
      // Numbers do not grow; and each of its frames costs a slow phone as much as the first.
      animation: false,
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          grid: { display: false },
          border: { color: this.#colour.line },
          ticks: { color: muted, font, maxRotation: 0, autoSkipPadding: 16 },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: this.#colour.line },
          ticks: { color: muted, font, precision: 0, maxTicksLimit: 5 },
        },
      },
      plugins: {
        tooltip: {
          callbacks: {
            title: (items) => this.#bars[items[0]?.dataIndex ?? -1]?.range ?? '',
            label: (item) => `${item.dataset.label}: ${figure(item.parsed.y)}`,
          },
        },
      },
    };
  }
}

customElements.define('jb-chart-hours', ChartHours);

declare global {
  interface HTMLElementTagNameMap {
    'jb-chart-hours': ChartHours;
  }
}
