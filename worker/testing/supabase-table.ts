/**
 * Stands in for Supabase's table of sums behind the runtime's `fetch`, where Worker and shards of
 * places reach it alike: keeps of each bucket the row with the greatest revision, as the real one
 * does. What goes elsewhere goes there.
 */
import { env } from 'cloudflare:workers';
import { vi } from 'vitest';

/** A row as it arrives, by its bucket's start in Unix seconds. */
export interface TableRow {
  location_id: string;
  bucket_start_s: number;
  revision: number;
  visits: number | null;
  impressions: number;
}
type Arriving = Omit<TableRow, 'bucket_start_s'> & { bucket_start: string };

export class SupabaseTable {
  /** By `location bucket`. */
  readonly rows = new Map<string, TableRow>();
  isDown = false;

  /** For one test: `vi.restoreAllMocks` takes it away. */
  constructor() {
    const elsewhere = globalThis.fetch;
    vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
      const request = new Request(input as RequestInfo, init as RequestInit);
      if (!request.url.startsWith(`${env.SUPABASE_URL}/rest/v1/foot_traffic`)) {
        return await elsewhere(request);
      }
      if (this.isDown) return new Response('{"message":"down"}', { status: 503 });
      const rows = await request.json<Arriving[]>();
      for (const row of rows) this.#take(row);
      return new Response(null, { status: 201 });
    });
  }

  #take({ bucket_start, ...row }: Arriving): void {
    const bucket_start_s = Date.parse(bucket_start) / 1000;
    const key = `${row.location_id} ${bucket_start_s}`;
    if ((this.rows.get(key)?.revision ?? -1) >= row.revision) return;
    this.rows.set(key, { ...row, bucket_start_s });
  }
}
