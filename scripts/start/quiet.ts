/**
 * What keeps the tools from talking to their makers: no usage figures, no error reports, no sample
 * data fetched at start. Everything then works without a network. Knows no tool beyond its switch.
 */
export const QUIET: Readonly<Record<string, string>> = {
  DO_NOT_TRACK: '1',
  LITE_TELEMETRY: '0',
  WRANGLER_SEND_METRICS: 'false',
  WRANGLER_SEND_ERROR_REPORTS: 'false',
  CLOUDFLARE_CF_FETCH_ENABLED: 'false',
};
