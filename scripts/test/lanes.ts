/** Stages side by side, each when what it needs is done. Knows no stage. */

/** What is said of a stage's order. */
export interface Ordered {
  name: string;
  /** Names of what must be done first, where it takes part at all. */
  needs?: readonly string[];
}

/**
 * Runs every stage once, at most `lanes` of them at a time: each lane takes the first in order
 * whose needs are done.
 *
 * @param run must not throw; what it returns is there for later stages
 * @throws {Error} when stages wait for each other
 */
export async function inLanes<S extends Ordered, R>(
  stages: readonly S[],
  lanes: number,
  run: (stage: S, before: ReadonlyMap<string, R>) => Promise<R>,
): Promise<Map<string, R>> {
  const done = new Map<string, R>();
  const waiting = [...stages];
  const takePart = new Set(stages.map(({ name }) => name));
  const ready = ({ needs = [] }: S) => needs.every((name) => done.has(name) || !takePart.has(name));
  const running = new Set<Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const next = running.size < lanes ? waiting.findIndex(ready) : -1;
    if (next < 0) {
      if (running.size === 0) {
        throw new Error(`Each waits for another: ${waiting.map(({ name }) => name).join(', ')}.`);
      }
      await Promise.race(running);
      continue;
    }
    for (const stage of waiting.splice(next, 1)) {
      const lane = run(stage, done).then((result) => {
        done.set(stage.name, result);
        running.delete(lane);
      });
      running.add(lane);
    }
  }
  return done;
}
