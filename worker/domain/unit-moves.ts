/**
 * Units whose shard has not met them yet though something is kept of them elsewhere: after the
 * cut-over from D1, and after a split. Whatever a unit sends brings it there; the job brings those
 * that are silent, some in each run. Knows no SQL and no shard.
 */

/** Units brought in one run; each is a month's readings. */
const AT_ONCE = 200;

/** Somebody who still has units of others. */
export interface MoveSource {
  /** Some that are left, and how many there are. */
  left(limit: number): Promise<{ some: readonly string[]; count: number }>;
  /** Their shards have these now. */
  moved?(deviceIds: readonly string[]): Promise<void>;
}

export interface MovesReport {
  moved: number;
  left: number;
}

/**
 * Brings units to their shards, one after another.
 * @param introduce brings one, and does nothing where it is there already
 * @throws the first failure, after all had their turn, if none was brought
 */
export async function moveUnits(
  sources: readonly MoveSource[],
  introduce: (deviceId: string) => Promise<void>,
): Promise<MovesReport> {
  let room = AT_ONCE;
  let left = 0;
  let moved = 0;
  let failure: unknown;
  for (const source of sources) {
    const { some, count } = await source.left(room);
    const done: string[] = [];
    for (const id of some) {
      try {
        await introduce(id);
        done.push(id);
      } catch (cause) {
        failure ??= cause;
      }
    }
    if (done.length > 0) await source.moved?.(done);
    room = Math.max(0, room - some.length);
    moved += done.length;
    left += count - done.length;
  }
  if (failure !== undefined && moved === 0) throw failure;
  return { moved, left };
}
