/**
 * What the migrations grant, on a project of 2026, which grants nothing by itself, and on an older
 * one, which grants everything: the same list, to the letter, on the embedded engine and Debian's.
 * Then what people and the Worker can really do, with statements of PostgREST's shape.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { PGlite } from '@supabase/lite/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresPrograms, startPostgres } from '../../e2e/testing/postgres.ts';

const MIGRATIONS = new URL('./migrations/', import.meta.url);
const migrations = readdirSync(MIGRATIONS).sort();
const OLGA = '00000000-0000-4000-8000-00000000000a';

/** Roles, sign-in and defaults as Supabase's own start-up scripts leave them, nothing granted. */
const PROJECT = `
  create role anon nologin noinherit;
  create role authenticated nologin noinherit;
  create role service_role nologin noinherit bypassrls;
  create schema auth;
  grant usage on schema auth to anon, authenticated, service_role;
  create function auth.uid() returns uuid language sql stable as $$
    select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $$;
  revoke all on schema public from public;
  alter default privileges revoke execute on functions from public;`;
const OLDER = `grant usage on schema public to anon, authenticated, service_role;
  alter default privileges in schema public
    grant all on tables to anon, authenticated, service_role;
  alter default privileges in schema public
    grant all on sequences to anon, authenticated, service_role;
  alter default privileges in schema public
    grant all on functions to anon, authenticated, service_role;`;

/** All grants there may be; what a migration makes without saying so here fails the test. */
const GRANTED = [
  'foot_traffic: authenticated SELECT',
  'foot_traffic: service_role DELETE INSERT SELECT UPDATE',
  'foot_traffic_compact(): service_role EXECUTE',
  'foot_traffic_hourly: authenticated SELECT',
  'foot_traffic_hourly: service_role DELETE INSERT SELECT UPDATE',
  'foot_traffic_hours: authenticated SELECT',
  'foot_traffic_hours: service_role SELECT',
  'foot_traffic_keep_newest(): nobody',
  'foot_traffic_not_twice(): nobody',
  'foot_traffic_sum_of_all(): authenticated EXECUTE',
  'foot_traffic_sum_of_all(): service_role EXECUTE',
  'location_members: authenticated SELECT',
  'location_members: service_role DELETE INSERT SELECT UPDATE',
];
const GRANTS = `
  with things as (
    select relname::text as name, relacl as acl, relowner as owner,
      case relkind when 'S' then 's' else 'r' end::"char" as kind
      from pg_class
      where relnamespace = 'public'::regnamespace and relkind in ('r','v','m','p','S','f')
    union all
    select proname || '()', proacl, proowner, 'f'::"char"
      from pg_proc where pronamespace = 'public'::regnamespace
  ), entries as (
    select name, owner, entry.* from things,
      aclexplode(coalesce(acl, acldefault(kind, owner))) as entry
  )
  select t.name || ': ' || coalesce(
      case e.grantee when 0 then 'everybody' else e.grantee::regrole::text end || ' ' ||
        string_agg(e.privilege_type, ' ' order by e.privilege_type), 'nobody')
    from things as t
      left join entries as e on e.name = t.name and e.grantee <> t.owner
    group by t.name, e.grantee order by 1`;

/** A fresh database each; rows come back as text, a NULL as an empty one. */
interface Engine {
  run(script: string): Promise<void>;
  /** One statement as a role, signed in as the person. @throws with the SQLSTATE in its words */
  as(role: string, sub: string, statement: string): Promise<string[][]>;
}

const whoIs = (role: string, sub: string) =>
  `set role ${role}; set request.jwt.claim.sub = '${sub}';`;

async function embedded(): Promise<Engine> {
  const engine = new PGlite();
  const run = async (script: string) => void (await engine.exec(script));
  return {
    run,
    async as(role, sub, statement) {
      await run(whoIs(role, sub));
      try {
        const text = (value: unknown) => (value === null ? '' : String(value));
        const { rows } = await engine.query<object>(statement);
        return rows.map((row) => Object.values(row).map(text));
      } catch (failure) {
        throw new Error(`${(failure as { code?: string }).code} ${failure}`, { cause: failure });
      } finally {
        await run('reset role');
      }
    },
  };
}

