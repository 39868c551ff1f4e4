/** What pages that read the bench's log share: who may read it, and how entries look. */
import { msg } from '@lit/localize';
import { css, html, type TemplateResult } from 'lit';
import type { SessionState } from '../../app/session.ts';
import './notice.ts';
import { base, buttons, fields } from './styles.ts';

export const logStyles = [
  base,
  buttons,
  fields,
  css`
    .entries {
      list-style: none;
      margin: 16px 0;
      border-top: 1px solid var(--line);
    }
    .entries li {
      display: grid;
      gap: 2px;
      padding: 12px 0;
      border-bottom: 1px solid var(--line);
    }
    .who {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 16px;
      justify-content: space-between;
      max-width: none;
    }
    .result {
      font-weight: 550;
    }
    .result.done {
      color: var(--ok);
    }
    .result.failed,
    .result.broken_off {
      color: var(--bad);
    }
  `,
];

/** Why this person sees no log; null: they do. @param path of the page, to come back to */
export function logNotice({ user, role }: SessionState, path: string): TemplateResult | null {
  if (!user)
    return html`<jb-notice tone="warn" headline=${msg('You are not signed in')}
      advice=${msg('Sign in as an installer to see what you did here.')}>
      <a class="button" href="/sign-in?next=${path}">${msg('Sign in')}</a></jb-notice>`;
  if (role === 'owner' || role === 'staff')
    return html`<jb-notice tone="warn" headline=${msg('Units are prepared by installers')}
      advice=${msg('Sign in as an installer to see what you did here.')}></jb-notice>`;
  return null;
}
