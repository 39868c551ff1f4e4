/**
 * `<jb-unit-label>`: a label of 50 × 30 mm, as it is printed: QR code, id, PIN. Black on white in
 * every mood of the page. Knows no printer.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import encodeQR from 'qr';
import type { Label } from '../../app/labels.ts';
import { base } from './styles.ts';

/** A quarter of the code may be scratched (ISO/IEC 18004, level Q is 25 %). */
const CORRECTION = 'quartile';
/** Light modules around the code, as the standard asks. */
const QUIET_MODULES = 4;

export class UnitLabel extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        box-sizing: border-box;
        display: grid;
        grid-template-columns: 27mm 1fr;
        align-items: center;
        width: 50mm;
        height: 30mm;
        padding: 1.5mm 1mm;
        overflow: hidden;
        background: #fff;
        color: #000;
        break-inside: avoid;
      }
      svg {
        width: 27mm;
        height: 27mm;
        shape-rendering: crispEdges;
      }
      p {
        font-size: 2.6mm;
        line-height: 1.3;
      }
      .id {
        font: 600 3.6mm / 1.4 var(--mono);
      }
      .pin {
        font: 600 4.4mm / 1.4 var(--mono);
      }
    `,
  ];
  static override properties = { label: { attribute: false } };
  declare label: Label;

  protected override render(): TemplateResult {
    const { deviceId, pin, address } = this.label;
    return html`${qrCode(address)}
      <div>
        <p>JamBox</p>
        <p class="id">${deviceId}</p>
        <p>PIN</p>
        <p class="pin">${pin}</p>
      </div>`;
  }
}

function qrCode(text: string): TemplateResult {
  const rows = encodeQR(text, 'raw', { ecc: CORRECTION, border: QUIET_MODULES });
  const path = rows
    .flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : '')))
    .join('');
  const box = `0 0 ${rows.length} ${rows.length}`;
  return html`<svg viewBox=${box} role="img" aria-label=${msg('QR code to the unit’s page')}>
    <path d=${path} fill="#000"></path></svg>`;
}

customElements.define('jb-unit-label', UnitLabel);

declare global {
  interface HTMLElementTagNameMap {
    'jb-unit-label': UnitLabel;
  }
}
