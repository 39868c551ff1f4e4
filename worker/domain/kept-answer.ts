/**
 * A change that counts once, however often it is sent: whoever sends it gives it a key, and the
 * answer is kept under that key in the same transaction as the change. And a change that says what
 * it was made on: where that is no longer so, nothing is changed and the present value is told
 * (docs/decisions/0077).
 * Knows no HTTP and no SQL.
 */
import { AppError } from '../../shared/errors.ts';
import type { Change, ChangeContext, PersonContext } from './audit.ts';

/** A request that changes something, as the person who sent it names it. */
export interface Once {
  user_id: string;
  /** A UUID; of those that send none, one made for this request. */
  key: string;
  /** Of method, path and body: the same key for another request is a mistake. */
  request_sha256: string;
  nowMs: number;
}

/** Who changes something, when, and as which request. */
export interface OncePerson extends PersonContext {
  once: Once;
}

/** The same of a change that jobs and the admin key make as well, who name no request. */
export interface ChangeOnceContext extends ChangeContext {
  once?: Once | undefined;
}

export interface KeptAnswer {
  request_sha256: string;
  answer: object;
}

export interface KeptAnswerStore {
  find(userId: string, key: string): Promise<KeptAnswer | null>;
}

/** A request with what is answered now, and to every repetition. */
export interface OnceAnswer<A extends object = object> {
  once: Once;
  answer: A;
}

/** What a store needs to change something once. */
export interface OnceChange<A extends object = object> extends Change, OnceAnswer<A> {}

/** Beside what a handler gives to a change. */
export const onceOf = <A extends object>(change: Change, once: Once, answer: A): OnceChange<A> => ({
  ...change,
  once,
  answer,
});

/** The same where there may be no request. */
export const maybeOnce = (
  change: Change,
  { once }: ChangeOnceContext,
  answer: object,
): Change | OnceChange => (once ? onceOf(change, once, answer) : change);

/** The key is taken: another request with it came first, a moment ago. */
export class AlreadyDone extends Error {}

/** What the change was made on is no longer so. */
export class SeenOtherwise extends Error {}

/**
 * Runs a change, unless it was done: then its answer is given again.
 * @throws AppError `invalid` for a key that stands for another change
 */
export async function answeredOnce(
  store: KeptAnswerStore,
  once: Once,
  work: () => Promise<object>,
): Promise<object> {
  const before = await keptAnswer(store, once);
  if (before) return before;
  try {
    return await work();
  } catch (failure) {
    if (!(failure instanceof AlreadyDone)) throw failure;
    const meanwhile = await keptAnswer(store, once);
    if (meanwhile) return meanwhile;
    throw failure;
  }
}

async function keptAnswer(store: KeptAnswerStore, once: Once): Promise<object | null> {
  const kept = await store.find(once.user_id, once.key);
  if (!kept || kept.request_sha256 === once.request_sha256) return kept?.answer ?? null;
  throw new AppError('invalid', 'This key stands for another change.', {
    hint: 'Give every change a key of its own, and the same one only to its repetitions.',
  });
}

/**
 * Turns a store's word that something was changed meanwhile into an answer with what is there now.
 * @throws AppError `conflict` with `present`
 */
export async function orConflict<T>(work: Promise<T>, present: () => Promise<unknown>): Promise<T> {
  try {
    return await work;
  } catch (failure) {
    if (!(failure instanceof SeenOtherwise)) throw failure;
    throw new AppError('conflict', 'Somebody else has changed this meanwhile.', {
      hint: 'Look at what is there now, then change it again.',
      present: await present(),
      cause: failure,
    });
  }
}
