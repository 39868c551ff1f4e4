/**
 * `<jb-modem-page>`: the modem of the unit on the cable, spoken to in AT commands and understood.
 * For who finds out why a unit stays red. Draws what AtConsole holds; knows no port.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { completions, formOf } from '../../../shared/at/catalogue.ts';
import { parseCommand } from '../../../shared/at/grammar.ts';
import { dangerWords, purpose } from '../../app/at-words.ts';
import { BenchController } from '../controllers/bench.ts';
import { ObservableController } from '../controllers/observable.ts';
import '../elements/modem-parts.ts';
import { notForYou } from '../elements/not-for-you.ts';
import type { ModemParts } from './modem-parts.ts';
import { modemStyles } from './modem-styles.ts';

/** Most asked: how well, whether, where, and with which address. */
const OFTEN = ['AT', 'AT+CPIN?', 'AT+CSQ', 'AT+CEREG?', 'AT+CPSI?', 'AT+CGDCONT?', 'AT+IPADDR'];

export class ModemPage extends LitElement {
  static override styles = modemStyles;
  static override properties = {
    parts: { attribute: false },
    typed: { state: true },
    shows: { state: true },
    scripted: { state: true },
  };
  declare parts: ModemParts;
  declare protected typed: string;
  /** Whether numbers of modem, card and subscriber are shown. */
  declare protected shows: boolean;
  /** A script has the modem. */
  declare protected scripted: boolean;
  readonly #bench = new BenchController(this, () => this.parts);
  /** Where the arrows are in what was sent; 0: at the line that is typed. */
  #back = 0;

