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
import { isLogged, logRequest, requestIdOf } from '../kernel/log.ts';
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
  const text = await request.text();
  const reading = usualReading(jsonOrNull(text));
  const again = () => {
    const { url, method, headers } = request;
    return new Request(url, { method, headers, body: text });
  };
  if (reading === null) return again();
  const credential = { device_id: reading.d, token_sha256 };
  const lineOf = (requestId: string, status: number) => {
    return { requestId, method: 'POST', route: PATH, status, ms: services.now() - startedMs };
  };
  try {
    const { answer, device, floods } = await takeReading(
      services.readings,
      reading,
      credential,
      startedMs,
    );
    const said = compactJson(answer, 201);
    const isTold = isLogged(logShare, 201);
    // One that was counted where it was stored, and leaves no line, needs no name.
    if (floods === false && !isTold) return said;
    const requestId = requestIdOf(request.headers);
    await countRequest(services, requestId, reading.d, { ...device, isOver: floods });
    if (isTold) logRequest(lineOf(requestId, 201));
    return said;
  } catch (failure) {
    if (failure instanceof AppError && EXPLAINED.includes(failure.code)) return again();
    const requestId = requestIdOf(request.headers);
    const answer = unitError(failure, requestId);
    if (isLogged(logShare, answer.status)) logRequest(lineOf(requestId, answer.status));
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
