/**
 * `<jb-no-serial>`: why no unit can be reached here, and which browser on this very platform can.
 * `more`: what works all the same. Fetched in browsers without Web Serial only.
 */
import { msg } from '@lit/localize';
import { html, LitElement, type TemplateResult } from 'lit';
import { serialAdvice } from '../../app/serial-browsers.ts';
import './notice.ts';
import { base } from './styles.ts';

export class NoSerial extends LitElement {
  static override styles = [base];
  static override properties = { more: {} };
  declare more: string;

  constructor() {
    super();
    this.more = '';
  }

  protected override render(): TemplateResult {
    const { userAgent, maxTouchPoints } = navigator;
    const viewer = { userAgent, touchPoints: maxTouchPoints, isSecure: isSecureContext };
    return html`<jb-notice tone="warn" headline=${msg('This browser cannot reach USB serial ports')}
      advice=${`${serialAdvice(viewer)} ${this.more}`.trim()}></jb-notice>`;
  }
}

customElements.define('jb-no-serial', NoSerial);

declare global {
  interface HTMLElementTagNameMap {
    'jb-no-serial': NoSerial;
  }
}
