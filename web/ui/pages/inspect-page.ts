/**
 * `<jb-inspect-page>`: what is on a unit or in a file of one, a backup of all of it, and a backup
 * written back. For who prepares units and who builds firmware. Draws what its controller holds.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { describeError } from '../../app/error-messages.ts';
import { InspectController, type InspectParts, type InspectTask } from '../controllers/inspect.ts';
import '../elements/flash-view.ts';
import { icon } from '../elements/icons.ts';
import '../elements/notice.ts';
import { base, buttons } from '../elements/styles.ts';
import { bytes, duration } from '../format-technical.ts';

const TASKS: Record<InspectTask, () => string> = {
  read: () => msg('Reading what is there.'),
  backup: () => msg('Reading all of its flash. Leave the unit plugged in.'),
  restore: () => msg('Writing the file to the unit. Leave it plugged in.'),
  run: () => msg('Starting its own app.'),
};

export class InspectPage extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      .page > * + * {
        margin-top: 16px;
      }
      .doors {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
      }
      .drop {
        padding: 16px;
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius-small);
      }
      .drop[data-over] {
        background: var(--sunken);
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
    `,
  ];
  static override properties = { parts: { attribute: false }, over: { state: true } };
  declare parts: InspectParts;
  /** A file hangs over the page. */
  declare protected over: boolean;
  readonly #inspect = new InspectController(this, () => this.parts);

  constructor() {
    super();
    this.over = false;
  }

  protected override render(): TemplateResult {
    const { busy, error, done } = this.#inspect;
    return html`<div class="page" @dragover=${this.#dragOver} @dragleave=${this.#dragLeave}
      @drop=${this.#drop}>
      <h1 tabindex="-1">${msg('What is on a unit')}</h1>
      ${this.#mayUse() ? this.#doors() : notForOwners()}
      <p role="status">${busy ? TASKS[busy.task]() : done}</p>
      ${busy ? this.#progress() : nothing}
      ${
        error
          ? html`<jb-notice data-testid="inspect-error" .error=${error}
        tone=${error.code === 'cancelled' || error.code === 'port_not_chosen' ? 'warn' : 'bad'}
        advice=${describeError(error).advice}></jb-notice>`
          : nothing
      }
      ${this.#found()}
    </div>`;
  }

  #mayUse(): boolean {
    const { role } = this.parts.session.state.value;
    return role !== 'owner' && role !== 'staff';
  }

  #doors(): TemplateResult {
    const { supported } = this.parts.ports;
    const isHere = supported || this.parts.unit.state.value.kind !== null;
    const isPreparing = this.parts.prepare.state.value.result === 'running';
    const free = !this.#inspect.busy && !isPreparing;
    const act = (work: () => void) => () => free && isHere && work();
    const off = !free || !isHere;
    return html`<p>${msg(
      'See which firmware a unit holds, how it is set up and which app starts. Reading stops its app; nothing is changed.',
    )}</p>
      ${isPreparing ? preparing() : nothing}
      ${isHere ? nothing : noSerial()}
      <div class="doors">
        <button class="primary" aria-disabled=${off}
          @click=${act(() => void this.#inspect.readUnit())}>${icon('usb')}${msg('Read the unit')}</button>
        <button aria-disabled=${off} @click=${act(() => void this.#inspect.backUp())}
          >${msg('Save a backup…')}</button>
        <button aria-disabled=${off} @click=${act(() => this.#choose('restore'))}
          >${msg('Restore a backup…')}</button>
        ${
          this.#runs()
            ? html`<button aria-disabled=${off}
          @click=${act(() => void this.#inspect.run())}>${msg('Start its app again')}</button>`
            : nothing
        }
      </div>
      <div class="drop" ?data-over=${this.over}>
        <p>${msg('Or look into a file: a backup, an app image, an NVS image or a partition table. Drop it here.')}
          <button class="small" aria-disabled=${!!this.#inspect.busy}
            @click=${() => this.#inspect.busy || this.#choose('open')}>${msg('Open a file…')}</button></p>
        <p class="small muted">${msg('The file stays on this device. Tokens and other secrets in it are never shown.')}</p>
      </div>
      <input type="file" hidden tabindex="-1" aria-hidden="true" @change=${this.#chosen}>`;
  }

  /** In download mode it counts nobody. */
  #runs(): boolean {
    const { phase, loader } = this.parts.unit.state.value;
    return phase === 'connected' && loader !== null;
  }

  #progress(): TemplateResult {
    const { progress } = this.#inspect.busy ?? {};
    return html`<div>
      ${
        progress
          ? html`<progress max=${progress.total || 1} value=${progress.done}
              aria-label=${msg('How far it is')}></progress>
            <p class="small figure">${left(progress)}</p>`
          : nothing
      }
      <button class="small" @click=${() => this.#inspect.cancel()}>${msg('Cancel')}</button>
    </div>`;
  }

  #found(): TemplateResult | typeof nothing {
    const { found } = this.#inspect;
    if (!found) return nothing;
    return html`<section aria-label=${msg('What was found')}>
      <p data-testid="found">${
        found.isUnit
          ? msg(str`On the unit with MAC ${found.in}:`)
          : msg(html`In the file <bdi>${found.in}</bdi>:`)
      }</p>
      <jb-flash-view .view=${found.view}></jb-flash-view></section>`;
  }

  #purpose: 'open' | 'restore' = 'open';

  #choose(purpose: 'open' | 'restore'): void {
    this.#purpose = purpose;
    this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click();
  }

  readonly #chosen = (event: Event) => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = ''; // the same file can be chosen again
    if (!file) return;
    if (this.#purpose === 'restore') void this.#inspect.restore(file);
    else void this.#inspect.openFile(file);
  };

  readonly #dragOver = (event: DragEvent) => {
    if (!this.#mayUse()) return;
    event.preventDefault();
    this.over = true;
  };

  readonly #dragLeave = () => {
    this.over = false;
  };

  readonly #drop = (event: DragEvent) => {
    this.over = false;
    if (!this.#mayUse()) return;
    event.preventDefault();
    const [file] = event.dataTransfer?.files ?? [];
    if (file) void this.#inspect.openFile(file);
  };
}

function left({
  done,
  total,
  remainingMs,
}: {
  done: number;
  total: number;
  remainingMs: number | null;
}) {
  const so = msg(str`${bytes(done)} of ${bytes(total)}.`);
  return remainingMs === null ? so : `${so} ${msg(str`Time left: ${duration(remainingMs)}.`)}`;
}

const preparing = () => html`<jb-notice tone="warn"
  headline=${msg('A unit is being prepared on the bench')}
  advice=${msg('Wait until it is done: only one thing at a time works on a unit.')}></jb-notice>`;

function noSerial(): TemplateResult {
  void import('../elements/no-serial.ts');
  return html`<jb-no-serial more=${msg('Files can be looked into here.')}></jb-no-serial>`;
}

const notForOwners = () => html`<jb-notice tone="warn"
  headline=${msg('Units are looked into by installers')}
  advice=${msg('Sign in as an installer, or ask the one who has put up your sensors.')}></jb-notice>`;

customElements.define('jb-inspect-page', InspectPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-inspect-page': InspectPage;
  }
}
