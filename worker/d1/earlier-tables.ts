/**
 * The end of the tables from before there were shards: an empty view stands in place of each, so
 * that whatever reads there, a Worker of a version before included, finds nothing instead of an
 * error. Nobody can write to it. Knows no times.
 */

/** `adoptions` says only who was left to be taken over: by then nobody. */
const EARLIER = ['readings', 'heartbeats', 'rollups', 'adoptions'] as const;

const COLUMNS = `SELECT m.name AS earlier, c.name AS name
  FROM sqlite_master AS m, pragma_table_info(m.name) AS c
  WHERE m.type = 'table' AND m.name IN ('${EARLIER.join("', '")}') ORDER BY m.name, c.cid`;

/** @returns the columns of those that are there still */
export async function earlierColumns(db: D1Database): Promise<{ earlier: string; name: string }[]> {
  return (await db.prepare(COLUMNS).all<{ earlier: string; name: string }>()).results;
}

/**
 * Drops them, all at once, with whatever is in them; those that are gone stay gone.
 * @returns whether it did
 */
export async function dropEarlierTables(db: D1Database): Promise<boolean> {
  const all = await earlierColumns(db);
  if (all.length === 0) return false;
  const statements = EARLIER.flatMap((table) => {
    const columns = all.filter(({ earlier }) => earlier === table);
    return columns.length === 0 ? [] : emptyView(table, columns);
  });
  await db.batch(statements.map((sql) => db.prepare(sql)));
  return true;
}

function emptyView(table: string, columns: readonly { name: string }[]): string[] {
  const nothing = columns.map(({ name }) => `NULL AS ${name}`).join(', ');
  return [
    `DROP TABLE ${table}`,
    `CREATE VIEW ${table} AS SELECT ${nothing} WHERE 0`,
    `CREATE TRIGGER ${table}_gone INSTEAD OF INSERT ON ${table}
      BEGIN SELECT RAISE(ABORT, 'cut over: kept in shards now'); END`,
    // Nothing to delete: no row ever gets here.
    `CREATE TRIGGER ${table}_empty INSTEAD OF DELETE ON ${table} BEGIN SELECT 1; END`,
  ];
}
