/** Staff of a place: people whom its owner lets look, and change nothing. Knows no storage. */
import * as v from 'valibot';
import { Email } from './people.ts';
import { UserId } from './portal.ts';

/** POST /api/v1/locations/:id/staff */
export const StaffRequest = v.strictObject({ email: Email });

/** GET /api/v1/locations/:id/staff, by address; as many as a place may have. */
export const StaffList = v.object({
  staff: v.array(v.object({ user_id: UserId, email: v.string() })),
});
export type StaffList = v.InferOutput<typeof StaffList>;

/** People who may look at one place; more are no staff but the public. */
export const STAFF_MAX = 50;
