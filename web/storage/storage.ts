/** Everything the page keeps on this device, put together over one database. */
import { lazyDb } from './db.ts';
import { IdbInsightsCache } from './insights-cache.ts';
import { IdbOutbox } from './outbox.ts';
import { localRole } from './role-store.ts';
import { localSettings } from './settings-store.ts';

/** @param local for the small public things that must be there before the database is open */
export function storage(local: Storage) {
  const open = lazyDb();
  return {
    insights: new IdbInsightsCache(open),
    outbox: new IdbOutbox(open),
    roles: localRole(local),
    settings: localSettings(local),
  };
}
