/**
 * `<jb-status-page>`: how the backend itself is: what waits for Supabase, when its jobs ran last,
 * how many there are of everything. Knows the backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { BackendStatus } from '../../../shared/contracts/status.ts';
import type { AppError } from '../../../shared/errors.ts';
import type { BackendWatch } from '../../app/administration.ts';
import type { Session } from '../../app/session.ts';
import { adminNav, adminStyles, signInFirst } from '../elements/admin-nav.ts';
import { attempt } from '../elements/form.ts';
import '../elements/notice.ts';
import { base, buttons } from '../elements/styles.ts';
import { figure, span } from '../format.ts';
import { utcText } from '../format-technical.ts';

type Job = BackendStatus['jobs'][number];

/** From one turn to the next; a job is late when it missed two. */
const EVERY_MS = { five_minutes: 5 * 60_000, hourly: 3_600_000 };
const LATE_TURNS = 3;
const JOBS = ['five_minutes', 'hourly'] as const;
/** Two runs without a word of Supabase. */
const SYNC_LATE_S = 900;

export class StatusPageView extends LitElement {
  static override styles = [
    base,
    buttons,
    adminStyles,
    css`
      dl {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px 16px;
        margin: 0;
        max-width: 480px;
      }
      dd {
        margin: 0;
        text-align: right;
      }
      pre {
        overflow-x: auto;
        margin: 0;
      }
    `,
  ];
  static override properties = {
    watch: { attribute: false },
    session: { attribute: false },
    status: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare watch: BackendWatch;
  declare session: Session;
  declare protected status: BackendStatus | null;
  declare busy: boolean;
  declare error: AppError | null;

  constructor() {
    super();
    this.status = null;
    this.busy = false;
    this.error = null;
  }

  protected override firstUpdated(): void {
    if (this.session.state.value.user) void this.#load();
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Status')}</h1>
      ${adminNav('status')}
      ${this.session.state.value.user ? this.#shown() : signInFirst('/admin/status')}
    </div>`;
  }

  #shown(): TemplateResult {
    const { status } = this;
    const waiting = this.busy ? html`<p class="muted">${msg('Fetching …')}</p>` : nothing;
    return html`${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <p class="small muted">${status ? msg(str`As of ${utcText(status.as_of)}`) : waiting}</p>
      <p><button aria-disabled=${this.busy} @click=${() => this.#load()}
        >${msg('Ask again')}</button></p>
      ${status ? this.#all(status) : nothing}`;
  }

  #all(status: BackendStatus): TemplateResult {
    return html`<section aria-labelledby="sync-title">
        <h2 id="sync-title">${msg('On the way to Supabase')}</h2>
        <p>${syncText(status)}</p>
        <p class="small muted">${msg(str`The database answers in ${status.d1_latency_ms} ms.`)}</p>
      </section>
      <section aria-labelledby="jobs-title">
        <h2 id="jobs-title">${msg('Jobs')}</h2>
        <ul class="rows">${JOBS.map((name) => {
          const last = status.jobs.find(({ job }) => job === name);
          return last ? this.#job(last, Date.parse(status.as_of)) : neverRan(name);
        })}</ul>
        <h3>${msg('What waits for them')}</h3>
        <dl>${WAITING.map(
          (name) => html`<dt>${waitingNames()[name]}</dt>
            <dd class="figure">${figure(status.counts[name])}</dd>`,
        )}</dl>
      </section>
      <section aria-labelledby="counts-title">
        <h2 id="counts-title">${msg('How many')}</h2>
        <dl>${COUNTS.map(
          (name) => html`<dt>${countNames()[name]}</dt>
            <dd class="figure">${figure(status.counts[name])}</dd>`,
        )}</dl>
      </section>`;
  }

  #job({ job, started_at, took_ms, ok, report }: Job, nowMs: number): TemplateResult {
    const agoMs = Math.max(0, nowMs - Date.parse(started_at));
    const late = agoMs > LATE_TURNS * EVERY_MS[job];
    const state = !ok ? msg('failed') : late ? msg('late') : msg('well');
    const before = span(agoMs);
    return html`<li>
      <p><strong>${jobName(job)}: ${state}</strong>
        <span class="small muted">${msg(str`${before} ago, took ${took_ms} ms`)}</span></p>
      <p class="small muted">${lagText(agoMs - EVERY_MS[job])}</p>
      ${failedTasks(report)}
      <details><summary class="small">${msg('What it did')}</summary>
        <pre class="small mono">${JSON.stringify(report, null, 2)}</pre></details>
    </li>`;
  }

  #load(): Promise<unknown> {
    if (this.busy) return Promise.resolve();
    return attempt(this, async () => {
      this.status = await this.watch.status();
    });
  }
}

const jobName = (job: Job['job']) =>
  job === 'hourly' ? msg('Every hour') : msg('Every five minutes');

const neverRan = (job: Job['job']) =>
  html`<li><p><strong>${jobName(job)}: ${msg('has not run yet')}</strong></p></li>`;

/** @param behindMs since its next turn was due; negative: until then */
function lagText(behindMs: number): string {
  // a run takes a moment to be remembered
  if (behindMs < 60_000) return msg('No lag: its next turn is not due yet.');
  const lag = span(behindMs);
  return msg(str`Lags by ${lag}.`);
}

/** Tasks of a run by name, which did not do what they should. */
function failedTasks(report: Job['report']): TemplateResult | typeof nothing {
  const failed = Object.entries(report).filter(
    ([, said]) => typeof said === 'object' && said !== null && 'failed' in said,
  );
  if (failed.length === 0) return nothing;
  const tasks = failed.map(([name]) => name).join(', ');
  return html`<p class="small">${msg(str`Failed in it: ${tasks}. It is tried again at the next turn.`)}</p>`;
}

function syncText({ sync: { rows_waiting, lag_s } }: BackendStatus): string {
  if (rows_waiting === 0) return msg('Everything is there.');
  const rows = figure(rows_waiting);
  if (lag_s === null) return msg(str`${rows} sums wait; nothing has got there yet.`);
  const lag = span(lag_s * 1000);
  return lag_s > SYNC_LATE_S
    ? msg(str`Behind by ${lag}: ${rows} sums wait.`)
    : msg(str`${rows} sums wait for the next run.`);
}

const COUNTS = [
  'units',
  'units_active',
  'units_heard_last_hour',
  'units_anomalous',
  'locations',
  'people',
  'alerts_open',
  'commands_waiting',
  'work_orders_open',
] as const;

const WAITING = [
  'alerts_unmailed',
  'notices_unmailed',
  'dismissals_waiting',
  'erasures_waiting',
] as const;

const waitingNames = (): Record<(typeof WAITING)[number], string> => ({
  alerts_unmailed: msg('Alerts to be mailed'),
  notices_unmailed: msg('Notices to be mailed'),
  dismissals_waiting: msg('Dismissals that Supabase has not heard of'),
  erasures_waiting: msg('Locations to be forgotten'),
});

const countNames = (): Record<(typeof COUNTS)[number], string> => ({
  units: msg('Units'),
  units_active: msg('In service'),
  units_heard_last_hour: msg('Heard in the last hour'),
  units_anomalous: msg('With readings in doubt'),
  locations: msg('Locations'),
  people: msg('People'),
  alerts_open: msg('Open alerts'),
  commands_waiting: msg('Waiting commands'),
  work_orders_open: msg('Open work orders'),
});

customElements.define('jb-status-page', StatusPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-status-page': StatusPageView;
  }
}
