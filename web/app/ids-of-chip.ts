/** Under which ids a chip is known: to this browser, and to the backend if it can be asked. */
import type { UnitStatus } from '../../shared/contracts/portal.ts';
import type { BenchLog } from './bench-log.ts';
import type { Outbox } from './ports.ts';
import { orNull } from './prepare-confirm.ts';

export interface ChipRegistry {
  portal: { chipUnits(mac: string): Promise<UnitStatus[]> };
  outbox: Pick<Outbox, 'list'>;
  log: () => Promise<Pick<BenchLog, 'ofChip'>>;
}

/**
 * The latest first. Without a network what was prepared here counts: a unit that is prepared anew
 * keeps its name.
 */
export async function idsOfChip(
  { portal, outbox, log }: ChipRegistry,
  mac: string,
): Promise<string[]> {
  const waiting = (await outbox.list()).filter(({ request }) => request.mac === mac).reverse();
  const own = waiting.map(({ request }) => request.device_id);
  const known = await orNull(portal.chipUnits(mac));
  if (known) return [...new Set([...own, ...known.map(({ device_id }) => device_id)])];
  const lines = await log()
    .then((it) => it.ofChip(mac))
    .catch(() => []);
  const done = lines.filter(({ action, result }) => action === 'prepare' && result === 'done');
  return [...new Set([...own, ...done.map(({ deviceId }) => deviceId)])];
}
