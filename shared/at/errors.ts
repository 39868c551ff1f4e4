/**
 * Errors of modems by number. Only what a SIM7028 is known to say, or what a person can do
 * something about; others stay the number they are.
 */

/** `+CME ERROR`, 3GPP TS 27.007, 9.2. */
const CME_ERRORS: Readonly<Record<number, string>> = {
  0: 'phone failure',
  1: 'no connection to phone',
  3: 'operation not allowed',
  4: 'operation not supported',
  5: 'PH-SIM PIN required',
  10: 'SIM not inserted',
  11: 'SIM PIN required',
  12: 'SIM PUK required',
  13: 'SIM failure',
  14: 'SIM busy',
  15: 'SIM wrong',
  16: 'incorrect password',
  17: 'SIM PIN2 required',
  18: 'SIM PUK2 required',
  20: 'memory full',
  21: 'invalid index',
  22: 'not found',
  23: 'memory failure',
  24: 'text string too long',
  25: 'invalid characters in text string',
  26: 'dial string too long',
  27: 'invalid characters in dial string',
  30: 'no network service',
  31: 'network timeout',
  32: 'network not allowed - emergency calls only',
  40: 'network personalization PIN required',
  50: 'incorrect parameters',
  51: 'command implemented but currently disabled',
  100: 'unknown',
  103: 'illegal MS',
  106: 'illegal ME',
  107: 'GPRS services not allowed',
  111: 'PLMN not allowed',
  112: 'location area not allowed',
  113: 'roaming not allowed in this location area',
  132: 'service option not supported',
  133: 'requested service option not subscribed',
  134: 'service option temporarily out of order',
  148: 'unspecified GPRS error',
  149: 'PDP authentication failure',
};

/** `+CMS ERROR`, 3GPP TS 27.005, 3.2.5. */
const CMS_ERRORS: Readonly<Record<number, string>> = {
  300: 'ME failure',
  302: 'operation not allowed',
  303: 'operation not supported',
  310: 'SIM not inserted',
  311: 'SIM PIN required',
  313: 'SIM failure',
  314: 'SIM busy',
  321: 'invalid memory index',
  322: 'memory full',
  330: 'SMSC address unknown',
  331: 'no network service',
  332: 'network timeout',
  500: 'unknown error',
};

/** Second number of `+CIPOPEN`, `+CIPCLOSE`, `+CIPERROR` (SIMCom TCP/IP application note, 4). */
export const SOCKET_ERRORS = {
  0: 'done',
  1: 'network failure',
  2: 'network not opened',
  3: 'wrong parameter',
  4: 'operation not supported',
  5: 'failed to create socket',
  6: 'failed to bind socket',
  7: 'TCP server is already listening',
  8: 'busy',
  9: 'sockets opened',
  10: 'timeout',
  11: 'DNS parse failed',
  12: 'unknown error',
} as const;
export type SocketError = keyof typeof SOCKET_ERRORS;
export const isSocketError = (n: number | null): n is SocketError =>
  n !== null && Object.hasOwn(SOCKET_ERRORS, n);

/**
 * Number of a `+CME ERROR: …` or `+CMS ERROR: …`, said as number or, with AT+CMEE=2, in words.
 * @returns null for another line; `number` null when the words are in no table
 */
export function parseError(
  line: string,
): { kind: 'CME' | 'CMS'; number: number | null; words: string } | null {
  const [, kind, said] = /^\+(CM[ES]) ERROR:\s*(.*?)\s*$/.exec(line) ?? [];
  if (said === undefined || (kind !== 'CME' && kind !== 'CMS')) return null;
  const table = kind === 'CME' ? CME_ERRORS : CMS_ERRORS;
  if (/^\d{1,4}$/.test(said)) {
    const number = Number(said);
    return { kind, number, words: table[number] ?? said };
  }
  const lower = said.toLowerCase();
  const known = Object.entries(table).find(([, words]) => words.toLowerCase() === lower);
  return { kind, number: known ? Number(known[0]) : null, words: said };
}
