/**
 * One request to the portal API: bearer token, time limit, answer checked against its schema, every
 * failure an AppError. The only file of the page that calls `fetch` for data. Knows no route.
 */
import * as v from 'valibot';
import { AppError, ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';

/** The Worker answers in well under a second; ten seconds cover a bad mobile link. */
export const TIMEOUT_MS = 10_000;

export interface ApiRequest<S extends v.GenericSchema> {
  method?: 'GET' | 'POST';
  path: string;
  body?: unknown;
  /** What the answer must look like. */
  answer: S;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/** The portal of one origin. */
export class Http {
  readonly #fetch: typeof fetch;
  readonly #token: () => Promise<string>;

  /** @param token a valid access token, or rejects with `unauthenticated` / `unavailable` */
  constructor(fetcher: typeof fetch, token: () => Promise<string>) {
    this.#fetch = fetcher;
    this.#token = token;
  }

  /** With the person's token. Rejects with AppError: the server's code, or `unavailable`. */
  async send<S extends v.GenericSchema>(request: ApiRequest<S>): Promise<v.InferOutput<S>> {
    return await this.#send(request, { authorization: `Bearer ${await this.#token()}` });
  }

  /** Without a token, for public routes. */
  async sendPublic<S extends v.GenericSchema>(request: ApiRequest<S>): Promise<v.InferOutput<S>> {
    return await this.#send(request, {});
  }

  async #send<S extends v.GenericSchema>(
    request: ApiRequest<S>,
    headers: Record<string, string>,
  ): Promise<v.InferOutput<S>> {
    const timeout = AbortSignal.timeout(request.timeoutMs ?? TIMEOUT_MS);
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout;
    const init: RequestInit = { method: request.method ?? 'GET', headers, signal };
    if (request.body !== undefined) {
      init.body = JSON.stringify(request.body);
      init.headers = { ...headers, 'content-type': 'application/json' };
    }
    try {
      const response = await this.#fetch(request.path, init);
      return await readAnswer(response, request.answer);
    } catch (error) {
      throw whyNot(error, request.signal);
    }
  }
}

async function readAnswer<S extends v.GenericSchema>(
  response: Response,
  schema: S,
): Promise<v.InferOutput<S>> {
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response.status, body);
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  throw new AppError('internal', 'The server’s answer is not what this page expects.', {
    hint: 'Reload the page: it may be older than the server.',
    cause: parsed.issues,
  });
}

const Wire = v.object({
  error: v.object({
    code: v.picklist(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: v.string(),
    hint: v.string(),
  }),
});

/** The server's own words where it gave some, else what the status says. */
function errorOf(status: number, body: unknown): AppError {
  const wire = v.safeParse(Wire, body);
  if (wire.success) {
    const { code, message, hint } = wire.output.error;
    return new AppError(code, message, { hint });
  }
  if (status === 401)
    return new AppError('unauthenticated', 'The server does not know who you are.');
  if (status === 403) return new AppError('forbidden', 'Your role does not allow this.');
  if (status === 404) return new AppError('not_found', 'The server has no such thing.');
  if (status >= 500) return new AppError('unavailable', `The server failed (HTTP ${status}).`);
  return new AppError('internal', `The server refused the request (HTTP ${status}).`);
}

function whyNot(error: unknown, wanted: AbortSignal | undefined): AppError {
  if (error instanceof AppError) return error;
  if (wanted?.aborted) return new AppError('cancelled', 'Stopped.', { cause: error });
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new AppError('unavailable', 'The server did not answer in time.', { cause: error });
  }
  return new AppError('unavailable', 'The server cannot be reached.', { cause: error });
}
