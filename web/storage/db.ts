/**
 * The page's IndexedDB: stores, versions and upgrades, nothing else. Holds no session and no token:
 * those would be readable by a forgotten copy of the database.
 */
import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Insights, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location, RegisterRequest } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import type { LogEntry } from '../app/bench-log.ts';
import type { NewChange } from '../app/changes.ts';
import { newerVersionOpen, withTimeout } from './timeout.ts';
import { storageTrouble } from './trouble.ts';

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
  /** What was done to units on this bench, per account, numbered from 1. */
  log: { key: [string, number]; value: LogEntry };
  /** Ids taken along, per account and id, and what this browser calls itself for them. */
  reserved: { key: [string, string]; value: ReservedRow };
}

interface ReservedRow {
  account: string;
  /** A device id, or `holder` (reserved.ts). */
  name: string;
  /** Unix milliseconds by the server's clock; of an id. */
  until?: number;
  /** When it was given to a unit; null: it is there to be taken. Of an id. */
  takenAt?: number | null;
  /** This browser's name. */
  holder?: string;
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

/** Each store that is added is one more. */
export const DB_VERSION = 4;

export type Db = IDBPDatabase<JamBenchDb>;

/** Opens the database on first use. */
export interface OpenDb {
  (): Promise<Db>;
  /**
   * What this page knows of the outbox, by id. A browser short of space, or a person who clears it,
   * takes the database away under an open page: then it is made anew with these.
   */
  readonly waiting: Map<number, OutboxRow>;
}

export type OutboxRow = JamBenchDb['outbox']['value'];

/**
 * The database `jambench`, opened once and again after the browser has closed it. Makes room at
 * once for a tab with a newer version, and waits a limited time for one that makes none.
 * @throws AppError `unavailable` that says which tab is in the way
 */
export function lazyDb(): OpenDb {
  let opened: Promise<Db> | null = null;
  let wasOpen = false;
  const waiting = new Map<number, OutboxRow>();
  const forget = () => {
    opened = null;
  };
  const openAgain = async () => {
    const db = await open(forget, wasOpen ? waiting : null);
    wasOpen = true;
    return db;
  };
  const lazy = () => {
    opened ??= openAgain();
    opened.catch(forget);
    return opened;
  };
  return Object.assign(lazy, { waiting });
}

/** @param lost what goes into a database that is not there any more; null at the first time */
async function open(forget: () => void, lost: OpenDb['waiting'] | null): Promise<Db> {
  try {
    const opening = openDB<JamBenchDb>('jambench', DB_VERSION, {
      upgrade(db, from, _to, tx) {
        if (from < 1) {
          db.createObjectStore('insights');
          db.createObjectStore('locations');
          db.createObjectStore('outbox', { keyPath: 'id', autoIncrement: true });
        }
        // What waits in the outbox of the first version goes on waiting, as it is.
        if (from < 2) db.createObjectStore('answers');
        if (from < 3) db.createObjectStore('log', { keyPath: ['account', 'number'] });
        db.createObjectStore('reserved', { keyPath: ['account', 'name'] });
        if (from > 0 || !lost) return;
        for (const [id, row] of lost) void tx.objectStore('outbox').put({ ...row, id });
        storageTrouble.set('removed');
      },
      // Another tab upgrades or deletes: it waits until this connection is closed.
      blocking(_current, _wanted, event) {
        (event.target as IDBDatabase).close();
        forget();
      },
      terminated: forget,
    });
    const db = await withTimeout(opening, (late) => late.close());
    if (storageTrouble.value === 'blocked') storageTrouble.set(null);
    return db;
  } catch (cause) {
    if (cause instanceof AppError) storageTrouble.set('blocked');
    const isNewer = cause instanceof DOMException && cause.name === 'VersionError';
    throw isNewer ? newerVersionOpen(cause) : cause;
  }
}

/** From now on exactly these are known to wait. @param rows all of the outbox, as just read */
export function note({ waiting }: OpenDb, rows: readonly OutboxRow[]): void {
  waiting.clear();
  for (const row of rows) if (row.id !== undefined) waiting.set(row.id, row);
}
