/**
 * Assembles one raw HTTP/1.1 request from the bytes a unit sends, piece by piece. It accepts what
 * a JamBox sends (a request line, a few headers, an optional body with Content-Length) and says
 * no to everything else. It does not know where the request goes.
 */

import { AppError } from '../../../shared/errors.ts';

/** Largest request head; a v6 unit sends about 250 bytes. */
export const HEAD_BYTES_MAX = 4096;
/** Largest body; the backend itself takes 4 KiB, a little more lets it answer 413 itself. */
export const BODY_BYTES_MAX = 16 * 1024;

const HEAD_END = '\r\n\r\n';
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'];

/** A whole request. Header names are lower case. */
export interface RawRequest {
  method: string;
  /** Begins with `/`. */
  target: string;
  headers: Map<string, string>;
  body: Uint8Array;
}

/** Collects bytes until a request is whole. */
export class RequestReader {
  #bytes = new Uint8Array(0);

  /**
   * The request once its last byte is there, else null. Bytes behind it are ignored.
   * Throws AppError `invalid` or `too_large`.
   */
  push(bytes: Uint8Array): RawRequest | null {
    const whole = new Uint8Array(this.#bytes.length + bytes.length);
    whole.set(this.#bytes);
    whole.set(bytes, this.#bytes.length);
    this.#bytes = whole;
    const text = latin1(whole.subarray(0, HEAD_BYTES_MAX));
    const end = text.indexOf(HEAD_END);
    if (end < 0) {
      if (whole.length < HEAD_BYTES_MAX) return null;
      throw new AppError('too_large', `The request head is longer than ${HEAD_BYTES_MAX} bytes.`);
    }
    const head = parseHead(text.slice(0, end));
    const length = bodyLength(head.headers);
    const body = whole.subarray(end + HEAD_END.length);
    return body.length < length ? null : { ...head, body: body.slice(0, length) };
  }
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function parseHead(text: string): Omit<RawRequest, 'body'> {
  const [first = '', ...lines] = text.split('\r\n');
  const parts = /^([A-Z]+) (\/[\x21-\x7e]*) HTTP\/1\.[01]$/.exec(first);
  const [, method = '', target = ''] = parts ?? [];
  if (!METHODS.includes(method)) {
    throw new AppError('invalid', `Not an HTTP/1.1 request line: ${JSON.stringify(first)}`);
  }
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new AppError('invalid', `Not a header line: ${JSON.stringify(line)}`);
    }
    headers.set(name.toLowerCase(), value);
  }
  return { method, target, headers };
}

function bodyLength(headers: ReadonlyMap<string, string>): number {
  if (headers.has('transfer-encoding')) {
    throw new AppError('invalid', 'Transfer-Encoding is not supported; send Content-Length.');
  }
  const text = headers.get('content-length') ?? '0';
  if (!/^\d{1,9}$/.test(text)) {
    throw new AppError('invalid', `Content-Length is not a number: ${JSON.stringify(text)}`);
  }
  const length = Number(text);
  if (length > BODY_BYTES_MAX) {
    throw new AppError('too_large', `The body is longer than ${BODY_BYTES_MAX} bytes.`);
  }
  return length;
}
