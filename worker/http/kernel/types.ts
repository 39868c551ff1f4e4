/** This request's facts, as Hono carries them. Knows no adapter and no resource. */

/** Hono's per-request variables. */
export interface HttpEnv {
  Variables: { requestId: string };
}
