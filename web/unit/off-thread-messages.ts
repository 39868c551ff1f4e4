/** What the page and the worker beside it say to each other. Types only. */
import type { ErrorCode } from '../../shared/errors.ts';
import type { Run } from './heavy-work.ts';

export type ToThread =
  | { type: 'after'; id: number; ms: number }
  | { type: 'stop'; id: number }
  | { type: 'pack'; id: number; bytes: Uint8Array }
  | { type: 'md5s'; id: number; bytes: Uint8Array; runs: readonly Run[] }
  | { type: 'imageFacts'; id: number; bytes: Uint8Array };

/** `result`: what {@link OffThread}'s method of that name promises. */
export type FromThread =
  | { type: 'rang'; id: number }
  | { type: 'done'; id: number; result: unknown }
  | { type: 'failed'; id: number; code: ErrorCode; message: string };
