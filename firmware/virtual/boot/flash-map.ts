/** Partitions that a start looks for. Knows no bytes. */
import type { Partition } from '../../../shared/esp/partition-table.ts';

const TYPE_APP = 0;
const TYPE_DATA = 1;
const SUBTYPE_OTA_0 = 0x10;
const SUBTYPE_OTADATA = 0;

/** The app slots, ota_0 first. */
export function appSlots(partitions: readonly Partition[]): Partition[] {
  return partitions
    .filter((p) => p.type === TYPE_APP && p.subtype >= SUBTYPE_OTA_0)
    .sort((a, b) => a.subtype - b.subtype);
}

export function otadataPartition(partitions: readonly Partition[]): Partition | undefined {
  return partitions.find((p) => p.type === TYPE_DATA && p.subtype === SUBTYPE_OTADATA);
}
