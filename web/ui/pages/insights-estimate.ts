/** How sure an estimate is, one tap away from it. No element, no state. */
import { msg } from '@lit/localize';
import { html, type TemplateResult } from 'lit';

/** One tap away from every estimate. */
export function howExact(): TemplateResult {
  return html`<details class="exact">
    <summary>${msg('How exact is this?')}</summary>
    <p class="small">${msg(
      'Visitors are an estimate from phones nearby: an hour may be off by half, in either direction. The error is much the same every day, so days compared with each other are far more exact than one number by itself. How many are inside now is usually right within a fifth, from five people on.',
    )}</p>
    <p class="small">${msg(
      'A visitor is a phone that stays near for a minute or longer. A passer-by is a phone noticed further away, counted once a minute. Phones that are switched off are not counted, and no phone is ever identified.',
    )}</p>
  </details>`;
}
