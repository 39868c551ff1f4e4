/**
 * The one way out for failures: AppError code → HTTP status and body. Portal routes answer an
 * ErrorBody, device routes the short form units can afford. Causes go to the log, not to callers.
 */
import type { Context, ErrorHandler } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { AppError, type ErrorBody, type ErrorCode } from '../../../shared/errors.ts';
import { asFailure } from '../../domain/failure.ts';
import { logFailure } from './log.ts';
import { type FailureLimits, slowDown } from './slow-down.ts';
import type { HttpEnv } from './types.ts';

/** Codes that can leave the Worker; the rest of the closed list belongs to the bench: 500. */
const STATUS_OF = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  rate_limited: 429,
  internal: 500,
  unavailable: 503,
} as const satisfies Partial<Record<ErrorCode, ContentfulStatusCode>>;

export function statusOf(code: ErrorCode): ContentfulStatusCode {
  return (STATUS_OF as Partial<Record<ErrorCode, ContentfulStatusCode>>)[code] ?? 500;
}

/** Portal: the whole story, with the id under which the log knows it. */
export const portalError: ErrorHandler<HttpEnv> = (failure, c) => {
  const error = outward(failure, c.get('requestId'));
  const { code, message, hint } = error;
  const request_id = c.get('requestId');
  const present = error.present === undefined ? {} : { present: error.present };
  const body: ErrorBody = { error: { code, message, hint, request_id, ...present } };
  return c.json(body, statusOf(code), retryAfter(error));
};

/** Devices: one short sentence; a unit's buffer holds 511 bytes of everything. */
export function unitError(failure: unknown, requestId: string): Response {
  const error = outward(failure, requestId);
  const body = { error: withoutSuccess(error.message) };
  return compactJson(body, statusOf(error.code), retryAfter(error));
}

/** Keeps a body under 200 bytes, and so an error answer within the 330 bytes of the device API. */
const UNIT_MESSAGE_MAX = 160;

/**
 * v5.x takes `200` or `201` anywhere in an answer for success (device API), and messages may quote
 * what was sent. Plain ASCII, so that characters are bytes.
 */
function withoutSuccess(message: string): string {
  const ascii = message.replaceAll('−', '-').replace(/[^ -~]|["\\]/g, '?');
  return ascii.replace(/20(?=[01])/g, '2-0').slice(0, UNIT_MESSAGE_MAX);
}

/** Rounded up past the numbers that a v5.x unit would take for success. */
function retryAfter({ retryAfterS }: AppError): Record<string, string> {
  if (retryAfterS === undefined) return {};
  let seconds = Math.max(1, Math.ceil(retryAfterS));
  while (/20[01]/.test(String(seconds))) seconds += 1;
  return { 'Retry-After': String(seconds) };
}

/** JSON without spaces, with Content-Length and no header that a unit could do without. */
export function compactJson(body: object, status: number, headers: Record<string, string> = {}) {
  const text = JSON.stringify(body);
  const length = String(ASCII.test(text) ? text.length : encoder.encode(text).length);
  const own = { 'Content-Type': 'application/json', 'Content-Length': length };
  return new Response(text, { status, headers: { ...own, ...headers } });
}

/** Of which a character is a byte. */
const ASCII = /^[ -~]*$/;
const encoder = new TextEncoder();

/** What a caller may know. The log gets anything unforeseen whole, the caller nothing of it. */
function outward(failure: unknown, requestId: string): AppError {
  const error = asFailure(failure);
  if (statusOf(error.code) >= 500) logFailure(requestId, error);
  if (error.code !== 'internal') return error;
  return new AppError('internal', 'Something went wrong on our side.');
}

/** The way out for failures of device routes. */
export const unitFailures =
  (limits: FailureLimits) => async (failure: Error, c: Context<HttpEnv>) =>
    unitError(await slowDown(limits, c, failure), c.get('requestId'));
