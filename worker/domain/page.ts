/**
 * Lists a page at a time, by the key of the last row shown: a page costs the same wherever it is,
 * and what comes in meanwhile neither repeats nor hides a row. Knows no list.
 */

/** A request for a page of a list. */
export interface PageQuery {
  /** `next_cursor` of the page before. */
  cursor?: string | undefined;
  limit: number;
}

/** One page and where the next begins; null at the end. */
export interface Page<T> {
  rows: T[];
  next_cursor: string | null;
}

/**
 * Asks for one row more than a page shows: it says whether there is another page.
 * @param cursorOf what names a row's place in the list
 */
export async function paged<T>(
  ask: (limit: number) => Promise<T[]>,
  limit: number,
  cursorOf: (row: T) => string,
): Promise<Page<T>> {
  const rows = await ask(limit + 1);
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { rows: shown, next_cursor: last === undefined ? null : cursorOf(last) };
}

/** Between the parts of a key; none of them holds it. */
const BETWEEN = '~';

/** A key of several parts as a cursor. */
export const cursorOf = (...parts: (string | number)[]): string => parts.join(BETWEEN);

/**
 * A cursor as the key in it, or undefined for the first page.
 * @param keyOf from the parts as text; it gets no argument for a missing part
 */
export function keyIn<K>(
  cursor: string | undefined,
  keyOf: (...parts: string[]) => K,
): K | undefined {
  return cursor === undefined ? undefined : keyOf(...cursor.split(BETWEEN));
}
