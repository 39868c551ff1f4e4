/**
 * The role that the backend gave a person, in localStorage: what the page offers before it has
 * asked, and without a network. Rights are the backend's business. Knows no backend.
 */
import * as v from 'valibot';
import { Me } from '../../shared/contracts/portal.ts';
import type { RoleStore } from '../app/session.ts';

const KEY = 'jambench-role';
const Kept = v.pick(Me, ['user_id', 'role']);

/** {@link RoleStore} on a `localStorage` that never fails. */
export function localRole(storage: Storage): RoleStore {
  return {
    read(userId) {
      try {
        const kept = v.safeParse(Kept, JSON.parse(storage.getItem(KEY) ?? 'null'));
        return kept.success && kept.output.user_id === userId ? kept.output.role : null;
      } catch {
        return null;
      }
    },
    write: (user_id, role) => storage.setItem(KEY, JSON.stringify({ user_id, role })),
    forget: () => storage.removeItem(KEY),
  };
}
