/**
 * `<jb-bench-log-page>`: what was done to which unit on this device, by whoever is signed in:
 * searched, and handed out as a file. `/bench/log?find=F4:12:FA:00:00:01` looks for a chip. Knows
 * the log as web/app/bench-log.ts.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { BenchLog, LogLine, ShownLog } from '../../app/bench-log.ts';
import * as file from '../../app/bench-log-file.ts';
import { isolated } from '../../app/isolated.ts';
import { stageTitle } from '../../app/prepare-state.ts';
import type { Session } from '../../app/session.ts';
import { signalWords } from '../../app/signal-words.ts';
import type { ShownLocations } from '../controllers/bench.ts';
import { download } from '../download.ts';
import { logNotice, logStyles } from '../elements/log-parts.ts';
import * as format from '../format.ts';

/** What main.ts puts together for pages that read the log. */
export interface BenchLogParts {
  log: BenchLog;
  locations: () => Promise<ShownLocations>;
}

/** As many as are drawn at once: two days’ work. */
const LINES_STEP = 100;

export class BenchLogPage extends LitElement {
  static override styles = [
    ...logStyles,
    css`
      form {
        max-width: 560px;
        margin: 16px 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: baseline;
        justify-content: space-between;
      }
    `,
  ];
  static override properties = {
    parts: { attribute: false },
    session: { attribute: false },
    shown: { state: true },
    sought: { state: true },
    most: { state: true },
    error: { state: true },
  };
  declare parts: BenchLogParts;
  declare session: Session;
  /** null: not read yet. */
  declare protected shown: ShownLog | null;
  declare protected sought: string;
  /** How many lines may be drawn. */
  declare protected most: number;
  declare protected error: AppError | null;
  #places = new Map<string, string>();
  #stops: (() => void)[] = [];

