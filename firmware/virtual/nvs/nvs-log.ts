/**
 * The log of an NVS partition: appends items page after page, one page always kept free, and makes
 * room by copying what is live out of the page with least of it. A power cut between any two bytes
 * leaves every item either as it was or as it became. Knows no keys' meaning.
 */
import { sameBytes } from '../../../shared/bytes.ts';
import { ENTRIES_PER_PAGE, ENTRY_BYTES, PAGE_BYTES } from '../../../shared/esp/nvs-format.ts';
import type { NorFlash } from '../flash/nor-flash.ts';
import { type NvsItem, NvsPage } from './nvs-page.ts';

export class NvsLog {
  /** Live items, oldest first. */
  items: NvsItem[] = [];
  readonly #pages: NvsPage[] = [];

  /** Reads the partition and repairs what a power cut left. */
  constructor(flash: NorFlash, offset: number, size: number) {
    for (let at = 0; at + PAGE_BYTES <= size; at += PAGE_BYTES) {
      this.#pages.push(new NvsPage(flash, offset + at));
    }
    for (const page of this.#pages) this.items.push(...page.load());
    this.items.sort((a, b) => a.page.sequence - b.page.sequence || a.index - b.index);
    this.#undoCopying();
    this.#closeAllButNewest();
  }

  /** Entries one page can take at once, as it is. */
  get room(): number {
    return this.#active?.room ?? 0;
  }

  /** Appends whole entries; null when there is no room to be made. */
  append(entries: Uint8Array): NvsItem | null {
    if (!this.makeRoom(entries.length / ENTRY_BYTES)) return null;
    // made room for above
    const item = this.#active!.append(entries);
    this.items.push(item);
    return item;
  }

  markErased(item: NvsItem): void {
    item.page.markErased(item.index, item.span);
    const at = this.items.indexOf(item);
    if (at >= 0) this.items.splice(at, 1);
  }

  /** Sees to it that the active page has room for `span` entries. False: there is none. */
  makeRoom(span: number): boolean {
    if (this.room >= span) return true;
    const free = this.#pages.filter((page) => page.state === 'empty');
    const victim = free.length === 1 ? this.#leastLive() : null;
    if (free.length === 0 || (free.length === 1 && !victim)) return false;
    if (victim && this.#live(victim) + span > ENTRIES_PER_PAGE) return false;
    // none free was answered above
    const next = free[0]!;
    this.#active?.close();
    next.activate(this.#newestSequence() + 1);
    if (victim) this.#move(victim, next);
    return true;
  }

  eraseAll(): void {
    for (const page of this.#pages) if (page.state !== 'empty') page.erase();
    this.items = [];
  }

  get #active(): NvsPage | undefined {
    return this.#pages.find((page) => page.state === 'active');
  }

  #newestSequence(): number {
    return Math.max(...this.#pages.map((page) => page.sequence));
  }

  #live(page: NvsPage): number {
    return this.items.reduce((sum, item) => sum + (item.page === page ? item.span : 0), 0);
  }

  #leastLive(): NvsPage | null {
    const used = this.#pages.filter((page) => page.state !== 'empty');
    used.sort((a, b) => this.#live(a) - this.#live(b));
    return used[0] ?? null;
  }

  /** Copies what is live out of `from`, and only then erases it. */
  #move(from: NvsPage, to: NvsPage): void {
    for (const item of this.items) {
      if (item.page !== from) continue;
      const copy = to.append(from.entries(item.index, item.span));
      item.page = to;
      item.index = copy.index;
    }
    from.erase();
  }

  /**
   * No free page: a move was cut before its erase. The newest page then holds nothing but copies
   * and is given back; the originals still stand.
   */
  #undoCopying(): void {
    if (this.#pages.some((page) => page.state === 'empty')) return;
    const newest = this.#pages.find((page) => page.sequence === this.#newestSequence());
    const copies = this.items.filter((item) => item.page === newest);
    const others = this.items.filter((item) => item.page !== newest);
    if (!newest || !copies.every((copy) => others.some((other) => sameItem(copy, other)))) return;
    newest.erase();
    this.items = others;
  }

  #closeAllButNewest(): void {
    const newest = this.#newestSequence();
    for (const page of this.#pages) {
      if (page.state === 'active' && page.sequence !== newest) page.close();
    }
  }
}

function sameItem(a: NvsItem, b: NvsItem): boolean {
  return sameBytes(a.page.entries(a.index, a.span), b.page.entries(b.index, b.span));
}
