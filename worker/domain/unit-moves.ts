/**
 * Units whose shard has not met them yet though something is kept of them elsewhere: after the
 * cut-over from D1, and after a split. Whatever a unit sends brings it there; the job brings those
 * that are silent, some in each run. Knows no SQL and no shard.
 */

/** Units brought in one run; each is a month's readings. */
const AT_ONCE = 200;

/** Somebody who still has units of others. */
export interface MoveSource {
  /**
   * Some that are left, and how many there are.
   * @param turn rises from run to run: each has another part of them (see {@link partOf})
   */
  left(limit: number, turn: number): Promise<{ some: readonly string[]; count: number }>;
  /** Their shards have these now. */
  moved?(deviceIds: readonly string[]): Promise<void>;
}

export interface MovesReport {
  moved: number;
  left: number;
}

/**
 * Where a turn's part of a list begins: after as many turns as it takes all had theirs, those
 * included that stand behind some which can never be brought.
 */
export function partOf(count: number, limit: number, turn: number): number {
  return count <= limit ? 0 : (turn * limit) % count;
}

/**
 * Brings units to their shards, one after another. Who is asked first changes with the turn.
 * @param introduce brings one, and does nothing where it is there already
 * @throws the first failure, after all had their turn, if none was brought
 */
export async function moveUnits(
  sources: readonly MoveSource[],
  introduce: (deviceId: string) => Promise<void>,
  turn: number,
): Promise<MovesReport> {
  let room = AT_ONCE;
  let left = 0;
  let moved = 0;
  let failure: unknown;
  const first = sources.length > 0 ? turn % sources.length : 0;
  for (const source of [...sources.slice(first), ...sources.slice(0, first)]) {
    // Each once first in a round: its own turns are the rounds.
    const round = Math.floor(turn / sources.length);
    const found = await source.left(room, round).catch((cause: unknown) => {
      failure ??= cause;
    });
    if (!found) continue;
    const { some, count } = found;
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
