/**
 * The usual reading on a straight way past the app: no router, no middleware, one look at each
 * thing. It answers what the app would, and nothing else: whatever is unusual, and every failure
 * that has to be explained, goes to the app (docs/decisions/0063).
 */
import { READING_BODY_MAX } from '../../../shared/contracts/reading.ts';
import { usualReading } from '../../../shared/contracts/usual-reading.ts';
import { AppError } from '../../../shared/errors.ts';
import { takeReading } from '../../domain/reading.ts';
import { compactJson, unitError } from '../kernel/errors.ts';
import { logRequest, requestIdOf } from '../kernel/log.ts';
import { countRequest, tokenIn } from './request.ts';
import type { UnitServices } from './services.ts';

const PATH = '/api/reading';
/** The app's to explain; to try again there is harmless. */
const EXPLAINED: readonly string[] = ['unauthenticated', 'invalid'];

/**
 * @returns the answer; or a request for the app: the same one, or its equal where the body was read
 */
export async function quickReading(
  services: UnitServices,
  logShare: number,
  request: Request,
): Promise<Response | Request> {
  if (request.method !== 'POST' || pathOf(request.url) !== PATH) return request;
  const length = Number(request.headers.get('Content-Length') ?? Number.NaN);
  const token_sha256 = tokenIn(request.headers.get('Authorization') ?? undefined);
  if (!(length <= READING_BODY_MAX) || token_sha256 === null) return request;
  const startedMs = services.now();
  const requestId = requestIdOf(request.headers);
  const text = await request.text();
  const reading = usualReading(jsonOrNull(text));
  const { url, method, headers } = request;
  const again = () => new Request(url, { method, headers, body: text });
  if (reading === null) return again();
  try {
    const credential = { device_id: reading.d, token_sha256 };
    const taken = await takeReading(services.readings, reading, credential, startedMs);
    const known = { ...taken.device, isOver: taken.floods };
    await countRequest(services, requestId, reading.d, known);
    const answer = compactJson(taken.answer, 201);
    const ms = services.now() - startedMs;
    logRequest(logShare, { requestId, method, route: PATH, status: 201, ms });
    return answer;
  } catch (failure) {
    if (failure instanceof AppError && EXPLAINED.includes(failure.code)) return again();
    const answer = unitError(failure, requestId);
    const { status } = answer;
    logRequest(logShare, {
      requestId,
      method,
      route: PATH,
      status,
      ms: services.now() - startedMs,
    });
    return answer;
  }
}

/** From the first slash behind the host on, without the query. */
function pathOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2));
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
