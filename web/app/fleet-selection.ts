/**
 * Which sensors of a list somebody means: what the filter shows without some of them, or some that
 * were ticked one by one. Says so without naming ten thousand. Pure.
 */
import type { FleetUnit } from '../../shared/contracts/fleet.ts';

/** `found`: all that the filter shows but `ids`; `ticked`: `ids`, whatever the filter shows. */
export interface Selection {
  readonly kind: 'found' | 'ticked';
  readonly ids: ReadonlySet<string>;
}

export const NONE_CHOSEN: Selection = { kind: 'ticked', ids: new Set() };
/** Goes with the filter: who types on means fewer of them. */
export const ALL_FOUND: Selection = { kind: 'found', ids: new Set() };

/** Whether a sensor that the filter shows is meant. */
export function isChosen({ kind, ids }: Selection, id: string): boolean {
  return ids.has(id) === (kind === 'ticked');
}

/** With these ticked, or not. */
export function withTicks(selection: Selection, ids: readonly string[], on: boolean): Selection {
  const next = new Set(selection.ids);
  const isNamed = on === (selection.kind === 'ticked');
  for (const id of ids) {
    if (isNamed) next.add(id);
    else next.delete(id);
  }
  return { kind: selection.kind, ids: next };
}

/**
 * Those that are meant, in the order of the list.
 * @param found what the filter shows
 * @param all whom there are; those ticked stay meant when the filter does not show them
 */
export function chosenOf(
  selection: Selection,
  found: readonly FleetUnit[],
  all: readonly FleetUnit[],
): FleetUnit[] {
  const among = selection.kind === 'found' ? found : all;
  return among.filter(({ device_id }) => isChosen(selection, device_id));
}
