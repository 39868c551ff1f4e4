/**
 * What is known before anything is written: is the id free, which chip is it, does the firmware
 * fit, and what does the unit hold already. Knows no stages' order.
 */
import { msg } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import type { ObservableValue } from './observable.ts';
import type { PrepareParts } from './prepare.ts';
import { checkDeviceId, checkIdIsFree } from './prepare-confirm.ts';
import type { PrepareOptions, PrepareState } from './prepare-state.ts';
import { type Job, requireFit, versionsOf } from './prepare-write.ts';
import type { StageContext, StageTracker } from './stage-tracker.ts';
import { anotherUnit } from './unit.ts';

export { register } from './prepare-confirm.ts';

interface Wanted {
  options: PrepareOptions;
  /** With another chip on the cable nothing is done; null: any. */
  onlyMac: string | null;
}

/** Both checks, as stages. @throws AppError what either finds wrong */
export async function checkJob(
  parts: PrepareParts,
  state: ObservableValue<PrepareState>,
  stages: StageTracker,
  { options, onlyMac, signal }: Wanted & Pick<StageContext, 'signal'>,
): Promise<Job> {
  const checked = await stages.run('check-id', (reporter) =>
    checkUnit(parts, state, { options, onlyMac, reporter, signal }),
  );
  const found = await stages.run('check-firmware', (reporter) =>
    checkFirmware(parts, state, { options, chip: checked.chip, reporter, signal }),
  );
  return { options, ...checked, ...found };
}

async function checkUnit(
  parts: PrepareParts,
  state: ObservableValue<PrepareState>,
  { options, onlyMac, reporter, signal }: Wanted & StageContext,
): Promise<Pick<Job, 'chip' | 'settings' | 'renew'>> {
  const { unit, portal, outbox } = parts;
  const isWhole = (options.action ?? 'prepare') === 'prepare';
  if (isWhole) checkDeviceId(options.deviceId);
  const chip = await unit.ready(signal);
  if (onlyMac !== null && chip.mac !== onlyMac) throw anotherUnit(onlyMac, chip.mac);
  state.patch({ mac: chip.mac });
  if (isWhole) await outbox.makeRoom();
  const settings = await portal.settings(signal);
  if (!isWhole) return { chip, settings, renew: false };
  const status = await checkIdIsFree(parts, options, chip.mac, signal);
  if (!status) {
    reporter.warn(msg('The server cannot be reached, so nobody knows whether this id is free.'));
  }
  return { chip, settings, renew: status?.mac === chip.mac };
}

async function checkFirmware(
  { unit, firmware }: PrepareParts,
  state: ObservableValue<PrepareState>,
  { options, chip, reporter, signal }: Pick<Job, 'options' | 'chip'> & StageContext,
): Promise<Pick<Job, 'bundle' | 'hasToErase' | 'ownId'>> {
  const { action = 'prepare' } = options;
  const bundle = await firmware.load(chip.target, signal);
  const hasToErase = await requireFit(unit, bundle, { options, chip, signal });
  state.patch({ versions: versionsOf(bundle) });
  reporter.update({ detail: `${bundle.name} ${bundle.version}` });
  const { identityOf, hasProvenLink } = await import('./on-unit.ts');
  const keeps = action !== 'prepare' && !hasToErase;
  const ownId = keeps ? await identityOf(unit, bundle, signal) : null;
  if (action === 'flash' && ownId === null) throw noIdentity();
  if (ownId !== null) state.patch({ deviceId: ownId });
  if (!hasToErase && (await hasProvenLink(unit, bundle, signal))) nowProven(state, chip.mac);
  return { bundle, hasToErase, ownId };
}

/** The chip's link was proven: it may skip phase 1. */
export function nowProven(state: ObservableValue<PrepareState>, mac: string): void {
  state.patch({ provenMacs: new Set([...state.value.provenMacs, mac]) });
}

function noIdentity(): AppError {
  return new AppError('invalid', msg('This unit has no identity that it could keep.'), {
    hint: msg('Nothing was written. Prepare it instead: that gives it one.'),
  });
}
