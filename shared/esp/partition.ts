/** A partition as table and CSV have it. Source: ESP-IDF "Partition Tables". */

export const PARTITION_TABLE_OFFSET = 0x8000;
/** Of a name in UTF-8; one of 16 has no NUL behind it. */
export const LABEL_BYTES = 16;
/** A table has 0xC00 bytes for entries of 32; the MD5 takes one, and one stays erased: the end. */
export const PARTITIONS_MAX = 94;

export interface Partition {
  label: string;
  /** 0 app, 1 data, 2 bootloader, 3 partition table; 0x40 to 0xfe free for any use. */
  type: number;
  /** app: 0x10 + n = ota_n; data: 0 ota, 1 phy, 2 nvs, 3 coredump, 6 undefined. */
  subtype: number;
  offset: number;
  size: number;
  flags: number;
}
