/**
 * `<jb-bench-orders>`: work orders on the bench, as this device remembers them without a network:
 * where each is, and the way to prepare units for it without typing. Fires `begin` with the
 * location. Knows no series.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { Location } from '../../../shared/contracts/portal.ts';
import type { WorkOrder } from '../../../shared/contracts/work-order.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import type { OwnWork } from '../../app/administration.ts';
import { kindName } from '../order-words.ts';
import './notice.ts';
import { base, buttons } from './styles.ts';
import './work-place.ts';

export class BenchOrders extends LitElement {
  static override styles = [
    base,
    buttons,
    css`
      section,
      li {
        display: grid;
        gap: 8px;
      }
      ul {
        list-style: none;
        padding: 0;
      }
      li {
        padding: 12px 0;
        border-bottom: 1px solid var(--line);
        overflow-wrap: anywhere;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 12px;
      }
    `,
  ];
  static override properties = {
    work: { attribute: false },
    me: {},
    nextId: {},
    orders: { state: true },
    places: { state: true },
    busy: { state: true },
    error: { state: true },
  };
  declare work: OwnWork;
  /** User id. */
  declare me: string;
  /** The id that the next unit gets, as far as it is known; empty: the backend will say. */
  declare nextId: string;
  declare protected orders: readonly WorkOrder[];
  declare protected places: readonly Location[];
  declare protected busy: boolean;
  declare protected error: AppError | null;

  constructor() {
    super();
    this.me = '';
    this.nextId = '';
    this.orders = [];
    this.places = [];
    this.busy = false;
    this.error = null;
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  async #load(): Promise<void> {
    // Without names ids are shown; without either there is nothing to begin with.
    const [orders, places] = await Promise.allSettled([
      this.work.orders('open', null),
      this.work.places(),
    ]);
    if (orders.status === 'fulfilled') this.orders = orders.value.work_orders;
    else console.debug('Work orders are not known.', orders.reason);
    if (places.status === 'fulfilled') this.places = places.value;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.orders.length === 0) return nothing;
    return html`<section aria-labelledby="orders">
      <h2 id="orders">${msg('Begin with a work order')}</h2>
      ${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      <ul>${this.orders.map((order) => this.#order(order))}</ul></section>`;
  }

  #order(order: WorkOrder): TemplateResult {
    const { id, kind, location_id, device_id, note } = order;
    const place = this.places.find((one) => one.id === location_id)?.name ?? location_id;
    return html`<li data-order=${id}>
      <p><strong>${kindName(kind)}</strong> <bdi>${place}</bdi>
        ${device_id ? html`<span class="mono">${device_id}</span>` : nothing}</p>
      ${note ? html`<p class="small"><bdi>${note}</bdi></p>` : nothing}
      <jb-work-place .work=${this.work} .locationId=${location_id}></jb-work-place>
      <div class="buttons">${this.#ways(order)}</div></li>`;
  }

  /** A unit that is there keeps its id; to look after one, or to take it down, needs no cable. */
  #ways(order: WorkOrder): TemplateResult {
    const { kind, device_id, location_id } = order;
    if (kind !== 'install' && kind !== 'replace')
      return html`<a class="button small" href="/work">${msg('To the work orders')}</a>`;
    if (device_id !== null) {
      const about = new URLSearchParams({ unit: device_id, place: location_id });
      return html`<a class="button small" href="/bench?${about}">${msg(str`Prepare ${device_id}`)}</a>`;
    }
    const isMine = order.assigned_to === this.me;
    return html`<button class="small primary" aria-disabled=${this.busy}
        @click=${() => void this.#begin(order)}
        >${isMine ? msg('Prepare units for it') : msg('Take it and prepare units')}</button>
      ${this.nextId ? html`<span class="small muted">${msg(str`The next unit is ${this.nextId}.`)}</span>` : nothing}`;
  }

  /** What nobody has taken is taken first: two installers would go to one shop. */
  async #begin({ id, assigned_to, location_id }: WorkOrder): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.error = null;
    try {
      if (assigned_to !== this.me) {
        await this.work.assign(id, this.me);
        // Kept on this device as own: the network may be gone next.
        void this.#load();
      }
      this.dispatchEvent(
        new CustomEvent('begin', { detail: location_id, bubbles: true, composed: true }),
      );
    } catch (cause) {
      this.error = toAppError(cause);
      await this.#load();
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('jb-bench-orders', BenchOrders);

declare global {
  interface HTMLElementTagNameMap {
    'jb-bench-orders': BenchOrders;
  }
}
