/**
 * What was said to a modem and by it, as a file for support: with times and directions, in English,
 * without what names modem, card or subscriber. Knows no page.
 */
import { masked } from '../../shared/at/decode.ts';
import type { AtEntry } from './at-console.ts';

const MARK = { sent: '>', answer: '<', unasked: '!', final: '<', trouble: '#' } as const;
const time = (at: number): string => new Date(at).toISOString();

/** @param mac of the chip, as long as it is known */
export function transcriptText(entries: readonly AtEntry[], mac: string | null): string {
  const lines = entries.map(({ at, kind, line, tookMs }) => {
    const took = tookMs === undefined ? '' : `  (${tookMs} ms)`;
    return `${time(at)} ${MARK[kind]} ${printable(masked(line))}${took}`;
  });
  return [
    `# unit ${mac ?? 'unknown'}; > sent, < answered, ! unasked, # trouble`,
    ...lines,
    '',
  ].join('\n');
}

export function transcriptJson(entries: readonly AtEntry[], mac: string | null): string {
  const lines = entries.map(({ at, kind, line, facts, tookMs }) => ({
    ...{ at: time(at), kind, line: masked(line) },
    // Of these the line itself is masked, and its fact would say it.
    facts: facts?.filter(({ is }) => is !== 'identity') ?? [],
    ...(tookMs !== undefined && { took_ms: tookMs }),
  }));
  return `${JSON.stringify({ unit: mac, lines }, null, 2)}\n`;
}

/** Control characters as `\xNN`: a file that is opened in a terminal does nothing there. */
const printable = (line: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it takes out
  line.replace(/[\x00-\x1F\x7F-\x9F]/g, (sign) => {
    return `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });
