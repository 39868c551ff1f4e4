/** GET /api/v1/audit: the trail of changes, newest first. Knows no storage. */
import * as v from 'valibot';
import { Cursor, IsoTime, Limit } from './common.ts';
import { UserId } from './portal.ts';

/** Every kind of change there is; a new one is added here first. */
export const AuditAction = v.picklist([
  'unit.register',
  'unit.replace',
  'unit.reissue',
  'unit.reserve',
  'unit.activate',
  'unit.activate_failed',
  'unit.activate_refused',
  'unit.release',
  'unit.release_id',
  'unit.rename',
  'unit.move',
  'unit.status',
  'unit.config',
  'unit.command',
  'unit.pin',
  'unit.unlock_pin',
  'unit.clear_anomaly',
  'unit.sums',
  'ota.firmware',
  'ota.patch',
  'ota.rollout',
  'work_order.create',
  'work_order.assign',
  'work_order.close',
  'alert.acknowledge',
  'location.create',
  'location.change',
  'location.shop_day',
  'location.till',
  'location.clear',
  'location.opening_hours',
  'location.week_mail',
  'location.small_counts',
  'location.staff',
  'location.staff_end',
  'person.invite',
  'person.sign_out',
  'person.role',
  'person.dismiss',
  'person.places',
  'person.second_factor',
]);
export type AuditAction = v.InferOutput<typeof AuditAction>;

export const AuditQuery = v.object({
  /** Kind and id of what was changed, like `unit:JBNB0001`. */
  target: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^(unit|work-order|alert|ota|person|location):[\w.:+-]{1,64}$/,
        'must be a target like unit:JBNB0001',
      ),
    ),
  ),
  action: v.optional(AuditAction),
  /** Who changed it: a user id, `admin-key` or `system`. */
  actor: v.optional(UserId),
  /** From this moment on, and before that one. */
  since: v.optional(IsoTime),
  until: v.optional(IsoTime),
  cursor: v.optional(v.pipe(Cursor, v.regex(/^\d{1,15}$/, 'must be a cursor of this list'))),
  limit: Limit,
});

const Facts = v.nullable(v.record(v.string(), v.unknown()));

export const AuditPage = v.object({
  changes: v.array(
    v.object({
      id: v.number(),
      /** ISO 8601 UTC. */
      at: v.string(),
      /** A user id, `admin-key` for the admin API, `system` for a job. */
      actor: v.string(),
      action: AuditAction,
      target: v.string(),
      before: Facts,
      after: Facts,
    }),
  ),
  next_cursor: v.nullable(v.string()),
});
export type AuditPage = v.InferOutput<typeof AuditPage>;
