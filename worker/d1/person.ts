/** People's roles in D1. */
import type { Role } from '../../shared/contracts/portal.ts';
import type { PeopleStore } from '../domain/person.ts';

export function d1PeopleStore(db: D1Database): PeopleStore {
  return {
    role: (userId) =>
      db.prepare('SELECT role FROM people WHERE user_id = ?1').bind(userId).first<Role>('role'),
  };
}
