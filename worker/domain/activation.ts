/**
 * Activation: whoever holds a unit's label takes the unit to an own location. A unit that stands at
 * somebody else's location stays there, label or not. Every failure is one answer, after the same
 * steps, so that nobody learns which units there are or whether a PIN was right; wrong tries are
 * braked for whoever makes them, not for the unit. Knows no HTTP and no SQL.
 */
import type { Me } from '../../shared/contracts/portal.ts';
import type { ActivateRequest } from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import {
  type AuditStore,
  type Change,
  type ChangeContext,
  type PersonContext,
  unitChange,
} from './audit.ts';
import { type Brake, type BrakeStore, braked, type Refusal, takeTry } from './brake.ts';
import { checkDestination, type LocationStore, seesLocation } from './location.ts';
import type { NoticeStore } from './notice.ts';
import { type PinPorts, provesLabel } from './pin.ts';
import type { Unit, UnitStore } from './unit.ts';

export interface ActivationStore {
  /** At the location, unless it has moved from `from` meanwhile: then false. */
  activate(id: string, to: string, from: string | null, change: Change): Promise<boolean>;
}

export interface ActivationPorts extends PinPorts {
  locations: LocationStore;
  units: UnitStore;
  activations: ActivationStore;
  brakes: BrakeStore;
  audit: AuditStore;
  notices: NoticeStore;
}

/** Who tries when, and from which network where that is known. */
export interface Attempt extends PersonContext {
  network: string | undefined;
}

const HOUR_S = 3600;
const DAY_S = 86_400;

/**
 * Wrong tries that pass. A person has labels in the hand: ten slips an hour and twenty a day are
 * many. A shop's network serves several people. With twenty a day a stranger needs 250 days for an
 * even chance at one unit's four digits, and administrators learn of it on the first.
 */
const PERSON_HOURLY = 10;
const PERSON_DAILY = 20;
const NETWORK_HOURLY = 40;
const PAIR_HOURLY = 5;
const PAIR = 'pin:pair:';
/**
 * Over all people: three strangers' whole day. They lock the PIN, never the QR code's secret, which
 * nobody guesses; and the lock ends by {@link unlockPin} before its day is over.
 */
const UNIT_DAILY = 60;
const UNIT = 'pin:unit:';

/**
 * @throws AppError `not_found` for a location that is not the person's, `invalid` for a wrong PIN,
 *   an unknown, withdrawn or foreign unit alike, `rate_limited` after too many of those
 */
export async function activateUnit(
  ports: ActivationPorts,
  attempt: Attempt,
  id: string,
  { location_id, ...label }: ActivateRequest,
): Promise<void> {
  const { person, nowMs } = attempt;
  await checkDestination(ports.locations, person, location_id);
  const brakes = await takeTries(ports, attempt, id, 'pin' in label);
  const look = () => unitToTake(ports, person, id, location_id);
  const [proven, unit] = await Promise.all([provesLabel(ports, id, label), look()]);
  const take = async (unit: Unit | null) =>
    unit !== null && (await activate(ports, attempt, unit, location_id));
  // Moved meanwhile, perhaps by the same person's second press: a right label is no wrong try.
  if (!proven || !unit || !((await take(unit)) || (await take(await look())))) {
    const facts = { after: { location_id } };
    await ports.audit.add(
      unitChange({ actor: person.user_id, nowMs }, 'unit.activate_failed', id, facts),
    );
    throw notThisUnit();
  }
  await ports.brakes.giveBack(brakes.map(({ key }) => key));
}

/**
 * The unit, unless it stands at somebody else's; a withdrawn one comes back by an administrator's
 * word only. The steps are the same for any unit and for none.
 */
async function unitToTake(
  { units, locations }: ActivationPorts,
  person: Me,
  id: string,
  locationId: string,
): Promise<Unit | null> {
  const unit = await units.find(id);
  const isOwn = await seesLocation(locations, person, unit?.location_id ?? locationId);
  return isOwn && unit?.status !== 'inactive' ? unit : null;
}