  constructor() {
    super();
    this.typed = '';
    this.shows = false;
    this.scripted = false;
    new ObservableController(this, () => this.parts?.at.state);
    new ObservableController(this, () => this.parts?.diagnosis.state);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('parts')) return;
    const { kind, phase } = this.parts.unit.state.value;
    if (kind !== null && phase === 'connected') void this.#bench.watch();
  }

  protected override render(): TemplateResult {
    const refusal = notForYou(this.parts.session, 'installer');
    if (refusal) return refusal;
    const { phase, kind } = this.parts.unit.state.value;
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Modem')}</h1>
      <p>${msg('Talk to the modem of the unit on the cable. What it answers stands in words beside it. All of this works without a network.')}</p>
      ${this.#bench.error ? html`<jb-notice .error=${this.#bench.error}></jb-notice>` : nothing}
      ${kind === null || phase === 'lost' ? this.#doors() : this.#presence()}
      ${phase === 'running' ? this.#why() : nothing}
      ${phase === 'running' ? html`${this.#line()}${this.#script()}` : nothing}
      ${this.#log()}
    </div>`;
  }

  #doors(): TemplateResult {
    const { supported } = this.parts.ports;
    const free = !this.#bench.busy;
    return html`<div class="doors">
      <button class="primary" ?disabled=${!supported} aria-disabled=${!free}
        @click=${() => free && this.#connect(() => this.#bench.connect())}>${msg('Connect a unit')}</button>
      <button aria-disabled=${!free}
        @click=${() => free && this.#connect(() => this.#bench.startVirtual())}
        >${msg('Try a virtual unit')}</button>
    </div>
    <p class="small muted">${msg('A unit that was never prepared has no app that speaks to its modem: on the bench, choose “Test its link only” first.')}</p>`;
  }

  #presence(): TemplateResult {
    const { hello, phase } = this.parts.unit.state.value;
    const speaks = hello
      ? msg('The unit runs, and lends its modem whenever it does not need it itself.')
      : msg('This firmware passes on what it is sent: lines go to the modem as they are.');
    return html`<p role="status" class="small">${
      phase === 'running' ? speaks : msg('Starting the unit …')
    } <button class="small" @click=${() => this.#bench.disconnect()}>${msg('Disconnect')}</button></p>`;
  }

  #why(): TemplateResult {
    const { diagnosis } = this.parts;
    return html`<jb-diagnosis .state=${diagnosis.state.value}
      @begin=${() => void (this.scripted || diagnosis.start())} @stop=${() => diagnosis.stop()}
      @mend=${() => void diagnosis.mend()} @report=${() => void this.#report()}></jb-diagnosis>`;
  }

  #script(): TemplateResult {
    const { at, ask, diagnosis } = this.parts;
    const isBusy = at.state.value.running !== null || diagnosis.state.value.at !== null;
    return html`<jb-at-script .talk=${at} .ask=${ask} ?busy=${isBusy}
      @busy=${(event: CustomEvent<boolean>) => {
        this.scripted = event.detail;
      }}></jb-at-script>`;
  }

  async #report(): Promise<void> {
    const { reportText } = await import('../../app/diagnosis-run.ts');
    const { chip, hello } = this.parts.unit.state.value;
    const facts = {
      time: new Date().toISOString(),
      chip: chip?.mac ?? 'unknown',
      firmware: hello ? `${hello.app} ${hello.version}` : 'unknown',
    };
    const text = reportText(this.parts.diagnosis.state.value.findings, facts, this.shows);
    this.parts.save(`why-${facts.time.slice(0, 10)}.txt`, text, 'text/plain;charset=utf-8');
  }

  #line(): TemplateResult {
    const { running } = this.parts.at.state.value;
    return html`<form @submit=${this.#submit}>
      <div class="row">
        <label for="line">${msg('Command')}</label>
        <input id="line" class="mono" autocomplete="off" autocapitalize="characters"
          spellcheck="false" maxlength="255" list="known" aria-describedby="about"
          placeholder="AT+CSQ" .value=${this.typed} @input=${this.#type} @keydown=${this.#key}>
        <button class="primary" aria-disabled=${running !== null}>${msg('Send')}</button>
      </div>
      <datalist id="known">${completions(this.typed, 12).map(
        ({ syntax }) => html`<option value=${syntax}></option>`,
      )}</datalist>
      <p id="about" class="small muted" aria-live="polite">${this.#about()}</p>
      <div class="often" role="group" aria-label=${msg('Asked often')}>${OFTEN.map(
        (line) => html`<button type="button" class="small mono" aria-disabled=${running !== null}
          title=${purpose(parseCommand(line)?.name ?? '') ?? ''}
          @click=${() => void this.#send(line)}>${line}</button>`,
      )}</div>
    </form>`;
  }

  /** What the typed line is for, and how it is written. */
  #about(): string {
    const call = parseCommand(this.typed);
    const about = call && purpose(call.name);
    if (!call || about === null) {
      return this.typed === ''
        ? msg(
            'Type a command, or take one of those below. The arrow keys bring back what was sent.',
          )
        : msg('This command is not in the list. It is sent as it is.');
    }
    const form = formOf(call);
    return [about, form && form.syntax !== this.typed.trim() ? form.syntax : ''].join(' ').trim();
  }

  #log(): TemplateResult | typeof nothing {
    const { entries, dropped, running } = this.parts.at.state.value;
    if (entries.length === 0) return nothing;
    return html`<jb-at-log .entries=${entries} .dropped=${dropped} ?shows=${this.shows}
        .running=${running}></jb-at-log>
      <div class="doors">
        <label class="check"><input type="checkbox" .checked=${this.shows} @change=${(
          event: Event,
        ) => {
          this.shows = (event.target as HTMLInputElement).checked;
        }}> ${msg('Show the numbers of modem, SIM and subscriber')}</label>
        <button class="small" @click=${() => void this.#export('txt')}>${msg('Save as text')}</button>
        <button class="small" @click=${() => void this.#export('json')}>${msg('Save as JSON')}</button>
        <button class="small" @click=${() => this.parts.at.clear()}>${msg('Clear')}</button>
      </div>`;
  }

  async #connect(take: () => Promise<void>): Promise<void> {
    await take();
    if (this.parts.unit.state.value.phase === 'connected') await this.#bench.watch();
    await this.updateComplete;
    this.#input()?.focus();
  }

  #input(): HTMLInputElement | null {
    return this.renderRoot.querySelector<HTMLInputElement>('#line');
  }

  readonly #type = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.#back = 0;
  };

  readonly #key = (event: KeyboardEvent): void => {
    const step = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    const { history } = this.parts.at.state.value;
    // While the browser offers completions, the arrows choose among them.
    if (step === undefined || history.length === 0 || (this.#back === 0 && this.typed !== ''))
      return;
    event.preventDefault();
    this.#back = Math.min(history.length, Math.max(0, this.#back + step));
    this.typed = this.#back === 0 ? '' : (history.at(-this.#back) ?? '');
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void this.#send(this.typed);
  };

  async #send(line: string): Promise<void> {
    const isBusy = this.parts.at.state.value.running !== null || this.scripted;
    if (isBusy || line.trim() === '') return;
    const call = parseCommand(line);
    const danger = call && formOf(call)?.danger;
    if (danger && !(await this.parts.ask(question(line, dangerWords(danger))))) return;
    this.typed = '';
    this.#back = 0;
    await this.parts.at.send(line);
  }

  async #export(kind: 'txt' | 'json'): Promise<void> {
    const { transcriptText, transcriptJson } = await import('../../app/at-transcript.ts');
    const { entries } = this.parts.at.state.value;
    const { chip } = this.parts.unit.state.value;
    const [text, type] =
      kind === 'txt'
        ? [transcriptText(entries, chip?.mac ?? null), 'text/plain;charset=utf-8']
        : [transcriptJson(entries, chip?.mac ?? null), 'application/json'];
    this.parts.save(`modem-${new Date().toISOString().slice(0, 10)}.${kind}`, text, type);
  }
}

const question = (line: string, why: string) => ({
  title: msg(str`Send ${line} to the modem?`),
  facts: [why],
  yes: msg('Send it'),
  no: msg('Do not send it'),
});

customElements.define('jb-modem-page', ModemPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-modem-page': ModemPage;
  }
}
