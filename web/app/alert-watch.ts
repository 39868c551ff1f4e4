/**
 * Tells the person about open alerts as long as the page is open: a number on the app's icon, and a
 * notification for each that is new, where this person has switched that on. Knows no browser
 * interface and no words.
 */
import * as v from 'valibot';
import type { Alert } from '../../shared/contracts/alert.ts';
import { type Observable, ObservableValue } from './observable.ts';

/** `no`: this browser has none, or not here. */
export type Permission = 'granted' | 'denied' | 'default' | 'no';

/** What the browser does with alerts. */
export interface Notifier {
  permission(): Permission;
  /** Asks the person; call it from a click. */
  ask(): Promise<Permission>;
  /** One notification for each key: the same again takes its own place. */
  show(alert: Alert, key: string): Promise<void>;
  /** Takes away what is still shown of others than these. */
  keepOnly(keys: readonly string[]): Promise<void>;
  /** The number on the icon; 0 = none. */
  badge(count: number): void;
}

export interface AlertParts {
  /** Open ones of whoever is signed in; rejects with an AppError. */
  open: () => Promise<readonly Alert[]>;
  /** null = nobody is signed in. */
  userId: () => string | null;
  notifier: Notifier;
  /** `localStorage` that never fails; other tabs see it, too. */
  storage: Storage;
}

export interface AlertState {
  /** null until the backend has said. */
  open: readonly Alert[] | null;
  /** This person wants to be told on this device. */
  isOn: boolean;
  permission: Permission;
}

const KEY = 'jambench-alerts';

/** Alerts are made by jobs that run every five minutes. */
const LOOK_MS = 5 * 60_000;

/** Which alerts have been told to whom. More than this nobody has open. */
const TOLD_MAX = 200;
const Kept = v.object({ userId: v.string(), told: v.array(v.string()) });
type Kept = v.InferOutput<typeof Kept>;

export class AlertWatch {
  readonly #parts: AlertParts;
  readonly #state: ObservableValue<AlertState>;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(parts: AlertParts) {
    this.#parts = parts;
    const permission = parts.notifier.permission();
    this.#state = new ObservableValue<AlertState>({
      open: null,
      isOn: permission === 'granted' && this.#kept() !== null,
      permission,
    });
  }

  get state(): Observable<AlertState> {
    return this.#state;
  }

  /** Looks now and from time to time. */
  start(): void {
    this.#timer ??= setInterval(() => void this.look(), LOOK_MS);
    void this.look();
  }

  /** Asks the browser's permission when it is needed; call it from a click. */
  async turnOn(): Promise<void> {
    const { notifier, userId } = this.#parts;
    const permission = await notifier.ask();
    const id = userId();
    const isOn = permission === 'granted' && id !== null;
    if (isOn) {
      // What is open now stands on the page in front of the person.
      const told = (this.#state.value.open ?? []).map(keyOf);
      this.#keep({ userId: id, told });
    }
    this.#state.patch({ isOn, permission });
  }

  turnOff(): void {
    this.#parts.storage.removeItem(KEY);
    this.#state.patch({ isOn: false });
  }

  /** Asks the backend. Never rejects: what it knew last stays. */
  async look(): Promise<void> {
    const { userId, notifier } = this.#parts;
    const id = userId();
    if (id === null) return await this.forget();
    const open = await this.#parts.open().catch((error: unknown) => {
      console.debug('The open alerts are not known right now.', error);
      return null;
    });
    // Somebody else may have signed in meanwhile.
    if (open === null || userId() !== id) return;
    const permission = notifier.permission();
    // As it is kept, not as it was: another tab may have told, or switched it off.
    const kept = permission === 'granted' ? this.#kept() : null;
    this.#state.set({ open, isOn: kept !== null, permission });
    notifier.badge(open.filter((alert) => alert.acknowledged_at === null).length);
    if (!kept) return;
    const keys = open.map(keyOf);
    this.#keep({ ...kept, told: keys });
    await notifier.keepOnly(keys);
    for (const alert of open) {
      const key = keyOf(alert);
      const isNew = !kept.told.includes(key) && alert.acknowledged_at === null;
      if (isNew) await notifier.show(alert, key);
    }
  }

  /** At sign-out: the next person on this device sees and hears nothing of it. */
  async forget(): Promise<void> {
    const { notifier, storage } = this.#parts;
    storage.removeItem(KEY);
    this.#state.patch({ open: null, isOn: false });
    notifier.badge(0);
    await notifier.keepOnly([]);
  }

  #kept(): Kept | null {
    const { storage, userId } = this.#parts;
    try {
      const kept = v.safeParse(Kept, JSON.parse(storage.getItem(KEY) ?? 'null'));
      return kept.success && kept.output.userId === userId() ? kept.output : null;
    } catch {
      return null;
    }
  }

  #keep({ userId, told }: Kept): void {
    const kept = { userId, told: told.slice(0, TOLD_MAX) } satisfies Kept;
    this.#parts.storage.setItem(KEY, JSON.stringify(kept));
  }
}

/** Unit, kind and start name an alert. */
const keyOf = ({ device_id, kind, started }: Alert): string => `${device_id}~${kind}~${started}`;
