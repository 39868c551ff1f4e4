/**
 * `npm run sync:check`: whether Supabase has what the backend says it has to have, day by day; each
 * difference is named. Exit code 1 when there is one. Without --url for what npm start runs here.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCli, UsageError } from './cli.ts';
import { ROOT } from './start/options.ts';
import { loadSecrets } from './start/secrets.ts';
import { lastSupabasePort } from './start/supabase.ts';
import { type AdminApi, adminApi } from './sync/admin-api.ts';
import { checkDay, type Zone } from './sync/check.ts';
import { daysOf } from './sync/days.ts';

const USAGE = `npm run sync:check -- [options]: does Supabase have what the backend counted?
  --from DAY --to DAY  days of UTC like 2026-11-30 (yesterday); two months back at most
  --location ID        one location alone
  --url URL            a deployed Worker; ADMIN_KEY, SUPABASE_URL and SUPABASE_SERVICE_KEY then
                       come from the environment
  --show N             differences that are named (20)`;

async function main(args: string[]): Promise<number> {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: { from: string, to: string, location: string, url: string, show: string },
  });
  const days = daysOf(values.from, values.to, Date.now());
  const { api, zone } = sidesOf(values.url);
  const shown = Number(values.show ?? 20);
  let [compared, found] = [0, 0];
  for (const day of days) {
    const checked = await checkDay(api, zone, day, values.location);
    for (const line of checked.lines.slice(0, Math.max(0, shown - found))) console.log(line);
    compared += checked.compared;
    found += checked.lines.length;
  }
  if (found > shown) console.log(`… and ${found - shown} more.`);
  console.log(`${compared} buckets compared, ${found} differences.`);
  if (found > 0) console.log('npm run sync:backfill pushes days again.');
  return found === 0 ? 0 : 1;
}

function sidesOf(url: string | undefined): { api: AdminApi; zone: Zone } {
  const api = adminApi(url);
  const { SUPABASE_URL, SUPABASE_SERVICE_KEY } = process.env;
  if (api && url === undefined) {
    const data = join(ROOT, '.jambench');
    const port = lastSupabasePort(data);
    if (port === null) throw new UsageError('There is no data yet. Run npm start first.');
    return { api, zone: { url: `http://127.0.0.1:${port}`, key: loadSecrets(data).serviceKey } };
  }
  if (api && SUPABASE_URL && SUPABASE_SERVICE_KEY) {
    return { api, zone: { url: SUPABASE_URL, key: SUPABASE_SERVICE_KEY } };
  }
  throw new UsageError(USAGE);
}

runCli(USAGE, main);
