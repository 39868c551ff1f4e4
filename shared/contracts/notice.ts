/** GET /api/v1/notices: what administrators must hear that belongs to no unit. Knows no storage. */
import * as v from 'valibot';
import { Cursor, Limit } from './common.ts';

/** `pin_guessing`: somebody tried more wrong PINs than a slip of the hand explains. */
export const NoticeKind = v.picklist(['pin_guessing']);
export type NoticeKind = v.InferOutput<typeof NoticeKind>;

export const NoticesQuery = v.object({
  cursor: v.optional(v.pipe(Cursor, v.regex(/^\d{1,15}$/, 'must be a cursor of this list'))),
  limit: Limit,
});

export const NoticesPage = v.object({
  notices: v.array(
    v.object({
      id: v.number(),
      /** ISO 8601 UTC. */
      at: v.string(),
      kind: NoticeKind,
      detail: v.string(),
      /** When it was mailed, and to whom: addresses, separated by commas. */
      mailed_at: v.optional(v.nullable(v.string())),
      mailed_to: v.optional(v.nullable(v.string())),
    }),
  ),
  next_cursor: v.nullable(v.string()),
});
export type NoticesPage = v.InferOutput<typeof NoticesPage>;
