/**
 * `<jb-alerts-page>`: what is wrong with units and was, since when, who knows, and which mails went
 * out. Knows the backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Alert } from '../../../shared/contracts/alert.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { AlertHistory } from '../../app/administration.ts';
import { isolated } from '../../app/isolated.ts';
import type { Session } from '../../app/session.ts';
import { PagedList } from '../controllers/paged-list.ts';
import { adminNav, adminStyles, signInFirst } from '../elements/admin-nav.ts';
import { attempt } from '../elements/form.ts';
import { actorName, openOrAll, pagedRows } from '../elements/paged-rows.ts';
import { base, buttons } from '../elements/styles.ts';
import { utcText } from '../format-technical.ts';

export class AlertsPageView extends LitElement {
  static override styles = [base, buttons, adminStyles];
  static override properties = {
    history: { attribute: false },
    session: { attribute: false },
    people: { attribute: false },
    shown: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare history: AlertHistory;
  declare session: Session;
  /** Addresses by user id. */
  declare people: ReadonlyMap<string, string>;
  declare protected shown: 'open' | 'all';
  declare busy: boolean;
  declare error: AppError | null;

  readonly #list = new PagedList<Alert>(this, async (cursor) => {
    const { alerts, next_cursor } = await this.history.alerts(this.shown, cursor);
    return { rows: alerts, next_cursor };
  });

  constructor() {
    super();
    this.people = new Map();
    this.shown = 'open';
    this.busy = false;
    this.error = null;
  }

  protected override firstUpdated(): void {
    if (this.session.state.value.user) void this.#list.load();
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Alerts')}</h1>
      ${adminNav('alerts')}
      ${this.session.state.value.user ? this.#shown() : signInFirst('/admin/alerts')}
    </div>`;
  }

  #shown(): TemplateResult {
    const view = {
      keyOf,
      row: (alert: Alert) => this.#alert(alert),
      empty: this.shown === 'open' ? msg('Nothing is wrong.') : msg('There was no alert yet.'),
    };
    return html`${openOrAll(this.shown, (shown) => {
      this.shown = shown;
      void this.#list.load();
    })}
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <section aria-label=${msg('Alerts')}>${pagedRows(this.#list, view)}</section>`;
  }

  #alert(alert: Alert): TemplateResult {
    const { device_id, name, location_id, detail, acknowledged_at } = alert;
    const where = [name, location_id].filter(Boolean).join(', ');
    return html`<li>
      <p class="who"><strong>${kindName(alert)}</strong>
        <a class="mono" href="/locations/${device_id}">${device_id}</a>
        <span class="small muted">${where}</span></p>
      ${detail ? html`<p class="small who">${detail}</p>` : nothing}
      <p class="small muted">${this.#life(alert).join(' · ')}</p>
      ${
        acknowledged_at
          ? nothing
          : html`<div class="actions"><button class="small" aria-disabled=${this.busy}
              @click=${() => this.#acknowledge(alert)}>${msg('I know of it')}</button></div>`
      }
    </li>`;
  }

  /** From its start to its end, and who heard of it. */
  #life(alert: Alert): string[] {
    const { started_at, ended_at, acknowledged_at, acknowledged_by } = alert;
    const at = (iso: string | null | undefined, words: (time: string) => string) =>
      iso ? [words(utcText(iso))] : [];
    const who = actorName(acknowledged_by ?? '', this.people);
    return [
      ...at(started_at, (time) => msg(str`since ${time}`)),
      ...mailsOf(alert, false),
      ...at(acknowledged_at, (time) => msg(str`${isolated(who)} knows of it since ${time}`)),
      ...at(ended_at, (time) => msg(str`ended ${time}`)),
      ...mailsOf(alert, true),
    ];
  }

  #acknowledge(alert: Alert): Promise<unknown> {
    return attempt(this, async () => {
      const known = await this.history.acknowledge(alert);
      this.#list.replace((one) => keyOf(one) === keyOf(alert), known);
    });
  }
}

const keyOf = ({ device_id, kind, started }: Alert) => `${device_id} ${kind} ${started}`;

/** Mails about its start, or its end: when, and to whom as far as that was kept. */
function mailsOf({ mailed_at, end_mailed_at, mails = [] }: Alert, isEnd: boolean): string[] {
  const kept = mails.filter((mail) => mail.is_end === isEnd);
  const words = kept.map(({ at, to }) => {
    const time = utcText(at);
    if (isEnd) return msg(str`its end mailed ${time} to ${isolated(to)}`);
    return msg(str`mailed ${time} to ${isolated(to)}`);
  });
  const before = isEnd ? end_mailed_at : mailed_at;
  if (words.length > 0 || !before) return words;
  return [isEnd ? msg('its end needed no mail') : msg(str`mailed ${utcText(before)}`)];
}

function kindName({ kind }: Alert): string {
  switch (kind) {
    case 'silent':
      return msg('Silent for a day');
    case 'anomaly':
      return msg('Readings in doubt');
    case 'credential':
      return msg('New token');
    case 'radio':
      return msg('Broken receiver');
  }
}

customElements.define('jb-alerts-page', AlertsPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-alerts-page': AlertsPageView;
  }
}
