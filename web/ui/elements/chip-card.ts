/** `<jb-chip-card>`: who the chip says it is. Knows no unit. */
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { ChipInfo } from '../../app/unit-state.ts';
import { bytes } from '../format.ts';
import { base } from './styles.ts';

export class ChipCard extends LitElement {
  static override styles = [
    base,
    css`
      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 4px 16px;
        font-size: var(--size-14);
      }
      dt {
        color: var(--muted);
      }
      dd {
        text-align: right;
        font-family: var(--mono);
        font-size: 13px;
        overflow-wrap: anywhere;
      }
    `,
  ];
  static override properties = { chip: { attribute: false } };
  declare chip: ChipInfo;

  protected override render(): TemplateResult {
    const { name, revision, mac, flashBytes, target } = this.chip;
    return html`<dl>
      <dt>Chip</dt><dd>${name}</dd>
      <dt>Revision</dt><dd>${revision}</dd>
      <dt><abbr title="Hardware address of the chip">MAC</abbr></dt>
      <dd data-testid="mac">${mac}</dd>
      <dt>Flash</dt><dd>${bytes(flashBytes)}</dd>
      <dt>Firmware for</dt><dd>${target === 'virtual' ? 'virtual unit' : 'ESP32-S3'}</dd>
    </dl>`;
  }
}

customElements.define('jb-chip-card', ChipCard);

declare global {
  interface HTMLElementTagNameMap {
    'jb-chip-card': ChipCard;
  }
}
