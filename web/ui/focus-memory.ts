/**
 * Where the focus was on each page that somebody has left: going back puts it there again, so that
 * whoever uses the keyboard goes on where they were. Knows no page and no address.
 */

/** One element, from the document's root through shadow roots: which of its tag, and its words. */
type Place = readonly { tag: string; index: number; words: string | null }[];

/** A page that comes back draws itself within this; its numbers are kept. */
const PATIENCE_MS = 600;
const LOOK_MS = 50;

export class FocusMemory {
  readonly #places = new Map<number, Place>();
  #step: number;

  /** @param step the entry of the history that is shown */
  constructor(step: number) {
    this.#step = step;
  }

  /** Before another page is drawn. @param next the entry of the history that is shown now */
  leave(next: number): void {
    if (next !== this.#step) this.#places.set(this.#step, placeOf(document.activeElement));
    this.#step = next;
  }

  /** @returns false where nobody has been, or what had the focus is not there any more */
  async comeBack(step: number): Promise<boolean> {
    const place = this.#places.get(step);
    if (!place || place.length === 0) return false;
    for (let waited = 0; waited <= PATIENCE_MS && step === this.#step; waited += LOOK_MS) {
      const element = found(place);
      if (element) {
        element.focus();
        return true;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    return false;
  }
}

function placeOf(active: Element | null | undefined): Place {
  if (!active || active === document.body) return [];
  const root = active.getRootNode() as ParentNode;
  const { localName: tag, textContent: words } = active;
  const index = [...root.querySelectorAll(tag)].indexOf(active);
  return [{ tag, index, words }, ...placeOf(active.shadowRoot?.activeElement)];
}

/** The same words count for more than the same number: lists grow meanwhile. */
function found(place: Place): HTMLElement | null {
  let root: ParentNode = document;
  let element: HTMLElement | undefined;
  for (const { tag, index, words } of place) {
    const all: HTMLElement[] = [...root.querySelectorAll<HTMLElement>(tag)];
    const same = all.filter(({ textContent }) => textContent === words);
    element = same.find((one) => one === all[index]) ?? same[0];
    if (!element) return null;
    root = element.shadowRoot ?? element;
  }
  return element ?? null;
}
