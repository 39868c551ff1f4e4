/**
 * Gives every answer of a Node server what it lacks of shared/answer-headers.ts: Vite's own
 * refusals, the embedded Supabase's answers and Node's as well. Knows nothing of routes.
 */
import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { ANSWER_HEADERS } from '../../shared/answer-headers.ts';

type Given = OutgoingHttpHeaders | OutgoingHttpHeader[] | undefined;

/** To be called before anything is written: what the answer has by then, or brings, stays. */
export function completeHeaders(res: ServerResponse): void {
  const write = res.writeHead.bind(res) as (...all: unknown[]) => ServerResponse;
  res.writeHead = ((...all: unknown[]) => {
    const given = namesOf(all.find((one) => typeof one === 'object' && one !== null) as Given);
    for (const [name, value] of Object.entries(ANSWER_HEADERS)) {
      if (!given.has(name.toLowerCase()) && !res.hasHeader(name)) res.setHeader(name, value);
    }
    return write(...all);
  }) as ServerResponse['writeHead'];
}

function namesOf(given: Given): Set<string> {
  const names = Array.isArray(given)
    ? given.map((name, i) => (i % 2 === 0 ? name : ''))
    : Object.keys(given ?? {});
  return new Set(names.map((name) => String(name).toLowerCase()));
}

/** The same as lines, for what is written into a socket by hand; ends with a line end. */
export const HEADER_LINES = Object.entries(ANSWER_HEADERS)
  .map(([name, value]) => `${name}: ${value}\r\n`)
  .join('');
