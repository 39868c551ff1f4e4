/**
 * `npm run supabase:rows`: what the five-minute job has put into the embedded Supabase, newest
 * first, read over its own REST interface. Exit code 1 when there is nothing. Knows only the table.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../shared/errors.ts';
import { runCli } from './cli.ts';
import { readOptions } from './start/options.ts';
import { loadSecrets } from './start/secrets.ts';
import { lastSupabasePort } from './start/supabase.ts';

const SHOWN_DEFAULT = '10';
const COLUMNS = 'location_id,bucket_start,visits,impressions,device_minutes';

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      limit: { type: 'string', default: SHOWN_DEFAULT },
      location: { type: 'string' },
      'supabase-port': { type: 'string' },
      data: { type: 'string' },
    },
  });
  const { limit, location, ...rest } = values;
  const options = readOptions(
    Object.entries(rest).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
  );
  if (!existsSync(join(options.data, 'secrets.json')))
    throw new AppError('not_found', 'There is no data yet.', { hint: 'Run npm start first.' });
  const query = new URLSearchParams({ select: COLUMNS, order: 'bucket_start.desc', limit });
  if (location) query.set('location_id', `eq.${location}`);
  // Where npm start put it, whatever options that had; saying another port still counts.
  const said = values['supabase-port'] ?? process.env.JAMBENCH_SUPABASE_PORT;
  const port = said
    ? options.supabasePort
    : (lastSupabasePort(options.data) ?? options.supabasePort);
  const { rows, total } = await select(port, options.data, query);
  console.table(rows);
  console.log(`${total} rows in foot_traffic${location ? ` of ${location}` : ''}.`);
  return total > 0 ? 0 : 1;
}

async function select(port: number, data: string, query: URLSearchParams) {
  const key = loadSecrets(data).serviceKey;
  const url = `http://127.0.0.1:${port}/rest/v1/foot_traffic?${query}`;
  const answer = await fetch(url, { headers: { apikey: key, prefer: 'count=exact' } }).catch(
    (cause: unknown) => {
      throw new AppError('unavailable', `Nothing answers on port ${port}.`, {
        cause,
        hint: 'Run npm start in another terminal; with --data there, say the same folder here.',
      });
    },
  );
  if (!answer.ok) throw new AppError('internal', `Supabase answered ${answer.status}.`);
  // Content-Range: 0-9/1234
  const total = Number(answer.headers.get('content-range')?.split('/')[1] ?? 0);
  return { rows: (await answer.json()) as Record<string, unknown>[], total };
}

const USAGE = `npm run supabase:rows -- [options]
  --limit N           so many rows (10)
  --location ID       of this one alone
  --supabase-port N   where the embedded Supabase listens
  --data DIR          the folder of npm start`;

runCli(USAGE, main, { leave: true });
