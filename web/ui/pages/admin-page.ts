/** `<jb-admin-page>`: which of an administrator's pages is shown. Knows neither. */
import { html, LitElement, type TemplateResult } from 'lit';
import type { Location } from '../../../shared/contracts/portal.ts';
import type { AnswerCache } from '../../app/answers.ts';
import type { Judgement } from '../../app/judgement.ts';
import type { People } from '../../app/people.ts';
import type { Session } from '../../app/session.ts';
import type { Go } from '../router.ts';
import './people-page.ts';
import './readings-page.ts';

/** What the pages work with. */
export interface AdminParts {
  people: People;
  judgement: Judgement;
  locations: () => Promise<Location[]>;
  answers: AnswerCache;
}

export class AdminPage extends LitElement {
  static override properties = {
    parts: { attribute: false },
    session: { attribute: false },
    go: { attribute: false },
    page: {},
    unit: {},
  };
  declare parts: AdminParts;
  declare session: Session;
  declare go: Go;
  /** `people` or `readings`; anything else is the first. */
  declare page: string;
  /** Id of the unit whose readings are looked at, or empty. */
  declare unit: string;

  protected override render(): TemplateResult {
    const { people, judgement, locations, answers } = this.parts;
    if (this.page === 'readings') {
      return html`<jb-readings-page .judgement=${judgement} .session=${this.session} .go=${this.go}
        .unit=${this.unit} .answers=${answers}></jb-readings-page>`;
    }
    return html`<jb-people-page .people=${people} .session=${this.session} .locations=${locations}
      .answers=${answers}></jb-people-page>`;
  }
}

customElements.define('jb-admin-page', AdminPage);

declare global {
  interface HTMLElementTagNameMap {
    'jb-admin-page': AdminPage;
  }
}
