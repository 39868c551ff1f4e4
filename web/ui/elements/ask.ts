/**
 * `<jb-ask>`: a question in a dialog over the page. The safe answer has the focus, Escape gives it
 * as well, and so does going back; afterwards the focus is where it was. Has no words of its own.
 */
import { css, html, LitElement, type TemplateResult } from 'lit';
import type { Question } from '../../app/question.ts';
import { base, buttons } from './styles.ts';

class AskDialog extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      dialog {
        width: min(560px, 100vw - 32px);
        max-height: calc(100dvh - 32px);
        overflow: auto;
        padding: 24px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius);
        background: var(--raised);
        color: var(--ink);
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 50%);
      }
      .text {
        display: grid;
        gap: 12px;
      }
      h2 {
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: flex-end;
        gap: 8px;
        margin-top: 24px;
      }
    `,
  ];
  static override properties = { question: { attribute: false } };
  declare question: Question;
  /** Gets the answer, once. */
  answered: (isYes: boolean) => void = () => {};

  protected override render(): TemplateResult {
    const { title, facts, yes, no } = this.question;
    return html`<dialog aria-labelledby="title" aria-describedby="facts" @close=${this.#close}>
      <form method="dialog">
        <div class="text">
          <h2 id="title">${title}</h2>
          <div id="facts" class="text">${facts.map((fact) => html`<p>${fact}</p>`)}</div>
        </div>
        <div class="actions">
          <button value="no" autofocus>${no}</button>
          <button value="yes" class="primary">${yes}</button>
        </div>
      </form>
    </dialog>`;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', this.#goneAway);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('popstate', this.#goneAway);
  }

  protected override firstUpdated(): void {
    this.#dialog?.showModal();
  }

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector('dialog');
  }

  readonly #goneAway = () => this.#dialog?.close('no');

  readonly #close = () => this.answered(this.#dialog?.returnValue === 'yes');
}

/** Asks over whatever is on the page. */
export function ask(question: Question): Promise<boolean> {
  const element = document.createElement('jb-ask');
  return new Promise((resolve) => {
    element.question = question;
    element.answered = (isYes) => {
      element.remove();
      resolve(isYes);
    };
    document.body.append(element);
  });
}

customElements.define('jb-ask', AskDialog);

declare global {
  interface HTMLElementTagNameMap {
    'jb-ask': AskDialog;
  }
}
