/**
 * `npm run owner -- export USER_ID`: all that is kept of one owner, as JSON.
 * `npm run owner -- erase USER_ID`: takes it out; shows what it would do until `--yes` is said.
 * On the local database; `--remote` for the deployed one, `--persist-to DIR` for another local one.
 * What units counted is in shards: an export asks the Worker at `--url` for it, and after an
 * erasure the five-minute job takes it out. docs/drills.md says what comes before and after. Knows
 * no statement.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCli, UsageError } from './cli.ts';
import { countedAt } from './owner/counted.ts';
import { emailQuery, eraseStatements, exportQueries, soleQuery } from './owner/statements.ts';
import { type AdminApi, adminApi, type Row } from './sync/admin-api.ts';

const ROOT = join(import.meta.dirname, '..');
const WRANGLER = join(ROOT, 'node_modules', 'wrangler', 'bin', 'wrangler.js');

const OPTIONS = {
  remote: { type: 'boolean', default: false },
  'persist-to': { type: 'string' },
  url: { type: 'string' },
  yes: { type: 'boolean', default: false },
} as const;
const USAGE = `npm run owner -- export|erase USER_ID [options]
  --remote          the deployed database, not the local one
  --persist-to DIR  another local database
  --url URL         where its Worker answers (npm start on this machine); key in ADMIN_KEY
  --yes             erase indeed`;

/** Which database. */
interface Where {
  remote: boolean;
  'persist-to'?: string | undefined;
  url?: string | undefined;
}

/** Of one page, as indented JSON. */
const ANSWER_MAX = 64 * 1024 * 1024;
/** Rows of one question: D1 answers no more at once than it can send within its time. */
const PAGE_ROWS = 5000;

/** @returns the rows of the last statement */
function execute(sql: string, { remote, 'persist-to': persist }: Where): Row[] {
  const where = remote ? ['--remote'] : ['--local'];
  const folder = mkdtempSync(join(tmpdir(), 'jambench-owner-'));
  const file = join(folder, 'statements.sql');
  try {
    // many statements do not fit a command line; one alone reports its rows
    writeFileSync(file, sql, { mode: 0o600 });
    const how = sql.trimEnd().endsWith(';') ? ['--file', file] : ['--command', sql];
    const args = ['d1', 'execute', 'DB', '--json', '--yes', ...where, ...how];
    if (persist) args.push('--persist-to', persist);
    const env = { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false' };
    const said = execFileSync(process.execPath, [WRANGLER, ...args], {
      cwd: ROOT,
      encoding: 'utf8',
      env,
      maxBuffer: ANSWER_MAX,
    });
    const results = JSON.parse(said.slice(said.indexOf('['))) as { results: Row[] }[];
    return results.at(-1)?.results ?? [];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function allOf(sql: string, where: Where): Row[] {
  const rows: Row[] = [];
  for (;;) {
    const page = execute(`${sql} LIMIT ${PAGE_ROWS} OFFSET ${rows.length}`, where);
    rows.push(...page);
    if (page.length < PAGE_ROWS) return rows;
  }
}

/** @throws UsageError when nobody said where the deployed Worker is, or its key */
function apiOf({ remote, url }: Where): AdminApi {
  const api = remote && url === undefined ? undefined : adminApi(url);
  if (api) return api;
  throw new UsageError(`An export needs --url and ADMIN_KEY in the environment.\n${USAGE}`);
}

async function exportAll(id: string, where: Where): Promise<void> {
  const api = apiOf(where);
  const parts = Object.fromEntries(
    Object.entries(exportQueries(id)).map(([name, sql]) => [name, allOf(sql, where)]),
  );
  const idsIn = (rows: readonly Row[] = [], name: string) => rows.map((row) => String(row[name]));
  const stood = [...idsIn(parts.placements, 'device_id'), ...idsIn(parts.units, 'id')];
  const places = idsIn(parts.locations, 'id');
  const counted = await countedAt(api, places, [...new Set(stood)]);
  console.log(JSON.stringify({ user_id: id, ...parts, ...counted }, null, 2));
}

function erase(id: string, where: Where, isMeant: boolean): void {
  const sole = execute(soleQuery(id), where).map((row) => String(row.location_id));
  const email = (execute(emailQuery(id), where)[0]?.email as string | null) ?? null;
  const statements = eraseStatements(id, email, sole);
  console.log(`Places that go whole: ${sole.join(', ') || 'none'}.`);
  if (isMeant) execute(`${statements.join(';\n')};`, where);
  else console.log(`${statements.join(';\n')};\n\nNothing was done; say --yes.`);
  if (!isMeant) return;
  console.log(`Shards and Supabase forget them with the next run of the five-minute job. It is done
when this finds no row: SELECT location_id, tries FROM erasures`);
}

runCli(USAGE, (args) => {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: OPTIONS });
  const [verb, id] = positionals;
  if (verb === 'export' && id) return exportAll(id, values);
  if (verb === 'erase' && id) return erase(id, values, values.yes);
  throw new UsageError(USAGE);
});
