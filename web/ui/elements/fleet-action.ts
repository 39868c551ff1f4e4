/**
 * `<jb-fleet-action>`: one wish for many sensors, from what it is over whom it reaches to what
 * became of it. Fires `close`, and `again` with the ids that it did not reach. Knows the backend
 * only through web/app/fleet-actions.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { FleetActions, FleetLook } from '../../app/fleet-actions.ts';
import { type FleetPlan, type FleetWish, LEFT_OUT, planOf } from '../../app/fleet-plan.ts';
import { type FleetRun, failuresOf } from '../../app/fleet-run.ts';
import { inPageWords } from '../../app/server-words.ts';
import { ObservableController } from '../controllers/observable.ts';
import { OnlineController } from '../controllers/online.ts';
import * as words from '../fleet-words.ts';
import { figure } from '../format.ts';
import * as parts from './fleet-action-parts.ts';

export class FleetAction extends LitElement {
  static override styles = parts.styles;
  static override properties = {
    actions: { attribute: false },
    kind: {},
    units: { attribute: false },
    all: { attribute: false },
    wish: { state: true },
    sparing: { state: true },
  };
  declare actions: FleetActions;
  declare kind: parts.FleetActionKind;
  /** Those that are meant. */
  declare units: readonly FleetUnit[];
  /** The whole list, for names. */
  declare all: readonly FleetUnit[];
  declare protected wish: FleetWish | null;
  declare protected sparing: boolean;
  #plan: FleetPlan | null = null;
  /** By id; made once a list, not with every call. */
  #names: ReadonlyMap<string, FleetUnit> = new Map();
  readonly #online = new OnlineController(this);

  constructor() {
    super();
    this.kind = 'config';
    this.units = [];
    this.all = [];
    this.wish = null;
    this.sparing = false;
    new ObservableController(this, () => this.actions?.state);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('all')) {
      this.#names = new Map(this.all.map((unit) => [unit.device_id, unit]));
    }
    const isOther = changed.has('units') || changed.has('kind');
    if (isOther && this.units.length > 0 && !this.actions.state.value.run) this.#look();
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector('h2')?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.actions.unlook();
  }

  protected override render(): TemplateResult {
    const state = this.actions.state.value;
    const { run, look } = state;
    const who = words.sensorsWords(run ? run.ids.length : this.units.length);
    const isConfig = run ? run.wish.config !== undefined : this.kind === 'config';
    const title = isConfig ? msg(str`Settings for ${who}`) : msg(str`An order for ${who}`);
    return html`<section aria-labelledby="title">
      <h2 id="title" tabindex="-1">${title}</h2>
      ${run ? this.#progress(run) : look ? this.#looked(look) : nothing}
      ${run && state.phase === 'still' ? nothing : this.#back(run)}
    </section>`;
  }

  #back(run: FleetRun | null): TemplateResult {
    const label = run ? msg('Back to the list') : msg('Cancel');
    return html`<div class="actions"><button class="small" @click=${this.#close}
      >${label}</button></div>`;
  }

  #looked({ units, known, asked, error }: FleetLook): TemplateResult {
    if (error) {
      return html`<jb-notice .error=${inPageWords(error)}>
        <button class="small" @click=${this.#look}>${msg('Try again')}</button></jb-notice>`;
    }
    if (asked < units.length) {
      return html`<p class="small muted">${msg(
        str`Looking how they are: ${figure(asked)} of ${figure(units.length)} …`,
      )}</p><progress max=${units.length} value=${asked}
        aria-label=${msg('Looking how they are')}></progress>`;
    }
    return html`<jb-fleet-form .kind=${this.kind} .known=${known} .wish=${this.wish}
      @wish=${this.#wished}
      ></jb-fleet-form>${this.#preview({ units, known, asked, error })}`;
  }

  #preview({ units, known }: FleetLook): TemplateResult | typeof nothing {
    const { wish, sparing } = this;
    if (!wish) return nothing;
    const plan = planOf(units, known, wish, sparing);
    this.#plan = plan;
    const { online } = this.#online;
    const who = words.sensorsWords(plan.reached.length);
    const isIdle = plan.reached.length === 0 || !online;
    return html`${parts.fleetPreview({
      ...{ wish, plan, sparing },
      spare: (event) => {
        this.sparing = (event.target as HTMLInputElement).checked;
      },
      save: () => this.#saveLeft(wish, plan),
    })}
      ${online ? nothing : html`<p class="small muted" id="why">${parts.needsNetwork()}</p>`}
      <div class="actions"><button class="primary" aria-disabled=${isIdle} aria-describedby="why"
        @click=${() => this.#begin(wish)}>${
          wish.config ? msg(str`Set for ${who}`) : msg(str`Send to ${who}`)
        }</button></div>`;
  }

  #progress(run: FleetRun): TemplateResult {
    const names = this.#names;
    return parts.fleetProgress({
      ...{ run, state: this.actions.state.value, online: this.#online.online },
      unitOf: (id) => names.get(id),
      stop: () => this.actions.stop(),
      goOn: () => this.#online.online && void this.actions.goOn(),
      again: () => this.#online.online && this.#again(run),
      save: () => this.#saveFailed(run, names),
      finish: this.#finish,
    });
  }

  readonly #look = (): void => {
    void this.actions.look(this.units);
  };

  readonly #wished = ({ detail }: CustomEvent<FleetWish | null>): void => {
    this.wish = detail;
  };

  async #begin(wish: FleetWish): Promise<void> {
    const reached = this.#plan?.reached ?? [];
    if (reached.length === 0 || !this.#online.online) return;
    const question = words.questionOf(wish, reached.length);
    if (question && !(await parts.ask(question))) return;
    await this.actions.begin(wish, reached);
  }

  async #again(run: FleetRun): Promise<void> {
    const detail = failuresOf(run).map(({ id }) => id);
    const kind: parts.FleetActionKind = run.wish.config ? 'config' : 'command';
    await this.actions.dismiss();
    this.wish = run.wish;
    this.dispatchEvent(new CustomEvent('again', { detail: { ids: detail, kind } }));
  }

  readonly #finish = async (): Promise<void> => {
    await this.actions.dismiss();
    this.#close();
  };

  readonly #close = (): void => void this.dispatchEvent(new CustomEvent('close'));

  #saveLeft(wish: FleetWish, { left }: FleetPlan): void {
    const rows = LEFT_OUT.flatMap((why) =>
      left[why].map((unit) => ({ unit, why: words.leftOutWords(why, wish) })),
    );
    parts.download('sensors-left-out.csv', words.sensorsCsv(rows));
  }

  #saveFailed(run: FleetRun, names: ReadonlyMap<string, FleetUnit>): void {
    const rows = failuresOf(run).map(({ id, outcome }) => {
      const unit = names.get(id) ?? words.unknownUnit(id);
      return { unit, why: words.failureWords(outcome) };
    });
    parts.download('sensors-not-reached.csv', words.sensorsCsv(rows));
  }
}

customElements.define('jb-fleet-action', FleetAction);

declare global {
  interface HTMLElementTagNameMap {
    'jb-fleet-action': FleetAction;
  }
}
