/**
 * Web Locks, one per chip: while a unit is on this tab's bench, no other tab of the same browser
 * works on it. The browser lets a lock go with its tab, however that ends. Knows no port.
 */
import type { UnitLocks } from '../app/ports.ts';

const PREFIX = 'jambench:unit:';

/** @param locks `navigator.locks`; undefined in a page that has none, where nothing is held */
export function webUnitLocks(locks: LockManager | undefined): UnitLocks {
  return {
    take: (mac) => (locks ? take(locks, PREFIX + mac) : Promise.resolve(() => {})),
    async heldAnywhere() {
      const held = (await locks?.query())?.held ?? [];
      return held.some(({ name }) => name?.startsWith(PREFIX));
    },
  };
}

/** The lock is held until what this resolves with is called; null when somebody else holds it. */
function take(locks: LockManager, name: string): Promise<(() => void) | null> {
  return new Promise((resolve, reject) => {
    const held = locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise<void>((letGo) => resolve(letGo));
    });
    held.catch(reject);
  });
}
