/**
 * How AT command lines and the lines of their answers are written: ITU-T V.250, 5.2 to 5.7, and
 * 3GPP TS 27.007, 4. One grammar for the console, the diagnosis and the virtual modem. Knows no
 * command.
 */

/** `AT+X`, `AT+X?`, `AT+X=?` and `AT+X=…`. */
export type CallKind = 'execute' | 'read' | 'test' | 'set';

/** One command line, taken apart. */
export interface Call {
  /** `''` for plain AT, `E`, `I`, `+CSQ`, …, upper case. */
  name: string;
  kind: CallKind;
  /** Arguments without their quotes; an argument left out is ''. */
  args: string[];
}

/** `null` if the line is not an AT command at all. */
export function parseCommand(line: string): Call | null {
  const body = /^\s*AT(.*?)\s*$/i.exec(line)?.[1];
  if (body === undefined) return null;
  const parts = /^([+&]?[A-Za-z]*)(\d*)(=\?|\?|=.*)?$/.exec(body);
  if (parts === null) return { name: body.toUpperCase(), kind: 'execute', args: [] };
  const [, word = '', digits = '', tail = ''] = parts;
  const name = word.toUpperCase();
  // ATE0, ATI1: the digits are the argument; in +COMMAND they would be part of its name.
  if (digits !== '' && !name.startsWith('+')) return { name, kind: 'set', args: [digits] };
  const full = name + digits;
  if (tail === '') return { name: full, kind: 'execute', args: [] };
  if (tail === '?') return { name: full, kind: 'read', args: [] };
  if (tail === '=?') return { name: full, kind: 'test', args: [] };
  return { name: full, kind: 'set', args: splitFields(tail.slice(1)) };
}

/** Fields between commas outside of quotes, without their quotes and blanks around. */
function splitFields(text: string): string[] {
  const fields: string[] = [];
  let current = '';
  let inQuotes = false;
  for (const character of text) {
    if (character === '"') inQuotes = !inQuotes;
    else if (character === ',' && !inQuotes) {
      fields.push(current.trim());
      current = '';
    } else current += character;
  }
  fields.push(current.trim());
  return fields;
}

/** A line of an answer: `+CSQ: 20,99` → `+CSQ` with its fields; null for one of another form. */
export function parseLine(line: string): { name: string; fields: string[] } | null {
  const [, name, rest] = /^\s*([+*^$][A-Z][A-Z0-9 ]*?):\s*(.*?)\s*$/i.exec(line) ?? [];
  if (name === undefined || rest === undefined) return null;
  return { name: name.toUpperCase(), fields: splitFields(rest) };
}

/** What ends the answer to a command (V.250, 5.7.1; 3GPP TS 27.007, 9). */
export function isFinal(line: string): boolean {
  return /^(OK|ERROR|>|NO CARRIER|\+CM[ES] ERROR\b.*)$/.test(line.trim());
}

/** The whole number that a field says, or null; '' and what is no plain number are null. */
export function whole(field: string | undefined): number | null {
  return field !== undefined && /^-?\d{1,10}$/.test(field) ? Number(field) : null;
}
