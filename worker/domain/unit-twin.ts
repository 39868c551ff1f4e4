/**
 * The device side of a unit's twin: which configuration it fetched, which it says that it uses, and
 * what it could not do. What is wanted is the registry's. Pure.
 */
import type { HeartbeatEntry } from './heartbeat.ts';

/** Of one token of a unit. Unix seconds. */
export interface UnitTwin {
  /** The newest version that it was given. */
  fetched: { version: number; at_s: number } | null;
  /** The version it named last, and since when it names that one (firmware 6). */
  reported: { version: number; since_s: number } | null;
  /** Its last words on what it could not do (firmware 6). Printable ASCII. */
  note: { text: string; at_s: number } | null;
}

const NOTHING: UnitTwin = { fetched: null, reported: null, note: null };

/** After it was given a configuration; an older one changes nothing. */
export function afterFetch(twin: UnitTwin | undefined, version: number, atS: number): UnitTwin {
  const before = twin ?? NOTHING;
  if (before.fetched && before.fetched.version >= version) return before;
  return { ...before, fetched: { version, at_s: atS } };
}

/** After a heartbeat; undefined as long as the unit said nothing of the kind. */
export function twinAfterHeartbeat(
  twin: UnitTwin | undefined,
  { heartbeat, received_ms }: HeartbeatEntry,
): UnitTwin | undefined {
  const { config_version: version, note } = heartbeat;
  if (version === undefined && !note) return twin;
  const atS = Math.floor(received_ms / 1000);
  const before = twin ?? NOTHING;
  const isKnown = version === undefined || before.reported?.version === version;
  return {
    ...before,
    reported: isKnown ? before.reported : { version, since_s: atS },
    note: note ? { text: note, at_s: atS } : before.note,
  };
}

/** What whoever may know a moment may know of it. @param mayKnow of Unix seconds */
export function twinSince(twin: UnitTwin | null, mayKnow: (momentS: number) => boolean) {
  const { fetched, reported, note } = twin ?? NOTHING;
  return {
    fetched: fetched && mayKnow(fetched.at_s) ? fetched : null,
    reported: reported && mayKnow(reported.since_s) ? reported : null,
    note: note && mayKnow(note.at_s) ? note : null,
  };
}
