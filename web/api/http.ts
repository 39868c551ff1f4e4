/**
 * One request to the portal API: bearer token, time limit, answer checked against its schema, every
 * failure an AppError. The only file of the page that calls `fetch` for data. Knows no route.
 */
import { msg, str } from '@lit/localize';
import * as v from 'valibot';
import { AppError, ERROR_CODES, type ErrorCode } from '../../shared/errors.ts';
import { type UnexpectedAnswer, unexpectedAnswerOf } from '../../shared/outcome.ts';

/** The Worker answers in well under a second; ten seconds cover a bad mobile link. */
export const TIMEOUT_MS = 10_000;

export interface ApiRequest<S extends v.GenericSchema> {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: unknown;
  /** Names a change, so that sent again it counts once. */
  key?: string;
  /** What the answer must look like. */
  answer: S;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
}

/**
 * A valid access token, another one than `refused`, which the server did not take. Rejects with
 * `unauthenticated` (sign in again) or `unavailable`.
 */
export type GetAccessToken = (refused: string | null) => Promise<string>;

/** The portal of one origin. */
export class Http {
  readonly #fetch: typeof fetch;
  readonly #token: GetAccessToken;
  readonly #onServerTime: (serverMs: number) => void;

  /** @param heard gets the server's time, Unix milliseconds, with each answer of its own */
  constructor(
    fetcher: typeof fetch,
    token: GetAccessToken,
    onServerTime: (serverMs: number) => void,
  ) {
    this.#fetch = fetcher;
    this.#token = token;
    this.#onServerTime = onServerTime;
  }

  /** With the person's token. Rejects with AppError: the server's code, or `unavailable`. */
  async send<S extends v.GenericSchema>(request: ApiRequest<S>): Promise<v.InferOutput<S>> {
    const token = await this.#token(null);
    try {
      return await this.#send(request, { authorization: `Bearer ${token}` });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'unauthenticated') throw error;
      // By the server's clock or its word the token is over, whatever ours says: one new one.
      const renewed = await this.#token(token);
      return await this.#sendLast(request, renewed);
    }
  }

  /** A token that is refused although it is new: whoever gives tokens is told, and acts on it. */
  async #sendLast<S extends v.GenericSchema>(
    request: ApiRequest<S>,
    token: string,
  ): Promise<v.InferOutput<S>> {
    try {
      return await this.#send(request, { authorization: `Bearer ${token}` });
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') await this.#token(token);
      throw error;
    }
  }

  /** With this token, whoever is signed in. */
  async sendAs<S extends v.GenericSchema>(
    token: string,
    request: ApiRequest<S>,
  ): Promise<v.InferOutput<S>> {
    return await this.#send(request, { authorization: `Bearer ${token}` });
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
    const own = { ...headers, ...(request.key && { 'idempotency-key': request.key }) };
    init.headers = own;
    if (request.body !== undefined) {
      init.body = JSON.stringify(request.body);
      init.headers = { ...own, 'content-type': 'application/json' };
    }
    try {
      const response = await this.#fetch(request.path, init);
      const answer = await readAnswer(response, request.answer);
      // Only what our own server says: a network's sign-in page may have any date.
      const serverMs = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(serverMs)) this.#onServerTime(serverMs);
      return answer;
    } catch (error) {
      throw whyNot(error, request.signal);
    }
  }
}

async function readAnswer<S extends v.GenericSchema>(
  response: Response,
  schema: S,
): Promise<v.InferOutput<S>> {
  const body = parsed(await response.text());
  if (!response.ok || body === undefined) throw errorOf(response, body);
  const answer = v.safeParse(schema, body);
  if (answer.success) return answer.output;
  throw new AppError('internal', msg('The server’s answer is not what this page expects.'), {
    hint: msg('Reload the page: it may be older than the server.'),
    cause: answer.issues,
  });
}

/** undefined for what is no JSON, an empty answer among it. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const Wire = v.object({
  error: v.object({
    code: v.picklist(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]),
    message: v.string(),
    hint: v.string(),
    present: v.optional(v.unknown()),
  }),
});

/** The server's own words where it gave some; else something else has answered in its place. */
function errorOf({ status, headers }: Response, body: unknown): AppError {
  const retryAfterS = Number.parseInt(headers.get('retry-after') ?? '', 10);
  const wait = retryAfterS > 0 ? { retryAfterS } : {};
  const wire = v.safeParse(Wire, body);
  if (wire.success) {
    const { code, message, hint, present } = wire.output.error;
    return new AppError(code, message, { hint, present, isForeign: true, ...wait });
  }
  return unexpectedAnswerError(unexpectedAnswerOf(status), status, wait);
}

/** In words what an answer means that is not the server's own. */
export function unexpectedAnswerError(
  kind: UnexpectedAnswer,
  status: number,
  wait: { retryAfterS?: number } = {},
): AppError {
  switch (kind) {
    case 'rate_limited':
      return new AppError('rate_limited', msg('The server asks for a pause.'), {
        hint: msg('Wait a minute, then try again.'),
        ...wait,
      });
    case 'too_large':
      return new AppError('too_large', msg('The server does not take that much at once.'));
    case 'network_sign_in':
      return new AppError('unavailable', msg('This network wants you to sign in first.'), {
        hint: msg('Open any other page in this browser, sign in to the network, then try again.'),
      });
    default:
      return new AppError('unavailable', msg(str`The server did not answer (HTTP ${status}).`));
  }
}

function whyNot(error: unknown, wanted: AbortSignal | undefined): AppError {
  if (error instanceof AppError) return error;
  if (wanted?.aborted) return new AppError('cancelled', msg('Stopped.'), { cause: error });
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new AppError('unavailable', msg('The server did not answer in time.'), { cause: error });
  }
  return new AppError('unavailable', msg('The server cannot be reached.'), { cause: error });
}
