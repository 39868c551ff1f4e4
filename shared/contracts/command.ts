/** Commands that units carry out, as the page and the admin API send them. Knows no storage. */
import * as v from 'valibot';
import { Cursor, Limit } from './common.ts';

/** Every generation knows these (device API); v5.x hears `fetch_config` in heartbeats only. */
export const CommandName = v.picklist(
  ['send_now', 'reboot', 'geolocate', 'ota_check', 'fetch_config'],
  'must be send_now, reboot, geolocate, ota_check or fetch_config',
);
export type CommandName = v.InferOutput<typeof CommandName>;

/** POST /api/device/:id/command */
export const CommandRequest = v.strictObject({ command: CommandName });

/**
 * POST /api/v1/units/:id/commands: how long ago somebody asked for it, seconds, where it waited for
 * a network since.
 */
export const CommandSendQuery = v.object({
  ago_s: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,9}$/, 'must be whole seconds'), v.toNumber()),
  ),
});

/** GET /api/v1/units/:id/commands, newest first. */
export const CommandHistoryQuery = v.object({
  cursor: v.optional(
    v.pipe(Cursor, v.regex(/^\d{1,11}~[0-9a-f]{1,16}$/, 'must be a cursor of this list')),
  ),
  limit: Limit,
});

export const CommandPage = v.object({
  commands: v.array(
    v.object({
      id: v.string(),
      command: CommandName,
      /** A user id, `admin-key` for the admin API, `system`. */
      queued_by: v.string(),
      queued_at: v.string(),
      expires_at: v.string(),
      delivered_at: v.nullable(v.string()),
      settled_at: v.nullable(v.string()),
      /** null while it waits. */
      outcome: v.nullable(v.picklist(['delivered', 'acked', 'superseded', 'expired'])),
    }),
  ),
  next_cursor: v.nullable(v.string()),
});
export type CommandPage = v.InferOutput<typeof CommandPage>;
