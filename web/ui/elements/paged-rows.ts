/** A list that comes a page at a time, with all its states. Knows no row. */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { PagedList } from '../controllers/paged-list.ts';
import { rows } from './admin-nav.ts';
import './notice.ts';

export interface RowView<T> {
  keyOf: (row: T) => string;
  row: (row: T) => TemplateResult;
  /** What is said when there is none. */
  empty: string;
}

export function pagedRows<T>(list: PagedList<T>, { keyOf, row, empty }: RowView<T>) {
  return html`${failed(list)}
    ${list.rows ? rows(list.rows, keyOf, row) : nothing}
    ${list.rows?.length === 0 ? html`<p class="muted">${empty}</p>` : nothing}
    ${
      list.rows === null && list.busy
        ? html`<p class="muted" role="status">${msg('Fetching …')}</p>`
        : nothing
    }
    ${
      list.hasMore
        ? html`<p><button aria-disabled=${list.busy} @click=${() => list.more()}
            >${msg('Show older ones')}</button></p>`
        : nothing
    }`;
}

function failed<T>(list: PagedList<T>): TemplateResult | typeof nothing {
  if (!list.error) return nothing;
  return html`<jb-notice .error=${list.error}>
    <button class="small" @click=${() => list.load()}>${msg('Try again')}</button>
  </jb-notice>`;
}

/** Whether only what is open is shown. @param choose gets the other */
export function openOrAll(state: 'open' | 'all', choose: (state: 'open' | 'all') => void) {
  const label = { open: () => msg('Open'), all: () => msg('All') };
  const button = (one: 'open' | 'all') =>
    html`<button class="small" aria-pressed=${one === state} @click=${() => choose(one)}
      >${label[one]()}</button>`;
  return html`<div class="actions" role="group" aria-label=${msg('Which are shown')}
    >${button('open')}${button('all')}</div>`;
}

/** Who it was, by address where that is known; programs have names of their own. */
export function actorName(id: string, people: ReadonlyMap<string, string>): string {
  if (id === 'system') return msg('by itself');
  if (id === 'admin-key') return msg('a script with the admin key');
  return people.get(id) || id;
}
