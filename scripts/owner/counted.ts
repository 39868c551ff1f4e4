/**
 * What units counted and said at an owner's places, and the sums of it: in shards, so the Worker's
 * admin API is asked for it. Knows no statement.
 */
import { type AdminApi, askAdmin, type Row } from '../sync/admin-api.ts';

/** Rows of one answer; the API gives no more. */
const PAGE_ROWS = 1000;

export interface Counted {
  sums: Row[];
  readings: Row[];
  heartbeats: Row[];
}

/**
 * @param units that stood at some time at one of the places
 * @throws AppError `unavailable` when anything was not answered: half an export is none
 */
export async function countedAt(
  api: AdminApi,
  places: readonly string[],
  units: readonly string[],
): Promise<Counted> {
  const here = (row: Row) => places.includes(String(row.location_id));
  const all: Counted = { sums: [], readings: [], heartbeats: [] };
  for (const location_id of places) {
    const sums = await pages(api, 'sums', { location_id });
    all.sums.push(...sums.map((row) => ({ location_id, ...row })));
  }
  for (const device_id of units) {
    const query = { device_id, limit: String(PAGE_ROWS) };
    for (const name of ['readings', 'heartbeats'] as const) {
      all[name].push(...(await pages(api, name, query)).filter(here));
    }
  }
  return all;
}

/** All rows of a list, over as many pages as it has. */
async function pages(api: AdminApi, name: string, query: Record<string, string>): Promise<Row[]> {
  const rows: Row[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const asked = new URLSearchParams(cursor === '' ? query : { ...query, cursor });
    const page = await askAdmin(api, `/api/${name}?${asked}`);
    rows.push(...((page[name] ?? []) as Row[]));
    cursor = (page.next_cursor ?? null) as string | null;
  }
  return rows;
}
