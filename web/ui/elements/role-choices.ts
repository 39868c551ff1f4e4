/** The roles that somebody could have instead, each behind a question. Knows no backend. */
import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { GivenRole } from '../../../shared/contracts/people.ts';
import type { Me } from '../../../shared/contracts/portal.ts';
import './confirm.ts';
import { isolated } from '../../app/isolated.ts';
import { roleName } from './form.ts';

/** What an administrator makes somebody. */
export const ROLES: readonly GivenRole[] = ['owner', 'installer', 'admin'];

/**
 * Keyed by role: an open question stays with its role when another is given.
 * @param give gets the role, and what is said once it is given
 */
export function otherRoles(
  { email, role }: Me,
  busy: boolean,
  give: (role: GivenRole, done: string) => unknown,
): unknown {
  const choice = (other: GivenRole): TemplateResult => {
    const given = roleName(other);
    const label = msg(str`Make ${given}`);
    const done = msg(str`${isolated(email)} is ${given} now.`);
    return html`<jb-confirm label=${label} confirm-label=${label} ?busy=${busy}
      @confirm=${() => give(other, done)}
      >${msg(str`${isolated(email)} becomes ${given}, and has to sign in again.`)}</jb-confirm>`;
  };
  const others = role === 'staff' ? [] : ROLES.filter((other) => other !== role);
  return repeat(others, (other) => other, choice);
}
