/**
 * What every answer carries that a browser may see, whichever layer gives it: the Worker, what
 * stands before it on one machine, the embedded Supabase. Units' routes are told nothing of it:
 * their buffer is short (docs/formats/device-api.md). The page's files bring their own policy
 * (web/public/_headers).
 */
export const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};
