/**
 * One sensor as its page shows it, and what can be changed about it: what is stored, with what
 * waits to be sent laid over it. Knows neither HTTP nor how it is drawn.
 */
import { msg } from '@lit/localize';
import * as v from 'valibot';
import { type Alert, Alert as AlertSchema } from '../../shared/contracts/alert.ts';
import { CommandPage } from '../../shared/contracts/command.ts';
import { type ConfigChange, VersionedConfig } from '../../shared/contracts/config.ts';
import { UnitDetail } from '../../shared/contracts/fleet.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import type { Change, Changes, Fate } from './changes.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { DeliveryState } from './outbox-delivery.ts';
import {
  changesOf,
  laidOver,
  madeOnFacts,
  type SensorFacts,
  type SensorWish,
  type SentCommand,
  toldInstead,
} from './sensor-facts.ts';

export type { SentCommand } from './sensor-facts.ts';
export type AdminStatus = UnitDetail['status'];

/** Everything that is known of one sensor. Each method rejects with AppError only. */
export interface SensorPortal {
  detail(id: string, signal?: AbortSignal): Promise<UnitDetail>;
  config(id: string, signal?: AbortSignal): Promise<VersionedConfig>;
  /** Newest first. */
  commands(id: string, signal?: AbortSignal): Promise<SentCommand[]>;
  /** Open ones of this sensor, newest first. */
  alerts(id: string, signal?: AbortSignal): Promise<Alert[]>;
}

type WithoutSeen<T> = T extends unknown ? Omit<T, 'seen'> : never;
/** What somebody wants of a sensor; what it was made on is added by who knows it. */
export type SensorWant =
  | WithoutSeen<Exclude<SensorWish, { what: 'sensor_settings' }>>
  /** `version`: of the settings that were slid. */
  | { what: 'sensor_settings'; change: ConfigChange; version: number };

/** Something that is to be changed about a sensor, and what is said once it is. */
export interface SensorChange {
  want: SensorWant;
  done: string;
}

/** A sensor as it was last seen, with what waits laid over it. */
export interface KnownSensor extends SensorFacts {
  /** What the backend has, without what waits. */
  stored: SensorFacts;
  /** Unix milliseconds, by the backend's clock. */
  asOf: number;
}

/** A sensor as it is kept on this device. */
const KEPT = v.object({
  detail: UnitDetail,
  config: VersionedConfig,
  commands: CommandPage.entries.commands,
  alerts: v.array(AlertSchema),
});
const keptAs = (deviceId: string) => `sensor ${deviceId}`;

export interface SensorState {
  deviceId: string;
  known: KnownSensor | null;
  /** Of this sensor, not stored yet, oldest first. */
  changes: readonly Change[];
  loading: boolean;
  error: AppError | null;
}

export interface SensorParts {
  portal: SensorPortal;
  cache: AnswerCache;
  changes: Changes;
  /** How far the outbox is. */
  delivery: Observable<Pick<DeliveryState, 'delivering' | 'stopped'>>;
  userId: () => string | null;
  /** Unix milliseconds by the backend's clock. */
  now: () => number;
}

const nothingOf = (deviceId: string): SensorState => ({
  ...{ deviceId, known: null, changes: [], loading: false, error: null },
});

/** The sensor whose page is open. */
export class SensorView {
  readonly #parts: SensorParts;
  readonly #state = new ObservableValue<SensorState>(nothingOf(''));
  #stored: (SensorFacts & { asOf: number }) | null = null;
  #loading: AbortController | null = null;

