/** `<jb-home-page>`: what this is, and its doors: one for owners, two for installers. */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { icon } from '../elements/icons.ts';
import { base, buttons } from '../elements/styles.ts';

export class HomePage extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .page {
        display: grid;
        gap: 48px;
        max-width: 55rem;
        margin: 0 auto;
        padding-top: 16px;
      }
      .intro {
        display: grid;
        gap: 16px;
      }
      h1 {
        font-size: clamp(var(--size-28), 6vw, var(--size-44));
        letter-spacing: -0.025em;
        max-width: 18ch;
      }
      .lead {
        font-size: var(--size-20);
        color: var(--muted);
        max-width: 52ch;
      }
      .doors {
        display: grid;
        gap: 40px;
      }
      section {
        display: grid;
        gap: 12px;
        align-content: start;
        border-top: 2px solid var(--ink);
        padding-top: 16px;
      }
      .actions .button {
        padding: 8px 16px;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        margin-top: 8px;
      }
      @media (min-width: 720px) {
        .page {
          padding-top: 48px;
        }
        .doors {
          grid-template-columns: 1fr 1fr;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div class="page">
      <div class="intro">
        <h1 tabindex="-1">${msg('See how many people visit your shop')}</h1>
        <p class="lead">${msg(
          'JamBox sensors count phones nearby, without a camera and without storing who they are. JamBench shows shop owners the numbers and makes new sensors ready.',
        )}</p>
      </div>
      <div class="doors">
        <section>
          <h2>${msg('For shop owners')}</h2>
          <p>${msg(
            'Visitors today, the busiest hour, where people are and how long they stay.',
          )}</p>
          <p class="actions">
            <a class="button primary" href="/store">${icon('store')}${msg('See my store')}</a>
          </p>
        </section>
        <section>
          <h2>${msg('For installers')}</h2>
          <p>${msg(
            'Plug in a unit, press one button, and hand over a sensor that has proven its link. Nothing at hand? A virtual unit goes through the same steps.',
          )}</p>
          <p class="actions">
            <a class="button" href="/bench">${icon('usb')}${msg('Connect a unit')}</a>
            <a class="button" href="/bench?virtual">${icon('play')}${msg('Try a virtual unit')}</a>
          </p>
        </section>
      </div>
    </div>`;
  }
}

customElements.define('jb-home-page', HomePage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-home-page': HomePage;
  }
}
