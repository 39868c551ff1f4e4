/** The audit trail in D1: a statement to put into a change's batch, and the list. */
import type { AuditEntry, AuditFilter, AuditStore, Change } from '../domain/audit.ts';

const INSERT = `INSERT INTO audit (at_ms, actor, action, target, before_json, after_json)
  SELECT ?1, ?2, ?3, ?4, ?5, ?6`;

/**
 * Must directly follow the statement that changes: changes() says whether it did. So a change that
 * came too late, or that someone else made meanwhile, leaves no trace.
 */
export function auditIfChanged(db: D1Database, change: Change): D1PreparedStatement {
  return bound(db.prepare(`${INSERT} WHERE changes() > 0`), change);
}

/** A trace of what somebody decided, whether or not it changed anything. */
export function auditAlways(db: D1Database, change: Change): D1PreparedStatement {
  return bound(db.prepare(INSERT), change);
}

/**
 * A trace under a condition, before the statements that it is of; they look for it.
 * @param condition SQL; ?7 and on are `values`, ?2 is who changes
 */
export function auditIf(
  db: D1Database,
  change: Change,
  condition: string,
  values: readonly string[],
): D1PreparedStatement {
  return db.prepare(`${INSERT} WHERE ${condition}`).bind(...valuesOf(change), ...values);
}

/**
 * The same trace of each of what a statement selects, in the transaction that changes it.
 * @param targets SQL that selects `target`; ?1 and on are `values`
 */
export function auditOfEach(
  db: D1Database,
  { at_ms, actor, action, before, after }: Omit<Change, 'target'>,
  targets: string,
  values: readonly (string | number)[],
): D1PreparedStatement {
  const from = values.length;
  const [at, by, what, was, is] = [1, 2, 3, 4, 5].map((n) => `?${from + n}`);
  const sql = `INSERT INTO audit (at_ms, actor, action, target, before_json, after_json)
    SELECT ${at}, ${by}, ${what}, target, ${was}, ${is} FROM (${targets}) WHERE TRUE`;
  return db.prepare(sql).bind(...values, at_ms, actor, action, jsonOf(before), jsonOf(after));
}

/** Traces of many changes by one statement, in a transaction that has made sure of all of them. */
export function auditAll(db: D1Database, changes: readonly Change[]): D1PreparedStatement {
  const rows = changes.map(({ before, after, ...rest }) => {
    return { ...rest, before: jsonOf(before), after: jsonOf(after) };
  });
  const sql = `INSERT INTO audit (at_ms, actor, action, target, before_json, after_json)
    SELECT value ->> 'at_ms', value ->> 'actor', value ->> 'action', value ->> 'target',
      value ->> 'before', value ->> 'after' FROM json_each(?1)`;
  return db.prepare(sql).bind(JSON.stringify(rows));
}

function bound(statement: D1PreparedStatement, change: Change): D1PreparedStatement {
  return statement.bind(...valuesOf(change));
}

const jsonOf = (facts: object | null) => (facts ? JSON.stringify(facts) : null);

/** As {@link INSERT} has them. */
function valuesOf({ at_ms, actor, action, target, before, after }: Change) {
  return [at_ms, actor, action, target, jsonOf(before), jsonOf(after)] as const;
}

interface Row extends Omit<AuditEntry, 'before' | 'after'> {
  before_json: string | null;
  after_json: string | null;
}

export function d1AuditStore(db: D1Database): AuditStore {
  return {
    async add(entry) {
      await auditAlways(db, entry).run();
    },
    async list(filter) {
      return (await listing(db, filter).all<Row>()).results.map(entryOf);
    },
  };
}

function entryOf({ before_json, after_json, ...row }: Row): AuditEntry {
  const facts = (json: string | null) => (json ? JSON.parse(json) : null);
  return { ...row, before: facts(before_json), after: facts(after_json) };
}

/** Ids grow with time, so that a stretch of time is one of ids, found by one step into an index. */
const FIRST_SINCE = (atMs: string) =>
  `(SELECT id FROM audit WHERE at_ms >= ${atMs} ORDER BY at_ms, id LIMIT 1)`;

/** ?1 = below which id, ?2 = how many; the others as far as they are asked for. */
const CONDITIONS = {
  target: 'target = ?3',
  action: 'action = ?4',
  actor: 'actor = ?5',
  sinceMs: `id >= COALESCE(${FIRST_SINCE('?6')}, ?8)`,
  untilMs: `id < COALESCE(${FIRST_SINCE('?7')}, ?8)`,
} as const;
type Condition = keyof typeof CONDITIONS;

function listing(db: D1Database, filter: AuditFilter): D1PreparedStatement {
  const names = Object.keys(CONDITIONS) as Condition[];
  const asked = names.filter((name) => filter[name] !== undefined);
  const where = ['id < ?1', ...asked.map((name) => CONDITIONS[name])].join(' AND ');
  const sql = `SELECT id, at_ms, actor, action, target, before_json, after_json FROM audit
    WHERE ${where} AND ?8 IS NOT NULL ORDER BY id DESC LIMIT ?2`;
  const { beforeId = Number.MAX_SAFE_INTEGER, limit } = filter;
  const values = names.map((name) => filter[name] ?? null);
  return db.prepare(sql).bind(beforeId, limit, ...values, Number.MAX_SAFE_INTEGER);
}
