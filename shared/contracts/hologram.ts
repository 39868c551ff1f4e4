/**
 * POST /api/hologram/:secret: what Hologram's cloud posts when it routes a unit's message. The
 * default body wraps the unit's bytes in base64; operators can template it, so the reading may also
 * be JSON text or an object. Source: Hologram's "Cloud messaging / webhook route" pages.
 */
import * as v from 'valibot';
import { opaqueText } from './text.ts';

/** A reading in base64 with the wrapping around it. */
export const HOLOGRAM_BODY_MAX = 16_384;

const HologramId = v.pipe(
  v.union(
    [v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.toNumber())],
    'must be a number',
  ),
  v.integer('must be a whole number'),
  v.minValue(1, 'must be 1 or more'),
  v.maxValue(Number.MAX_SAFE_INTEGER, 'is too large'),
);

/** Unknown fields are ignored; `deviceid` is the flat form of templates. */
export const HologramMessage = v.pipe(
  v.object({
    device: v.optional(v.looseObject({ id: v.optional(v.unknown()) })),
    deviceid: v.optional(v.unknown()),
    received: v.optional(opaqueText(40)),
    data: v.union([v.string(), v.record(v.string(), v.unknown())], 'must be text or an object'),
  }),
  v.transform(({ device, deviceid, received = '', data }) => ({
    hologram_device_id: device?.id ?? deviceid,
    received,
    data,
  })),
  v.object({
    hologram_device_id: HologramId,
    received: v.string(),
    data: v.union([v.string(), v.record(v.string(), v.unknown())]),
  }),
);
export type HologramMessage = v.InferOutput<typeof HologramMessage>;

/** PUT /api/device/:id/hologram: which of Hologram's devices the unit is; null undoes it. */
export const HologramLink = v.strictObject({ hologram_device_id: v.nullable(HologramId) });

export const HologramAnswer = v.object({
  status: v.literal('ok'),
  note: v.optional(v.picklist(['repeat_ignored', 'duplicate_ignored'])),
});
export type HologramAnswer = v.InferOutput<typeof HologramAnswer>;
