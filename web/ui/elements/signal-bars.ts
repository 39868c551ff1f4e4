/** A cellular signal as four bars; whoever uses it puts the words beside it. */
import { html, svg, type TemplateResult } from 'lit';
import { type SignalGrade, signalGrade } from '../../../shared/at/signal.ts';

const BARS: Record<SignalGrade, number> = { good: 4, fair: 3, weak: 2, very_weak: 1 };

/** @param dbm null: nothing is known, no bar is filled */
export function signalBars(dbm: number | null): TemplateResult {
  const filled = dbm === null ? 0 : BARS[signalGrade(dbm)];
  const bar = (n: number) => svg`<rect x=${n * 5} y=${11 - n * 3} width="3.5" height=${5 + n * 3}
    rx="1" fill="currentColor" opacity=${n < filled ? 1 : 0.25}></rect>`;
  return html`<svg width="20" height="16" viewBox="0 0 20 16" aria-hidden="true" focusable="false"
    >${[0, 1, 2, 3].map(bar)}</svg>`;
}
