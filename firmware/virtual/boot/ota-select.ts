/**
 * Which app slot starts, as the second-stage bootloader decides it with rollback enabled, and what
 * it writes about that into otadata: an image on trial that was not confirmed is aborted, a new one
 * goes on trial, and the first start of a fresh unit is noted. Knows no image.
 *
 * Source: ESP-IDF `bootloader_utility_get_selected_boot_partition`, `set_actual_ota_seq`.
 */
import {
  bootSlot,
  OTA_STATE,
  OTADATA_BYTES,
  type OtaData,
  type OtaEntry,
  otaEntryBytes,
  readOtaData,
} from '../../../shared/esp/otadata.ts';
import { type NorFlash, SECTOR_BYTES } from '../flash/nor-flash.ts';

/** otadata in flash. Without a partition for it, slot 0 starts and nothing is written. */
export class OtaSelect {
  readonly #flash: NorFlash;
  readonly #offset: number | null;

  constructor(flash: NorFlash, partition: { offset: number; size: number } | undefined) {
    this.#flash = flash;
    this.#offset = partition && partition.size >= OTADATA_BYTES ? partition.offset : null;
  }

  /** The slot to try first. Writes to flash, so a power cut may come out of it. */
  choose(slots: number): number {
    this.#rewrite(OTA_STATE.pendingVerify, OTA_STATE.aborted, () => true);
    const { active } = this.read();
    this.#rewrite(OTA_STATE.new, OTA_STATE.pendingVerify, (i) => i === active);
    return bootSlot(this.read(), slots);
  }

  /** Slot `slot` has been loaded: a unit that had no otadata yet has it from now on. */
  loaded(slot: number): void {
    const { entries } = this.read();
    if (!entries[0] && !entries[1]) this.write(0, { seq: slot + 1, state: OTA_STATE.valid });
  }

  read(): OtaData {
    if (this.#offset === null) return { entries: [null, null], active: null };
    return readOtaData(this.#flash.read(this.#offset, OTADATA_BYTES));
  }

  /** Erase and write: cut short in between, the entry is gone and the other one counts. */
  write(index: number, entry: OtaEntry): void {
    if (this.#offset === null) return;
    const at = this.#offset + index * SECTOR_BYTES;
    this.#flash.erase(at, SECTOR_BYTES);
    this.#flash.program(at, otaEntryBytes(entry));
  }

  #rewrite(from: number, to: number, which: (index: number) => boolean): void {
    this.read().entries.forEach((entry, i) => {
      if (entry?.state === from && which(i)) this.write(i, { ...entry, state: to });
    });
  }
}
