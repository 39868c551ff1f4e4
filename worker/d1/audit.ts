/** The audit trail in D1: a statement to put into a change's batch, and the list. */
import type { AuditEntry, AuditStore, Change } from '../domain/audit.ts';

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

function bound(statement: D1PreparedStatement, change: Change): D1PreparedStatement {
  const { at_ms, actor, action, target, before, after } = change;
  const json = (facts: object | null) => (facts ? JSON.stringify(facts) : null);
  return statement.bind(at_ms, actor, action, target, json(before), json(after));
}

interface Row extends Omit<AuditEntry, 'before' | 'after'> {
  before_json: string | null;
  after_json: string | null;
}

export function d1AuditStore(db: D1Database): AuditStore {
  const columns = 'id, at_ms, actor, action, target, before_json, after_json';
  return {
    async add(entry) {
      await auditAlways(db, entry).run();
    },
    async list({ target, beforeId, limit }) {
      const below = beforeId ?? Number.MAX_SAFE_INTEGER;
      const all = `SELECT ${columns} FROM audit WHERE id < ?1 ORDER BY id DESC LIMIT ?2`;
      const ofOne = `SELECT ${columns} FROM audit WHERE target = ?3 AND id < ?1
        ORDER BY id DESC LIMIT ?2`;
      const statement = target
        ? db.prepare(ofOne).bind(below, limit, target)
        : db.prepare(all).bind(below, limit);
      return (await statement.all<Row>()).results.map(entryOf);
    },
  };
}

function entryOf({ before_json, after_json, ...row }: Row): AuditEntry {
  const facts = (json: string | null) => (json ? JSON.parse(json) : null);
  return { ...row, before: facts(before_json), after: facts(after_json) };
}
