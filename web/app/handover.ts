/**
 * What is handed over at a location: the units that stand there, by the backend's word and by this
 * device's log, and what the installer writes beside them. Pure; knows no paper.
 */
import * as v from 'valibot';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import type { LogLine } from './bench-log.ts';

export interface HandoverUnit {
  deviceId: string;
  /** As people call it; empty: it has no name. */
  name: string;
  /** Empty: nobody here knows. */
  mac: string;
  firmware: string;
  /** What its modem received last; null: nobody has heard it. */
  signalDbm: number | null;
  /** When it told that from where it hangs, ISO 8601 UTC; null: as measured on the bench. */
  heardAt: string | null;
  /** When it was prepared here, Unix milliseconds, and by whom; null and empty: elsewhere. */
  preparedAt: number | null;
  preparedBy: string;
}

/** By id. @param lines of this device's log, the latest first */
export function handedOver(
  locationId: string,
  units: readonly FleetUnit[],
  lines: readonly LogLine[],
): HandoverUnit[] {
  const prepared = preparedFor(locationId, lines);
  const there = new Map(units.map((unit) => [unit.device_id, unit]));
  // What waits here to be registered the backend does not know yet.
  const ids = new Set([...there.keys(), ...prepared.keys()]);
  return [...ids].sort().map((deviceId) => {
    const [unit, line] = [there.get(deviceId), prepared.get(deviceId)];
    const heard = unit?.cell_rssi_dbm ?? null;
    return {
      deviceId,
      name: unit?.name ?? '',
      mac: line?.mac ?? '',
      firmware: unit?.firmware ?? line?.jambox ?? '',
      signalDbm: heard ?? line?.signalDbm ?? null,
      heardAt: heard === null ? null : (unit?.last_seen_at ?? null),
      preparedAt: line?.endedAt ?? null,
      preparedBy: line?.by ?? '',
    };
  });
}

/** The latest preparation of each id; one that has gone to another place since does not count. */
function preparedFor(locationId: string, lines: readonly LogLine[]): Map<string, LogLine> {
  const latest = new Map<string, LogLine>();
  for (const line of lines) {
    const isPrepared = line.action === 'prepare' && line.result === 'done';
    if (isPrepared && !latest.has(line.deviceId)) latest.set(line.deviceId, line);
  }
  return new Map([...latest].filter(([, line]) => line.locationId === locationId));
}

/** What is typed on the page; kept like any draft, and checked like any input. */
const Typed = v.object({
  notes: v.string(),
  /** Where each unit hangs, by its id. */
  where: v.record(v.string(), v.string()),
});
export type Typed = v.InferOutput<typeof Typed>;

const NOTHING: Typed = { notes: '', where: {} };

export function typedOf(draft: string | null): Typed {
  if (draft === null) return NOTHING;
  try {
    const parsed = v.safeParse(Typed, JSON.parse(draft));
    return parsed.success ? parsed.output : NOTHING;
  } catch {
    return NOTHING; // not ours
  }
}
