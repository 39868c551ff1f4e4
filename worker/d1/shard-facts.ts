/**
 * What a shard has to know of its units, read from the registry in D1, and the outbox that says
 * which of them it has not heard yet (migrations/0022_shard_facts.sql).
 */
import type { ConfigChange } from '../../shared/contracts/config.ts';
import { DOUBT_WORDS } from '../domain/doubt.ts';
import type { Judgement, ShardFacts } from '../domain/shard-facts.ts';
import type { ShardRegistry } from '../domain/shard-registry.ts';
import { DOUBTED, FLAGGED_FOR, FLOODS_HERE, NOT_COUNTED, ONE_MORE_REASON } from './anomaly.ts';
import { INTERVALS } from './interval.ts';

const UNIT = `SELECT devices.id AS device_id, s.revision, token_sha256, status, config_version,
    generation, firmware, ${FLOODS_HERE} AS floods, ${INTERVALS},
    (SELECT changed_json FROM device_configs WHERE device_id = ?1) AS changed_json,
    c.id AS command_id, c.name AS command_name, c.expires_s, c.delivered_s
  FROM devices JOIN shard_facts AS s ON s.device_id = devices.id
  LEFT JOIN commands AS c ON c.device_id = devices.id AND c.outcome IS NULL
  WHERE devices.id = ?1`;
const PLACEMENTS = `SELECT from_s, to_s, location_id FROM placements WHERE device_id = ?1
  ORDER BY from_s`;
const JUDGEMENTS = `SELECT at_ms, from_s, to_s, is_counted FROM judgements WHERE device_id = ?1
  ORDER BY at_ms`;

const FLAG = `UPDATE devices SET ${ONE_MORE_REASON('?4', DOUBTED('?2', '?3'))}
  WHERE id = ?1 AND NOT ${FLAGGED_FOR(`'${NOT_COUNTED}'`)}`;
/** Not of one that something newer has taken the place of meanwhile. */
const COMMAND = `UPDATE commands SET delivered_s = COALESCE(delivered_s, ?3), settled_s = ?4,
    outcome = ?5
  WHERE device_id = ?1 AND id = ?2 AND outcome IS NULL`;

type UnitRow = Omit<ShardFacts, 'placements' | 'judgements' | 'command' | 'changed'> & {
  changed_json: string | null;
  command_id: string | null;
  command_name: NonNullable<ShardFacts['command']>['name'];
  expires_s: number;
  delivered_s: number | null;
};
type JudgementRow = Omit<Judgement, 'is_counted'> & { is_counted: 0 | 1 };

export function d1ShardRegistry(db: D1Database): ShardRegistry {
  return {
    async shardFacts(deviceId) {
      const [unit, placements, judgements] = await db.batch<unknown>(
        [UNIT, PLACEMENTS, JUDGEMENTS].map((sql) => db.prepare(sql).bind(deviceId)),
      );
      const row = unit?.results[0] as UnitRow | undefined;
      if (!row) return null;
      const { command_id, command_name, expires_s, delivered_s, changed_json, ...facts } = row;
      return {
        ...facts,
        changed: JSON.parse(changed_json ?? '{}') as ConfigChange,
        placements: (placements?.results ?? []) as ShardFacts['placements'],
        judgements: ((judgements?.results ?? []) as JudgementRow[]).map((j) => {
          return { ...j, is_counted: j.is_counted === 1 };
        }),
        command:
          command_id === null
            ? null
            : { id: command_id, name: command_name, expires_s, delivered_s },
      };
    },
    async waiting(limit) {
      // Written as the partial index has it.
      const sql = `SELECT device_id FROM shard_facts WHERE sent_revision < revision
        ORDER BY tries, device_id LIMIT ?1`;
      const { results } = await db.prepare(sql).bind(limit).all<{ device_id: string }>();
      return results.map(({ device_id }) => device_id);
    },
    async sent(all) {
      if (all.length === 0) return;
      const sql = `UPDATE shard_facts SET sent_revision = ?2, tries = 0
        WHERE device_id = ?1 AND sent_revision < ?2`;
      await db.batch(all.map((f) => db.prepare(sql).bind(f.device_id, f.revision)));
    },
    async failed(deviceIds) {
      if (deviceIds.length === 0) return;
      const sql = `UPDATE shard_facts SET tries = tries + 1
        WHERE device_id IN (SELECT value FROM json_each(?1))`;
      await db.prepare(sql).bind(JSON.stringify(deviceIds)).run();
    },
    async learn(news) {
      const statements = news.flatMap(({ device_id, doubted, commands }) => [
        ...(doubted
          ? [
              db
                .prepare(FLAG)
                .bind(device_id, doubted.period_start_s, DOUBT_WORDS[doubted.doubt], doubted.at_s),
            ]
          : []),
        ...commands.map(({ id, delivered_s, settled_s, outcome }) =>
          db.prepare(COMMAND).bind(device_id, id, delivered_s, settled_s, outcome),
        ),
      ]);
      if (statements.length > 0) await db.batch(statements);
    },
  };
}
