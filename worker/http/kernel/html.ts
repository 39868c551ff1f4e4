/**
 * Small pages that the Worker writes itself: no script, nothing from elsewhere, one style that the
 * policy names by its hash. Knows no content.
 */

import type { Context } from 'hono';
import { sha256 } from '../../../shared/hash.ts';

const STYLE = `
:root{color-scheme:light dark;font:16px/1.55 system-ui,sans-serif;
--surface:light-dark(#faf8f6,#131215);--raised:light-dark(#fff,#1c1b1f);
--ink:light-dark(#1d1a1f,#f1edf0);--muted:light-dark(#66606a,#a9a2ac);
--line:light-dark(#e2dcd8,#343138);--accent:light-dark(#8f1d58,#f59ac3);
--get:light-dark(#13693f,#62cf97);--post:light-dark(#8f1d58,#f59ac3);
--put:light-dark(#875200,#f2b455)}
body{margin:0 auto;max-width:82rem;padding:1rem;background:var(--surface);color:var(--ink)}
a{color:var(--accent)}h1{font-size:1.75rem}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem}h3{font-size:1rem;margin:0 0 .25rem}
h4{font-size:.875rem;margin:1rem 0 .25rem;color:var(--muted)}
code,pre{font:14px/1.5 ui-monospace,monospace}p{max-width:70ch}
article{margin:1rem 0;padding:1rem;border:1px solid var(--line);border-radius:12px;
background:var(--raised);scroll-margin-top:1rem;overflow-wrap:anywhere}
h3 code{font-weight:600;color:var(--accent)}h3.get code{color:var(--get)}
h3.put code{color:var(--put)}
pre{overflow:auto;padding:.75rem;border-radius:8px;background:var(--surface)}
.scroll{overflow-x:auto;overflow-wrap:normal}
table{border-collapse:collapse;width:100%;font-size:.875rem}
th,td{padding:.25rem .75rem .25rem 0;border-top:1px solid var(--line);text-align:left;
vertical-align:top}th{font-weight:400}
th,td:nth-child(2),td:nth-child(3){white-space:nowrap}
td:last-child{min-width:12rem;width:100%}td:last-child{color:var(--muted)}
summary{cursor:pointer;margin-top:.75rem;padding:.25rem 0}.who{color:var(--muted)}
nav h2{font-size:.875rem;margin:1.5rem 0 .25rem}
nav ul{list-style:none;margin:0;padding:0;font-size:.8125rem}
nav a{display:flex;gap:.5rem;padding:.2rem 0;color:inherit;text-decoration:none;
overflow-wrap:anywhere}nav a:hover{text-decoration:underline}
.method{flex:none;width:2.75rem;font:700 .6875rem/1.7 ui-monospace,monospace;color:var(--post)}
.method.get{color:var(--get)}.method.put{color:var(--put)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
@media(max-width:60rem){nav{display:none}}
@media(max-width:40rem){tr{display:block;padding:.4rem 0;border-top:1px solid var(--line)}
th,td{display:block;padding:0;border:0}td:empty{display:none}}
@media(min-width:60rem){.split{display:grid;grid-template-columns:18rem minmax(0,1fr);gap:2.5rem}
nav{position:sticky;top:0;max-height:100vh;overflow-y:auto;padding-bottom:2rem}}
`;

/** The policy names the style by its hash (CSP level 2); computed once an isolate. */
let policy: Promise<string> | undefined;

/** What a page of the Worker may be beside English and without a form. */
interface PageOptions {
  language?: string;
  /** Of which a form sends something back to its own address. */
  hasForm?: boolean;
}

async function policyOf(style: string): Promise<string> {
  const hash = btoa(String.fromCharCode(...(await sha256(style))));
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** @param body HTML whose every foreign text went through {@link escapeHtml} */
export async function page(
  c: Context,
  title: string,
  body: string,
  { language = 'en', hasForm = false }: PageOptions = {},
): Promise<Response> {
  policy ??= policyOf(STYLE);
  const html = `<!doctype html>
<html lang="${language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} – JamBench</title><style>${STYLE}</style></head>
<body>${body}</body></html>`;
  const own = await policy;
  const allowed = hasForm ? own.replace("form-action 'none'", "form-action 'self'") : own;
  return c.html(html, 200, { 'Content-Security-Policy': allowed });
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}
