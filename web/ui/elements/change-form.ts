/**
 * What all forms of an owner's own shop have in common: busy while they save, what is typed kept
 * until it is saved (over a reload, and a session that ends meanwhile), the focus on the first
 * fault, and what became of it beside the value. Knows no field.
 */
import { msg } from '@lit/localize';
import {
  type CSSResultGroup,
  css,
  html,
  LitElement,
  nothing,
  type PropertyDeclarations,
  type PropertyValues,
  type TemplateResult,
} from 'lit';
import { AppError } from '../../../shared/errors.ts';
import type { Change, Fate } from '../../app/changes.ts';
import type { ShopRecord } from '../../app/shop-record.ts';
import { subjectOf, type Wish } from '../../app/wishes.ts';
import { ObservableController } from '../controllers/observable.ts';
import { type Attempting, attempt } from './form.ts';
import './notice.ts';
import { pending, pendingStyles } from './pending.ts';
import { base, buttons, fields } from './styles.ts';

/** What was typed cannot be meant. */
export class FieldFault extends AppError {
  /** Its id. */
  readonly field: string;

  constructor(field: string, message: string, hint: string) {
    super('invalid', message, { hint });
    this.field = field;
  }
}

export abstract class ChangeForm extends LitElement implements Attempting {
  static override styles: CSSResultGroup = [
    base,
    buttons,
    fields,
    pendingStyles,
    css`
      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px 16px;
      }
      .fate:empty {
        display: none;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    shop: { attribute: false },
    locationId: { attribute: false },
    looks: { type: Boolean },
    busy: { state: true },
    error: { state: true },
    fate: { state: true },
  };
  declare shop: ShopRecord;
  declare locationId: string;
  /** The person may not change it: it says what is stored, and no more. */
  declare looks: boolean;
  declare busy: boolean;
  declare error: AppError | null;
  /** What became of what was saved last. */
  declare protected fate: Fate | null;
  #about = '';

  constructor() {
    super();
    this.looks = false;
    this.busy = false;
    this.error = null;
    this.fate = null;
    new ObservableController(this, () => this.shop?.state);
    new ObservableController(this, () => this.shop?.delivery);
  }

  /** What it changes: {@link subjectOf} its wish. */
  protected abstract get subject(): string;

  /** Puts what is stored, or waits, into the fields. */
  protected abstract fill(): void;

  /** What is in the fields, and back. */
  protected abstract draft(): string;
  protected abstract takeDraft(draft: string): void;

  /** A change in words: what it wants. */
  protected abstract words(wish: Wish): string;

  protected override willUpdate(_changed: PropertyValues): void {
    const about = `${this.locationId} ${this.subject}`;
    if (about === this.#about) return;
    this.#about = about;
    this.fate = null;
    this.error = null;
  }

  /** Whether something is typed that was not saved. */
  protected get isTyped(): boolean {
    return this.shop.drafts.read(this.#about) !== null;
  }

  /** Call it when the fields are there, and again when what is stored has changed. */
  protected restore(): void {
    const draft = this.shop.drafts.read(this.#about);
    if (draft === null) this.fill();
    else this.takeDraft(draft);
  }

  /** Call it with each thing typed. */
  protected readonly touched = (): void => {
    this.fate = null;
    this.shop.drafts.write(this.#about, this.draft());
  };

  /** @returns whether it was kept, to be sent or sent already */
  protected async save(work: () => Promise<Fate>): Promise<boolean> {
    if (this.busy) return false;
    const about = this.#about;
    this.fate = null;
    let fate: Fate | null = null;
    const isDone = await attempt(this, async () => {
      fate = await work();
    });
    if (isDone) this.shop.drafts.forget(about);
    if (about !== this.#about) return isDone;
    this.fate = fate;
    if (!isDone) await this.#toFault();
    return isDone;
  }

  async #toFault(): Promise<void> {
    await this.updateComplete;
    const { error } = this;
    if (error instanceof FieldFault)
      this.renderRoot.querySelector<HTMLElement>(`#${error.field}`)?.focus();
  }

  /** Whether what is in this field cannot be meant. */
  protected isWrong(field: string): boolean {
    return this.error instanceof FieldFault && this.error.field === field;
  }

  /** What waits of this form's, the latest. */
  protected get pending(): Change | undefined {
    const { locationId, changes } = this.shop.state.value;
    if (locationId !== this.locationId) return undefined;
    return changes.filter(({ wish }) => subjectOf(wish) === this.subject).at(-1);
  }

  /** What became of it: below the fields. */
  protected status(): TemplateResult {
    const { pending: change, shop, error } = this;
    const { stopped, delivering } = shop.delivery.value;
    return html`<div class="fate" role="status">${
      change
        ? pending(change, {
            ...{ stopped, delivering },
            mine: this.words(change.wish),
            theirs: this.words(shop.presentOf(change.wish)),
            again: () => void shop.again(change),
            discard: () => void shop.discard(change),
          })
        : this.fate === 'stored'
          ? html`<p class="small muted">${msg('Saved.')}</p>`
          : this.isTyped && !this.busy
            ? html`<p class="small muted">${msg('Not saved yet.')}</p>`
            : nothing
    }</div>
    ${error ? html`<jb-notice .error=${error} tone="bad"></jb-notice>` : nothing}`;
  }
}
