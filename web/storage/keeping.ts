/** How much the browser keeps for this page, and whether it has promised to. Knows no content. */

export interface Keeping {
  /** Bytes, as the browser counts them; null where it does not say. */
  used: number | null;
  /** Bytes that may be used in all. */
  room: number | null;
  /** null where it cannot be asked. */
  isPromised: boolean | null;
}

/** Never rejects: a browser that does not say has nulls. */
export async function lookAtKeeping(storage: StorageManager | undefined): Promise<Keeping> {
  const [estimate, isPromised] = await Promise.all([
    storage?.estimate?.().catch(() => undefined),
    storage?.persisted?.().catch(() => undefined),
  ]);
  return {
    used: estimate?.usage ?? null,
    room: estimate?.quota ?? null,
    isPromised: isPromised ?? null,
  };
}

/** Asks for the promise; some browsers ask the person. @returns whether there is one now */
export async function askForPromise(storage: StorageManager | undefined): Promise<boolean> {
  return (await storage?.persist?.().catch(() => false)) ?? false;
}
