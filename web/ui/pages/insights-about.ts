/** Estimates as the Store page shows them: rounded, and called *about*. No element, no state. */
import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { roughly } from '../../../shared/metrics/estimate.ts';
import { figure } from '../format.ts';

/** `about 1,200`, the word small; `0` and `–` are what they are. */
export function about(n: number | null): TemplateResult | string {
  if (n === null || n === 0) return figure(n);
  const rounded = figure(roughly(n));
  return msg(html`<small class="about">about</small> ${rounded}`);
}
