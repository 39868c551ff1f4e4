/**
 * One sensor as its page shows it, and what can be changed about it. Knows neither HTTP nor how it
 * is drawn.
 */
import * as v from 'valibot';
import { type Alert, Alert as AlertSchema } from '../../shared/contracts/alert.ts';
import { type CommandName, CommandPage } from '../../shared/contracts/command.ts';
import { type ConfigChange, VersionedConfig } from '../../shared/contracts/config.ts';
import { type MoveRequest, UnitDetail } from '../../shared/contracts/fleet.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import { type Observable, ObservableValue } from './observable.ts';

export type SentCommand = CommandPage['commands'][number];
export type AdminStatus = UnitDetail['status'];

/** Everything that is known of one sensor. Each method rejects with AppError only. */
export interface SensorPortal {
  detail(id: string, signal?: AbortSignal): Promise<UnitDetail>;
  config(id: string, signal?: AbortSignal): Promise<VersionedConfig>;
  /** Newest first. */
  commands(id: string, signal?: AbortSignal): Promise<SentCommand[]>;
  /** Open ones of this sensor, newest first. */
  alerts(id: string, signal?: AbortSignal): Promise<Alert[]>;
  /**
   * @param ifVersion the version that the change was made from
   * @throws AppError `conflict` when there is a newer one
   */
  setConfig(id: string, change: ConfigChange, ifVersion: number): Promise<VersionedConfig>;
  send(id: string, command: CommandName): Promise<void>;
  rename(id: string, name: string | null): Promise<UnitDetail>;
  move(id: string, to: MoveRequest): Promise<UnitDetail>;
  setStatus(id: string, status: AdminStatus): Promise<UnitDetail>;
  clearAnomaly(id: string): Promise<UnitDetail>;
  acknowledge(alert: Alert): Promise<Alert>;
}

/** Something that is to be changed about a sensor, and what is said once it is. */
export interface SensorChange {
  work: (portal: SensorPortal, id: string) => Promise<unknown>;
  done: string;
}

/** A sensor as it was last seen. */
export interface KnownSensor {
  detail: UnitDetail;
  config: VersionedConfig;
  commands: readonly SentCommand[];
  alerts: readonly Alert[];
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
  loading: boolean;
  error: AppError | null;
}

export interface SensorParts {
  portal: SensorPortal;
  cache: AnswerCache;
  userId: () => string | null;
  /** Unix milliseconds by the backend's clock. */
  now: () => number;
}

const nothingOf = (deviceId: string): SensorState => ({
  ...{ deviceId, known: null, loading: false, error: null },
});

/** The sensor whose page is open. */
export class SensorView {
  readonly #parts: SensorParts;
  readonly #state = new ObservableValue<SensorState>(nothingOf(''));
  #loading: AbortController | null = null;

  constructor(parts: SensorParts) {
    this.#parts = parts;
  }

  get state(): Observable<SensorState> {
    return this.#state;
  }

  get portal(): SensorPortal {
    return this.#parts.portal;
  }

  clear(): void {
    this.#loading?.abort();
    this.#state.set(nothingOf(''));
  }

  /** Shows what is kept of it, then asks. Never rejects. */
  async open(deviceId: string): Promise<void> {
    if (deviceId !== this.#state.value.deviceId) this.#state.set(nothingOf(deviceId));
    if (this.#parts.userId() === null) return;
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    this.#state.patch({ loading: true, error: null });
    if (!this.#state.value.known) {
      const kept = await this.#parts.cache.get(keptAs(deviceId), KEPT);
      if (own.signal.aborted) return;
      if (kept) this.#state.patch({ known: { ...kept.answer, asOf: kept.at } });
    }
    try {
      const known = await this.#ask(deviceId, own.signal);
      if (own.signal.aborted) return;
      this.#state.patch({ known, loading: false });
      const { asOf: _, ...answer } = known;
      await this.#parts.cache.put(keptAs(deviceId), answer);
    } catch (cause) {
      if (own.signal.aborted) return;
      const error = toAppError(cause);
      // What somebody may not see any more is not shown from before.
      const isGone = error.code === 'not_found' || error.code === 'forbidden';
      this.#state.patch({ loading: false, error, ...(isGone && { known: null }) });
    }
  }

  /** After a change: the same page again. */
  reload(): Promise<void> {
    return this.open(this.#state.value.deviceId);
  }

  async #ask(id: string, signal: AbortSignal): Promise<KnownSensor> {
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
