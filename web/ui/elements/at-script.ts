/**
 * `<jb-at-script>`: a script for the modem, pasted or typed, run and stopped; says at which line it
 * is and how it ended. Fires `busy` with whether it runs. Knows the modem only as ModemTalk.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import { dangersOf, parseScript, runScript, type ScriptEnd } from '../../app/at-script.ts';
import type { ModemTalk } from '../../app/diagnosis.ts';
import type { Ask } from '../../app/question.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';

const EXAMPLE = ['AT', 'expect OK', 'repeat AT+CEREG? until 0,5', 'AT+CSQ'].join('\n');

class AtScript extends LitElement {
  static override styles = [
    base,
    buttons,
    fields,
    css`
      summary {
        min-height: 44px;
        align-content: center;
        cursor: pointer;
      }
      .form {
        display: grid;
        gap: 8px;
      }
      textarea {
        font: var(--size-14) / 1.5 var(--mono);
        width: 100%;
        padding: 8px 12px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-small);
        background: var(--raised);
        color: var(--ink);
        resize: vertical;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        align-items: center;
      }
    `,
  ];
  static override properties = {
    talk: { attribute: false },
    ask: { attribute: false },
    busy: { type: Boolean },
    line: { state: true },
    end: { state: true },
    error: { state: true },
  };
  declare talk: ModemTalk;
  declare ask: Ask;
  /** Something else has the modem. */
  declare busy: boolean;
  /** Which line is done now. */
  declare protected line: number | null;
  declare protected end: ScriptEnd | null;
  declare protected error: AppError | null;
  #stop: AbortController | null = null;

  constructor() {
    super();
    this.busy = false;
    this.line = null;
    this.end = null;
    this.error = null;
  }

  protected override render(): TemplateResult {
    const isRunning = this.#stop !== null;
    const isOff = this.busy && !isRunning;
    return html`<details><summary>${msg('Run a script')}</summary>
      <div class="form">
        <label for="script">${msg('Commands, a line each')}</label>
        <textarea id="script" rows="6" spellcheck="false" autocapitalize="off"
          aria-describedby="how" placeholder=${EXAMPLE} ?readonly=${isRunning}></textarea>
        <p id="how" class="small muted">${msg('Besides AT commands: “expect OK within 10 s”, “wait 5 s”, “repeat AT+CEREG? until 0,5 every 5 s at most 12 times”, and # for notes.')}</p>
        <div class="actions">
          ${
            isRunning
              ? html`<button @click=${() => this.#stop?.abort()}>${msg('Stop')}</button>`
              : html`<button class="primary" aria-disabled=${isOff}
                  @click=${() => void (isOff || this.#run())}>${msg('Run')}</button>`
          }
          <p role="status" class="small">${this.#state()}</p>
        </div>
        ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      </div></details>`;
  }

  #state(): string {
    if (this.line !== null) return msg(str`Line ${this.line} …`);
    return this.end ? endWords(this.end) : '';
  }

  async #run(): Promise<void> {
    this.error = null;
    this.end = null;
    const { value } = this.renderRoot.querySelector('textarea') ?? { value: '' };
    try {
      const steps = parseScript(value);
      if (steps.length === 0) return;
      const dangers = dangersOf(steps);
      if (dangers.length > 0 && !(await this.ask(question(dangers)))) return;
      this.#stop = new AbortController();
      this.#tell(true);
      const at = (line: number) => {
        this.line = line;
      };
      this.end = await runScript(this.talk, steps, at, this.#stop.signal);
    } catch (cause) {
      this.error = toAppError(cause);
    } finally {
      this.#stop = null;
      this.line = null;
      this.#tell(false);
    }
  }

  #tell(isRunning: boolean): void {
    this.dispatchEvent(new CustomEvent('busy', { detail: isRunning }));
  }

  /** Nobody sees any more what it does. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.abort();
  }
}

function endWords(end: ScriptEnd): string {
  if (end.result === 'done') return msg('All of it was done.');
  const n = String(end.line);
  if (end.result === 'stopped') return msg(str`Stopped at line ${n}.`);
  if (end.result === 'silent') return msg(str`At line ${n} the modem did not answer.`);
  return msg(str`At line ${n} the modem never said “${end.wanted}”.`);
}

const question = (lines: readonly string[]) => ({
  title: msg('This script may cost the link. Run it?'),
  facts: [msg(str`It sends ${lines.join(', ')}.`)],
  yes: msg('Run it'),
  no: msg('Do not run it'),
});

customElements.define('jb-at-script', AtScript);

declare global {
  interface HTMLElementTagNameMap {
    'jb-at-script': AtScript;
  }
}
