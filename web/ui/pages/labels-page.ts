/**
 * `<jb-labels-page>`: labels for units, made and printed. `/labels?units=JBNB0001,JBNB0002` has the
 * ids in place. Labels are on this page until it is left, and nowhere else.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { readDeviceId } from '../../../shared/device-id.ts';
import { errorWords } from '../../app/error-words.ts';
import { type LabelParts, type MadeLabels, makeLabels } from '../../app/labels.ts';
import type { Session } from '../../app/session.ts';
import { ObservableController } from '../controllers/observable.ts';
import '../elements/notice.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import '../elements/unit-label.ts';
import { plural } from '../format.ts';
import { labelPaper } from '../label-paper.ts';

/** A full day's work; more at once would keep the backend's limit of a minute busy. */
const UNITS_MAX = 100;

type Paper = 'sheet' | 'roll';

export class LabelsPage extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      form {
        display: grid;
        gap: 16px;
        max-width: 560px;
      }
      textarea {
        min-height: 96px;
        font-family: var(--mono);
      }
      fieldset {
        display: grid;
        gap: 8px;
      }
      .sheet {
        display: flex;
        flex-wrap: wrap;
        gap: 2mm;
        margin-top: 24px;
      }
      jb-unit-label {
        outline: 0.2mm dashed #999;
      }
      @media print {
        .screen {
          display: none;
        }
        .sheet {
          margin: 0;
        }
        .roll {
          display: block;
        }
        .roll jb-unit-label {
          outline: none;
          break-after: page;
        }
      }
    `,
  ];
  static override properties = {
    setPin: { attribute: false },
    session: { attribute: false },
    paper: { state: true },
    made: { state: true },
    done: { state: true },
    wrong: { state: true },
  };
  declare setPin: LabelParts['setPin'];
  declare session: Session;
  declare protected paper: Paper;
  declare protected made: MadeLabels | null;
  /** Of how many how many are through; null: none is being made. */
  declare protected done: { count: number; of: number } | null;
  declare protected wrong: string;

  constructor() {
    super();
    new ObservableController(this, () => this.session?.state);
    this.paper = 'sheet';
    this.made = null;
    this.done = null;
    this.wrong = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    labelPaper(null);
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <div class="screen">
        <h1 tabindex="-1">${msg('Labels')}</h1>
        ${this.#mayMake() ? this.#form() : this.#whoMay()}
        ${this.#outcome()}
      </div>
      ${this.#sheet()}
    </div>`;
  }

  #mayMake(): boolean {
    const { user, role } = this.session.state.value;
    return user !== null && (role === null || role === 'installer' || role === 'admin');
  }

  #whoMay(): TemplateResult {
    return this.session.state.value.user
      ? html`<jb-notice tone="warn" headline=${msg('Labels are made by whoever installs units')}
          advice=${msg('Sign in as an installer, or ask the one who has put up your sensors.')}>
        </jb-notice>`
      : html`<jb-notice tone="warn" headline=${msg('You are not signed in')}
          advice=${msg('Sign in as an installer to make labels.')}>
          <a class="button" href="/sign-in?next=/labels">${msg('Sign in')}</a></jb-notice>`;
  }

  #form(): TemplateResult {
    const units = new URLSearchParams(location.search).get('units') ?? '';
    const isBusy = this.done !== null;
    return html`<form novalidate @submit=${this.#submit}>
      <div class="field">
        <label for="units">${msg('Units')}</label>
        <textarea id="units" name="units" maxlength="2000" spellcheck="false"
          aria-invalid=${this.wrong !== ''} aria-describedby="units-help"
          .defaultValue=${units.replaceAll(',', ' ')}></textarea>
        <span id="units-help" class=${this.wrong ? 'wrong' : 'help'}
          >${this.wrong || msg('Their ids, with spaces or lines between.')}</span>
      </div>
      <fieldset>
        <legend>${msg('Paper')}</legend>
        ${this.#paper('sheet', msg('A sheet of A4, to be cut'))}
        ${this.#paper('roll', msg('A label printer, 50 × 30 mm'))}
      </fieldset>
      <p class="small">${msg(
        'Each label gets a new PIN and a new code. Those on earlier labels of these units stop working.',
      )}</p>
      <div><button class="primary" aria-disabled=${isBusy}>${msg('Make labels')}</button></div>
    </form>`;
  }

  #paper(paper: Paper, text: string): TemplateResult {
    return html`<label class="choice"><input type="radio" name="paper" value=${paper}
      ?checked=${this.paper === paper} @change=${() => {
        this.paper = paper;
      }}> ${text}</label>`;
  }

  #outcome(): TemplateResult | typeof nothing {
    if (this.done) {
      const { count, of } = this.done;
      return html`<p role="status">${msg(str`${count} of ${of} labels are made.`)}</p>`;
    }
    if (!this.made) return nothing;
    const { labels, failed } = this.made;
    const many = msg(str`${labels.length} labels`);
    const count = plural(labels.length, { one: msg('1 label'), other: many });
    return html`${failed.map(({ deviceId, error }) => {
      const { what, next } = errorWords(error);
      return html`<jb-notice tone="bad" headline=${msg(str`No label for ${deviceId}`)}
          advice=${`${what} ${next}`}></jb-notice>`;
    })}
      ${
        labels.length === 0
          ? nothing
          : html`<jb-notice tone="ok" headline=${msg(str`Made: ${count}`)}
            advice=${msg(
              'Print them now: PINs are shown on this page only, and only until it is left.',
            )}>
            <button class="primary" @click=${() => window.print()}>${msg('Print')}</button>
          </jb-notice>`
      }`;
  }

  #sheet(): TemplateResult | typeof nothing {
    if (!this.made) return nothing;
    return html`<div class="sheet ${this.paper}">${this.made.labels.map(
      (label) => html`<jb-unit-label .label=${label}></jb-unit-label>`,
    )}</div>`;
  }

  protected override updated(): void {
    labelPaper(this.paper === 'roll' && this.made ? 'roll' : null);
  }

  readonly #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (this.done) return;
    const typed = String(new FormData(event.target as HTMLFormElement).get('units'));
    const words = typed.split(/[\s,;]+/).filter((word) => word !== '');
    this.wrong = complaint(words);
    if (this.wrong) {
      this.renderRoot.querySelector('textarea')?.focus();
      return;
    }
    const ids = [...new Set(words.map((word) => readDeviceId(word) ?? ''))];
    this.made = null;
    this.done = { count: 0, of: ids.length };
    this.made = await makeLabels({ setPin: this.setPin, origin: location.origin }, ids, (count) => {
      this.done = { count, of: ids.length };
    });
    this.done = null;
  };
}

function complaint(words: readonly string[]): string {
  if (words.length === 0) return msg('Type the id of at least one unit.');
  if (words.length > UNITS_MAX) {
    return msg(str`These are ${words.length} units; ${UNITS_MAX} at once are the limit.`);
  }
  const wrong = words.find((word) => readDeviceId(word) === null);
  if (wrong === undefined) return '';
  return msg(str`“${wrong}” is no device id. It is JBNB and four to eight digits.`);
}

customElements.define('jb-labels-page', LabelsPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-labels-page': LabelsPage;
  }
}
