/**
 * `<jb-card-page>`: what an installer needs on the road, on one sheet of A4. Asks nobody anything;
 * the guide is docs/guides/installer.md.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, type TemplateResult } from 'lit';
import { base, buttons } from '../elements/styles.ts';

export class CardPage extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .page {
        display: grid;
        gap: 20px;
        max-width: 760px;
      }
      ol,
      ul {
        padding-inline-start: 24px;
        display: grid;
        gap: 4px;
      }
      dl {
        display: grid;
        grid-template-columns: minmax(120px, 1fr) 2fr;
        gap: 6px 16px;
        border-top: 1px solid var(--line);
        padding-top: 8px;
      }
      dt {
        font-weight: 550;
      }
      .line {
        border-bottom: 1px solid var(--ink);
        min-height: 2.2em;
      }
      @media print {
        .screen {
          display: none;
        }
        .page {
          gap: 12px;
          max-width: none;
          font-size: 0.9em;
        }
        section {
          break-inside: avoid;
        }
      }
    `,
  ];

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Installer’s card')}</h1>
      <p class="screen"><button class="primary" @click=${() => window.print()}
        >${msg('Print')}</button></p>
      ${before()}${eachUnit()}${words()}${trouble()}${there()}
      <p class="line">${msg('Who helps (name, telephone):')}</p>
    </div>`;
  }
}

const before = () => html`<section>
  <h2>${msg('Before you leave')}</h2>
  <ol>
    <li>${msg('Sign in and open the bench once with a network: from then on it works without.')}</li>
    <li>${msg('Take along: USB-C data cables (not charging cables), SIM cards, antennas, labels.')}</li>
  </ol>
</section>`;

const eachUnit = () => html`<section>
  <h2>${msg('With each unit')}</h2>
  <ol>
    <li>${msg('Plug it in, press Connect a unit and pick it in the list.')}</li>
    <li>${msg('Type the id of its label or take the next free one, choose the location, press Prepare unit.')}</li>
    <li>${msg('Leave it plugged in until the page says that it is ready. A link that was proven before is not tested again.')}</li>
    <li>${msg('Stick its label on, unplug it, plug in the next.')}</li>
  </ol>
</section>`;

const words = () => html`<section>
  <h2>${msg('What the page says')}</h2>
  <dl>
    <dt>${msg('ready')}</dt>
    <dd>${msg('The server has heard it. Mount it.')}</dd>
    <dt>${msg('waits to be registered')}</dt>
    <dd>${msg('Mount it. Open the page with a network before the day ends: it is registered by itself.')}</dd>
    <dt>${msg('weak signal')}</dt>
    <dd>${msg('Nearer to a window, or higher up, then Measure again.')}</dd>
    <dt>${msg('broken off')}</dt>
    <dd>${msg('The page was closed in the middle: connect it and prepare it again.')}</dd>
  </dl>
</section>`;

const trouble = () => html`<section>
  <h2>${msg('When something goes wrong')}</h2>
  <dl>
    <dt>${msg('The list is empty')}</dt>
    <dd>${msg('Take a data cable, without a hub.')}</dd>
    <dt>${msg('The unit does not answer')}</dt>
    <dd>${msg('Hold its side button while you plug it in, then Try again.')}</dd>
    <dt>${msg('The port is in use')}</dt>
    <dd>${msg('Close the other program or tab that uses it.')}</dd>
    <dt>${msg('The modem did not come up')}</dt>
    <dd>${msg('SIM the right way round, antenna tight, nearer to a window. Then Test its link only.')}</dd>
    <dt>${msg('The id is taken')}</dt>
    <dd>${msg('Look at the label. Replace only if this unit takes the other one’s place.')}</dd>
    <dt>${msg('The cable was pulled')}</dt>
    <dd>${msg('Plug it in and Try again: what was written is kept.')}</dd>
  </dl>
</section>`;

const there = () => html`<section>
  <h2>${msg('At the location')}</h2>
  <ol>
    <li>${msg('Mount the unit, wait for its signal on the page, write down where it hangs.')}</li>
    <li>${msg('Print the handover or save it as a PDF, and have it signed.')}</li>
    <li>${msg('In the evening: look into the log for what is broken off, failed or waits.')}</li>
  </ol>
</section>`;

customElements.define('jb-card-page', CardPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-card-page': CardPage;
  }
}
