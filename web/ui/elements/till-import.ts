/**
 * `<jb-till-import>`: takes till numbers from a CSV file: shows first what can be taken in and,
 * line by line, what cannot. Knows the shop's record; asks nobody else.
 */
import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import { isolated } from '../../app/isolated.ts';
import { readTill, type TillFile, type TillIssue } from '../../app/till-csv.ts';
import { dayName, figure, localeOf, plural } from '../format.ts';
import { ChangeForm } from './change-form.ts';

/** A till's file of three years is under 64 KB; a film is not read. */
const BYTES_MAX = 1_000_000;
const ISSUES_SHOWN_MAX = 8;

class TillImport extends ChangeForm {
  static override styles = [
    ChangeForm.styles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 8px;
      }
      .box {
        display: grid;
        gap: 8px;
        padding: 12px 16px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      ul {
        padding-left: 20px;
        overflow-wrap: anywhere;
      }
      input[type='file'] {
        max-width: 100%;
      }
    `,
  ];
  static override properties = {
    today: { attribute: false },
    file: { state: true },
    said: { state: true },
  };
  /** By the shop's calendar. */
  declare today: string;
  declare protected file: TillFile | null;
  /** What was done, or why nothing can be. */
  declare protected said: string;

  constructor() {
    super();
    this.today = '';
    this.file = null;
    this.said = '';
  }

  protected override render(): TemplateResult {
    return html`<label class="small" for="file">${msg(
      'Or take in a file of your till: a CSV with date, number of sales and, if you like, takings.',
    )}</label>
      <input id="file" type="file" accept=".csv,.txt,text/csv,text/plain" @change=${this.#read}>
      ${this.file ? this.#preview(this.file) : nothing}
      <p class="small" role="status">${this.said}</p>
      ${this.said ? nothing : this.status()}`;
  }

  protected override get subject(): string {
    return 'till';
  }

  /** A file can be chosen again, and is right about its days whoever wrote before. */
  protected override fill(): void {}
  protected override takeDraft(): void {}
  protected override draft(): string {
    return '';
  }
  protected override words(): string {
    return '';
  }

  #preview({ rows, issues, isAmbiguous, columns, beyond }: TillFile): TemplateResult {
    const days = rows.map(({ day }) => day).sort();
    const [from, to] = [days[0] ?? '', days.at(-1) ?? ''];
    const shown = issues.slice(0, ISSUES_SHOWN_MAX);
    const more = issues.length - shown.length;
    const n = figure(rows.length);
    const take = plural(rows.length, {
      one: msg('Take in one day'),
      other: msg(str`Take in ${n} days`),
    });
    return html`<div class="box" role="group" aria-label=${msg('What is in the file')}>
      ${rows.length > 0 ? html`<p>${this.#range(from, to)}</p>` : nothing}
      ${columns ? html`<p class="small">${columnWords(columns)}</p>` : nothing}
      ${
        isAmbiguous && from
          ? html`<p class="small">${msg(
              'In dates like 3/4/2026 the day may stand first or second; look whether the days above are right.',
            )}</p>`
          : nothing
      }
      ${
        issues.length > 0
          ? html`<p>${msg('These lines cannot be taken in:')}</p>
            <ul class="small">${shown.map((issue) => html`<li>${issueWords(issue)}</li>`)}
              ${more > 0 ? html`<li>${msg(str`and ${figure(more)} more`)}</li>` : nothing}</ul>`
          : nothing
      }
      ${
        beyond > 0
          ? html`<p>${msg(
              str`The file has ${figure(beyond)} more lines than can be read at once. Take in these days, then a file with the others.`,
            )}</p>`
          : nothing
      }
      <div class="actions">
        ${
          rows.length > 0
            ? html`<button class="primary small" aria-disabled=${this.busy} @click=${this.#take}
              >${take}</button>`
            : nothing
        }
        <button class="small" @click=${this.#forget}>${msg('Cancel')}</button>
      </div>
    </div>`;
  }

  #range(from: string, to: string): string {
    const [first, last] = [dated(from), dated(to)];
    return from === to ? msg(str`Of ${first}.`) : msg(str`From ${first} to ${last}.`);
  }

  readonly #read = async (event: Event): Promise<void> => {
    const file = (event.target as HTMLInputElement).files?.[0];
    this.error = null;
    this.said = '';
    this.file = null;
    if (!file) return;
    if (file.size > BYTES_MAX) {
      this.said = msg('This file is too large for till numbers. Choose a CSV file of up to 1 MB.');
      return;
    }
    const read = readTill(await file.text(), { today: this.today, dayFirst: isDayFirst() });
    if (read.rows.length + read.issues.length === 0)
      this.said = msg('There is nothing in this file.');
    else this.file = read;
  };

  readonly #take = async (): Promise<void> => {
    const { file, shop, locationId } = this;
    if (!file) return;
    const isDone = await this.save(() => shop.importTill(locationId, file.rows));
    if (!isDone) return;
    const n = figure(file.rows.length);
    const taken = plural(file.rows.length, {
      one: msg('One day was taken in.'),
      other: msg(str`${n} days were taken in.`),
    });
    this.said = this.fate === 'stored' ? taken : '';
    this.#forget();
  };

  readonly #forget = (): void => {
    this.file = null;
    const field = this.renderRoot.querySelector<HTMLInputElement>('#file');
    if (field) field.value = '';
  };
}

/** With the year: files are of any. */
const dated = (day: string) => `${dayName(day)} ${day.slice(0, 4)}`;

/** Whether the reader writes the day before the month. */
function isDayFirst(): boolean {
  const parts = new Intl.DateTimeFormat(localeOf()).formatToParts(0).map(({ type }) => type);
  return parts.indexOf('day') < parts.indexOf('month');
}

/** Under which words the numbers stand: whoever knows the file sees whether they are right. */
function columnWords([date = '', sales = '', takings = '']: readonly string[]): string {
  return takings === ''
    ? msg(str`Read as date: “${date}”; as number of sales: “${sales}”.`)
    : msg(str`Read as date: “${date}”; as number of sales: “${sales}”; as takings: “${takings}”.`);
}

/** A line that does not fit, and why. */
function issueWords({ line, problem, text }: TillIssue): string {
  const n = figure(line);
  switch (problem) {
    case 'no-date':
      return msg(
        str`Line ${n}: “${isolated(text)}” is no date. Write it like 2026-01-28 or 28.01.2026.`,
      );
    case 'no-such-date':
      return msg(str`Line ${n}: no calendar has ${isolated(text)}.`);
    case 'future':
      return msg(str`Line ${n}: ${isolated(text)} is still to come.`);
    case 'too-old':
      return msg(str`Line ${n}: ${isolated(text)} is before the year 2000.`);
    case 'no-sales':
      return msg(str`Line ${n}: ${isolated(text)} has no number of sales.`);
    case 'not-whole':
      return msg(str`Line ${n}: “${isolated(text)}” sales; a number of sales is whole.`);
    case 'no-number':
      return msg(str`Line ${n}: “${isolated(text)}” is no number.`);
    case 'negative':
      return msg(str`Line ${n}: “${isolated(text)}” is less than nothing.`);
    case 'too-large':
      return msg(str`Line ${n}: “${isolated(text)}” is more than a shop can have.`);
    case 'twice':
      return msg(str`Line ${n}: ${isolated(text)} stands further up already.`);
  }
}

customElements.define('jb-till-import', TillImport);

declare global {
  interface HTMLElementTagNameMap {
    'jb-till-import': TillImport;
  }
}
