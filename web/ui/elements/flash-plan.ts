/**
 * `<jb-flash-plan>`: what a write does to each region of a unit's flash, and why. Draws the plan
 * that the flasher told before it erased anything; knows no chip.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { RegionWrite, WriteReason } from '../../app/flash-types.ts';
import { bytes } from '../format-technical.ts';
import { base } from './styles.ts';

const REASONS: Record<WriteReason, () => string> = {
  same: () => msg('Is there already: nothing is written.'),
  blank: () => msg('The flash is empty here: all of it is written.'),
  changed: () => msg('Some of it is there already: only the rest is written.'),
  other: () => msg('None of it is there yet: all of it is written.'),
};

export class FlashPlan extends LitElement {
  static override styles = [
    base,
    css`
      details {
        margin-top: 4px;
      }
      dl {
        display: grid;
        gap: 2px 12px;
        margin: 4px 0;
        font-size: var(--size-12);
      }
      dt {
        font-weight: 600;
      }
      dd {
        margin: 0 0 4px;
        color: var(--muted);
      }
    `,
  ];
  static override properties = { plan: { attribute: false } };
  declare plan: readonly RegionWrite[];

  protected override render(): TemplateResult {
    const total = this.plan.reduce((sum, region) => sum + region.bytes, 0);
    const toWrite = this.plan.reduce((sum, region) => sum + region.toWrite, 0);
    return html`<details>
      <summary>${msg(str`What is written: ${bytes(toWrite)} of ${bytes(total)}`)}</summary>
      <dl>${this.plan.map(rowOf)}</dl>
    </details>`;
  }
}

function rowOf({ name, offset, bytes: size, toWrite, reason }: RegionWrite): TemplateResult {
  const place = `0x${offset.toString(16)}`;
  return html`<dt>${name} <code>${place}</code></dt>
    <dd>${msg(str`${bytes(toWrite)} of ${bytes(size)}.`)} ${REASONS[reason]()}</dd>`;
}

customElements.define('jb-flash-plan', FlashPlan);

declare global {
  interface HTMLElementTagNameMap {
    'jb-flash-plan': FlashPlan;
  }
}
