/** The bench's log, put together from its adapters when something is written into it, or read. */
import { BenchLog } from '../app/bench-log.ts';
import type { Session } from '../app/session.ts';
import { IdbBenchLog } from '../storage/bench-log.ts';
import type { OpenDb } from '../storage/db.ts';

const PREFIX = 'jambench:log:';

/** A page holds a lock of its own while it is at work; the browser lets it go with the page. */
export function benchLog(open: OpenDb, session: Session, locks?: LockManager): BenchLog {
  const page = crypto.randomUUID();
  return new BenchLog({
    store: new IdbBenchLog(open),
    person: () => session.state.value.user,
    now: Date.now,
    page,
    beAlive() {
      let rest = () => {};
      const over = new Promise<void>((resolve) => {
        rest = resolve;
      });
      // Shared: several units at once.
      void locks?.request(PREFIX + page, { mode: 'shared' }, () => over);
      return rest;
    },
    async alive() {
      const held = (await locks?.query())?.held ?? [];
      const names = held.flatMap(({ name }) => (name?.startsWith(PREFIX) ? [name] : []));
      return new Set(names.map((name) => name.slice(PREFIX.length)));
    },
  });
}
