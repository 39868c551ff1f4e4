/**
 * What a page of work orders is made of, whoever looks at it: the list, open or all of it, and what
 * is done to one. Knows the backend only as web/app/administration.ts.
 */
import { msg } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CloseWorkOrder, WorkOrder } from '../../../shared/contracts/work-order.ts';
import type { WorkOrders } from '../../app/administration.ts';
import type { Session } from '../../app/session.ts';
import { PagedList } from '../controllers/paged-list.ts';
import { OUTCOMES, outcomeName } from '../order-words.ts';
import { type Attempting, attempt } from './form.ts';
import './notice.ts';
import { openOrAll, pagedRows } from './paged-rows.ts';

export abstract class OrderList<
  Work extends Pick<WorkOrders, 'orders' | 'assign' | 'close'>,
> extends LitElement {
  static override properties = {
    work: { attribute: false },
    session: { attribute: false },
    shown: { state: true },
    busy: { state: true },
    done: { state: true },
    error: { state: true },
  };
  declare work: Work;
  declare session: Session;
  declare protected shown: 'open' | 'all';
  declare busy: boolean;
  declare protected done: string;
  declare error: Attempting['error'];

  protected readonly list = new PagedList<WorkOrder>(this, async (cursor) => {
    const { work_orders, next_cursor } = await this.work.orders(this.shown, cursor);
    return { rows: work_orders, next_cursor };
  });

  constructor() {
    super();
    this.shown = 'open';
    this.busy = false;
    this.done = '';
    this.error = null;
  }

  /** One order, as a list item. */
  protected abstract order(order: WorkOrder): TemplateResult;

  /** What became of the last thing that was done. */
  protected outcome(): TemplateResult {
    return html`${this.error ? html`<jb-notice .error=${this.error}></jb-notice>` : nothing}
      ${this.done ? html`<jb-notice tone="ok" headline=${this.done}></jb-notice>` : nothing}`;
  }

  protected orders(): TemplateResult {
    const view = {
      keyOf: ({ id }: WorkOrder) => id,
      row: (order: WorkOrder) => this.order(order),
      empty:
        this.shown === 'open' ? msg('Nothing is to be done.') : msg('No work was ordered yet.'),
    };
    const choose = (shown: 'open' | 'all') => {
      this.shown = shown;
      void this.list.load();
    };
    return html`${openOrAll(this.shown, choose)}
      <section aria-label=${msg('Work orders')}>${pagedRows(this.list, view)}</section>`;
  }

  /** Buttons that close an order, one for each way it can end. */
  protected ends(id: string): TemplateResult[] {
    const end = (outcome: CloseWorkOrder['outcome']) =>
      this.do(msg('It is closed.'), () => this.work.close(id, { outcome }));
    return OUTCOMES.map(
      (outcome) => html`<button class="small" aria-disabled=${this.busy}
        @click=${() => end(outcome)}>${outcomeName(outcome)}</button>`,
    );
  }

  /** @param done said when it is done; the list is fetched again in any case */
  protected async do(done: string, work: () => Promise<unknown>): Promise<void> {
    if (this.busy) return;
    this.done = '';
    const isDone = await attempt(this, async () => {
      await work();
    });
    if (isDone) this.done = done;
    await this.list.load();
  }
}
