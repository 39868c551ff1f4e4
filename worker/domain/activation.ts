/**
 * Activation: whoever holds a unit's label takes the unit to an own location with its PIN. A unit
 * that stands at somebody else's location stays there, PIN or not. Knows no HTTP and no SQL.
 */
import type { Me } from '../../shared/contracts/portal.ts';
import type { ActivateRequest } from '../../shared/contracts/provisioning.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { type Change, unitChange } from './audit.ts';
import { checkDestination, type LocationStore, visibleLocations } from './location.ts';
import { type PinStore, tryPin } from './pin.ts';
import type { UnitStore } from './unit.ts';

export interface ActivationStore {
  /** In service at the location, unless it has moved from `from` meanwhile: then false. */
  activate(id: string, to: string, from: string | null, change: Change): Promise<boolean>;
}

export interface ActivationPorts {
  pins: PinStore;
  pinPepper: string | undefined;
  locations: LocationStore;
  units: UnitStore;
  activations: ActivationStore;
}

/**
 * @throws AppError `not_found` for a location that is not the person's, `invalid` for a wrong PIN
 *   or an unknown unit alike, `rate_limited` after five wrong tries, `conflict` for a unit that
 *   is somewhere else
 */
export async function activateUnit(
  ports: ActivationPorts,
  person: Me,
  id: string,
  { pin, location_id }: ActivateRequest,
  nowMs: number,
): Promise<void> {
  const { pins, pinPepper, locations, units } = ports;
  await checkDestination(locations, person, location_id);
  await tryPin(pins, pinPepper, id, pin, nowMs).catch(asInput);
  const unit = await units.find(id);
  if (!unit) throw wrongPin();
  if (unit.location_id !== null) {
    const own = await visibleLocations(locations, person);
    if (!own.some((location) => location.id === unit.location_id)) throw elsewhere(id);
  }
  const facts = {
    before: { location_id: unit.location_id, status: unit.status },
    after: { location_id, status: 'active' },
  };
  const change = unitChange(person.user_id, 'unit.activate', id, facts, nowMs);
  const done = await ports.activations.activate(id, location_id, unit.location_id, change);
  if (!done) throw elsewhere(id);
}

/** A wrong PIN does not mean that the person is not signed in. */
function asInput(failure: unknown): never {
  const error = toAppError(failure);
  throw error.code === 'unauthenticated' ? wrongPin() : error;
}

function wrongPin(): AppError {
  return new AppError('invalid', 'pin: unknown unit or wrong PIN', {
    hint: 'Check the id and the four digits on the label; five wrong tries lock it for an hour.',
  });
}

function elsewhere(id: string): AppError {
  return new AppError('conflict', `${id} belongs to another location.`, {
    hint: 'Ask an administrator to move it.',
  });
}
