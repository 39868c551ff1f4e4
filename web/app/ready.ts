/**
 * Makes this device ready to prepare units where there is no network: what has to be on it is
 * fetched, proven and kept, and what is missing is said before anybody leaves. Knows no page, no
 * database and no cache.
 */
import { msg, str } from '@lit/localize';
import * as v from 'valibot';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { OwnWork } from './administration.ts';
import type { AnswerCache } from './answers.ts';
import { errorWords } from './error-words.ts';
import { type Observable, ObservableValue } from './observable.ts';
import type { FirmwareSource } from './ports.ts';
import type { IdsLeft, ReservedIds } from './reserved-ids.ts';
import type { ToConfirm } from './to-confirm.ts';
import type { Target } from './unit-state.ts';

/** What has to be on the device, in the order in which it is fetched. */
const PARTS = ['page', 'settings', 'firmware', 'ids', 'orders', 'storage'] as const;
export type ReadyPart = (typeof PARTS)[number];

export interface ReadyLine {
  part: ReadyPart;
  /** `lacking`: work can begin all the same, with what the words say. */
  state: 'waiting' | 'running' | 'ready' | 'lacking' | 'missing';
  /** What is there, or what is wrong and what to do. */
  words: string;
}

/** Work that this person had taken when the device was made ready. */
export interface OrderTaken {
  id: string;
  locationId: string;
}

/** What was found when the device was last made ready; kept for without a network. */
const KeptReady = v.object({
  at: v.number(),
  targets: v.optional(v.array(v.picklist(['esp32s3', 'virtual'])), []),
  orders: v.optional(v.array(v.object({ id: v.string(), locationId: v.string() })), []),
  lines: v.array(
    v.object({
      part: v.picklist(PARTS),
      state: v.picklist(['ready', 'lacking', 'missing']),
      words: v.string(),
    }),
  ),
});

export interface ReadyState {
  working: boolean;
  lines: readonly ReadyLine[];
  /** When it was last made ready, Unix milliseconds; null: never, on this device. */
  at: number | null;
  ids: IdsLeft;
  /** Until when units can be prepared without a network; null: they cannot. */
  until: number | null;
}

export interface ReadyParts {
  ids: ReservedIds;
  firmware: FirmwareSource;
  answers: AnswerCache;
  /** Unix milliseconds by the server's clock. */
  now: () => number;
  /** Whether the browser opens this page, and keeps its firmware, without a network. */
  isPageKept: () => Promise<boolean>;
  /** Whether the bundle would be had without a network. */
  isBundleKept: (target: Target) => Promise<boolean>;
  settings: () => Promise<unknown>;
  /** Fetches open work orders with their places, so that they are kept; how many, which are own. */
  takeOrders: () => Promise<{ count: number; own: OrderTaken[] }>;
  /** Asks the browser to keep what is here; whether it has promised to. */
  promise: () => Promise<boolean>;
}

/** What an installer does on a full day, unless told otherwise. */
export const IDS_WANTED = 20;
const KEPT = 'ready';
const NO_IDS: IdsLeft = { left: 0, until: null, next: null };
/** Without these no unit can be prepared. */
const NEEDED: readonly ReadyPart[] = ['page', 'settings', 'firmware', 'ids'];

type Found = Pick<ReadyLine, 'words'> & { state: 'ready' | 'lacking' | 'missing' };

/** What a bench takes along to where there is no network. */
export interface Along {
  ready: Ready;
  /** Work orders and their places, as this device remembers them. */
  work: OwnWork;
  toConfirm: ToConfirm;
}

