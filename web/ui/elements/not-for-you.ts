/**
 * Said before anything of a page is shown whose answer would be a refusal. Knows the roles, and no
 * page.
 */
import { msg, str } from '@lit/localize';
import { html, type TemplateResult } from 'lit';
import type { Role } from '../../../shared/contracts/portal.ts';
import type { Session } from '../../app/session.ts';
import { roleName } from './form.ts';

const HEADING: Record<'owner' | 'installer' | 'admin', () => string> = {
  owner: () => msg('For owners'),
  installer: () => msg('For installers'),
  admin: () => msg('For administrators'),
};

/**
 * @param whose first of all whose page it is; administrators may open those of others
 * @returns null for whoever may, for nobody, and while the role is not known
 */
export function notForYou(
  { state }: Pick<Session, 'state'>,
  whose: keyof typeof HEADING,
): TemplateResult | null {
  const { user, role } = state.value;
  if (!user || role === null || role === whose || role === 'admin') return null;
  return html`<div class="page"><h1 tabindex="-1">${HEADING[whose]()}</h1>
    <p>${elsewhere(role)}</p></div>`;
}

const elsewhere = (role: Role) =>
  msg(
    str`You are signed in as ${roleName(role)}, and this page is not yours. What is yours to see and to do stands in the menu.`,
  );
