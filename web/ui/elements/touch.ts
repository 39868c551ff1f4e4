/** The picture of what to touch, fetched with the first failure that has one. */
import { html, nothing, type TemplateResult } from 'lit';
import type { Touch } from '../../app/prepare-touch.ts';

/** A picture of what a hand has to touch; null: there is nothing. */
export function touch(what: Touch | null): TemplateResult | typeof nothing {
  if (what === null) return nothing;
  void import('./touch-picture.ts').catch(() => undefined);
  return html`<jb-touch-picture class="wide" touch=${what}></jb-touch-picture>`;
}
