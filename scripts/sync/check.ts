/** Takes a day's sums from both sides, page by page, and says where they differ. */
import { type AdminApi, askAdmin } from './admin-api.ts';
import { differences, type SumsRow } from './compare.ts';

/** How Supabase is reached with the service key. */
export interface Zone {
  /** Origin of the project, without a trailing slash. */
  url: string;
  key: string;
}

/** PostgREST gives no more at once, unless it is set so. */
const PAGE_ROWS = 1000;

/**
 * @param day of UTC, like 2026-11-30
 * @param only one location; all when left out
 * @returns how many buckets were compared, and a line for each difference
 * @throws Error when either side does not answer
 */
export async function checkDay(api: AdminApi, zone: Zone, day: string, only: string | undefined) {
  const lines: string[] = [];
  let compared = 0;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query = new URLSearchParams({ day, ...(cursor && { cursor }) });
    const page = await askAdmin(api, `/api/sums/shared?${query}`);
    const isAsked = (id: unknown) => only === undefined || id === only;
    const ids = (page.locations as string[]).filter(isAsked);
    const rows = (page.rows as SumsRow[]).filter(({ location_id }) => isAsked(location_id));
    if (ids.length > 0) lines.push(...differences(rows, await supabaseRows(zone, day, ids)));
    compared += rows.length;
    cursor = (page.next_cursor ?? null) as string | null;
  }
  return { compared, lines };
}

async function supabaseRows({ url, key }: Zone, day: string, ids: string[]): Promise<SumsRow[]> {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString();
  const rows: SumsRow[] = [];
  for (;;) {
    const query = new URLSearchParams([
      ['select', '*'],
      ['location_id', `in.(${ids.map((id) => `"${id}"`).join()})`],
      ['bucket_start', `gte.${day}T00:00:00Z`],
      ['bucket_start', `lt.${next}`],
      ['order', 'location_id,bucket_start'],
      ['limit', String(PAGE_ROWS)],
      ['offset', String(rows.length)],
    ]);
    const headers = { apikey: key, Authorization: `Bearer ${key}` };
    const answer = await fetch(`${url}/rest/v1/foot_traffic?${query}`, { headers });
    if (!answer.ok) throw new Error(`Supabase answered ${answer.status}: ${await answer.text()}`);
    const page = (await answer.json()) as SumsRow[];
    rows.push(...page);
    if (page.length < PAGE_ROWS) return rows;
  }
}
