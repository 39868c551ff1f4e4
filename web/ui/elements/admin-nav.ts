/** What an administrator's pages share: the ways between them, their lists and styles. */
import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { dateTime } from '../format.ts';
import './confirm.ts';
import './notice.ts';
import { checks } from './styles-parts.ts';

const PAGES = [
  { id: 'people', href: '/admin/people', label: () => msg('People') },
  { id: 'places', href: '/admin/places', label: () => msg('Locations') },
  { id: 'orders', href: '/admin/orders', label: () => msg('Work orders') },
  { id: 'alerts', href: '/admin/alerts', label: () => msg('Alerts') },
  { id: 'notices', href: '/admin/notices', label: () => msg('Notices') },
  { id: 'readings', href: '/admin/readings', label: () => msg('Readings') },
  { id: 'audit', href: '/admin/audit', label: () => msg('Audit log') },
  { id: 'status', href: '/admin/status', label: () => msg('Status') },
] as const;

export type AdminPageId = (typeof PAGES)[number]['id'];

export function adminNav(current: AdminPageId): TemplateResult {
  const link = ({ id, href, label }: (typeof PAGES)[number]) =>
    html`<a href=${href} aria-current=${id === current ? 'page' : nothing}>${label()}</a>`;
  return html`<nav class="admin" aria-label=${msg('Administration')}>${PAGES.map(link)}</nav>`;
}

/** For who opened an administrator's page by its address. */
export const signInFirst = (path: string): TemplateResult =>
  html`<p>${msg(html`<a href="/sign-in?next=${path}">Sign in</a> as an administrator first.`)}</p>`;

/** A list whose rows keep what is open in them when others come and go. */
export function rows<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  row: (item: T) => TemplateResult,
): TemplateResult {
  return html`<ul class="rows">${repeat(items, keyOf, row)}</ul>`;
}

/** Styles of an administrator's page: its ways, its tables, its forms. */
export const adminStyles = [
  checks,
  css`
  .page {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 24px;
    max-width: 60rem;
    margin: 0 auto;
  }
  nav.admin {
    display: flex;
    flex-wrap: wrap;
    gap: 0 20px;
    border-bottom: 1px solid var(--line);
  }
  button[aria-pressed='true'] {
    border-color: var(--accent);
    color: var(--accent);
  }
  .muted {
    overflow-wrap: anywhere;
  }
  nav.admin a {
    padding: 12px 0;
    text-decoration: none;
    color: var(--muted);
  }
  nav.admin a[aria-current] {
    color: var(--ink);
    border-bottom: 2px solid var(--accent);
  }
  form,
  section {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 16px;
  }
  h1,
  h2,
  .check,
  jb-confirm {
    overflow-wrap: anywhere;
  }
  .row {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 16px;
    align-items: end;
  }
  .row > .field {
    flex: 1 1 180px;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-width: 0;
    padding: 0;
    display: grid;
    gap: 4px;
  }
  legend {
    font-weight: 550;
    font-size: var(--size-14);
    padding: 0;
  }
  ul.rows {
    list-style: none;
    display: grid;
  }
  ul.rows > li {
    display: grid;
    gap: 8px;
    padding: 12px 0;
    border-bottom: 1px solid var(--line);
  }
  .who {
    overflow-wrap: anywhere;
  }
  .actions {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    align-items: center;
  }
  .actions select {
    width: auto;
    max-width: 100%;
    min-height: 36px;
    padding: 4px 8px;
  }
`,
];

/** That a list is what this device remembers. @param asOf Unix milliseconds; null: just now */
export function asOfLine(asOf: number | null): TemplateResult | typeof nothing {
  if (asOf === null) return nothing;
  const time = dateTime(asOf);
  return html`<p class="small muted" data-testid="as-of">${msg(str`As of ${time}.`)}</p>`;
}