  constructor(parts: SensorParts) {
    this.#parts = parts;
    const { changes } = parts;
    let before = changes.state.value;
    changes.onSettled((change, { instead }) => {
      if (!this.#stored || change.place !== this.#state.value.deviceId) return;
      this.#stored = {
        asOf: this.#stored.asOf,
        ...(instead
          ? toldInstead(this.#stored, change.wish, instead.present)
          : laidOver(this.#stored, [change])),
      };
      // It was told this much by now, whatever becomes of the question that follows.
      void this.#keep(this.#stored);
    });
    changes.state.subscribe((all) => {
      const { deviceId } = this.#state.value;
      const isGone = changesOf(before, deviceId).some(({ id, trouble }) => {
        const now = all.find((one) => one.id === id);
        return !now || (trouble === null && now.trouble !== null);
      });
      before = all;
      this.#show({});
      // Delivered, by whichever tab, taken out, or met by something else: look what is there now.
      if (isGone) void this.reload();
    });
  }

  get state(): Observable<SensorState> {
    return this.#state;
  }

  get delivery(): SensorParts['delivery'] {
    return this.#parts.delivery;
  }

  clear(): void {
    this.#loading?.abort();
    this.#stored = null;
    this.#state.set(nothingOf(''));
  }

  /** Shows what is kept of it, then asks. Never rejects. */
  async open(deviceId: string): Promise<void> {
    if (deviceId !== this.#state.value.deviceId) {
      this.#stored = null;
      this.#state.set(nothingOf(deviceId));
    }
    if (this.#parts.userId() === null) return;
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    this.#show({ loading: true, error: null });
    if (!this.#stored) {
      const kept = await this.#parts.cache.get(keptAs(deviceId), KEPT);
      if (own.signal.aborted) return;
      if (kept) this.#store({ ...kept.answer, asOf: kept.at });
    }
    try {
      const known = await this.#ask(deviceId, own.signal);
      if (own.signal.aborted) return;
      this.#store(known);
      this.#show({ loading: false });
      await this.#keep(known);
    } catch (cause) {
      if (own.signal.aborted) return;
      const error = toAppError(cause);
      // What somebody may not see any more is not shown from before.
      if (error.code === 'not_found' || error.code === 'forbidden') this.#stored = null;
      this.#show({ loading: false, error });
    }
  }

  /** The same page again. */
  reload(): Promise<void> {
    return this.open(this.#state.value.deviceId);
  }

  /**
   * Keeps a change, to be sent as soon as it can be.
   * @throws AppError `unauthenticated`; `not_found` while nothing is known of the sensor
   */
  async want(want: SensorWant): Promise<Fate> {
    const { deviceId, changes } = this.#state.value;
    const beneath = this.#beneath();
    if (!beneath) throw new AppError('not_found', msg('Nothing is known of this sensor yet.'));
    if (want.what !== 'sensor_settings') {
      const wish = madeOnFacts(want as SensorWish, beneath);
      return await this.#parts.changes.put(deviceId, wish);
    }
    // What was refused stands on the page, so that it is still wanted beside what was slid now.
    const refused = changes.find(({ trouble, wish }) => trouble && wish.what === want.what);
    const before = refused?.wish.what === want.what ? refused.wish.change : {};
    const wish = { ...want, change: { ...before, ...want.change } };
    return await this.#parts.changes.put(deviceId, wish);
  }

  /** Sends a change in trouble again, now that the person has seen what is there. */
  async again({ id, wish, trouble }: Change): Promise<void> {
    const beneath = trouble?.kind === 'conflict' ? this.#beneath() : null;
    const anew = beneath ? madeOnFacts(wish as SensorWish, beneath) : wish;
    await this.#parts.changes.again(id, anew);
  }

  /** What is there stays. */
  async discard({ id }: Change): Promise<void> {
    await this.#parts.changes.discard(id);
  }

  /** What a change is made on: what will be there once all is sent that can be. */
  #beneath(): SensorFacts | null {
    const waiting = this.#changesHere().filter(({ trouble }) => trouble === null);
    return this.#stored && laidOver(this.#stored, waiting);
  }

  #changesHere(): Change[] {
    return changesOf(this.#parts.changes.state.value, this.#state.value.deviceId);
  }

  #store(known: SensorFacts & { asOf: number }): void {
    this.#stored = known;
    this.#show({});
  }

  async #keep({ asOf: _, ...answer }: SensorFacts & { asOf: number }): Promise<void> {
    await this.#parts.cache.put(keptAs(answer.detail.device_id), answer);
  }

  #show(more: Partial<SensorState>): void {
    const changes = this.#changesHere();
    let known: KnownSensor | null = null;
    if (this.#stored) {
      const { asOf, ...stored } = this.#stored;
      known = { ...laidOver(stored, changes), stored, asOf };
    }
    this.#state.patch({ ...more, changes, known });
  }

  async #ask(id: string, signal: AbortSignal): Promise<SensorFacts & { asOf: number }> {
    const { portal, now } = this.#parts;
    const asOf = now();
    const [detail, config, commands, alerts] = await Promise.all([
      portal.detail(id, signal),
      portal.config(id, signal),
      portal.commands(id, signal),
      portal.alerts(id, signal),
    ]);
    return { detail, config, commands, alerts, asOf };
  }
}
