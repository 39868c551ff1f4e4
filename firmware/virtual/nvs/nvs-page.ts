/**
 * One page of an NVS partition on NOR flash: its header, its bitmap, entries that can only be
 * appended and struck out. Every change is ordered so that a power cut at any byte leaves a page
 * whose CRCs tell what counts. Knows no keys' meaning and no other page.
 *
 * Source: ESP-IDF nvs_flash, "Internals"; byte tables in docs/formats/nvs.md.
 */
import { isErased, readFixedText, view } from '../../../shared/bytes.ts';
import { espCrc32 } from '../../../shared/esp/crc32.ts';
import {
  BITMAP_AT,
  ENTRIES_PER_PAGE,
  ENTRY_BYTES,
  entryCrc,
  FIRST_ENTRY_AT,
  headerCrc,
  NVS_TYPE,
  PAGE_BYTES,
  PAGE_STATE,
  pageHeader,
} from '../../../shared/esp/nvs-format.ts';
import type { NorFlash } from '../flash/nor-flash.ts';

const HEADER_BYTES = 32;
const STATE_BYTES = 4;
const WRITTEN = 0b10;
const EMPTY = 0b11;

/** A live entry with what follows it. */
export interface NvsItem {
  page: NvsPage;
  index: number;
  span: number;
  namespaceIndex: number;
  type: number;
  chunkIndex: number;
  key: string;
}

export class NvsPage {
  state: 'empty' | 'active' | 'full' = 'empty';
  sequence = -1;
  /** First entry never written. */
  next = 0;
  readonly #flash: NorFlash;
  readonly #base: number;

  constructor(flash: NorFlash, base: number) {
    this.#flash = flash;
    this.#base = base;
  }

  /** Entries that can still be appended. */
  get room(): number {
    return this.state === 'active' ? ENTRIES_PER_PAGE - this.next : 0;
  }

  /** Reads the page, repairs what a power cut left. @returns its live items, in order */
  load(): NvsItem[] {
    const bytes = this.#bytes(0, PAGE_BYTES);
    if (isErased(bytes)) return [];
    const state = view(bytes).getUint32(0, true);
    const headerOk = view(bytes).getUint32(28, true) === headerCrc(bytes.subarray(0, HEADER_BYTES));
    const known = state === PAGE_STATE.active || state === PAGE_STATE.full;
    if (!headerOk || !known) {
      // An erase or the first write of this page was cut: nothing in it counts.
      this.erase();
      return [];
    }
    this.state = state === PAGE_STATE.active ? 'active' : 'full';
    this.sequence = view(bytes).getUint32(4, true);
    return this.#loadItems();
  }

  /** Begins an empty page. The state comes last: before it, the page is nothing. */
  activate(sequence: number): void {
    const header = pageHeader(PAGE_STATE.active, sequence);
    this.#flash.program(this.#base + STATE_BYTES, header.subarray(STATE_BYTES));
    this.#flash.program(this.#base, header.subarray(0, STATE_BYTES));
    this.state = 'active';
    this.sequence = sequence;
    this.next = 0;
  }

  close(): void {
    const word = new Uint8Array(STATE_BYTES);
    view(word).setUint32(0, PAGE_STATE.full, true);
    this.#flash.program(this.#base, word);
    this.state = 'full';
  }

  erase(): void {
    this.#flash.erase(this.#base, PAGE_BYTES);
    this.state = 'empty';
    this.sequence = -1;
    this.next = 0;
  }

  /** Appends whole entries (head first), then declares them written. The caller checks room. */
  append(entries: Uint8Array): NvsItem {
    const index = this.next;
    const span = entries.length / ENTRY_BYTES;
    this.next += span;
    this.#flash.program(this.#base + FIRST_ENTRY_AT + index * ENTRY_BYTES, entries);
    this.#mark(index, span, WRITTEN);
    return this.#itemAt(index, span);
  }

  /** Marks an item as erased; its head last, so that until then it stands as a whole. */
  markErased(index: number, span: number): void {
    this.#mark(index, span, 0);
  }

  /** The raw entries of an item, head included. */
  entries(index: number, span: number): Uint8Array {
    return this.#bytes(FIRST_ENTRY_AT + index * ENTRY_BYTES, span * ENTRY_BYTES);
  }

  #loadItems(): NvsItem[] {
    const items: NvsItem[] = [];
    for (let index = 0; index < ENTRIES_PER_PAGE; index++) {
      const state = this.#bitmap(index);
      if (state === EMPTY && isErased(this.entries(index, 1))) continue;
      this.next = index + 1;
      if (state !== WRITTEN) {
        if (state === EMPTY) this.markErased(index, 1); // written, but the cut came before the mark
        continue;
      }
      const span = this.#spanOf(index);
      if (span === 0) {
        this.markErased(index, 1);
        continue;
      }
      this.#mark(index, span, WRITTEN);
      items.push(this.#itemAt(index, span));
      index += span - 1;
      this.next = index + 1;
    }
    return items;
  }

  /** Entries of the item at `index`, 0 when its CRCs do not prove it. */
  #spanOf(index: number): number {
    const head = this.entries(index, 1);
    // an entry has 32 bytes
    const span = head[2]!;
    if (view(head).getUint32(4, true) !== entryCrc(head)) return 0;
    if (span < 1 || index + span > ENTRIES_PER_PAGE) return 0;
    if (head[1] !== NVS_TYPE.string && head[1] !== NVS_TYPE.blobChunk) return span;
    const size = view(head).getUint16(24, true);
    if (size > (span - 1) * ENTRY_BYTES) return 0;
    const payload = this.entries(index, span).subarray(ENTRY_BYTES, ENTRY_BYTES + size);
    return espCrc32(payload) === view(head).getUint32(28, true) ? span : 0;
  }

  #itemAt(index: number, span: number): NvsItem {
    const head = this.entries(index, 1);
    return {
      page: this,
      index,
      span,
      // an entry has 32 bytes
      namespaceIndex: head[0]!,
      type: head[1]!,
      // an entry has 32 bytes
      chunkIndex: head[3]!,
      key: readFixedText(head.subarray(8, 24)),
    };
  }

  #bitmap(index: number): number {
    // one byte was asked for
    return (this.#bytes(BITMAP_AT + (index >> 2), 1)[0]! >> ((index & 3) * 2)) & 0b11;
  }

  /** Sets bitmap bits byte by byte: ascending to declare, descending to erase. */
  #mark(index: number, span: number, state: number): void {
    const first = index >> 2;
    const last = (index + span - 1) >> 2;
    for (let i = 0; i <= last - first; i++) {
      const at = state === WRITTEN ? first + i : last - i;
      let bits = 0xff;
      for (let slot = 0; slot < 4; slot++) {
        const entry = at * 4 + slot;
        if (entry >= index && entry < index + span)
          bits &= ~(0b11 << (slot * 2)) | (state << (slot * 2));
      }
      // one byte was asked for
      const old = this.#bytes(BITMAP_AT + at, 1)[0]!;
      if ((old & bits) !== old)
        this.#flash.program(this.#base + BITMAP_AT + at, Uint8Array.of(bits));
    }
  }

  #bytes(offset: number, length: number): Uint8Array {
    return this.#flash.bytes.subarray(this.#base + offset, this.#base + offset + length);
  }
}
