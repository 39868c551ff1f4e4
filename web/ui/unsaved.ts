/**
 * What somebody has typed into the page and not saved yet, so that nothing reloads it away unasked.
 * Goes by the events of fields in whatever shadow roots; knows no form. A form that is through with
 * what was typed says so by {@link SAVED}.
 */

/** Fired by the element whose form was sent and is saved; leaves shadow roots. */
export const SAVED = 'jb-saved';

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

interface Typed {
  /** When the field was come to, or as it was saved. */
  before: string;
  now: string;
  /** On its way to be saved. */
  sent?: string;
}

export class UnsavedText {
  readonly #fields = new Map<Field, Typed>();
  readonly #forms = new WeakSet<HTMLFormElement>();

  /** Watches from now on. @param root the document, or a part of it */
  constructor(root: EventTarget) {
    root.addEventListener('focusin', (event) => this.#meet(fieldOf(event)));
    root.addEventListener('input', (event) => this.#note(fieldOf(event)));
    root.addEventListener(SAVED, (event) => this.#forget(event.composedPath()[0]));
  }

  /** What the fields are called, in the order in which they were come to; empty: all is saved. */
  names(): string[] {
    for (const field of this.#fields.keys()) if (!field.isConnected) this.#fields.delete(field);
    // What the page itself has put there since is not typed.
    const typed = [...this.#fields].filter(
      ([field, { before, now }]) => now !== before && contentOf(field) === now,
    );
    return typed.map(([field]) => nameOf(field));
  }

  #meet(field: Field | null): void {
    if (!field || this.#fields.has(field)) return;
    const value = contentOf(field);
    this.#fields.set(field, { before: value, now: value });
  }

  #note(field: Field | null): void {
    if (!field) return;
    const typed = this.#fields.get(field);
    this.#fields.set(field, { before: '', ...typed, now: contentOf(field) });
    const { form } = field;
    if (!form || this.#forms.has(form)) return;
    this.#forms.add(form);
    // It does not leave the shadow root by itself; first of all: what is quick is saved at once.
    form.addEventListener('submit', () => this.#send(form), { capture: true });
  }

  #send(form: HTMLFormElement): void {
    for (const [field, typed] of this.#fields) {
      if (field.form === form) typed.sent = contentOf(field);
    }
  }

  #forget(element: EventTarget | undefined): void {
    for (const [field, typed] of this.#fields) {
      const isIn = (field.getRootNode() as ShadowRoot).host === element;
      if (isIn && typed.sent !== undefined) typed.before = typed.sent;
    }
  }
}

/** Of a form, or a text outside of one: a list that shows something else saves nothing. */
function fieldOf(event: Event): Field | null {
  const field = event.composedPath()[0];
  if (field instanceof HTMLTextAreaElement) return field;
  if (field instanceof HTMLSelectElement) return field.form && field;
  if (!(field instanceof HTMLInputElement)) return null;
  return field.form || !/^(range|checkbox|radio)$/.test(field.type) ? field : null;
}

const contentOf = (field: Field): string =>
  field instanceof HTMLInputElement && /^(checkbox|radio)$/.test(field.type)
    ? String(field.checked)
    : field.value;

const nameOf = (field: Field): string =>
  (field.ariaLabel ?? field.labels?.[0]?.textContent ?? '').replace(/\s+/g, ' ').trim();
