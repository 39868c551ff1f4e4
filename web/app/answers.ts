/**
 * Answers of the backend that this device keeps for the person who is signed in, so that a page
 * opens without network and says as of when. Knows no store and no route.
 */
import type * as v from 'valibot';
import { FleetPage } from '../../shared/contracts/fleet.ts';
import { PeoplePage } from '../../shared/contracts/people.ts';

export interface Kept<T> {
  answer: T;
  /** When it was given, Unix milliseconds. */
  at: number;
}

/** A cache: losing it costs nothing but the wait for the network. Never rejects. */
export interface AnswerCache {
  /** null also for what does not fit its schema any more. */
  get<S extends v.GenericSchema>(name: string, schema: S): Promise<Kept<v.InferOutput<S>> | null>;
  put(name: string, answer: unknown): Promise<void>;
}

/** Lists that administrators look at. */
export const PEOPLE = { name: 'people', schema: PeoplePage.entries.people };
export const FLAGGED = { name: 'flagged', schema: FleetPage.entries.units };

/** An answer as it is shown. */
export interface Shown<T> {
  answer: T;
  /** null: the backend has just said so. */
  asOf: number | null;
}

/**
 * What is kept at once, then what the backend says.
 * @param show gets one or two answers
 * @throws what `asked` throws; what is kept has been shown then
 */
export async function keptThenFresh<S extends v.GenericSchema>(
  cache: AnswerCache,
  { name, schema }: { name: string; schema: S },
  asked: Promise<v.InferOutput<S>>,
  show: (shown: Shown<v.InferOutput<S>>) => void,
): Promise<void> {
  let isFresh = false;
  const fresh = asked.then((answer) => {
    isFresh = true;
    show({ answer, asOf: null });
    return cache.put(name, answer);
  });
  const early = cache.get(name, schema).then((kept) => {
    if (kept && !isFresh) show({ answer: kept.answer, asOf: kept.at });
  });
  await Promise.all([early, fresh]).catch(async (failure: unknown) => {
    await early;
    throw failure;
  });
}
