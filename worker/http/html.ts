/**
 * Small pages that the Worker writes itself: no script, nothing from elsewhere, one style that the
 * policy names by its hash. Knows no content.
 */
import type { Context } from 'hono';

const STYLE = `
:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{max-width:70rem;margin:0 auto;padding:1rem}
h2{font-size:1.1rem;margin:2rem 0 .5rem}code,pre{font:14px/1.45 ui-monospace,monospace}
pre{overflow:auto;padding:.75rem;border:1px solid color-mix(in srgb,currentcolor 25%,transparent)}
summary{cursor:pointer}.who{opacity:.75}
`;

/** The policy names the style by its hash (CSP level 2); computed once an isolate. */
let policy: Promise<string> | undefined;

async function policyOf(style: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)));
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** @param body HTML whose every foreign text went through {@link escapeHtml} */
export async function page(c: Context, title: string, body: string): Promise<Response> {
  policy ??= policyOf(STYLE);
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escapeHtml(title)} – JamBench</title><style>${STYLE}</style></head>
<body>${body}</body></html>`;
  return c.html(html, 200, { 'Content-Security-Policy': await policy });
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
