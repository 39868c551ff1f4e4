/**
 * localStorage that never fails: where the browser refuses it (all site data blocked) or it is
 * full, what is written lives until the page closes. Knows no key.
 */

export interface LocalStore {
  storage: Storage;
  /** False when nothing written here will be there after a reload. */
  remembers: boolean;
}

/** @param get may throw, as the getter of `window.localStorage` does with site data blocked */
export function localStore(get: () => Storage): LocalStore {
  const kept = usable(get);
  const fresh = new Map<string, string | null>();
  const names = () => {
    const all = new Set<string>();
    for (let i = 0; kept && i < kept.length; i += 1) all.add(kept.key(i) ?? '');
    for (const [key, value] of fresh) {
      if (value === null) all.delete(key);
      else all.add(key);
    }
    return [...all];
  };
  const put = (key: string, value: string | null, write: () => void) => {
    fresh.delete(key);
    try {
      if (!kept) throw new Error('no storage');
      write();
    } catch {
      fresh.set(key, value);
    }
  };
  const storage: Storage = {
    get length() {
      return names().length;
    },
    key: (index) => names()[index] ?? null,
    getItem: (key) => (fresh.has(key) ? (fresh.get(key) ?? null) : (kept?.getItem(key) ?? null)),
    setItem: (key, value) => put(key, value, () => kept?.setItem(key, value)),
    removeItem: (key) => put(key, null, () => kept?.removeItem(key)),
    clear: () => {
      for (const key of names()) storage.removeItem(key);
    },
  };
  return { storage, remembers: kept !== null };
}

const PROBE = 'jambench-probe';

/** A full store can still be read, and what is in it removed. */
function usable(get: () => Storage): Storage | null {
  try {
    const storage = get();
    storage.getItem(PROBE);
    return storage;
  } catch {
    return null;
  }
}
