/** What happens when, the earliest first: a binary heap. Of two at one moment, either. */
export class Timeline<E> {
  readonly #heap: { at_ms: number; event: E }[] = [];

  add(atMs: number, event: E): void {
    const heap = this.#heap;
    const added = { at_ms: atMs, event };
    let at = heap.push(added) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (!above || above.at_ms <= atMs) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = added;
  }

  /** Takes out the first one that is not after a moment. */
  next(untilMs: number): { at_ms: number; event: E } | undefined {
    const [first] = this.#heap;
    if (!first || first.at_ms > untilMs) return undefined;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) this.#sink(last);
    return first;
  }

  /** Puts one at the top, and down to where it belongs. */
  #sink(one: { at_ms: number; event: E }): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const isRight = left !== undefined && right !== undefined && right.at_ms < left.at_ms;
      const below = isRight ? right : left;
      if (!below || below.at_ms >= one.at_ms) break;
      heap[at] = below;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = one;
  }
}
