/**
 * Which bytes of a bundle go where in each phase of preparing a unit. Pure; knows no port.
 */

import { msg, str } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import { readPartitionTable } from '../../shared/esp/partition-table.ts';
import type { BundleImage, FirmwareBundle, FlashRegion, ImageRole } from './flash-types.ts';

const NAMES: Record<ImageRole, () => string> = {
  bootloader: () => msg('bootloader'),
  'partition-table': () => msg('partition table'),
  otadata: () => msg('boot selection'),
  provisioning: () => msg('test program'),
  jambox: () => msg('JamBox program'),
};
const KINDS: Record<ImageRole, FlashRegion['kind']> = {
  bootloader: 'image',
  'partition-table': 'table',
  otadata: 'data',
  provisioning: 'image',
  jambox: 'image',
};
/** Room before and of the partition table; both lie outside of what the table describes. */
const ROOM: Partial<Record<ImageRole, number>> = { bootloader: 0x8000, 'partition-table': 0x1000 };

/**
 * Phase 1. The boot selection comes before the app: a unit that last booted its second slot would
 * otherwise run its old app after a pulled cable and look prepared.
 * @param modem image for `fctry` with what the bring-up needs and no identity; where only the
 *   bundle matters it is left out
 */
export function provisioningRegions(bundle: FirmwareBundle, modem?: Uint8Array): FlashRegion[] {
  return [
    ...regionsOf(bundle, ['bootloader', 'partition-table', 'otadata']),
    ...(modem ? [identityRegion(bundle, msg('network settings'), modem)] : []),
    ...regionsOf(bundle, ['provisioning']),
  ];
}

/**
 * Phase 2: everything the unit shall hold in the end, so that all of it is verified; what phase 1
 * has written already is found by its MD5 and left alone.
 * @param identity null: the unit keeps its own
 */
export function unitRegions(bundle: FirmwareBundle, identity: Uint8Array | null): FlashRegion[] {
  return [
    ...regionsOf(bundle, ['bootloader', 'partition-table']),
    ...(identity ? [identityRegion(bundle, msg('identity'), identity)] : []),
    ...regionsOf(bundle, ['jambox', 'otadata']),
  ];
}

function identityRegion({ fctry }: FirmwareBundle, name: string, bytes: Uint8Array): FlashRegion {
  return { name, kind: 'data', offset: fctry.offset, bytes, sha256: null, room: fctry.size };
}

function regionsOf(bundle: FirmwareBundle, roles: readonly ImageRole[]): FlashRegion[] {
  const partitions = readPartitionTable(bundle.images['partition-table'].bytes);
  return roles.map((role) => {
    const image: BundleImage = bundle.images[role];
    const room = ROOM[role] ?? partitions.find((p) => p.offset === image.offset)?.size;
    if (room === undefined) {
      throw new AppError(
        'image_corrupt',
        msg(str`The bundle has no partition for its ${NAMES[role]()}.`),
      );
    }
    const { offset, bytes, sha256 } = image;
    return { name: NAMES[role](), kind: KINDS[role], offset, bytes, sha256, room };
  });
}
