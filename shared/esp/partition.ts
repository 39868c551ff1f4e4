/** A partition as table and CSV have it. Source: ESP-IDF "Partition Tables". */

export const PARTITION_TABLE_OFFSET = 0x8000;

export interface Partition {
  label: string;
  /** 0 app, 1 data. */
  type: number;
  /** app: 0x10 + n = ota_n; data: 0 ota, 1 phy, 2 nvs, 3 coredump, 6 undefined. */
  subtype: number;
  offset: number;
  size: number;
  flags: number;
}
