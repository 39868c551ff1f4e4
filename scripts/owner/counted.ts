/**
 * What units counted and said at an owner's places, and the sums of it: in shards, so the Worker's
 * admin API is asked for it. Knows no statement.
 */
import { AppError } from '../../shared/errors.ts';

export type Row = Record<string, unknown>;

/** How the admin API is reached. */
export interface AdminApi {
  /** Origin, without a trailing slash. */
  url: string;
  key: string;
}

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
    const page = await ask(api, `/api/${name}?${asked}`);
    rows.push(...((page[name] ?? []) as Row[]));
    cursor = (page.next_cursor ?? null) as string | null;
  }
  return rows;
}

async function ask({ url, key }: AdminApi, path: string): Promise<Row> {
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(url + path, { headers }).catch((cause: unknown) => {
    throw new AppError('unavailable', `Nobody answers at ${url}.`, {
      cause,
      hint: 'Run npm start, or say --url with the address of the page and set ADMIN_KEY.',
    });
  });
  if (answer.ok) return (await answer.json()) as Row;
  await answer.body?.cancel();
  throw new AppError('unavailable', `${url}${path} answered ${answer.status}.`, {
    hint:
      answer.status === 401
        ? 'ADMIN_KEY must be the key that is set as a secret of the Worker.'
        : 'Nothing was exported. Try again; half an export would be none.',
  });
}
