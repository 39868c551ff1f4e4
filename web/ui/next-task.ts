/** Gives way to the person and to what else waits. Knows no element. */

/** Resolves in a task of its own: what follows does not hold up the one that asked. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
