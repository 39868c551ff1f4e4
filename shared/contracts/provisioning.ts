/** Provisioning: reserving an id, a new credential for a unit, activation by PIN. */
import * as v from 'valibot';
import { DeviceId, LocationId, Sha256Hex } from './common.ts';
import { UnitState } from './fleet.ts';

/** POST /api/v1/units/reserve: a certain id, or the lowest free one. */
export const ReserveRequest = v.strictObject({ device_id: v.optional(DeviceId) });

export const Reservation = v.object({
  device_id: DeviceId,
  /** Until then nobody else can register the id; ISO 8601 UTC. */
  expires_at: v.string(),
});
export type Reservation = v.InferOutput<typeof Reservation>;

/** Who takes ids along at once may take so many: what an installer prepares on a full day. */
const RESERVED_AT_ONCE_MAX = 50;

/** What a browser calls itself towards the person’s other ones; it makes that up. */
const Holder = v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{16,64}$/, 'must be 16 to 64 characters'));

/**
 * POST /api/v1/reservations: holds ids for one browser until it has `count`, and all of those for
 * the full time anew. Asked again it answers the same ids, so that a lost answer costs none.
 */
export const ReservationsRequest = v.strictObject({
  holder: Holder,
  count: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(RESERVED_AT_ONCE_MAX)),
});
export type ReservationsRequest = v.InferOutput<typeof ReservationsRequest>;

/** Ids that a person holds and that are no unit yet, the lowest first. */
export const Reservations = v.object({
  reservations: v.array(
    v.object({
      ...Reservation.entries,
      /** Which browser they are for; null: one that was asked for by itself. */
      holder: v.nullable(v.string()),
    }),
  ),
});
export type Reservations = v.InferOutput<typeof Reservations>;

/** POST /api/v1/reservations/release: gives back own ids; what is not held is no error. */
export const ReservationsRelease = v.strictObject({
  device_ids: v.pipe(v.array(DeviceId), v.minLength(1), v.maxLength(RESERVED_AT_ONCE_MAX)),
});

/** PUT /api/v1/units/:id/credential: the same chip gets a new token; only its hash travels. */
export const ReissueRequest = v.strictObject({ token_sha256: Sha256Hex });

/** Four digits, as on the label. */
const Pin = v.pipe(v.string(), v.regex(/^\d{4}$/, 'must be four digits'));

/** 128 random bits in base64url, in the QR code of newer labels; nobody types it. */
const LabelSecret = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9_-]{22}$/, 'must be the 22 characters of the QR code'),
);

/** PUT /api/v1/units/:id/pin: both as the label will show them; without `secret`, it has none. */
export const PinRequest = v.strictObject({ pin: Pin, secret: v.optional(LabelSecret) });

/** POST /api/v1/units/:id/activate: who holds the label takes the unit to an own location. */
export const ActivateRequest = v.union(
  [
    v.strictObject({ pin: Pin, location_id: LocationId }),
    v.strictObject({ secret: LabelSecret, location_id: LocationId }),
  ],
  'must hold location_id and either pin or secret, as they are on the label',
);
export type ActivateRequest = v.InferOutput<typeof ActivateRequest>;

/**
 * GET /api/v1/units/:id/state (public): all that whoever reads a label learns of the unit. One that
 * is not there, or out of service, was never heard: `new`.
 */
export const PublicState = v.object({
  device_id: DeviceId,
  state: UnitState,
  /** ISO 8601 UTC, to the minute. */
  last_seen_at: v.nullable(v.string()),
});
export type PublicState = v.InferOutput<typeof PublicState>;
