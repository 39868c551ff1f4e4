/**
 * What is written in a preparation: the provisioning app, then identity and JamBox app. The only
 * place where an image with a token exists. Knows no stages' order and no backend.
 */
import { msg, str } from '@lit/localize';
import type { Settings } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import type { FirmwareBundle } from './flash-types.ts';
import { createIdentity, modemImage, wipe } from './identity.ts';
import { findLayout } from './prepare-layout.ts';
import type { PrepareOptions, PrepareVersions } from './prepare-state.ts';
import { provisioningRegions, unitRegions } from './regions.ts';
import { reportWrite, type StageContext, type StageReporter } from './stage-tracker.ts';
import { anotherUnit, type Unit } from './unit.ts';
import type { ChipInfo } from './unit-state.ts';

export { eraseUnit } from './prepare-layout.ts';

/**
 * Whether `bundle` can be written to `chip` at all: nothing is erased for one that cannot.
 * @returns whether all of flash has to be erased before, as `options` allow
 * @throws AppError `flash_too_small`, `image_corrupt`; as {@link findLayout}
 */
export async function requireFit(
  unit: Unit,
  bundle: FirmwareBundle,
  { chip, options, signal }: Pick<Job, 'chip' | 'options'> & { signal: AbortSignal },
): Promise<boolean> {
  provisioningRegions(bundle); // its partition table has a place for every image
  if (chip.flashBytes >= bundle.flashBytes) return findLayout(unit, bundle, options, signal);
  const [has, needs] = [chip.flashBytes, bundle.flashBytes].map((bytes) => bytes / 2 ** 20);
  throw new AppError(
    'flash_too_small',
    msg(str`This chip has ${has} MB of flash; JamBox needs ${needs}.`),
  );
}

/** An app that does not say its own has its bundle's. */
export function versionsOf({ version, images }: FirmwareBundle): PrepareVersions {
  const of = (role: 'jambox' | 'provisioning') => images[role].version ?? version;
  return { jambox: of('jambox'), provisioning: of('provisioning') };
}

/** What the checks have found, and later stages need. */
export interface Job {
  options: PrepareOptions;
  /** The chip that the preparation began with. */
  chip: ChipInfo;
  settings: Settings;
  bundle: FirmwareBundle;
  /** The id is this very unit's already: it gets a new token. */
  renew: boolean;
  /** The id that it had when it came; null: none, or nobody had to know. */
  ownId: string | null;
  /** Its flash is divided in another way: all of it goes, as was agreed. */
  hasToErase: boolean;
}

const regionOf = ({ modem_apn, modem_bands }: Settings) => ({ apn: modem_apn, bands: modem_bands });

/** Phase 1. @throws AppError as {@link Unit.write} */
export async function writeProvisioning(
  unit: Unit,
  { options, bundle, chip, settings, ownId }: Job,
  reporter: StageReporter,
  signal: AbortSignal,
): Promise<void> {
  // Who only tests the link leaves a unit who it is: firmware alone makes it one again.
  const keeps = options.action === 'bringup' && ownId !== null;
  const modem = keeps ? undefined : modemImage(regionOf(settings), bundle.fctry.size);
  const reports = reportWrite(reporter);
  await unit.write(provisioningRegions(bundle, modem), { target: chip.target, signal, ...reports });
  reporter.update({ detail: msg('Written and verified.') });
}

/** The firmware of a unit that keeps its identity. @throws AppError as {@link Unit.write} */
export async function writeFirmware(
  unit: Unit,
  { bundle, chip }: Job,
  { reporter, signal }: StageContext,
): Promise<void> {
  const options = { target: chip.target, signal, ...reportWrite(reporter) };
  await unit.write(unitRegions(bundle, null), options);
  reporter.update({ detail: msg('Written, every region verified.') });
}

/**
 * Phase 2: a fresh token, written with identity and app, then wiped.
 * `onToken` is called just before the first byte of an identity with a token goes out
 * @returns SHA-256 of the token, 64 lowercase hex digits
 * @throws AppError as {@link Unit.write}; `another_unit` when another unit is on the cable now
 */
export async function writeUnit(
  unit: Unit,
  { options, settings, bundle, chip }: Job,
  { onToken, reporter, signal }: StageContext & { onToken: () => void },
): Promise<string> {
  const now = await unit.ready(signal);
  if (now.mac !== chip.mac) throw anotherUnit(chip.mac, now.mac);
  const { device_host: host, device_port: port } = settings;
  const endpoint = { host, port, ...regionOf(settings) };
  const identity = await createIdentity(options.deviceId, endpoint, bundle.fctry.size);
  try {
    onToken();
    const regions = unitRegions(bundle, identity.image);
    await unit.write(regions, { target: chip.target, signal, ...reportWrite(reporter) });
  } finally {
    wipe(identity.image);
  }
  reporter.update({ detail: msg('Written, every region verified.') });
  return identity.tokenSha256;
}
