/**
 * `<jb-notices-page>`: what administrators must hear that belongs to no unit, and which mail told
 * whom. Knows the backend only as web/app/administration.ts.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, type TemplateResult } from 'lit';
import type { NoticeKind, NoticesPage } from '../../../shared/contracts/notice.ts';
import type { Notices } from '../../app/administration.ts';
import { isolated } from '../../app/isolated.ts';
import type { Session } from '../../app/session.ts';
import { PagedList } from '../controllers/paged-list.ts';
import { adminNav, adminStyles, signInFirst } from '../elements/admin-nav.ts';
import { pagedRows } from '../elements/paged-rows.ts';
import { base, buttons } from '../elements/styles.ts';
import { utcText } from '../format-technical.ts';

type Notice = NoticesPage['notices'][number];

export class NoticesPageView extends LitElement {
  static override styles = [base, buttons, adminStyles];
  static override properties = {
    keeper: { attribute: false },
    session: { attribute: false },
  };
  declare keeper: Notices;
  declare session: Session;

  readonly #list = new PagedList<Notice>(this, async (cursor) => {
    const { notices, next_cursor } = await this.keeper.notices(cursor);
    return { rows: notices, next_cursor };
  });

  protected override firstUpdated(): void {
    if (this.session.state.value.user) void this.#list.load();
  }

  protected override render(): TemplateResult {
    return html`<div class="page">
      <h1 tabindex="-1">${msg('Notices')}</h1>
      ${adminNav('notices')}
      ${this.session.state.value.user ? this.#shown() : signInFirst('/admin/notices')}
    </div>`;
  }

  #shown(): TemplateResult {
    const view = { keyOf: ({ id }: Notice) => String(id), row, empty: msg('There was none yet.') };
    return html`<section aria-label=${msg('Notices')}>${pagedRows(this.#list, view)}</section>`;
  }
}

const row = (notice: Notice) => html`<li>
  <p class="who"><strong>${kindName(notice.kind)}</strong>
    <span class="small muted">${utcText(notice.at)}</span></p>
  <p class="small who">${notice.detail}</p>
  <p class="small muted">${mailText(notice)}</p>
</li>`;

function mailText({ mailed_at, mailed_to }: Notice): string {
  if (!mailed_at) return msg('waits for the next mail');
  const time = utcText(mailed_at);
  return mailed_to ? msg(str`mailed ${time} to ${isolated(mailed_to)}`) : msg(str`mailed ${time}`);
}

function kindName(kind: NoticeKind): string {
  switch (kind) {
    case 'pin_guessing':
      return msg('Somebody guesses PINs');
  }
}

customElements.define('jb-notices-page', NoticesPageView);

declare global {
  interface HTMLElementTagNameMap {
    'jb-notices-page': NoticesPageView;
  }
}