const programs = postgresPrograms();
const noServer = programs ? undefined : 'no PostgreSQL (Debian package postgresql)';
let server: Awaited<ReturnType<typeof startPostgres>> | undefined;
beforeAll(async () => {
  if (programs) server = await startPostgres(programs);
}, 60_000);
afterAll(() => server?.stop());

/** Roles belong to the whole server: what a former case left goes with them. */
async function debians(): Promise<Engine> {
  if (!server) throw new Error(noServer);
  const { sql } = server;
  sql(`drop database if exists project;
    drop role if exists anon, authenticated, service_role;
    create database project`);
  return {
    run: async (script) => void sql(script, 'project'),
    as: async (role, sub, statement) => sql(`${whoIs(role, sub)} ${statement}`, 'project'),
  };
}

const ENGINES = [
  ['the embedded engine', embedded],
  ['Debian’s PostgreSQL', debians],
] as const;
const PROJECTS = [
  ['a project that grants nothing', PROJECT],
  ['an older project that grants everything', PROJECT + OLDER],
] as const;
const CASES = ENGINES.flatMap(([engine, open]) =>
  PROJECTS.map(([project, script]) => ({ engine, project, open, script })),
);

async function migrated({ open, script }: (typeof CASES)[number]): Promise<Engine> {
  const engine = await open();
  await engine.run(script);
  for (const file of migrations) await engine.run(readFileSync(new URL(file, MIGRATIONS), 'utf8'));
  return engine;
}

/** What PostgREST makes of a merging upsert: JSON in, rows out of its record. */
const upsert = (visits: number, revision: number) => {
  const zeros = COUNTS.map((column) => `"${column}":0`).join();
  const row = `{"location_id":"bakery","bucket_start":"2026-10-01T08:00:00.000Z",
    "revision":${revision},"visits":${visits},${zeros}}`;
  const columns = ['location_id', 'bucket_start', 'revision', 'visits', ...COUNTS];
  const set = columns.map((column) => `${column} = excluded.${column}`).join();
  return `insert into public.foot_traffic (${columns})
    select ${columns} from json_populate_recordset(null::public.foot_traffic, '[${row}]')
    on conflict (location_id, bucket_start) do update set ${set} returning visits`;
};
const COUNTS = `impressions device_minutes dwell_0_1 dwell_1_5 dwell_5_10 dwell_10plus
  rssi_immediate rssi_near rssi_far rssi_remote ble_apple ble_other`.split(/\s+/);
const DENIED = /42501/;
const SELECT = 'select visits from public.foot_traffic';

