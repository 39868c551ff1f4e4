/** What a page keeps on its device. Knows no store by name. */
import type { Page } from '@playwright/test';

/** What IndexedDB has, store by store. */
export function kept(on: Page): Promise<Record<string, unknown[]>> {
  return on.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const opening = indexedDB.open('jambench');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const db = opening.result;
          const names = [...db.objectStoreNames];
          const tx = db.transaction(names);
          const found = names.map((name) => [name, tx.objectStore(name).getAll()] as const);
          tx.oncomplete = () => {
            db.close();
            resolve(Object.fromEntries(found.map(([name, { result }]) => [name, result])));
          };
        };
      }),
  );
}
