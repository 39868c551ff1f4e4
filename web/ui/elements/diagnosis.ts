/**
 * `<jb-diagnosis>`: why is it not online? Each check as it is made, the first that fails in words
 * with what to do, and a report. Fires `mend` and `report`. Knows the modem only as DiagnosisState.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { CHECK_IDS, canMend, type Finding } from '../../app/diagnosis.ts';
import type { DiagnosisState } from '../../app/diagnosis-run.ts';
import { checkWords, faultWords } from '../../app/diagnosis-words.ts';
import { base, buttons } from './styles.ts';

class Diagnosis extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      ol {
        list-style: none;
        display: grid;
        gap: 4px;
        margin: 12px 0;
      }
      li {
        display: grid;
        grid-template-columns: 2ch minmax(0, 1fr);
        gap: 8px;
      }
      .bad {
        color: var(--bad);
        font-weight: 600;
      }
      .report {
        margin-top: 12px;
      }
      .said {
        font: var(--size-12) / 1.5 var(--mono);
        color: var(--muted);
        overflow-wrap: anywhere;
      }
      .fault {
        border-left: 3px solid var(--bad);
        padding-left: 12px;
        display: grid;
        gap: 8px;
      }
      .actions {
        margin-top: 8px;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];
  static override properties = { state: { attribute: false } };
  declare state: DiagnosisState;

  protected override render(): TemplateResult {
    const { findings, at, isWell } = this.state;
    const isBusy = at !== null;
    const last = findings.at(-1);
    return html`<section aria-labelledby="why">
      <h2 id="why">${msg('Why is it not online?')}</h2>
      <p class="small muted">${msg('Looks at one thing after the other, from the modem to the server, and stops at the first that is wrong. Nothing is changed without your word.')}</p>
      <div class="actions">
        ${
          isBusy
            ? html`<button @click=${() => this.#fire('stop')}>${msg('Stop')}</button>`
            : html`<button class="primary" @click=${() => this.#fire('begin')}>${
                findings.length === 0 ? msg('Find out') : msg('Look again')
              }</button>`
        }
      </div>
      ${findings.length + Number(isBusy) > 0 ? this.#list() : nothing}
      <div role="status">
        ${isWell ? html`<p><strong>${msg('Nothing is wrong: the unit is online, and the server answers it.')}</strong></p>` : nothing}
        ${!isBusy && last?.fault ? this.#fault(last) : nothing}
      </div>
      ${
        !isBusy && findings.length > 0
          ? html`<p class="report"><button class="small" @click=${() => this.#fire('report')}
              >${msg('Save a report for support')}</button></p>`
          : nothing
      }
    </section>`;
  }

  #list(): TemplateResult {
    const { findings, at } = this.state;
    return html`<ol>${CHECK_IDS.slice(0, findings.length + 1).map((check, i) => {
      const finding = findings[i];
      if (finding) return this.#finding(finding);
      if (at === null) return nothing;
      const words = at === 'mend' ? msg('It is being mended …') : checkWords(check);
      return html`<li><span aria-hidden="true">…</span><span>${words}</span></li>`;
    })}</ol>`;
  }

  #finding({ check, fault, said }: Finding): TemplateResult {
    const sign = fault === null ? '✓' : '×';
    const word = fault === null ? msg('yes') : msg('no');
    return html`<li class=${fault === null ? '' : 'bad'}><span aria-hidden="true">${sign}</span>
      <span>${checkWords(check)} <span class="visually-hidden">${word}</span>
        ${fault === null ? nothing : html`<span class="said">${said.join(' · ')}</span>`}
      </span></li>`;
  }

  #fault({ fault }: Finding): TemplateResult | typeof nothing {
    if (!fault) return nothing;
    const [what, advice] = faultWords(fault);
    return html`<div class="fault"><p><strong>${what}</strong> ${advice}</p>
      ${
        canMend(fault)
          ? html`<div class="actions"><button class="primary" @click=${() => this.#fire('mend')}
              >${msg('Do this, then look again')}</button></div>`
          : nothing
      }</div>`;
  }

  #fire(name: 'begin' | 'stop' | 'mend' | 'report'): void {
    this.dispatchEvent(new CustomEvent(name));
  }
}

customElements.define('jb-diagnosis', Diagnosis);

declare global {
  interface HTMLElementTagNameMap {
    'jb-diagnosis': Diagnosis;
  }
}
