/**
 * What happened to a sensor over a span that somebody looks at: asked page by page, newest first,
 * kept on the device so that it opens without network. Knows neither HTTP nor how it is drawn.
 */
import * as v from 'valibot';
import { type Alert, Alert as AlertSchema } from '../../shared/contracts/alert.ts';
import { UnitHistory, UnitTrail } from '../../shared/contracts/history.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache } from './answers.ts';
import { type Observable, ObservableValue } from './observable.ts';
import { type Span, spanBounds } from './time-ticks.ts';

/** Each method rejects with AppError only. */
export interface PastPortal {
  /** A page of [fromMs, untilMs), from its newest part back. */
  history(
    id: string,
    span: { fromMs: number; untilMs: number; cursor: string | null },
    signal?: AbortSignal,
  ): Promise<UnitHistory>;
  /** Open ones and those that are over, newest first. */
  allAlerts(id: string, signal?: AbortSignal): Promise<Alert[]>;
  trail(id: string, cursor: string | null): Promise<UnitTrail>;
}

/** Everything of one span. */
export interface KnownPast {
  fromMs: number;
  untilMs: number;
  history: UnitHistory;
  alerts: readonly Alert[];
  /** Unix milliseconds, by the backend's clock. */
  asOf: number;
}

export interface PastState {
  deviceId: string;
  span: Span;
  /** How many spans before the present one. */
  back: number;
  timeZone: string;
  known: KnownPast | null;
  /** Older parts of the span are on their way. */
  loading: boolean;
  error: AppError | null;
}

export interface PastParts {
  portal: PastPortal;
  cache: AnswerCache;
  userId: () => string | null;
  /** Unix milliseconds by the backend's clock. */
  now: () => number;
}

/** What is kept of a sensor on this device: the span that was looked at last. */
const KEPT = v.object({
  span: v.picklist(['day', 'week', 'month', 'all']),
  fromMs: v.number(),
  untilMs: v.number(),
  history: UnitHistory,
  alerts: v.array(AlertSchema),
});
const keptAs = (deviceId: string) => `past ${deviceId}`;
const trailKeptAs = (deviceId: string) => `trail ${deviceId}`;

/** A month, with room: more is asked for anew each time. */
const KEPT_READINGS_MAX = 12_000;
/** Pages of one span; more than any retention fills. */
const PAGES_MAX = 60;

const NOTHING = {
  ...{ deviceId: '', span: 'week', back: 0, timeZone: 'UTC' },
  ...{ known: null, loading: false, error: null },
} satisfies PastState;

export class SensorPast {
  readonly #parts: PastParts;
  readonly #state = new ObservableValue<PastState>(NOTHING);
  #loading: AbortController | null = null;

  constructor(parts: PastParts) {
    this.#parts = parts;
  }

  get state(): Observable<PastState> {
    return this.#state;
  }

  /** Backend's clock, Unix milliseconds. */
  now(): number {
    return this.#parts.now();
  }

  /** The present week of a sensor, unless it is open already. Never rejects. */
  async open(deviceId: string, timeZone: string): Promise<void> {
    const { deviceId: before, timeZone: zone } = this.#state.value;
    if (before === deviceId && zone === timeZone) return;
    if (before !== deviceId) this.#state.set({ ...NOTHING, deviceId, timeZone });
    this.#state.patch({ timeZone });
    await this.#load();
  }

  /** Another span, the present one first. Never rejects. */
  choose(span: Span): Promise<void> {
    return this.#go({ span, back: 0 });
  }

  /** @param spans back in time, or on when negative */
  move(spans: number): Promise<void> {
    return this.#go({ back: Math.max(0, this.#state.value.back + spans) });
  }

  reload(): Promise<void> {
    return this.#load();
  }

  /** Whether something older than what is shown is kept. */
  get hasEarlier(): boolean {
    const { span, known } = this.#state.value;
    const first = known?.history.first_at;
    return span !== 'all' && !!known && !!first && Date.parse(first) < known.fromMs;
  }

