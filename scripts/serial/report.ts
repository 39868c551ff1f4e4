/** What the probe found, in lines for people. Knows no port. */
import type { Finding, ProbeReport } from './probe.ts';

/** Longest answer shown in full, hex digits. */
const SHOWN = 120;

/** One exchange that was not equal, two lines. */
export function formatFinding({ exchange, came, verdict, reason }: Finding): string {
  const { by, sequence, step, what, answer } = exchange;
  const why = reason ?? (verdict === 'contents' ? 'registers or flash hold something else' : '');
  return [
    `${by.slice(0, 4)} ${sequence} ${step}, ${what}${why && ` (${why})`}`,
    `  recorded ${short(answer)}`,
    `  came     ${short(came)}`,
  ].join('\n');
}

/** Findings that neither a unit's contents nor a known reason explain. */
export function otherwise({ findings }: ProbeReport): Finding[] {
  return findings.filter(({ verdict, reason }) => verdict === 'other' && reason === null);
}

/** The numbers, and what was left out. */
export function formatReport(report: ProbeReport): string {
  const { exchanges, equal, findings, leftOut } = report;
  const contents = findings.filter(({ verdict, reason }) => verdict === 'contents' && !reason);
  const known = findings.filter(({ reason }) => reason !== null);
  const reasons = new Map<string, number>();
  for (const { reason } of leftOut) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [
    `${exchanges} exchanges: ${equal} equal, ${contents.length} with other contents, ` +
      `${known.length} known to differ, ${otherwise(report).length} answered otherwise.`,
    ...[...reasons].map(([reason, count]) => `${count} sequences left out: ${reason}.`),
  ].join('\n');
}

function short(hex: string): string {
  if (hex === '') return 'silence';
  return hex.length <= SHOWN ? hex : `${hex.slice(0, SHOWN)}… (${hex.length / 2} bytes)`;
}
