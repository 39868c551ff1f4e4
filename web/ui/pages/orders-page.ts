/**
 * `<jb-orders-page>`: work orders: what is to be done where, by whom, and how it ended. Knows the
 * backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Location, Me } from '../../../shared/contracts/portal.ts';
import type { NewWorkOrder, WorkOrder } from '../../../shared/contracts/work-order.ts';
import type { WorkOrders } from '../../app/administration.ts';
import { adminNav, adminStyles, signInFirst } from '../elements/admin-nav.ts';
import { typed } from '../elements/form.ts';
import { OrderList } from '../elements/order-list.ts';
import { actorName } from '../elements/paged-rows.ts';
import { base, buttons, fields } from '../elements/styles.ts';
import { utcText } from '../format-technical.ts';
import { kindName, outcomeName } from '../order-words.ts';

const KINDS = ['install', 'inspect', 'replace', 'remove'] as const;

class OrdersPageView extends OrderList<WorkOrders> {
  static override styles = [base, buttons, fields, adminStyles];
  static override properties = {
    ...OrderList.properties,
    all: { attribute: false },
    places: { attribute: false },
  };
  /** Everybody here. */
  declare all: readonly Me[];
  declare places: readonly Location[];

  constructor() {
    super();
    this.all = [];
    this.places = [];
  }

  protected override firstUpdated(): void {
    if (this.session.state.value.user) void this.list.load();
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Work orders')}</h1>
      ${adminNav('orders')}
      ${this.outcome()}
      ${
        this.session.state.value.user
          ? html`${this.#form()}${this.orders()}`
          : signInFirst('/admin/orders')
      }
    </div>`;
  }

  #form(): TemplateResult {
    return html`<form @submit=${this.#submit}>
      <h2>${msg('Order work')}</h2>
      <div class="row">
        ${pick(
          'kind',
          msg('What'),
          KINDS.map((kind) => [kind, kindName(kind)]),
        )}
        ${pick(
          'location_id',
          msg('Where'),
          this.places.map(({ id, name }) => [id, name]),
        )}
        <div class="field">
          <label for="device_id">${msg('Unit, if it is about one')}</label>
          <input id="device_id" name="device_id" autocomplete="off" placeholder="JBNB0042">
        </div>
        ${pick('assigned_to', msg('By whom'), [['', msg('whoever takes it')], ...this.#installers()])}
      </div>
      <div class="field">
        <label for="note">${msg('Note')}</label>
        <input id="note" name="note" autocomplete="off" maxlength="1000">
      </div>
      <p><button class="primary" aria-disabled=${this.busy || this.places.length === 0}
        >${msg('Order it')}</button></p>
    </form>`;
  }

  #installers(): [string, string][] {
    return this.all
      .filter(({ role }) => role === 'installer' || role === 'admin')
      .map(({ user_id, email }) => [user_id, email || user_id]);
  }

  protected override order(order: WorkOrder): TemplateResult {
    const { id, kind, location_id, device_id, note, assigned_to } = order;
    const { created_at, closed_at } = order;
    const where = this.places.find((one) => one.id === location_id)?.name ?? location_id;
    const created = utcText(created_at);
    return html`<li>
      <p class="who"><strong>${kindName(kind)}</strong> ${where}
        ${device_id ? html`<span class="mono">${device_id}</span>` : nothing}</p>
      ${note ? html`<p class="small who">${note}</p>` : nothing}
      <p class="small muted">${msg(str`ordered ${created}`)}
        ${closed_at ? this.#end(order) : nothing}</p>
      ${closed_at ? nothing : html`<div class="actions">${this.#actions(id, assigned_to)}</div>`}
    </li>`;
  }

  #end({ closed_at, closed_by, outcome }: WorkOrder): string {
    const names = new Map(this.all.map(({ user_id, email }) => [user_id, email]));
    const [time, who] = [utcText(closed_at ?? ''), actorName(closed_by ?? '', names)];
    return `· ${outcomeName(outcome ?? '')}, ${time}, ${who}`;
  }

  #actions(id: string, assigned: string | null): TemplateResult {
    const give = async (event: Event) => {
      const list = event.target as HTMLSelectElement;
      const to = list.value || null;
      await this.do(msg('It is given to another.'), () => this.work.assign(id, to));
      // refused: it shows who has it all the same
      const order = this.list.rows?.find((one) => one.id === id);
      if (order) list.value = order.assigned_to ?? '';
    };
    const options: [string, string][] = [['', msg('whoever takes it')], ...this.#installers()];
    return html`<label class="small">${msg('By whom')}
        <select @change=${give}>${options.map(
          ([value, text]) => html`<option value=${value} ?selected=${value === (assigned ?? '')}
            >${text}</option>`,
        )}</select></label>
      ${this.ends(id)}`;
  }

  readonly #submit = (event: SubmitEvent): Promise<void> => {
    const form = event.target as HTMLFormElement;
    // Where it is to be done is not known yet.
    if (this.places.length === 0) return Promise.resolve();
    const { kind, location_id = '', device_id, note = '', assigned_to } = typed(event);
    const wanted = {
      ...{ kind: kind as NewWorkOrder['kind'], location_id, note },
      ...(device_id ? { device_id: device_id.trim().toUpperCase() } : {}),
      ...(assigned_to ? { assigned_to } : {}),
    };
    return this.do(msg('It is ordered.'), async () => {
      await this.work.order(wanted);
      form.reset();
    });
  };
}

function pick(name: string, label: string, options: readonly (readonly [string, string])[]) {
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <select id=${name} name=${name}>${options.map(
      ([value, text]) => html`<option value=${value}>${text}</option>`,
    )}</select>
  </div>`;
}

customElements.define('jb-orders-page', OrdersPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-orders-page': OrdersPageView;
  }
}