  /** A page of who changed what; the first one is kept. @throws AppError */
  async trail(deviceId: string, cursor: string | null): Promise<UnitTrail> {
    const { portal, cache } = this.#parts;
    try {
      const page = await portal.trail(deviceId, cursor);
      if (cursor === null) await cache.put(trailKeptAs(deviceId), page);
      return page;
    } catch (cause) {
      const kept = cursor === null && (await cache.get(trailKeptAs(deviceId), UnitTrail));
      const { code } = toAppError(cause);
      // What is kept ends where it ends: there is nobody to ask for more.
      if (kept && code === 'unavailable') return { ...kept.answer, next_cursor: null };
      throw cause;
    }
  }

  async #go(to: Partial<Pick<PastState, 'span' | 'back'>>): Promise<void> {
    this.#state.patch({ ...to, known: null });
    await this.#load();
  }

  async #load(): Promise<void> {
    const { deviceId, span, back, timeZone } = this.#state.value;
    if (this.#parts.userId() === null || deviceId === '') return;
    this.#loading?.abort();
    const own = new AbortController();
    this.#loading = own;
    this.#state.patch({ loading: true, error: null });
    const bounds = spanBounds(span, back, this.#parts.now(), timeZone);
    if (!this.#state.value.known) await this.#fromKept(deviceId, bounds, own.signal);
    try {
      await this.#ask(deviceId, bounds, own.signal);
    } catch (cause) {
      if (own.signal.aborted) return;
      const error = toAppError(cause, 'unavailable');
      const isGone = error.code === 'not_found' || error.code === 'forbidden';
      this.#state.patch({ loading: false, error, ...(isGone && { known: null }) });
    }
  }

  /** What was looked at last, whichever span it was, where nothing else was chosen. */
  async #fromKept(deviceId: string, bounds: Bounds, signal: AbortSignal): Promise<void> {
    const kept = await this.#parts.cache.get(keptAs(deviceId), KEPT);
    const { span, back } = this.#state.value;
    if (signal.aborted || !kept || kept.answer.span !== span || back > 0) return;
    const { fromMs, untilMs, history, alerts } = kept.answer;
    if (untilMs <= bounds.fromMs) return;
    this.#state.patch({ known: { fromMs, untilMs, history, alerts, asOf: kept.at } });
  }

  async #ask(deviceId: string, bounds: Bounds, signal: AbortSignal): Promise<void> {
    const { portal, now, cache } = this.#parts;
    const asOf = now();
    const alertsAsked = portal.allAlerts(deviceId, signal);
    // Its failure is heard below, or not at all when the history fails first.
    alertsAsked.catch(() => {});
    let history: UnitHistory | null = null;
    for (let page = 0, cursor: string | null = null; page < PAGES_MAX; page += 1) {
      const older: UnitHistory = await portal.history(deviceId, { ...bounds, cursor }, signal);
      const alerts = await alertsAsked;
      if (signal.aborted) return;
      history = history ? joined(older, history) : older;
      cursor = older.next_cursor;
      const known = { ...bounds, history, alerts, asOf };
      this.#state.patch({ known, loading: cursor !== null });
      if (cursor !== null) continue;
      const { span, back } = this.#state.value;
      const isKept = back === 0 && history.readings.start_s.length <= KEPT_READINGS_MAX;
      if (isKept) await cache.put(keptAs(deviceId), { span, ...bounds, history, alerts });
      return;
    }
    this.#state.patch({ loading: false });
  }
}

type Bounds = ReturnType<typeof spanBounds>;

/** Two pages of one span as one. */
export function joined(older: UnitHistory, newer: UnitHistory): UnitHistory {
  const both = (name: 'start_s' | 'cell_rssi_dbm' | 'cd' | 'sf' | 'of') =>
    older.readings[name].concat(newer.readings[name] as never[]);
  const { visits } = newer.readings;
  return {
    ...newer,
    from: older.from,
    readings: {
      start_s: both('start_s') as number[],
      ...{ cell_rssi_dbm: both('cell_rssi_dbm'), cd: both('cd') },
      ...{ sf: both('sf'), of: both('of') },
      ...(visits && { visits: [...(older.readings.visits ?? []), ...visits] }),
    },
    heartbeats: [...newer.heartbeats, ...older.heartbeats],
    restarts: [...newer.restarts, ...older.restarts],
    next_cursor: older.next_cursor,
  };
}
