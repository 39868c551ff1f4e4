/**
 * `<jb-audit-page>`: who changed what and when, of one target, action, person or time. Knows the
 * backend only as web/app/administration.ts.
 */
import { msg } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { AuditAction, type AuditPage } from '../../../shared/contracts/audit.ts';
import type { AppError } from '../../../shared/errors.ts';
import { type Trail, type TrailFilter, targetOf, trailCsv } from '../../app/administration.ts';
import type { Session } from '../../app/session.ts';
import { PagedList } from '../controllers/paged-list.ts';
import { download } from '../download.ts';
import { adminNav, adminStyles, signInFirst } from '../elements/admin-nav.ts';
import { attempt, typed } from '../elements/form.ts';
import { actorName, pagedRows } from '../elements/paged-rows.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { utcText } from '../format-technical.ts';

type Entry = AuditPage['changes'][number];

export class AuditPageView extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    adminStyles,
    css`
      .row {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(240px, 100%), 1fr));
        align-items: start;
      }
      .facts {
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
    `,
  ];
  static override properties = {
    trail: { attribute: false },
    session: { attribute: false },
    people: { attribute: false },
    filter: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare trail: Trail;
  declare session: Session;
  /** Addresses by user id. */
  declare people: ReadonlyMap<string, string>;
  declare protected filter: TrailFilter;
  /** While a file is put together. */
  declare busy: boolean;
  declare error: AppError | null;

  readonly #list = new PagedList<Entry>(this, async (cursor) => {
    const { changes, next_cursor } = await this.trail.changes(this.filter, cursor);
    return { rows: changes, next_cursor };
  });

  constructor() {
    super();
    this.people = new Map();
    this.filter = {};
    this.busy = false;
    this.error = null;
  }

  protected override firstUpdated(): void {
    if (this.session.state.value.user) void this.#list.load();
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Audit log')}</h1>
      ${adminNav('audit')}
      ${this.session.state.value.user ? this.#shown() : signInFirst('/admin/audit')}
    </div>`;
  }

  #shown(): TemplateResult {
    const view = {
      keyOf: ({ id }: Entry) => String(id),
      row: (entry: Entry) => this.#entry(entry),
      empty: msg('Nothing was changed that fits this.'),
    };
    return html`${this.#form()}
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <p><button class="small" aria-disabled=${this.busy} @click=${this.#file}
        >${msg('These changes as a CSV file')}</button></p>
      <section aria-label=${msg('Changes')}>${pagedRows(this.#list, view)}</section>`;
  }

  #form(): TemplateResult {
    const time = (name: string, label: string) => html`<div class="field">
      <label for=${name}>${label}</label>
      <input id=${name} name=${name} type="datetime-local" step="1"></div>`;
    return html`<form @submit=${this.#submit}>
      <div class="row">
        <div class="field">
          <label for="target">${msg('Of what')}</label>
          <input id="target" name="target" autocomplete="off" aria-describedby="target-help">
          <p class="help" id="target-help">${msg('A unit, a location’s id, or person:… and the like.')}</p>
        </div>
        ${this.#pick(
          'action',
          msg('Action'),
          AuditAction.options.map((one) => [one, one]),
        )}
        ${this.#pick('actor', msg('By whom'), [
          ...this.people,
          ['system', actorName('system', this.people)],
          ['admin-key', actorName('admin-key', this.people)],
        ])}
        ${time('since', msg('From (UTC)'))}
        ${time('until', msg('To (UTC)'))}
      </div>
      <p><button class="primary" aria-disabled=${this.#list.busy}>${msg('Look')}</button></p>
    </form>`;
  }

  #pick(name: string, label: string, options: readonly (readonly [string, string])[]) {
    return html`<div class="field">
      <label for=${name}>${label}</label>
      <select id=${name} name=${name}>
        <option value="">${msg('any')}</option>
        ${options.map(([value, text]) => html`<option value=${value}>${text || value}</option>`)}
      </select>
    </div>`;
  }

  #entry({ at, actor, action, target, before, after }: Entry): TemplateResult {
    const facts = factsText(before, after);
    return html`<li>
      <p class="who"><strong class="mono">${action}</strong> <span class="mono">${target}</span></p>
      <p class="small muted">${utcText(at)} · ${actorName(actor, this.people)}</p>
      ${facts ? html`<p class="small mono facts">${facts}</p>` : nothing}
    </li>`;
  }

  /** As filtered, and as many as a spreadsheet is read for. */
  readonly #file = (): void => {
    if (this.busy) return;
    void attempt(this, async () => {
      const csv = await trailCsv(this.trail, this.filter, this.people);
      download('audit-log.csv', csv);
    });
  };

  readonly #submit = (event: SubmitEvent): void => {
    const { target = '', since = '', until = '', ...rest } = typed(event);
    const utc = (time: string) => (time === '' ? '' : `${time}Z`);
    this.filter = { ...rest, target: targetOf(target), since: utc(since), until: utc(until) };
    void this.#list.load();
  };
}

/** `name: before → after`, a line each; what was not there before stands alone. */
function factsText(before: Entry['before'], after: Entry['after']): string {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
  return [...names]
    .map((name) => {
      const sides = [before, after].filter((side) => side && name in side);
      return `${name}: ${sides.map((side) => text(side?.[name])).join(' → ')}`;
    })
    .join('\n');
}

customElements.define('jb-audit-page', AuditPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-audit-page': AuditPageView;
  }
}
