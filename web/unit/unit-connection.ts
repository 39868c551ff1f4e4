/**
 * The chain over one port, from bytes to unit: who listens to the transport now, the loader or the
 * console. Implements the use-cases' UnitConnection. Knows no user interface and no flow.
 */
import { msg } from '@lit/localize';
import type { ConsoleAnswer } from '../../shared/console/records.ts';
import { AppError } from '../../shared/errors.ts';
import { throwIfCancelled, whyAborted } from '../app/cancel.ts';
import type { FlashPlace, FlashRegion, WriteReport } from '../app/flash-types.ts';
import type {
  CommandBody,
  ConnectionListener,
  TransferOptions,
  UnitConnection,
  WriteOptions,
} from '../app/ports.ts';
import type { ChipInfo } from '../app/unit-state.ts';
import { ConsoleClient } from './console.ts';
import { type DownloadMode, enterDownload, watchdogReset } from './download-mode.ts';
import { eraseFlash, readFlash } from './flash-whole.ts';
import { writeRegions } from './flasher.ts';
import { runAppPattern } from './line-patterns.ts';
import { type OffThread, type PortLookup, Transport } from './transport.ts';

/** How long after the app reset the ROM's `waiting for download` would have come. */
const BANNER_MS = 300;

/** A connection over `port`, which need not be open yet. */
export function createUnitConnection(
  port: SerialPort,
  lookup: PortLookup,
  listener: ConnectionListener,
  thread?: OffThread,
): UnitConnection {
  return new SerialConnection(port, lookup, listener, thread);
}

class SerialConnection implements UnitConnection {
  readonly #transport: Transport;
  readonly #info: SerialPortInfo;
  readonly #listener: ConnectionListener;
  readonly #console: ConsoleClient;
  #download: DownloadMode | null = null;
  /** The command that runs; the next one waits for it, whatever becomes of it. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    port: SerialPort,
    lookup: PortLookup,
    listener: ConnectionListener,
    thread?: OffThread,
  ) {
    this.#transport = new Transport(port, lookup, thread);
    this.#info = port.getInfo();
    this.#listener = listener;
    this.#console = new ConsoleClient(
      (bytes) => this.#transport.write(bytes),
      (item) => listener.item(item),
      this.#transport.thread,
    );
    this.#transport.onLost = () => this.#lost();
  }

  enterDownload(signal?: AbortSignal): Promise<ChipInfo> {
    return this.#oneByOne(async () => {
      throwIfCancelled(signal);
      await this.#transport.open();
      this.#download = null;
      this.#console.abort(new AppError('cancelled', msg('The unit is being reset.')));
      const onLoader = (loader: 'rom' | 'stub') => this.#listener.loader(loader);
      this.#download = await enterDownload(this.#transport, this.#info, onLoader, signal);
      return this.#download.chip;
    });
  }

  write(regions: FlashRegion[], options: WriteOptions): Promise<WriteReport> {
    return this.#transfer(options, ({ stub, chip }) =>
      writeRegions({ stub, chip, thread: this.#transport.thread }, regions, options),
    );
  }

  read(place: FlashPlace, options: TransferOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
    return this.#transfer(options, ({ stub }) => readFlash(stub, place, options));
  }

  erase(options: TransferOptions = {}): Promise<void> {
    return this.#transfer(options, ({ stub, chip }) => eraseFlash(stub, chip, options));
  }

  #transfer<T>(
    { signal }: { signal?: AbortSignal | undefined },
    work: (download: DownloadMode) => Promise<T>,
  ): Promise<T> {
    return this.#oneByOne(async () => {
      const download = this.#download;
      if (!download) throw new AppError('no_sync', msg('The unit is not in download mode.'));
      const stop = () => signal && download.io.fail(whyAborted(signal));
      signal?.addEventListener('abort', stop, { once: true });
      try {
        return await work(download);
      } catch (error) {
        this.#download = null; // a stub left in the middle of a command is of no more use
        throw error;
      } finally {
        signal?.removeEventListener('abort', stop);
      }
    });
  }

  runApp(signal?: AbortSignal): Promise<void> {
    return this.#oneByOne(async () => {
      throwIfCancelled(signal);
      await this.#transport.open();
      await this.#download?.allowAppBoot();
      this.#download = null;
      this.#listener.loader(null);
      let banner = '';
      this.#transport.onBytes = (bytes) => {
        if (banner.length < 4096) banner += new TextDecoder().decode(bytes);
        this.#console.push(bytes);
      };
      await this.#transport.reset(runAppPattern);
      await this.#transport.wait(BANNER_MS);
      if (banner.includes('waiting for download')) await this.#leaveByWatchdog();
    });
  }

  async request(command: CommandBody, timeoutMs?: number): Promise<ConsoleAnswer & { ok: true }> {
    const answer = await this.#console.request(command, timeoutMs);
    this.#transport.settled(); // the app has started: a port that dies from now on was pulled
    return answer;
  }

  writeRaw(bytes: Uint8Array): Promise<void> {
    return this.#transport.write(bytes);
  }

  async close(): Promise<void> {
    this.#download = null;
    this.#console.abort(new AppError('cancelled', msg('The port was closed.')));
    await this.#transport.close();
  }

  async #leaveByWatchdog(): Promise<void> {
    await watchdogReset(this.#transport, this.#info);
    this.#transport.onBytes = (bytes) => this.#console.push(bytes);
  }

  #lost(): void {
    const error = new AppError('port_lost', msg('The connection to the unit is gone.'));
    this.#download?.io.fail(error);
    this.#download = null;
    this.#console.abort(error);
    this.#listener.lost();
  }

  #oneByOne<T>(work: () => T | Promise<T>): Promise<T> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
