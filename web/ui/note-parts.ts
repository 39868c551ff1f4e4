/** What the shell says something about beside its pages. Types only. */
import type { InsightsViewState } from '../app/insights.ts';
import type { Observable } from '../app/observable.ts';
import type { ServerClock } from '../app/server-clock.ts';
import type { Session } from '../app/session.ts';
import type { StorageTrouble } from '../app/storage-trouble.ts';
import type { Install } from './install.ts';
import type { Offer } from './sw-update.ts';

export interface NoteParts {
  /** Set when a new version waits. */
  version: Observable<Offer | null>;
  /** What the fields are called whose text is not saved. */
  unsaved: () => readonly string[];
  install: Install;
  session: Pick<Session, 'state'>;
  /** What My Store shows. */
  numbers: Observable<Pick<InsightsViewState, 'insights' | 'week'>>;
  /** How many changes are not sent yet. */
  waiting: Observable<number>;
  clock: Pick<ServerClock, 'state'>;
  /** What is wrong with what this browser keeps. */
  trouble: Observable<StorageTrouble | null>;
}
