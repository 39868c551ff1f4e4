/** `<jb-not-found-page>`: for addresses that lead nowhere. */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { base, buttons } from '../elements/styles.ts';

export class NotFoundPage extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .page {
        display: grid;
        gap: 16px;
        max-width: 40rem;
        margin: 32px auto;
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('There is no page here')}</h1>
      <p>${msg('The address may be mistyped, or the page has moved.')}</p>
      <p><a class="button" href="/">${msg('Go to the start')}</a></p>
    </div>`;
  }
}

customElements.define('jb-not-found-page', NotFoundPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-not-found-page': NotFoundPage;
  }
}