function activate(
  { activations }: ActivationPorts,
  { person, nowMs }: PersonContext,
  unit: Unit,
  locationId: string,
): Promise<boolean> {
  const facts = {
    before: { location_id: unit.location_id },
    after: { location_id: locationId },
  };
  const change = unitChange({ actor: person.user_id, nowMs }, 'unit.activate', unit.id, facts);
  return activations.activate(unit.id, locationId, unit.location_id, change);
}

/**
 * For whoever looks after the unit: PINs are looked at again, whatever others have tried.
 * @throws AppError `not_found`
 */
export async function unlockPin(
  { units, brakes, audit }: Pick<ActivationPorts, 'units' | 'brakes' | 'audit'>,
  { actor, nowMs }: ChangeContext,
  id: string,
): Promise<void> {
  if (!(await units.find(id))) throw new AppError('not_found', 'There is no such unit.');
  await brakes.clear(`${UNIT}${id}`);
  await audit.add(unitChange({ actor, nowMs }, 'unit.unlock_pin', id, {}));
}

/**
 * Counts a try against the person, the network, then the unit.
 * @param canBeGuessed whether it is a PIN
 * @throws AppError `rate_limited`
 */
async function takeTries(
  ports: ActivationPorts,
  attempt: Attempt,
  id: string,
  canBeGuessed: boolean,
): Promise<Brake[]> {
  const { person, network, nowMs } = attempt;
  const key = (...parts: string[]) => ['pin', ...parts].join(':');
  const ofNetwork = { key: key('net', network ?? ''), max: NETWORK_HOURLY, window_s: HOUR_S };
  const brakes: Brake[] = [
    { key: key('hour', person.user_id), max: PERSON_HOURLY, window_s: HOUR_S },
    { key: key('day', person.user_id), max: PERSON_DAILY, window_s: DAY_S },
    ...(network ? [ofNetwork] : []),
    { key: `${PAIR}${person.user_id}:${id}`, max: PAIR_HOURLY, window_s: HOUR_S },
    ...(canBeGuessed ? [{ key: `${UNIT}${id}`, max: UNIT_DAILY, window_s: DAY_S }] : []),
  ];
  const refusal = await takeTry(ports.brakes, brakes, nowMs);
  if (refusal) await refuse(ports, attempt, id, refusal);
  return brakes;
}

/**
 * Administrators get a notice of the first refusal; the ones after it are more of the same. When
 * that fails, the next refusal is told: twice rather than not at all.
 */
async function refuse(
  { audit, brakes, notices }: ActivationPorts,
  { person, nowMs }: PersonContext,
  id: string,
  { brake, untold, retry_after_s }: Refusal,
): Promise<never> {
  if (untold) {
    await audit.add(unitChange({ actor: person.user_id, nowMs }, 'unit.activate_refused', id, {}));
    const detail = `Too many wrong PINs, last by ${person.email} (${person.user_id}) at ${id}.`;
    // Five wrong ones at one unit are somebody with a worn label; all else may be guessing.
    if (!brake.key.startsWith(PAIR)) {
      await notices.add({ at_ms: nowMs, kind: 'pin_guessing', detail });
    }
    await brakes.markTold(brake);
  }
  if (!brake.key.startsWith(UNIT)) {
    throw braked('Too many wrong PINs. No more are looked at for now.', retry_after_s);
  }
  const { message, hint: later } = braked('Others tried too many PINs here.', retry_after_s);
  const hint = `Scan the label’s QR code, or ask who installed the unit to unlock it. ${later}`;
  throw new AppError('rate_limited', message, { hint, retryAfterS: retry_after_s });
}

function notThisUnit(): AppError {
  return new AppError('invalid', 'pin: unknown unit, wrong PIN, or a unit of another place', {
    hint: 'Check id and digits. If both are right, an administrator must free the unit.',
  });
}
