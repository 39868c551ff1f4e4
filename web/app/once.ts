/**
 * Something that is made when it is first needed and kept for the life of the page; one that could
 * not be made is made anew at the next call.
 */
export interface Once<T> {
  (): Promise<T>;
  /** What there is already; undefined: nobody needed it yet. */
  made(): Promise<T> | undefined;
}

export function once<T>(make: () => Promise<T>): Once<T> {
  let made: Promise<T> | undefined;
  const get = () => {
    made ??= make();
    made.catch(() => {
      made = undefined;
    });
    return made;
  };
  return Object.assign(get, { made: () => made });
}