  constructor() {
    super();
    this.shown = null;
    this.sought = new URLSearchParams(location.search).get('find') ?? '';
    this.most = LINES_STEP;
    this.error = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Properties arrive after the element is connected.
    void this.updateComplete.then(() => {
      if (!this.isConnected) return;
      const { log, locations } = this.parts;
      this.#stops = [
        log.onChange(() => void this.#read()),
        this.session.state.subscribe(() => void this.#read()),
      ];
      void this.#read();
      void locations().then(({ answer }) => {
        this.#places = new Map(answer.map(({ id, name }) => [id, name]));
        this.requestUpdate();
      }, unnamed);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops.splice(0)) stop();
  }

  protected override render(): TemplateResult {
    const forbidden = logNotice(this.session.state.value, '/bench/log');
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Log of the bench')}</h1>
      <p class="muted">${msg(
        'What was done to which unit with this browser. It is kept on this device only, apart for each account.',
      )}</p>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${forbidden ?? (this.shown ? this.#log(this.shown) : nothing)}
    </div>`;
  }

  #log({ lines, dropped }: ShownLog): TemplateResult {
    const found = this.#found(lines);
    const many = msg(str`${found.length} entries`);
    const count = format.plural(found.length, { one: msg('1 entry'), other: many });
    return html`<form role="search" @submit=${(e: Event) => e.preventDefault()}>
        <div class="field">
          <label for="find">${msg('Search')}</label>
          <input id="find" type="search" autocomplete="off" maxlength="100" .value=${this.sought}
            @input=${this.#search} aria-describedby="find-help">
          <p class="help" id="find-help">${msg(
            'An id, a MAC, a location, a day like 2026-12-01, or a result: every word must fit.',
          )}</p>
        </div>
      </form>
      <div class="head">
        <p role="status">${count}</p>
        <button class="small" aria-disabled=${found.length === 0} @click=${() => this.#file(found)}
          >${msg('These entries as a CSV file')}</button>
      </div>
      ${this.#empty(lines, found)}
      <ol class="entries">${found.slice(0, this.most).map((line) => this.#line(line))}</ol>
      ${
        found.length > this.most
          ? html`<button @click=${() => {
              this.most += LINES_STEP;
            }}>${msg('Show more')}</button>`
          : nothing
      }
      ${dropped > 0 ? html`<p class="muted">${this.#dropped(lines, dropped)}</p>` : nothing}`;
  }

  #empty(lines: readonly LogLine[], found: readonly LogLine[]): TemplateResult | typeof nothing {
    if (found.length > 0) return nothing;
    return html`<p>${
      lines.length === 0
        ? msg(
            'Nothing was done yet. Every unit that is prepared on the bench is written down here.',
          )
        : msg('No entry fits this.')
    }</p>`;
  }

  #line(line: LogLine): TemplateResult {
    const { deviceId, mac, beganAt, locationId, by } = line;
    const place = locationId === null ? '' : (this.#places.get(locationId) ?? locationId);
    const signal = line.signalDbm === null ? '' : signalWords(line.signalDbm);
    const facts = [file.versionWords(line), signal, isolated(place), by || msg('nobody signed in')];
    return html`<li>
      <p class="who"><span><strong class="mono">${deviceId}</strong>
          <a class="mono small" href="/bench/log?find=${mac}" @click=${() => this.#find(mac)}
            >${mac}</a></span>
        <span class="result ${line.result}">${file.actionWords(line.action)}:
          ${file.resultWords(line)}</span></p>
      <p class="small muted"><time datetime=${new Date(beganAt).toISOString()}
        >${format.dateTime(beganAt)}</time>${lasted(line)}</p>
      <p class="small muted">${facts.filter(Boolean).join(' · ')}</p>
      ${troubleOf(line)}
    </li>`;
  }

  #dropped(lines: readonly LogLine[], dropped: number): string {
    const oldest = lines.at(-1);
    const older = format.plural(dropped, {
      one: msg('1 older entry was removed to make room.'),
      other: msg(str`${dropped} older entries were removed to make room.`),
    });
    if (!oldest) return older;
    const since = msg(str`What is kept begins on ${format.dateTime(oldest.beganAt)}.`);
    return `${older} ${since}`;
  }

  #found(lines: readonly LogLine[]): LogLine[] {
    return file.found(lines, this.sought, this.#placeName, ({ beganAt }) =>
      format.dateTime(beganAt),
    );
  }

  readonly #placeName = (id: string): string | null => this.#places.get(id) ?? null;

  readonly #search = (event: Event): void => {
    this.#find((event.target as HTMLInputElement).value);
  };

  #find(sought: string): void {
    this.sought = sought;
    this.most = LINES_STEP;
  }

  #file(lines: readonly LogLine[]): void {
    if (lines.length > 0) download('bench-log.csv', file.logCsv(lines, this.#placeName));
  }

  async #read(): Promise<void> {
    try {
      this.shown = await this.parts.log.shown();
      this.error = null;
    } catch (cause) {
      this.error = toAppError(cause);
    }
  }
}

function lasted({ beganAt, endedAt }: LogLine): string {
  if (endedAt === null) return '';
  const seconds = format.figure(Math.max(1, Math.round((endedAt - beganAt) / 1000)));
  return ` · ${msg(str`${seconds} s`)}`;
}

/** What went wrong, and for what was broken off what that means. */
function troubleOf({ result, trouble, stage }: LogLine): TemplateResult | typeof nothing {
  const title = stageTitle(stage);
  if (result === 'broken_off') {
    const at = title ? msg(str`The page was closed at “${title}”.`) : msg('The page was closed.');
    return html`<p class="small">${at}
      ${msg('Connect this unit and prepare it again before it is mounted.')}</p>`;
  }
  if (!trouble) return nothing;
  return html`<p class="small">${title ? `${title}: ${trouble}` : trouble}</p>`;
}

function unnamed(error: unknown): void {
  console.debug('The names of locations are not known now.', error);
}

customElements.define('jb-bench-log-page', BenchLogPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-bench-log-page': BenchLogPage;
  }
}
