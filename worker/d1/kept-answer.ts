/** Changes that count once, in D1: the guard before a change’s statements, and kept answers. */
import type { Change } from '../domain/audit.ts';
import {
  AlreadyDone,
  type KeptAnswerStore,
  type OnceAnswer,
  SeenOtherwise,
} from '../domain/kept-answer.ts';

export function d1KeptAnswerStore(db: D1Database): KeptAnswerStore {
  return {
    async find(userId, key) {
      const sql = `SELECT request_sha256, answer_json FROM kept_answers
        WHERE user_id = ?1 AND key = ?2`;
      type Row = { request_sha256: string; answer_json: string };
      const row = await db.prepare(sql).bind(userId, key).first<Row>();
      return row && { request_sha256: row.request_sha256, answer: JSON.parse(row.answer_json) };
    },
  };
}

/** What must be so for a change to happen: SQL that is true or false, its values from ?1 on. */
export interface Condition {
  sql: string;
  values: readonly unknown[];
}

const ALWAYS: Condition = { sql: 'true', values: [] };

/**
 * Runs `statements` in one transaction that begins with keeping the answer. Where the condition is
 * not met the answer is NULL, which its column does not take; where the key is taken (after which
 * the condition may well not be met any more) its row is there: both make all of it void.
 * A change that names no request has no answer to keep, and saw nothing that must still be so.
 * @throws {@link AlreadyDone}, {@link SeenOtherwise}
 */
export async function changeOnce(
  db: D1Database,
  change: OnceAnswer | Change,
  statements: readonly D1PreparedStatement[],
  { sql, values }: Condition = ALWAYS,
): Promise<D1Result[]> {
  if (!('once' in change)) return await db.batch([...statements]);
  const { once, answer } = change;
  const n = values.length;
  const guard = `INSERT INTO kept_answers (user_id, key, request_sha256, answer_json, at_s)
    SELECT ?${n + 1}, ?${n + 2}, ?${n + 3}, CASE WHEN ${sql} OR EXISTS (SELECT 1 FROM kept_answers
      WHERE user_id = ?${n + 1} AND key = ?${n + 2}) THEN ?${n + 4} END, ?${n + 5}`;
  const own = [once.user_id, once.key, once.request_sha256, JSON.stringify(answer)];
  const kept = db.prepare(guard).bind(...values, ...own, Math.floor(once.nowMs / 1000));
  try {
    const [, ...results] = await db.batch([kept, ...statements]);
    return results;
  } catch (failure) {
    const words = String(failure);
    if (/NOT NULL constraint failed: kept_answers/.test(words)) throw new SeenOtherwise();
    if (/UNIQUE constraint failed: kept_answers/.test(words)) throw new AlreadyDone();
    throw failure;
  }
}
