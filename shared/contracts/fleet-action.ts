/**
 * One thing for many units: how they are set (GET /api/v1/fleet/tuning), part of a configuration
 * (PUT /api/v1/fleet/config) or a command (POST /api/v1/fleet/commands) for all of them, and what
 * became of it with each. Knows no storage.
 */
import * as v from 'valibot';
import { CommandName } from './command.ts';
import { DEVICE_ID, DeviceId } from './common.ts';
import { ConfigChange, ConfigPart } from './config.ts';
import { UnitStatus } from './fleet.ts';

/** Units of one call: as many as their shards are told of before it is answered. */
export const ACTION_UNITS_MAX = 100;

const LIST = new RegExp(`^${DEVICE_ID}(?:,${DEVICE_ID}){0,${ACTION_UNITS_MAX - 1}}$`);
const distinct = (ids: readonly string[]) => new Set(ids).size === ids.length;
const ONCE = 'must name each unit once';

/** Ids between commas. */
export const TuningQuery = v.object({
  units: v.pipe(
    v.string(),
    v.regex(LIST, `must be 1 to ${ACTION_UNITS_MAX} device ids with commas between them`),
    v.check((list) => distinct(list.split(',')), ONCE),
  ),
});

/** How a unit is set, and what waits for it. */
export const UnitTuning = v.object({
  device_id: DeviceId,
  status: UnitStatus,
  /** Whether whoever asks may change it: an installer with work at it. */
  may_change: v.boolean(),
  config_version: v.number(),
  /** What differs from what every unit starts with. */
  changed: ConfigPart,
  /** The command that it has not carried out yet; another one takes its place. */
  waiting: v.nullable(CommandName),
});
export type UnitTuning = v.InferOutput<typeof UnitTuning>;

/** In any order; units that are not in sight are left out. */
export const TuningAnswer = v.object({ units: v.array(UnitTuning) });
export type TuningAnswer = v.InferOutput<typeof TuningAnswer>;

const many = <S extends v.GenericSchema<unknown, unknown>>(unit: S) =>
  v.pipe(
    v.array(unit, 'must be a list of units'),
    v.minLength(1, 'must name a unit'),
    v.maxLength(ACTION_UNITS_MAX, `must not name more than ${ACTION_UNITS_MAX} units`),
  );

export const FleetConfigRequest = v.strictObject({
  units: v.pipe(
    many(
      v.strictObject({
        device_id: DeviceId,
        /** The version that the change was made from; where another one is set, it is left. */
        if_version: v.optional(
          v.pipe(
            v.number('must be a number'),
            v.integer('must be a whole number'),
            v.minValue(0, 'must be 0 or more'),
            v.maxValue(9_999_999_999, 'must be a config_version'),
          ),
        ),
      }),
    ),
    v.check((units) => distinct(units.map(({ device_id }) => device_id)), ONCE),
  ),
  config: ConfigChange,
});
export type FleetConfigRequest = v.InferOutput<typeof FleetConfigRequest>;

export const FleetCommandRequest = v.strictObject({
  units: v.pipe(
    many(DeviceId),
    v.check((ids) => distinct(ids), ONCE),
  ),
  command: CommandName,
});
export type FleetCommandRequest = v.InferOutput<typeof FleetCommandRequest>;

/**
 * What became of it with one unit: `unchanged`, it was so already; `conflict`, somebody set another
 * version meanwhile; `invalid`, the whole would break a rule; `forbidden`, there is no work order;
 * `not_found`, it is not in sight.
 */
export const UnitOutcome = v.picklist([
  ...(['done', 'unchanged', 'conflict', 'invalid', 'forbidden', 'not_found'] as const),
]);
export type UnitOutcome = v.InferOutput<typeof UnitOutcome>;

/** In the order of the request. */
export const FleetActionAnswer = v.object({
  units: v.array(v.object({ device_id: DeviceId, outcome: UnitOutcome })),
});
export type FleetActionAnswer = v.InferOutput<typeof FleetActionAnswer>;
