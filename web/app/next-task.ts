/** Lets the browser do something else between two pieces of long work. Knows no work. */

/** Resolves in a task of its own: keys and frames come first. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