describe.each(CASES)('$project, on $engine', (which) => {
  let engine: Engine;
  const isMissing = which.open === debians && !programs;
  beforeAll(async () => {
    if (!isMissing) engine = await migrated(which);
  }, 60_000);
  // beforeEach would skip without its words
  const check = (name: string, body: () => Promise<void>) =>
    test(name, async ({ skip }) => {
      if (isMissing) skip(noServer);
      await body();
    });
  const worker = (statement: string) => engine.as('service_role', '', statement);
  const olga = (statement: string) => engine.as('authenticated', OLGA, statement);
  const anybody = (statement: string) => engine.as('anon', '', statement);

  check('is granted what the list says, and nothing else', async () => {
    const found = await engine.as('postgres', '', GRANTS);
    expect(found.map(([line]) => line)).toEqual(GRANTED);
  });

  check('the Worker merges by key, and an overtaken push changes nothing', async () => {
    expect(await worker(upsert(3, 10))).toEqual([['3']]);
    expect(await worker(upsert(4, 11))).toEqual([['4']]);
    expect(await worker(upsert(2, 9))).toEqual([]);
    expect(await worker(SELECT)).toEqual([['4']]);
  });

  check('a person reads her own places, and nobody else any', async () => {
    expect(await olga(SELECT)).toEqual([]);
    await worker(`insert into public.location_members values ('bakery', '${OLGA}')`);
    expect(await olga(SELECT)).toEqual([['4']]);
    expect(await olga('select location_id from public.location_members')).toEqual([['bakery']]);
    const other = OLGA.replace(/a$/, 'b');
    expect(await engine.as('authenticated', other, SELECT)).toEqual([]);
    await expect(anybody(SELECT)).rejects.toThrow(DENIED);
    await expect(anybody('select * from public.location_members')).rejects.toThrow(DENIED);
  });

  check('old rows become hours, once, and nothing of them is lost or counted again', async () => {
    const old = (minute: string) =>
      upsert(5, 20).replace('08:00', minute).replace('2026-10', '2025-10');
    for (const minute of ['09:00', '09:05', '09:55', '10:00']) await worker(old(minute));
    expect(await worker('select public.foot_traffic_compact(1)')).toEqual([['1']]);
    expect(await worker('select public.foot_traffic_compact()')).toEqual([['1']]);
    expect(await worker('select public.foot_traffic_compact()')).toEqual([['0']]);
    const hours = 'select visits, impressions from public.foot_traffic_hourly order by hour_start';
    const made = [
      ['15', '0'],
      ['5', '0'],
    ];
    expect(await worker(hours)).toEqual(made);
    // pushed again, as after a key that leaked
    expect(await worker(old('09:05'))).toEqual([]);
    expect(await worker(hours)).toEqual(made);
    expect(await worker(SELECT)).toEqual([['4']]);
    expect(await olga(hours)).toEqual(made);
    await expect(anybody(hours)).rejects.toThrow(DENIED);
  });

  check('an hour lacks what a row of it withholds, and the view has every hour once', async () => {
    const row = (minute: string, values: string) => `insert into public.foot_traffic
      (location_id, bucket_start, revision, withheld, visits, ${COUNTS}) values
      ('bakery', '2025-09-01 ${minute}Z', 1, ${values})`;
    const zeros = (first: string) => [first, ...COUNTS.slice(1).map(() => '0')].join();
    const nulls = COUNTS.map(() => 'null').join();
    await worker(row('09:00', `false, 5, ${zeros('40')}`));
    await worker(row('09:05', `false, null, ${zeros('2')}`));
    await worker(row('10:00', `false, 5, ${zeros('40')}`));
    await worker(row('10:05', `true, null, ${nulls}`));
    await expect(worker(row('10:10', `false, 1, ${nulls}`))).rejects.toThrow('23514');
    const columns = 'hour_start, withheld, visits, impressions';
    const view = `select ${columns} from public.foot_traffic_hours
      where hour_start < '2025-09-02' order by hour_start`;
    const before = await olga(view);
    const numbers = before.map(([, ...rest]) => rest.map((text) => text.slice(0, 5)));
    // What no unit could tell is no reason for an hour to lack it; what is withheld is.
    expect(numbers).toEqual([
      [expect.stringMatching(/^f/), '5', '42'],
      [expect.stringMatching(/^t/), '', ''],
    ]);
    expect(await worker('select public.foot_traffic_compact()')).toEqual([['2']]);
    expect(await olga(view)).toEqual(before);
    const stored = `select ${columns} from public.foot_traffic_hourly
      where hour_start < '2025-09-02' order by hour_start`;
    expect(await worker(stored)).toEqual(before);
    expect(await engine.as('authenticated', OLGA.replace(/a$/, 'b'), view)).toEqual([]);
    await expect(anybody(view)).rejects.toThrow(DENIED);
  });

  check('people write nothing and call nothing', async () => {
    const tries = [
      upsert(9, 99),
      'update public.foot_traffic set visits = 9',
      'delete from public.foot_traffic',
      'truncate public.foot_traffic',
      `insert into public.location_members values ('books', '${OLGA}')`,
      'delete from public.location_members',
      'create table public.mine (a int)',
      'select public.foot_traffic_keep_newest()',
      'select public.foot_traffic_compact()',
      'delete from public.foot_traffic_hourly',
    ];
    for (const statement of tries) {
      await expect(olga(statement), statement).rejects.toThrow(DENIED);
      await expect(anybody(statement), statement).rejects.toThrow(DENIED);
    }
    await expect(worker('truncate public.foot_traffic')).rejects.toThrow(DENIED);
  });
});
