/**
 * What lies in flash, as a person looks at it: partitions, which app starts, what the apps say of
 * themselves, the values of NVS with secrets masked. Of a unit or of a file: it asks for pieces and
 * knows neither. Nothing in here is trusted: what does not prove itself is said to be damaged.
 */
import { hexDigits, isErased, toHex } from '../../shared/bytes.ts';
import {
  APP_HEAD_BYTES,
  type AppDescriptor,
  peekAppDescriptor,
  readAppImage,
} from '../../shared/esp/app-image.ts';
import { readNvs } from '../../shared/esp/nvs.ts';
import { bootSlot, OTADATA_BYTES, type OtaEntry, readOtaData } from '../../shared/esp/otadata.ts';
import { DATA_SUBTYPE, nameOfSubtype, nameOfType, TYPE } from '../../shared/esp/partition-names.ts';
import {
  PARTITION_TABLE_BYTES,
  PARTITION_TABLE_OFFSET,
  type Partition,
  readPartitionTable,
} from '../../shared/esp/partition-table.ts';
import type { FlashPlace } from './flash-types.ts';
import { type ShownValue, shownValue } from './nvs-mask.ts';

/** ota_0 to ota_15. */
const OTA_FIRST = 0x10;
const OTA_LAST = 0x1f;
/** NVS partitions are tens of KB; a table that claims more is not followed. */
const NVS_BYTES_MAX = 0x100000;

export type ReadFlash = (place: FlashPlace) => Promise<Uint8Array>;

export interface PartitionView {
  label: string;
  /** As ESP-IDF's CSV names them, e.g. `app` and `ota_0`. */
  type: string;
  subtype: string;
  offset: number;
  size: number;
}

/** `whole`: checksum and hash prove it; `unproven`: only its head was read. */
export type AppProof = 'whole' | 'damaged' | 'unproven';

export interface AppView {
  /** Its partition, or nothing for a file that is an app. */
  label: string;
  proof: AppProof;
  descriptor: Pick<
    AppDescriptor,
    'projectName' | 'version' | 'date' | 'time' | 'idfVersion' | 'secureVersion'
  > | null;
  /** 64 hex digits of the ELF that it was made from; empty without descriptor. */
  elfSha256: string;
}

export interface OtaView {
  entries: readonly (OtaEntry | null)[];
  /** Which of them decides; null: none. */
  active: 0 | 1 | null;
  /** Label of the partition that starts; null: there is none. */
  starts: string | null;
}

export interface NvsView {
  label: string;
  values: readonly ShownValue[];
  /** Entries and pages that do not prove themselves. */
  damaged: number;
}

export interface FlashView {
  /** `damaged`: something lies there that is no table. */
  table: 'read' | 'erased' | 'damaged' | 'none';
  partitions: readonly PartitionView[];
  ota: OtaView | null;
  apps: readonly AppView[];
  nvs: readonly NvsView[];
}

/**
 * @param whole whether reading all of an app costs nothing, so that it can be proven
 * @throws AppError as `read`
 */
export async function viewFlash(read: ReadFlash, whole = false): Promise<FlashView> {
  const bytes = await read({ offset: PARTITION_TABLE_OFFSET, length: PARTITION_TABLE_BYTES });
  const table = tableOf(bytes);
  const view = { partitions: table.partitions.map(partitionView), ota: null, apps: [], nvs: [] };
  if (table.state !== 'read') return { ...view, table: table.state };
  const apps: AppView[] = [];
  const nvs: NvsView[] = [];
  let ota: OtaView | null = null;
  for (const partition of table.partitions) {
    const { type, subtype, offset, size, label } = partition;
    if (type === TYPE.app) {
      const app = appOf(
        label,
        await read({ offset, length: whole ? size : APP_HEAD_BYTES }),
        whole,
      );
      if (app) apps.push(app);
    } else if (type === TYPE.data && subtype === DATA_SUBTYPE.nvs && size <= NVS_BYTES_MAX) {
      nvs.push(nvsOf(label, await read({ offset, length: size })));
    } else if (type === TYPE.data && subtype === DATA_SUBTYPE.ota && size >= OTADATA_BYTES) {
      ota = otaOf(await read({ offset, length: OTADATA_BYTES }), table.partitions);
    }
  }
  return { table: 'read', partitions: view.partitions, ota, apps, nvs };
}

/** A file: all of flash, or one of the parts that are known by their beginnings. */
export async function viewFile(file: Uint8Array): Promise<FlashView> {
  const nothing: FlashView = { table: 'none', partitions: [], ota: null, apps: [], nvs: [] };
  if (tableOf(file.subarray(PARTITION_TABLE_OFFSET)).state === 'read') {
    return viewFlash(async ({ offset, length }) => file.subarray(offset, offset + length), true);
  }
  const table = tableOf(file);
  if (table.state === 'read') {
    return { ...nothing, table: 'read', partitions: table.partitions.map(partitionView) };
  }
  const app = appOf('', file, true);
  if (app) return { ...nothing, apps: [app] };
  const nvs = nvsOf('', file);
  if (nvs.values.length > 0) return { ...nothing, nvs: [nvs] };
  return nothing;
}

/** Whether `view` shows nothing that is known here. */
export function isUnknown({ table, apps, nvs }: FlashView): boolean {
  return table === 'none' && apps.length === 0 && nvs.length === 0;
}

function tableOf(bytes: Uint8Array): { state: FlashView['table']; partitions: Partition[] } {
  const head = bytes.subarray(0, PARTITION_TABLE_BYTES);
  if (head.length === 0 || isErased(head)) return { state: 'erased', partitions: [] };
  try {
    return { state: 'read', partitions: readPartitionTable(head) };
  } catch {
    return { state: 'damaged', partitions: [] };
  }
}

function partitionView({ label, type, subtype, offset, size }: Partition): PartitionView {
  return { label, type: nameOfType(type), subtype: nameOfSubtype(type, subtype), offset, size };
}

function appOf(label: string, bytes: Uint8Array, whole: boolean): AppView | null {
  const descriptor = peekAppDescriptor(bytes);
  if (!descriptor && bytes[0] !== 0xe9) return null;
  const elfSha256 = descriptor ? toHex(descriptor.elfSha256) : '';
  return { label, descriptor, elfSha256, proof: whole ? proofOf(bytes) : 'unproven' };
}

function proofOf(bytes: Uint8Array): AppProof {
  try {
    readAppImage(bytes);
    return 'whole';
  } catch {
    return 'damaged';
  }
}

function nvsOf(label: string, bytes: Uint8Array): NvsView {
  const { entries, skipped } = readNvs(bytes);
  return { label, values: entries.map(shownValue), damaged: skipped.length };
}

/** As the bootloader decides: an entry, else the factory app, else the first slot. */
function otaOf(bytes: Uint8Array, partitions: readonly Partition[]): OtaView {
  const data = readOtaData(bytes);
  const apps = partitions.filter(({ type }) => type === TYPE.app);
  const slots = apps
    .filter(({ subtype }) => subtype >= OTA_FIRST && subtype <= OTA_LAST)
    .sort((a, b) => a.subtype - b.subtype);
  const factory = apps.find(({ subtype }) => subtype === 0);
  const slot = slots[slots.length === 0 ? 0 : bootSlot(data, slots.length)];
  const starts = data.active === null ? (factory ?? slot) : slot;
  return { entries: data.entries, active: data.active, starts: starts?.label ?? null };
}

/** `0x20000` */
export const address = (offset: number): string => `0x${hexDigits(offset)}`;
