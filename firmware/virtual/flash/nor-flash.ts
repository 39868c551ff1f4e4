/**
 * An 8 MB NOR flash chip: erasing sets whole sectors to ones, programming only clears bits, and a
 * power cut may stop either at any byte. Knows no time (flash-timeline.ts) and no protocol.
 *
 * Source: GigaDevice GD25Q64 data sheet, sections "Page Program" and "Sector Erase".
 */
import { hexDigits } from '../../../shared/bytes.ts';
import { AppError } from '../../../shared/errors.ts';

export const FLASH_BYTES = 0x800000;
export const SECTOR_BYTES = 0x1000;
export const BLOCK64_BYTES = 0x10000;
export const PAGE_BYTES = 0x100;
const ERASED = 0xff;

/** The chip. All methods throw AppError `invalid` when a range leaves the chip. */
export class NorFlash {
  /** The cells. Read freely; writing past `program` and `erase` would not be a NOR flash. */
  readonly bytes: Uint8Array;
  /** Sectors erased since construction, for wear statistics. */
  eraseCount = 0;
  /** Called when a cut set by {@link cutPowerAfter} is reached, before the operation throws. */
  onPowerCut: () => void = () => {};
  #bytesUntilCut = Number.POSITIVE_INFINITY;

  /** @param image initial content, copied; the rest is erased */
  constructor(image?: Uint8Array, size = FLASH_BYTES) {
    if (image && image.length > size) {
      throw new AppError(
        'invalid',
        `A flash image of ${image.length} bytes exceeds ${size} bytes.`,
      );
    }
    this.bytes = new Uint8Array(size).fill(ERASED);
    if (image) this.bytes.set(image);
  }

  get size(): number {
    return this.bytes.length;
  }

  /** A copy of `length` bytes from `offset`. */
  read(offset: number, length: number): Uint8Array<ArrayBuffer> {
    this.#check(offset, length);
    return this.bytes.slice(offset, offset + length);
  }

  /** Clears the bits that are 0 in `data`; a bit that is 0 already stays 0. */
  program(offset: number, data: Uint8Array): void {
    this.#check(offset, data.length);
    const { length, cut } = this.#budget(data.length);
    for (let i = 0; i < length; i++) {
      // both ranges were checked above
      this.bytes[offset + i] = this.bytes[offset + i]! & data[i]!;
    }
    if (cut) this.#cut();
  }

  /** Sets a range to ones; `offset` and `length` must be whole sectors. */
  erase(offset: number, length: number): void {
    this.#check(offset, length);
    if (offset % SECTOR_BYTES !== 0 || length % SECTOR_BYTES !== 0) {
      throw new AppError('invalid', 'A flash erase must cover whole sectors of 4096 bytes.');
    }
    const budget = this.#budget(length);
    this.bytes.fill(ERASED, offset, offset + budget.length);
    this.eraseCount += length / SECTOR_BYTES;
    if (budget.cut) this.#cut();
  }

  /**
   * Cuts the power when `count` more bytes have been programmed or erased: that operation stops
   * there and throws AppError `cancelled`. `Infinity` takes the cut back.
   */
  cutPowerAfter(count: number): void {
    this.#bytesUntilCut = count;
  }

  #budget(length: number): { length: number; cut: boolean } {
    if (length < this.#bytesUntilCut) {
      this.#bytesUntilCut -= length;
      return { length, cut: false };
    }
    return { length: this.#bytesUntilCut, cut: true };
  }

  #cut(): never {
    this.#bytesUntilCut = Number.POSITIVE_INFINITY;
    this.onPowerCut();
    throw new AppError('cancelled', 'The power was cut during a flash operation.');
  }

  #check(offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > this.bytes.length) {
      throw new AppError('invalid', `The flash has no range 0x${hexDigits(offset)}+${length}.`);
    }
  }
}
