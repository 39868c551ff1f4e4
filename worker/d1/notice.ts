/** Notices in D1. */
import type { KeptNotice, Notice, NoticeStore } from '../domain/notice.ts';

const COLUMNS = 'id, at_ms, kind, detail';

export function d1NoticeStore(db: D1Database): NoticeStore {
  return {
    async add({ at_ms, kind, detail }) {
      const sql = 'INSERT INTO notices (at_ms, kind, detail) VALUES (?1, ?2, ?3)';
      await db.prepare(sql).bind(at_ms, kind, detail).run();
    },
    async list(beforeId, limit) {
      const sql = `SELECT ${COLUMNS}, mailed_ms, mailed_to FROM notices
        WHERE id < ?1 ORDER BY id DESC LIMIT ?2`;
      const below = beforeId ?? Number.MAX_SAFE_INTEGER;
      return (await db.prepare(sql).bind(below, limit).all<KeptNotice>()).results;
    },
    async unmailed(limit) {
      const sql = `SELECT ${COLUMNS} FROM notices WHERE mailed_ms IS NULL ORDER BY id LIMIT ?1`;
      return (await db.prepare(sql).bind(limit).all<Notice>()).results;
    },
    async markMailed(upToId, nowMs, recipients) {
      const sql = `UPDATE notices SET mailed_ms = ?2, mailed_to = ?3
        WHERE mailed_ms IS NULL AND id <= ?1`;
      await db.prepare(sql).bind(upToId, nowMs, recipients).run();
    },
  };
}
