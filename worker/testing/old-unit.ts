/**
 * How a v5.x unit reads an answer: it searches the first 511 bytes of status line, headers and body
 * for text. Written after docs/formats/device-api.md, so that tests judge answers as units do.
 */

const BUFFER_BYTES = 511;
/** Longest command name and time the unit copies out. */
const COMMAND_MAX = 31;
const TIME_MAX = 40;

export interface UnitView {
  success: boolean;
  body: string;
  command: string | null;
  serverTime: string | null;
  configVersion: number | null;
  localUpdateMode: boolean;
}

/** An answer as bytes on the wire, without what Cloudflare adds in front of the Worker. */
export async function wireText(response: Response): Promise<string> {
  const reasons: Record<number, string> = { 200: 'OK', 201: 'Created' };
  const status = `HTTP/1.1 ${response.status} ${reasons[response.status] ?? 'Error'}\r\n`;
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `${status}${headers}\r\n${await response.text()}`;
}

/** What the unit makes of an answer. */
export function readLikeAnOldUnit(wire: string): UnitView {
  const heard = wire.slice(0, BUFFER_BYTES);
  const blank = heard.indexOf('\r\n\r\n');
  const body = blank >= 0 ? heard.slice(blank + 4) : heard.slice(Math.max(0, heard.indexOf('{')));
  const version = /"config_version":(\d+)/.exec(body)?.[1];
  return {
    success: heard.includes('200') || heard.includes('201'),
    body,
    command: between(body, '"command":"', COMMAND_MAX),
    serverTime: between(body, '"server_time":"', TIME_MAX),
    configVersion: version === undefined ? null : Number(version),
    localUpdateMode: body.includes('"ota":true') || body.includes('"ota": true'),
  };
}

function between(text: string, opening: string, max: number): string | null {
  const start = text.indexOf(opening);
  if (start < 0) return null;
  const rest = text.slice(start + opening.length);
  const end = rest.indexOf('"');
  return end < 0 || end >= max ? null : rest.slice(0, end);
}
