/**
 * Units that were prepared without a network: each is to be confirmed until the backend has seen
 * its first heartbeat and its first reading. Asks by itself when there is a way; says what to do
 * where something came in between. Knows no page and no database.
 */
import { msg, str } from '@lit/localize';
import type { UnitStatus } from '../../shared/contracts/portal.ts';
import type { WorkOrder } from '../../shared/contracts/work-order.ts';
import type { OwnWork } from './administration.ts';
import type { BenchLog, LogLine } from './bench-log.ts';
import { isolated } from './isolated.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { OutboxEntry } from './ports.ts';
import { orNull } from './prepare-confirm.ts';
import type { OrderTaken } from './ready.ts';

export type ConfirmState =
  | 'waits'
  | 'sent'
  | 'refused'
  | 'gone'
  | 'another'
  | 'silent'
  | 'heard'
  | 'proven';

export interface ToConfirmLine {
  deviceId: string;
  mac: string;
  state: ConfirmState;
}

export interface ToConfirmState {
  /** The latest first; those that are proven are shown once more. */
  units: readonly ToConfirmLine[];
  /** What became of work that was taken along, in words, and what to do. */
  orders: readonly string[];
}

export interface ToConfirmParts {
  log: () => Promise<Pick<BenchLog, 'shown' | 'confirm' | 'onChange'>>;
  /** What waits here to be registered, and what was refused. */
  entries: () => readonly OutboxEntry[];
  unitStatus: (deviceId: string) => Promise<UnitStatus>;
  work: Pick<OwnWork, 'orders' | 'places'>;
  /** Own open orders when this device was last made ready. */
  taken: () => Promise<readonly OrderTaken[]>;
  userId: () => string | null;
}

/** A day of units is asked about at once, no more: the backend has others to answer. */
const ASKED_MAX = 50;

export class ToConfirm {
  readonly #parts: ToConfirmParts;
  readonly #state = new ObservableValue<ToConfirmState>({ units: [], orders: [] });
  /** Proven since the page was opened. */
  readonly #proven = new Map<number, ToConfirmLine>();
  #looking: Promise<void> | null = null;

  constructor(parts: ToConfirmParts) {
    this.#parts = parts;
  }

  get state(): Observable<ToConfirmState> {
    return this.#state;
  }

  /** Looks whenever a unit has come to be confirmed here; the result stops it. */
  async watch(): Promise<() => void> {
    const log = await this.#parts.log();
    return log.onChange(async () => {
      const { lines } = await log.shown().catch(() => ({ lines: [] }));
      const known = new Set(this.#state.value.units.map(({ deviceId }) => deviceId));
      // Each stage of a preparation changes the log: only what is new is worth the questions.
      if (unconfirmed(lines).some(({ deviceId }) => !known.has(deviceId))) await this.look();
    });
  }

  /** A call while one runs joins it. Never rejects: what cannot be asked stays as it was. */
  look(): Promise<void> {
    this.#looking ??= this.#look()
      .catch((error: unknown) => console.debug('What is to be confirmed is not known.', error))
      .finally(() => {
        this.#looking = null;
      });
    return this.#looking;
  }

  async #look(): Promise<void> {
    const log = await this.#parts.log();
    const open = unconfirmed((await log.shown()).lines).slice(0, ASKED_MAX);
    const units: ToConfirmLine[] = [];
    for (const line of open) {
      const state = await this.#stateOf(line);
      const { deviceId, mac } = line;
      units.push({ deviceId, mac, state });
      if (state !== 'proven') continue;
      await log.confirm(line);
      this.#proven.set(line.number, { deviceId, mac, state });
    }
    const pending = units.filter(({ state }) => state !== 'proven');
    const orders = open.length > 0 ? await this.#orders(open) : this.#state.value.orders;
    this.#state.set({ units: [...pending, ...this.#proven.values()], orders });
  }

  async #stateOf({ deviceId, mac }: LogLine): Promise<ConfirmState> {
    const entry = this.#parts
      .entries()
      .find(({ request }) => request.device_id === deviceId && request.mac === mac);
    if (entry) return entry.refused === null ? 'waits' : 'refused';
    const before = this.#state.value.units.find((one) => one.mac === mac)?.state;
    const status = await orNull(this.#parts.unitStatus(deviceId));
    if (!status) return before === undefined || before === 'waits' ? 'sent' : before;
    if (!status.registered) return 'gone';
    if (status.mac !== mac) return 'another';
    if (status.first_heartbeat_at === null) return 'silent';
    return status.first_reading_at === null ? 'heard' : 'proven';
  }

  /** Of the places for which units were prepared: is the order still open, and one's own? */
  async #orders(open: readonly LogLine[]): Promise<string[]> {
    const { work, taken, userId } = this.#parts;
    const places = new Set(open.map(({ locationId }) => locationId));
    const own = (await taken()).filter(({ locationId }) => places.has(locationId));
    if (own.length === 0) return [];
    const [now, names] = await Promise.all([
      orNull(work.orders('all', null)),
      orNull(work.places()),
    ]);
    if (!now) return [...this.#state.value.orders];
    return own.flatMap(({ id, locationId }) => {
      const order = now.work_orders.find((one) => one.id === id);
      const name = names?.find((one) => one.id === locationId)?.name ?? locationId;
      const wrong = whatBecame(order, userId());
      return wrong ? [wrong(name)] : [];
    });
  }
}

/** Of each chip only what was done to it last counts. */
function unconfirmed(lines: readonly LogLine[]): LogLine[] {
  const seen = new Set<string>();
  return lines.filter((line) => {
    if (line.action !== 'prepare' || line.result !== 'done' || seen.has(line.mac)) return false;
    seen.add(line.mac);
    return line.isQueued && (line.confirmedAt ?? null) === null;
  });
}

/** null: it is as it was. */
function whatBecame(
  order: WorkOrder | undefined,
  me: string | null,
): ((place: string) => string) | null {
  if (order?.closed_at) {
    return (place) =>
      msg(
        str`The work order at ${isolated(place)} was closed while you worked. Ask whether the units shall stay there before you leave, or move them.`,
      );
  }
  if (order && (order.assigned_to === me || order.assigned_to === null)) return null;
  return (place) =>
    msg(
      str`The work order at ${isolated(place)} is not yours any more. Ask whoever has it now: the units that you prepared for it are registered there.`,
    );
}

/** What stands beside a unit, and what to do. */
export function confirmWords(state: ConfirmState): string {
  switch (state) {
    case 'waits':
      return msg('To be confirmed: it is registered as soon as there is a network.');
    case 'sent':
      return msg('Sent; whether it was heard is asked as soon as there is a network.');
    case 'refused':
      return msg(
        'Refused: the id was taken meanwhile. See below why; then prepare this unit with another id, or replace the other one on purpose.',
      );
    case 'gone':
      return msg(
        'It is not registered, and nothing waits here to register it: prepare this unit once more.',
      );
    case 'another':
      return msg('Another unit has its id now: prepare this one once more, with another id.');
    case 'silent':
      return msg(
        'Registered, not heard yet. Leave it switched on; if it is not heard within the hour, check antenna and SIM.',
      );
    case 'heard':
      return msg('Heard; its first reading comes within some minutes.');
    case 'proven':
      return msg('Confirmed: it was heard, and its first reading is there.');
  }
}