export class Ready {
  readonly #parts: ReadyParts;
  readonly #state = new ObservableValue<ReadyState>({
    working: false,
    lines: [],
    at: null,
    ids: NO_IDS,
    until: null,
  });

  #orders: OrderTaken[] = [];
  #targets: Target[] = [];

  constructor(parts: ReadyParts) {
    this.#parts = parts;
  }

  get state(): Observable<ReadyState> {
    return this.#state;
  }

  /** What is known without a network: what was found last, and the ids that are left. */
  async look(): Promise<void> {
    const [kept, ids] = await Promise.all([
      this.#parts.answers.get(KEPT, KeptReady),
      this.#parts.ids.left(),
    ]);
    const lines = kept ? await this.#stillThere(kept.answer) : [];
    if (this.#state.value.working) return;
    this.#state.patch({ lines, at: kept?.answer.at ?? null, ids, until: untilOf(lines, ids) });
  }

  /** Own orders that were open when this device was last made ready. */
  async taken(): Promise<readonly OrderTaken[]> {
    return (await this.#parts.answers.get(KEPT, KeptReady))?.answer.orders ?? [];
  }

  /** Fetches all that is needed. Never rejects: what failed stands in its line. */
  async make(wanted = IDS_WANTED): Promise<void> {
    if (this.#state.value.working) return;
    const waiting = PARTS.map((part) => ({ part, state: 'waiting' as const, words: '' }));
    this.#state.patch({ working: true, lines: waiting, until: null });
    for (const part of PARTS) {
      this.#put({ part, state: 'running', words: '' });
      const found = await this.#find(part, wanted).catch((cause: unknown) =>
        wrong(part, toAppError(cause, 'unavailable')),
      );
      this.#put({ part, ...found });
    }
    const at = this.#parts.now();
    const ids = await this.#parts.ids.left();
    const { lines } = this.#state.value;
    this.#state.patch({ working: false, at, ids, until: untilOf(lines, ids) });
    await this.#parts.answers.put(KEPT, {
      at,
      lines,
      orders: this.#orders,
      targets: this.#targets,
    });
  }

  /** Ids that are not needed go back. @throws AppError when the backend cannot be told */
  async giveBack(): Promise<void> {
    await this.#parts.ids.giveBack();
    await this.look();
  }

  /** A browser short of space takes firmware away, whatever it said before. */
  async #stillThere({ lines, targets }: v.InferOutput<typeof KeptReady>): Promise<ReadyLine[]> {
    const kept = await Promise.all(targets.map((target) => this.#parts.isBundleKept(target)));
    if (kept.every(Boolean)) return lines;
    return lines.map((line) => (line.part === 'firmware' ? { ...line, ...removed() } : line));
  }

  #put(line: ReadyLine): void {
    const lines = this.#state.value.lines.map((one) => (one.part === line.part ? line : one));
    this.#state.patch({ lines });
  }

  async #find(part: ReadyPart, wanted: number): Promise<Found> {
    const { isPageKept, settings, takeOrders, promise } = this.#parts;
    switch (part) {
      case 'page':
        return (await isPageKept()) ? ready(msg('This page opens without a network.')) : notKept();
      case 'settings':
        await settings();
        return ready(msg('Where units report is known.'));
      case 'firmware':
        return await this.#findFirmware();
      case 'ids':
        return await this.#findIds(wanted);
      case 'orders':
        return ready(ordersWords(await this.#take(takeOrders)));
      case 'storage':
        return (await promise())
          ? ready(msg('The browser has promised to keep it.'))
          : lacking(
              msg(
                'The browser may remove it when the device runs out of space. It often promises to keep it once JamBench is installed as an app or is a bookmark.',
              ),
            );
    }
  }

  async #take(takeOrders: ReadyParts['takeOrders']): Promise<number> {
    const { count, own } = await takeOrders();
    this.#orders = own;
    return count;
  }

  /** A build without a bundle for one kind of unit is ready with the other. */
  async #findFirmware(): Promise<Found> {
    const versions: string[] = [];
    this.#targets = [];
    let unkept = false;
    let failure: AppError | null = null;
    for (const [target, name] of TARGETS) {
      try {
        const { version } = await this.#parts.firmware.load(target);
        versions.push(`${name()} ${version}`);
        this.#targets.push(target);
        unkept ||= !(await this.#parts.isBundleKept(target));
      } catch (cause) {
        failure = toAppError(cause, 'unavailable');
        if (failure.code !== 'bundle_missing') throw failure;
      }
    }
    if (versions.length === 0 && failure) throw failure;
    if (unkept) return notKept();
    const list = versions.join(', ');
    return failure
      ? lacking(msg(str`Checked: ${list}. This server has no firmware for other units.`))
      : ready(msg(str`Checked: ${list}.`));
  }

  async #findIds(wanted: number): Promise<Found> {
    await this.#parts.ids.topUp(wanted);
    const { left } = await this.#parts.ids.left();
    const words = msg(str`Ids for new units: ${left}.`);
    if (left >= wanted) return ready(words);
    const more = msg('More are not to be had: use or give back others first.');
    return left > 0 ? lacking(`${words} ${more}`) : { state: 'missing', words: more };
  }
}

const TARGETS: readonly (readonly [Target, () => string])[] = [
  ['esp32s3', () => msg('for JamBox units')],
  ['virtual', () => msg('for virtual units')],
];

const ready = (words: string): Found => ({ state: 'ready', words });
const lacking = (words: string): Found => ({ state: 'lacking', words });

const removed = (): Found => ({
  state: 'missing',
  words: msg('This browser has removed it since. Make this device ready again.'),
});

const notKept = (): Found => ({
  state: 'missing',
  words: msg('This browser has not kept it yet. Reload this page, then try again.'),
});

const ordersWords = (count: number) =>
  count === 0 ? msg('No work order is open.') : msg(str`Open work orders taken along: ${count}.`);

function wrong(part: ReadyPart, error: AppError): Found {
  const { what, next } = errorWords(error);
  const words = [what, next].filter(Boolean).join(' ');
  return { state: NEEDED.includes(part) ? 'missing' : 'lacking', words };
}

/** As long as the ids last, if all that is needed is there. */
function untilOf(lines: readonly ReadyLine[], ids: IdsLeft): number | null {
  const isThere = (part: ReadyPart) =>
    lines.some((line) => line.part === part && ['ready', 'lacking'].includes(line.state));
  return ids.left > 0 && NEEDED.every(isThere) ? ids.until : null;
}
