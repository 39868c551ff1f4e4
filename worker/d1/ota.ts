/** Firmware versions, patches, their chunks and what units reported, in D1. */
import type {
  CurrentFirmware,
  OfferedChunk,
  OtaStore,
  Patch,
  PatchChunk,
  UpdateResult,
} from '../domain/ota.ts';
import { auditIfChanged } from './audit.ts';

const PATCH = 'from_version, to_version, size, sha256, chunk_count';
/** Lists for people: more versions than this are history. */
const LIST_MAX = 100;
/** One bound parameter holds 2 MB; a chunk is some 700 bytes of JSON. */
const CHUNKS_PER_STATEMENT = 1000;

export function d1OtaStore(db: D1Database): OtaStore {
  return {
    async offer(version) {
      const current = db.prepare(
        'SELECT version, rollout_percent FROM firmware_versions WHERE is_current = 1',
      );
      const patch = db
        .prepare(
          `SELECT ${PATCH} FROM patches WHERE from_version = ?1 AND to_version =
            (SELECT version FROM firmware_versions WHERE is_current = 1)`,
        )
        .bind(version);
      const [c, p] = await db.batch<unknown>([current, patch]);
      return {
        current: (c?.results[0] as CurrentFirmware | undefined) ?? null,
        patch: (p?.results[0] as Patch | undefined) ?? null,
      };
    },
    async chunk(from, to, chunk) {
      const sql = `SELECT c.chunk, c.data_base64, c.crc, p.chunk_count AS total, f.rollout_percent
        FROM patches AS p
        JOIN patch_chunks AS c ON c.from_version = p.from_version AND c.to_version = p.to_version
        JOIN firmware_versions AS f ON f.version = p.to_version AND f.is_current = 1
        WHERE p.from_version = ?1 AND p.to_version = ?2 AND c.chunk = ?3`;
      return await db.prepare(sql).bind(from, to, chunk).first<OfferedChunk>();
    },
    async record({ device_id, reported_ms, version, success, error }) {
      const sql = `INSERT INTO update_results (device_id, reported_ms, version, success, error)
        VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING`;
      await db
        .prepare(sql)
        .bind(device_id, reported_ms, version, success ? 1 : 0, error)
        .run();
    },
    async registerFirmware({ version, current, rollout_percent }, nowS, change) {
      const step = 'UPDATE firmware_versions SET is_current = 0 WHERE is_current = 1 AND ?1 = 1';
      const put = `INSERT INTO firmware_versions
          (version, registered_s, rollout_percent, is_current)
        VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO UPDATE SET
          rollout_percent = excluded.rollout_percent, is_current = excluded.is_current`;
      const flag = current ? 1 : 0;
      await db.batch([
        db.prepare(step).bind(flag),
        db.prepare(put).bind(version, nowS, rollout_percent, flag),
        auditIfChanged(db, change),
      ]);
    },
    async registerPatch(patch, chunks, nowS, change) {
      const { from_version, to_version, size, sha256, chunk_count } = patch;
      const put = `INSERT INTO patches (${PATCH}, registered_s)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING`;
      const [inserted] = await db.batch([
        db.prepare(put).bind(from_version, to_version, size, sha256, chunk_count, nowS),
        auditIfChanged(db, change),
        ...chunkStatements(db, patch, chunks),
      ]);
      if ((inserted?.meta.changes ?? 0) > 0) return true;
      const same = `SELECT sha256 FROM patches WHERE from_version = ?1 AND to_version = ?2`;
      const held = await db.prepare(same).bind(from_version, to_version).first('sha256');
      return held === sha256;
    },
    status: (before, limit) => status(db, before, limit),
  };
}

/** Only for the patch that holds the place: those of another one must not mix with it. */
function chunkStatements(db: D1Database, patch: Patch, chunks: PatchChunk[]) {
  const sql = `INSERT INTO patch_chunks (from_version, to_version, chunk, data_base64, crc)
    SELECT ?1, ?2, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?3)
    WHERE EXISTS (SELECT 1 FROM patches
      WHERE from_version = ?1 AND to_version = ?2 AND sha256 = ?4)
    ON CONFLICT DO NOTHING`;
  const statements: D1PreparedStatement[] = [];
  for (let at = 0; at < chunks.length; at += CHUNKS_PER_STATEMENT) {
    const part = chunks.slice(at, at + CHUNKS_PER_STATEMENT);
    const rows = JSON.stringify(part.map((c) => [c.chunk, c.data_base64, c.crc]));
    const { from_version, to_version, sha256 } = patch;
    statements.push(db.prepare(sql).bind(from_version, to_version, rows, sha256));
  }
  return statements;
}

async function status(
  db: D1Database,
  before: { reported_ms: number; device_id: string } | undefined,
  limit: number,
) {
  const from = before ?? { reported_ms: Number.MAX_SAFE_INTEGER, device_id: '' };
  const results = `SELECT device_id, reported_ms, version, success, error FROM update_results
    WHERE (reported_ms, device_id) < (?1, ?2)
    ORDER BY reported_ms DESC, device_id DESC LIMIT ?3`;
  const [f, p, r] = await db.batch<Record<string, unknown>>([
    db.prepare(
      `SELECT version, rollout_percent, is_current FROM firmware_versions
       ORDER BY version DESC LIMIT ${LIST_MAX}`,
    ),
    db.prepare(
      `SELECT ${PATCH} FROM patches ORDER BY from_version DESC, to_version DESC LIMIT ${LIST_MAX}`,
    ),
    db.prepare(results).bind(from.reported_ms, from.device_id, limit),
  ]);
  const versions = (f?.results ?? []) as unknown as (CurrentFirmware & { is_current: number })[];
  const rows = (r?.results ?? []) as unknown as (UpdateResult & { success: unknown })[];
  return {
    firmware: versions.map((row) => ({ ...row, is_current: row.is_current === 1 })),
    patches: (p?.results ?? []) as unknown as Patch[],
    results: rows.map((row) => ({ ...row, success: Number(row.success) === 1 })),
  };
}
