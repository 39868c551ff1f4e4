/**
 * A list of sensors on this device, in parts: copying and checking ten thousand rows at once would
 * keep a key waiting. Knows the cache only as web/app/answers.ts has it.
 */
import * as v from 'valibot';
import { FleetPage, type FleetUnit } from '../../shared/contracts/fleet.ts';
import type { AnswerCache, Kept } from './answers.ts';
import { nextTask } from './next-task.ts';

/** Rows of one part: some 10 ms on a phone. */
const PART = 500;
/** Written last: a list is there when all of it is. `of` names the writing, as each part does. */
const HEAD = { name: 'fleet', schema: v.object({ of: v.string(), parts: v.number() }) };
const PART_SCHEMA = v.object({ of: v.string(), units: FleetPage.entries.units });
const partName = (part: number) => `fleet ${String(part).padStart(3, '0')}`;

/**
 * The list as it was last kept whole; null when there is none, or the device lost some of it.
 * @param show gets more and more of it
 */
export async function keptFleet(
  cache: AnswerCache,
  show: (units: readonly FleetUnit[]) => void,
): Promise<Kept<FleetUnit[]> | null> {
  const head = await cache.get(HEAD.name, HEAD.schema);
  if (!head) return null;
  const { of, parts } = head.answer;
  const units: FleetUnit[] = [];
  for (let part = 0; part < parts; part += 1) {
    const kept = await cache.get(partName(part), PART_SCHEMA);
    if (kept?.answer.of !== of) return null;
    units.push(...kept.answer.units);
    if (part === 0 && parts > 1) show([...units]);
    await nextTask();
  }
  return { answer: units, at: head.at };
}

/** Changes one row of the kept list, if it is in it. The list is as old as before. */
export async function changeKept(
  cache: AnswerCache,
  deviceId: string,
  change: (unit: FleetUnit) => FleetUnit,
): Promise<void> {
  const head = await cache.get(HEAD.name, HEAD.schema);
  for (let part = 0; part < (head?.answer.parts ?? 0); part += 1) {
    const kept = await cache.get(partName(part), PART_SCHEMA);
    const at = kept?.answer.units.findIndex(({ device_id }) => device_id === deviceId) ?? -1;
    const row = kept?.answer.units[at];
    if (!kept || !row) continue;
    const { of, units } = kept.answer;
    await cache.put(partName(part), { of, units: units.with(at, change(row)) });
    return;
  }
}

/** Keeps a whole list in the place of the one before. @param of names it: no other has the name */
export async function keepFleet(
  cache: AnswerCache,
  units: readonly FleetUnit[],
  of: string,
): Promise<void> {
  const parts = Math.ceil(units.length / PART);
  for (let part = 0; part < parts; part += 1) {
    await nextTask();
    const some = units.slice(part * PART, (part + 1) * PART);
    await cache.put(partName(part), { of, units: some });
  }
  await cache.put(HEAD.name, { of, parts });
}
