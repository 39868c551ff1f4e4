/** Everything the page needs of this device at once, put together over one database. */
import { lazyDb } from './db.ts';
import { IdbInsightsCache } from './insights-cache.ts';
import { localRole } from './role-store.ts';
import { localSettings } from './settings-store.ts';

/** @param local for the small public things that must be there before the database is open */
export function storage(local: Storage) {
  const open = lazyDb();
  return {
    /** For what is put together when it is needed. */
    open,
    insights: new IdbInsightsCache(open),
    roles: localRole(local),
    settings: localSettings(local),
  };
}
