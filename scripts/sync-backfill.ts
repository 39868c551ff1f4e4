/**
 * `npm run sync:backfill`: pushes a location's days to Supabase again, whatever it has of them, as
 * after a restored project or a mistake in it. Harmless: a newer row takes an older one's place.
 */
import { parseArgs } from 'node:util';
import { runCli, UsageError } from './cli.ts';
import { adminApi, askAdmin } from './sync/admin-api.ts';
import { daysOf } from './sync/days.ts';

const USAGE = `npm run sync:backfill -- --location ID [options]: pushes days to Supabase again
  --all                every location instead of one
  --from DAY --to DAY  days of UTC like 2026-11-30 (yesterday); two months back at most
  --url URL            a deployed Worker; ADMIN_KEY then comes from the environment`;

async function main(args: string[]): Promise<void> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ from: string, to: string, location: string, url: string },
      all: { type: 'boolean', default: false },
    },
  });
  const { location, all, url } = values;
  if ((location === undefined) !== all) throw new UsageError(USAGE);
  const api = adminApi(url);
  if (!api) throw new UsageError(USAGE);
  const days = daysOf(values.from, values.to, Date.now());
  const [from, to] = [days[0], days.at(-1)];
  let rows = 0;
  let cursor: string | null = '';
  // Ids of all come with the pages of any day.
  while (cursor !== null) {
    const query = new URLSearchParams({ day: String(from), ...(cursor && { cursor }) });
    const page = location === undefined ? await askAdmin(api, `/api/sums/shared?${query}`) : null;
    for (const location_id of (page?.locations as string[] | undefined) ?? [location]) {
      const { pushed } = await askAdmin(api, '/api/sums/push', { location_id, from, to });
      console.log(`${location_id}: ${pushed} buckets of ${days.length} days`);
      rows += Number(pushed);
    }
    cursor = (page?.next_cursor ?? null) as string | null;
  }
  console.log(`${rows} buckets pushed.`);
}

runCli(USAGE, main);
