/**
 * Changes that count once: the header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header)
 * names one, and whoever sends it again gets the first answer. Knows no resource.
 */
import type { Context } from 'hono';
import * as v from 'valibot';
import { AppError } from '../../../shared/errors.ts';
import { sha256Hex } from '../../../shared/hash.ts';
import { answeredOnce, type OncePerson } from '../../domain/kept-answer.ts';
import type { HttpEnv } from '../kernel/types.ts';
import type { Caller } from './guard.ts';
import type { PortalServices } from './services.ts';

const Key = v.pipe(v.string(), v.toLowerCase(), v.uuid());

interface Call extends Caller {
  services: PortalServices;
  body: unknown;
  nowMs: number;
  c: Context<HttpEnv>;
}

/**
 * Who changes something, and as which request. Without the header every request is one of its own.
 * @throws AppError `invalid` for a key that is no UUID
 */
export async function onceContext({ person, body, nowMs, c }: Call): Promise<OncePerson> {
  const named = c.req.header('Idempotency-Key');
  const key = v.safeParse(Key, named ?? crypto.randomUUID());
  if (!key.success) {
    throw new AppError('invalid', 'The header Idempotency-Key is no UUID.', {
      hint: 'Give every change a random UUID, and the same one to its repetitions.',
    });
  }
  const request = [c.req.method, c.req.path, JSON.stringify(body) ?? ''].join('\n');
  const request_sha256 = await sha256Hex(request);
  return {
    person,
    nowMs,
    once: { user_id: person.user_id, key: key.output, request_sha256, nowMs },
  };
}

/** The handler of a change, told by whom: run once, answered alike as often as it is sent. */
export function once<C extends Call>(handle: (call: C & { by: OncePerson }) => Promise<object>) {
  return async (call: C): Promise<object> => {
    const by = await onceContext(call);
    return await answeredOnce(call.services.keptAnswers, by.once, () => handle({ ...call, by }));
  };
}
