/** Locations in D1. */
import type { Location } from '../../shared/contracts/portal.ts';
import type { LocationStore } from '../domain/location.ts';

/** A list for a menu; paging comes with the page that needs it. */
const LIST_MAX = 1000;

export function d1LocationStore(db: D1Database): LocationStore {
  const select = 'SELECT l.id, l.name, l.time_zone FROM locations AS l';
  const list = async (statement: D1PreparedStatement) => (await statement.all<Location>()).results;
  return {
    find: (id) => db.prepare(`${select} WHERE l.id = ?1`).bind(id).first<Location>(),
    all: () => list(db.prepare(`${select} ORDER BY l.name, l.id LIMIT ${LIST_MAX}`)),
    async idsAfter(id, limit) {
      const sql = 'SELECT id FROM locations WHERE id > ?1 ORDER BY id LIMIT ?2';
      const { results } = await db.prepare(sql).bind(id, limit).all<{ id: string }>();
      return results.map((location) => location.id);
    },
    ofMember: (userId) =>
      list(
        db
          .prepare(
            `${select} JOIN visible_places AS m ON m.location_id = l.id
             WHERE m.user_id = ?1 ORDER BY l.name, l.id LIMIT ${LIST_MAX}`,
          )
          .bind(userId),
      ),
  };
}
