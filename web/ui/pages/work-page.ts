/**
 * `<jb-work-page>`: what an installer has to do and may take, where it is, which units stand there,
 * and the way from there to the bench. Knows the backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { WorkOrder } from '../../../shared/contracts/work-order.ts';
import type { OwnWork } from '../../app/administration.ts';
import { adminStyles } from '../elements/admin-nav.ts';
import { notForYou } from '../elements/not-for-you.ts';
import { OrderList } from '../elements/order-list.ts';
import '../elements/work-place.ts';
import { base, buttons } from '../elements/styles.ts';
import { utcText } from '../format-technical.ts';
import { kindName, outcomeName } from '../order-words.ts';

class WorkPageView extends OrderList<OwnWork> {
  static override styles = [base, buttons, adminStyles];
  static override properties = { ...OrderList.properties, places: { state: true } };
  declare protected places: Awaited<ReturnType<OwnWork['places']>>;

  constructor() {
    super();
    this.places = [];
  }

  protected override firstUpdated(): void {
    if (!this.session.state.value.user || notForYou(this.session, 'installer')) return;
    void this.list.load();
    void this.#names();
  }

  /** Without them ids are shown, which is no failure of the page. */
  async #names(): Promise<void> {
    try {
      this.places = await this.work.places();
    } catch (error) {
      console.debug('The names of locations are not known.', error);
    }
  }

  protected override render(): TemplateResult {
    const refusal = notForYou(this.session, 'installer');
    if (refusal) return refusal;
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Work orders')}</h1>
      ${this.outcome()}
      ${this.session.state.value.user ? this.#shown() : signIn()}
    </div>`;
  }

  #shown(): TemplateResult {
    return html`<p>${msg('What you have taken, and what nobody has taken yet. With an order in your hands you may set up and change the units at its location.')}</p>
      ${this.orders()}`;
  }

  protected override order(order: WorkOrder): TemplateResult {
    const { kind, location_id, device_id, note, created_at, closed_at, outcome } = order;
    const where = this.places.find(({ id }) => id === location_id)?.name ?? location_id;
    const isMine = this.#isMine(order);
    const [created, closed] = [utcText(created_at), closed_at ? utcText(closed_at) : ''];
    const facts = [
      isMine ? msg('yours') : msg('free'),
      msg(str`ordered ${created}`),
      ...(closed ? [outcomeName(outcome ?? ''), closed] : []),
    ];
    return html`<li>
      <p class="who"><strong>${kindName(kind)}</strong> ${where}
        ${device_id ? unitLink(device_id) : nothing}</p>
      ${note ? html`<p class="small who">${note}</p>` : nothing}
      <p class="small muted">${facts.join(' · ')}</p>
      <jb-work-place .work=${this.work} .locationId=${location_id}></jb-work-place>
      ${closed_at ? nothing : this.#actions(order, isMine)}
    </li>`;
  }

  #actions(order: WorkOrder, isMine: boolean): TemplateResult {
    return html`<div class="actions">${isMine ? this.#own(order) : this.#free(order)}</div>`;
  }

  #isMine({ assigned_to }: WorkOrder): boolean {
    return assigned_to !== null && assigned_to === this.session.state.value.user?.id;
  }

  #free({ id }: WorkOrder): TemplateResult {
    const me = this.session.state.value.user?.id ?? null;
    const take = () => this.do(msg('It is yours now.'), () => this.work.assign(id, me));
    return html`<button class="small primary" aria-disabled=${this.busy} @click=${take}
      >${msg('Take it')}</button>`;
  }

  #own({ id, device_id, location_id }: WorkOrder): TemplateResult {
    const back = () => this.do(msg('Others can take it.'), () => this.work.assign(id, null));
    const about = new URLSearchParams({
      ...(device_id && { unit: device_id }),
      place: location_id,
    });
    return html`<a class="button small primary" href="/bench?${about}">${msg('To the bench')}</a>
      <a class="button small" href="/handover/${location_id}">${msg('Handover')}</a>
      ${this.ends(id)}
      <button class="small quiet" aria-disabled=${this.busy} @click=${back}
        >${msg('Give it back')}</button>`;
  }
}

const unitLink = (id: string) => html`<a class="mono" href="/locations/${id}">${id}</a>`;

const signIn = () =>
  html`<p>${msg(html`<a href="/sign-in?next=/work">Sign in</a> as an installer first.`)}</p>`;

customElements.define('jb-work-page', WorkPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-work-page': WorkPageView;
  }
}
