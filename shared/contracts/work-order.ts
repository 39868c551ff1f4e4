/** Work orders: what is to be done where, by whom, and how it ended. Knows no storage. */
import * as v from 'valibot';
import { Cursor, DeviceId, Limit, LocationId } from './common.ts';
import { noteText } from './text.ts';

export const WorkOrderId = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{16}$/, 'must be the id of a work order, 16 hex digits'),
);
const WorkOrderKind = v.picklist(['install', 'inspect', 'replace', 'remove']);

const Note = noteText(1000);
/** A Supabase user id. */
const UserId = v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/, 'must be a user id'));

export const NewWorkOrder = v.strictObject({
  kind: WorkOrderKind,
  location_id: LocationId,
  device_id: v.optional(DeviceId),
  note: v.optional(Note, ''),
  assigned_to: v.optional(UserId),
});
export type NewWorkOrder = v.InferOutput<typeof NewWorkOrder>;

export const AssignWorkOrder = v.strictObject({
  /** null: nobody, so that every installer sees it as free. */
  user_id: v.nullable(UserId),
});
export const CloseWorkOrder = v.strictObject({
  outcome: v.picklist(['done', 'not_possible', 'not_needed']),
  note: v.optional(Note),
});
export type CloseWorkOrder = v.InferOutput<typeof CloseWorkOrder>;

export const WorkOrdersQuery = v.object({
  state: v.optional(v.picklist(['open', 'all']), 'open'),
  cursor: v.optional(v.pipe(Cursor, v.regex(/^[0-9a-f]{16}$/, 'must be a cursor of this list'))),
  limit: Limit,
});

export const WorkOrder = v.object({
  id: WorkOrderId,
  kind: WorkOrderKind,
  location_id: LocationId,
  device_id: v.nullable(DeviceId),
  note: v.string(),
  created_at: v.string(),
  created_by: v.string(),
  assigned_to: v.nullable(v.string()),
  closed_at: v.nullable(v.string()),
  closed_by: v.nullable(v.string()),
  outcome: v.nullable(v.string()),
});
export type WorkOrder = v.InferOutput<typeof WorkOrder>;

export const WorkOrdersPage = v.object({
  work_orders: v.array(WorkOrder),
  next_cursor: v.nullable(v.string()),
});
export type WorkOrdersPage = v.InferOutput<typeof WorkOrdersPage>;
