/**
 * The page's IndexedDB: stores, versions and upgrades, nothing else. Holds no session and no token:
 * those would be readable by a forgotten copy of the database.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location, RegisterRequest } from '../../shared/contracts/portal.ts';
import type { NewChange } from '../app/changes.ts';
import { newerVersionOpen, withTimeout } from './timeout.ts';

export interface JamBenchDb extends DBSchema {
  /** Last answer per person, location and day; of weeks, per location’s weeks and last day. */
  insights: { key: [string, string, string]; value: Insights | WeekInsights };
  /** Locations per person. */
  locations: { key: string; value: Location[] };
  /**
   * What the backend does not know yet, registrations and changes; the key counts up, so its order
   * is the order of queueing.
   */
  outbox: { key: number; value: QueuedRegistration | QueuedChange };
  /** Other answers, per person and name, with when they were given. */
  answers: { key: [string, string]; value: KeptAnswer };
}

/** As the first version wrote it, which had nothing else. */
interface QueuedRegistration {
  id?: number;
  queuedAt: number;
  request: RegisterRequest;
  refused: string | null;
}

interface QueuedChange extends NewChange {
  id?: number;
  kind: 'change';
}

interface KeptAnswer {
  answer: unknown;
  /** Unix milliseconds by the server's clock. */
  at: number;
}

export type Db = IDBPDatabase<JamBenchDb>;

/** Opens the database on first use. */
export type OpenDb = () => Promise<Db>;

/**
 * The database `jambench`, opened once and again after the browser has closed it. Makes room at
 * once for a tab with a newer version, and waits a limited time for one that makes none.
 * @throws AppError `unavailable` that says which tab is in the way
 */
export function lazyDb(): OpenDb {
  let opened: Promise<Db> | null = null;
  const forget = () => {
    opened = null;
  };
  return () => {
    opened ??= open(forget);
    opened.catch(forget);
    return opened;
  };
}

async function open(forget: () => void): Promise<Db> {
  try {
    const opening = openDB<JamBenchDb>('jambench', 2, {
      upgrade(db, from) {
        if (from < 1) {
          db.createObjectStore('insights');
          db.createObjectStore('locations');
          db.createObjectStore('outbox', { keyPath: 'id', autoIncrement: true });
        }
        // What waits in the outbox of the first version goes on waiting, as it is.
        db.createObjectStore('answers');
      },
      // Another tab upgrades or deletes: it waits until this connection is closed.
      blocking(_current, _wanted, event) {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
    return await withTimeout(opening, (late) => late.close());
  } catch (cause) {
    const isNewer = cause instanceof DOMException && cause.name === 'VersionError';
    throw isNewer ? newerVersionOpen(cause) : cause;
  }
}
