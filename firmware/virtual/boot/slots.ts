/**
 * The app slots as the running program sees them: its own, the other one, and what ESP-IDF's app
 * update does to otadata. Knows no bootloader.
 *
 * Source: ESP-IDF `esp_ota_ops.c`: `esp_ota_set_boot_partition`, `esp_ota_get_state_partition`,
 * `esp_ota_mark_app_valid_cancel_rollback`, `esp_ota_check_rollback_is_possible`.
 */
import { readAppImage } from '../../../shared/esp/app-image.ts';
import { OTA_STATE, type OtaEntry } from '../../../shared/esp/otadata.ts';
import type { Partition } from '../../../shared/esp/partition-table.ts';
import { flashRegion } from '../flash/flash-region.ts';
import type { NorFlash } from '../flash/nor-flash.ts';
import type { FlashRegion, SlotPort } from '../runtime/ports.ts';
import { appSlots, otadataPartition } from './flash-map.ts';
import { OtaSelect } from './ota-select.ts';

/** Where the program runs, and on which chip. */
export interface SlotsOptions {
  partitions: readonly Partition[];
  running: Partition;
  chipId: number;
}

export class Slots implements SlotPort {
  readonly running: FlashRegion;
  readonly next: FlashRegion;
  readonly #flash: NorFlash;
  readonly #slots: Partition[];
  readonly #chipId: number;
  readonly #select: OtaSelect;
  readonly #runningIndex: number;
  readonly #nextIndex: number;

  constructor(flash: NorFlash, { partitions, running, chipId }: SlotsOptions) {
    this.#flash = flash;
    this.#chipId = chipId;
    this.#slots = appSlots(partitions);
    this.#select = new OtaSelect(flash, otadataPartition(partitions));
    this.#runningIndex = this.#slots.indexOf(running);
    this.#nextIndex = (this.#runningIndex + 1) % this.#slots.length;
    const refuse = () => false;
    this.running = { ...flashRegion(flash, running), write: refuse, erase: refuse };
    const other = this.#slots.length > 1 ? this.#slots[this.#nextIndex] : undefined;
    this.next = flashRegion(flash, other);
  }

  setBootNext(): boolean {
    if (this.#slots.length < 2 || !this.#startable(this.#nextIndex)) return false;
    const { entries, active } = this.#select.read();
    const entry: OtaEntry = { seq: this.#nextIndex + 1, state: OTA_STATE.new };
    if (active === null) {
      this.#select.write(0, entry);
    } else {
      // only an entry that is there is active
      while (entry.seq < entries[active]!.seq) entry.seq += this.#slots.length;
      this.#select.write(1 - active, entry);
    }
    return true;
  }

  pendingVerify(): boolean {
    return this.#entryOf(this.#runningIndex)?.state === OTA_STATE.pendingVerify;
  }

  confirm(): boolean {
    const { entries, active } = this.#select.read();
    if (active === null) return false;
    // only an entry that is there is active
    const entry = entries[active]!;
    if (entry.state !== OTA_STATE.valid) {
      this.#select.write(active, { ...entry, state: OTA_STATE.valid });
    }
    return true;
  }

  canGoBack(): boolean {
    const { entries, active } = this.#select.read();
    const other = active === null ? null : entries[1 - active];
    if (!other || other.state === OTA_STATE.invalid || other.state === OTA_STATE.aborted) {
      return false;
    }
    return this.#startable((other.seq - 1) % this.#slots.length);
  }

  #entryOf(slot: number): OtaEntry | undefined {
    return this.#select
      .read()
      .entries.find((entry) => entry && (entry.seq - 1) % this.#slots.length === slot) as
      | OtaEntry
      | undefined;
  }

  #startable(index: number): boolean {
    // callers name slots that there are
    const { offset, size } = this.#slots[index]!;
    try {
      return readAppImage(this.#flash.read(offset, size)).chipId === this.#chipId;
    } catch {
      return false;
    }
  }
}
