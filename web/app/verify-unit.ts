/**
 * What is on the unit on the cable, found out without writing anything: which app it starts,
 * whether that is whole and the newest there is, who the unit says it is. Fetched when asked for.
 */
import { msg, str } from '@lit/localize';
import { toAppError } from '../../shared/errors.ts';
import { peekAppDescriptor, readAppImage } from '../../shared/esp/app-image.ts';
import { bootSlot, OTADATA_BYTES, OTADATA_OFFSET, readOtaData } from '../../shared/esp/otadata.ts';
import {
  PARTITION_TABLE_BYTES,
  PARTITION_TABLE_OFFSET,
  readPartitionTable,
} from '../../shared/esp/partition-table.ts';
import type { BenchLog } from './bench-log.ts';
import type { FirmwareBundle } from './flash-types.ts';
import { isolated } from './isolated.ts';
import { hasProvenLink, identityOf } from './on-unit.ts';
import type { FirmwareSource } from './ports.ts';
import type { Unit } from './unit.ts';

/** What the boot selection starts. `none`: nothing that could be started. */
type AppKind = 'jambox' | 'provisioning' | 'other' | 'none';

export interface VerifyReport {
  mac: string;
  app: AppKind;
  /** As its image says; empty: it does not say. */
  name: string;
  version: string;
  /** Checksum and hash of its image are right. */
  isWhole: boolean;
  /** Byte for byte what this page would write. */
  isCurrent: boolean;
  /** Version of that. */
  newest: string;
  /** As its identity says; null: it has none. */
  deviceId: string | null;
  hasProvenLink: boolean;
}

/** What is found out about the unit on the cable, now and before. */
export interface UnitHistory {
  log: () => Promise<BenchLog>;
  /** Looks at it without writing. */
  verify: () => Promise<VerifyReport>;
}

const OTA_0 = 0x10;
const NO_APP = { app: 'none', name: '', version: '', isWhole: false, isCurrent: false } as const;

/**
 * Reads flash; the unit stays in download mode.
 * @throws AppError as {@link Unit.read} and {@link FirmwareSource.load}
 */
export async function verifyUnit(
  unit: Unit,
  firmware: FirmwareSource,
  signal: AbortSignal,
): Promise<VerifyReport> {
  const { mac, target } = await unit.ready(signal);
  const bundle = await firmware.load(target, signal);
  const { jambox } = bundle.images;
  return {
    mac,
    ...(await appOn(unit, bundle, signal)),
    newest: jambox.version ?? bundle.version,
    deviceId: await identityOf(unit, bundle, signal),
    hasProvenLink: await hasProvenLink(unit, bundle, signal),
  };
}

async function appOn(unit: Unit, bundle: FirmwareBundle, signal: AbortSignal) {
  const table = { offset: PARTITION_TABLE_OFFSET, length: PARTITION_TABLE_BYTES };
  const slots = slotsOf(await unit.read(table, { signal }));
  if (slots.length === 0) return NO_APP;
  const selection = { offset: OTADATA_OFFSET, length: OTADATA_BYTES };
  const started = bootSlot(readOtaData(await unit.read(selection, { signal })), slots.length);
  // bootSlot is below their number
  const { offset, size: length } = slots[started]!;
  const bytes = await unit.read({ offset, length }, { signal });
  const descriptor = peekAppDescriptor(bytes);
  if (!descriptor) return NO_APP;
  const { projectName: name, version } = descriptor;
  const ours = bundle.images.jambox.bytes;
  const isCurrent = ours.every((byte, i) => byte === bytes[i]);
  return { app: kindOf(name), name, version, isWhole: isWhole(bytes), isCurrent };
}

function slotsOf(table: Uint8Array) {
  try {
    return readPartitionTable(table)
      .filter(({ type, subtype }) => type === 0 && subtype >= OTA_0)
      .sort((a, b) => a.subtype - b.subtype);
  } catch {
    return []; // erased, or another program's: nothing that this page knows is started
  }
}

/** Those of virtual units end with their target. */
function kindOf(project: string): AppKind {
  if (/^jambox(-|$)/.test(project)) return 'jambox';
  return /^provisioning(-|$)/.test(project) ? 'provisioning' : 'other';
}

function isWhole(bytes: Uint8Array): boolean {
  try {
    readAppImage(bytes);
    return true;
  } catch (cause) {
    console.debug('The image on the unit is not whole.', toAppError(cause).message);
    return false;
  }
}

/**
 * What that means, in sentences, and whether it can be mounted as it is.
 * @param known the id under which the backend has this chip; null: none; undefined: nobody knows
 */
export function verifyWords(
  report: VerifyReport,
  known: string | null | undefined,
): { good: boolean; sentences: string[] } {
  const { deviceId } = report;
  const firmware = firmwareWords(report);
  const who = deviceId === null ? msg('It has no identity.') : msg(str`It is ${deviceId}.`);
  const other = known !== undefined && known !== deviceId && deviceId !== null;
  const link = report.hasProvenLink
    ? msg('Its link was proven once.')
    : msg('Its link was not proven yet.');
  const good = report.app === 'jambox' && report.isWhole && deviceId !== null && !other;
  return {
    good,
    sentences: [firmware, who, ...(other ? [strangeWords(known)] : []), link],
  };
}

function firmwareWords({ app, name, version, isWhole, isCurrent, newest }: VerifyReport): string {
  const program = isolated(`${name} ${version}`);
  if (app === 'none') return msg('There is no firmware on it.');
  if (!isWhole) return msg(str`The firmware on it (${program}) is damaged.`);
  if (app === 'provisioning')
    return msg('It holds the test firmware only and counts nobody: it is not prepared yet.');
  if (app === 'other') return msg(str`Another program is on it: ${program}.`);
  if (isCurrent) return msg(str`It holds JamBox ${version}, exactly as it should be.`);
  return msg(str`It holds JamBox ${version}; this page would write ${newest}.`);
}

function strangeWords(known: string | null): string {
  return known === null
    ? msg('The server does not know this chip: prepare it again.')
    : msg(str`The server knows this chip as ${known}: prepare it again.`);
}
