/**
 * The unit's console: requests and their answers by id, events and log lines as they come. Knows
 * records; not what the commands do, not whether bytes travel by USB or by worker messages.
 */
import { msg, str } from '@lit/localize';
import {
  type ConsoleAnswer,
  ConsoleDecoder,
  type ConsoleItem,
  type ConsoleRequest,
  encodeRecord,
} from '../../shared/console/records.ts';
import { isAnswerTo } from '../../shared/console/schemas.ts';
import { AppError } from '../../shared/errors.ts';
import type { CommandBody } from '../app/ports.ts';
import { inPlace, type OffThread } from './off-thread.ts';

/** The unit answers within one tick; a second covers a busy one. */
export const ANSWER_MS = 2000;

export type OkAnswer = ConsoleAnswer & { ok: true };

interface Pending {
  cmd: ConsoleRequest['cmd'];
  resolve(answer: OkAnswer): void;
  reject(error: AppError): void;
  stop: () => void;
}

export class ConsoleClient {
  readonly #write: (bytes: Uint8Array) => Promise<void>;
  readonly #onItem: (item: ConsoleItem) => void;
  readonly #decoder = new ConsoleDecoder();
  readonly #pending = new Map<number, Pending>();
  readonly #thread: Pick<OffThread, 'after'>;
  #nextId = 1;

  /** @param onItem gets every item, answers included, in the order of arrival */
  constructor(
    write: (bytes: Uint8Array) => Promise<void>,
    onItem: (item: ConsoleItem) => void,
    thread: Pick<OffThread, 'after'> = inPlace,
  ) {
    this.#thread = thread;
    this.#write = write;
    this.#onItem = onItem;
  }

  /** Bytes from the transport. */
  push(bytes: Uint8Array): void {
    for (const item of this.#decoder.push(bytes)) {
      if (item.kind !== 'answer') this.#onItem(item);
      else {
        const fits = this.#settle(item.answer);
        this.#onItem(fits ? item : { kind: 'unrecognized', text: JSON.stringify(item.answer) });
      }
    }
  }

  /**
   * Sends `command` and waits for its answer.
   * @throws AppError `unit_silent` after `timeoutMs`, `unit_refused` with the unit's words or when
   * its answer is not one to this command, `port_lost`
   */
  async request(command: CommandBody, timeoutMs = ANSWER_MS): Promise<OkAnswer> {
    const id = this.#nextId++;
    const answer = new Promise<OkAnswer>((resolve, reject) => {
      const stop = this.#thread.after(timeoutMs, () => {
        this.#pending.delete(id);
        reject(new AppError('unit_silent', msg(str`The unit did not answer “${command.cmd}”.`)));
      });
      this.#pending.set(id, { cmd: command.cmd, resolve, reject, stop });
    });
    answer.catch(() => undefined); // the write below may fail first
    await this.#write(encodeRecord({ ...command, id } as ConsoleRequest));
    return answer;
  }

  /** Fails every request that waits: the port is gone, or the unit is being reset. */
  abort(error: AppError): void {
    for (const { reject, stop } of this.#pending.values()) {
      stop();
      reject(error);
    }
    this.#pending.clear();
  }

  /** @returns whether the answer is one to its command */
  #settle(answer: ConsoleAnswer): boolean {
    const pending = this.#pending.get(answer.re);
    if (!pending) return true; // an answer after its time-out: shown, but nobody waits
    this.#pending.delete(answer.re);
    pending.stop();
    const { cmd, resolve, reject } = pending;
    const fits = isAnswerTo(cmd, answer);
    if (!fits)
      reject(new AppError('unit_refused', msg(str`The unit’s answer to “${cmd}” is none.`)));
    else if (answer.ok) resolve(answer);
    else reject(new AppError('unit_refused', msg(str`The unit refused: ${answer.error}.`)));
    return fits;
  }
}
