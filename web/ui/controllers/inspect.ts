/**
 * Binds the page that looks into flash to the use-cases: reads a unit or a file, saves a backup,
 * writes one back. What it holds is gone with the page. Knows no element.
 */
import { msg, str } from '@lit/localize';
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { AppError, toAppError } from '../../../shared/errors.ts';
import type { FlashProgress } from '../../app/flash-types.ts';
import type { FlashView } from '../../app/flash-view.ts';
import { isolated } from '../../app/isolated.ts';
import type { ChipInfo } from '../../app/unit-state.ts';
import type { BenchParts } from './bench.ts';
import { ObservableController } from './observable.ts';

export type InspectParts = Pick<BenchParts, 'unit' | 'ports' | 'prepare' | 'session' | 'ask'> & {
  /** Hands a file to the person. */
  save: (name: string, bytes: Uint8Array<ArrayBuffer>) => void;
};

export type InspectTask = 'read' | 'backup' | 'restore' | 'run';

/** The largest flash of an ESP32-S3; no file of one is larger. */
const FILE_BYTES_MAX = 32 * 1024 * 1024;

export class InspectController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #parts: () => InspectParts;
  /** What is under way; its progress, once there is one. */
  busy: { task: InspectTask; progress: FlashProgress | null } | null = null;
  error: AppError | null = null;
  /** What was found, and where. */
  found: { view: FlashView; in: string; isUnit: boolean } | null = null;
  /** What was done, in a sentence. */
  done = '';
  #abort: AbortController | null = null;

  constructor(host: ReactiveControllerHost, parts: () => InspectParts) {
    this.#host = host;
    this.#parts = parts;
    host.addController(this);
    new ObservableController(host, () => parts()?.unit.state);
    new ObservableController(host, () => parts()?.prepare.state);
    new ObservableController(host, () => parts()?.session.state);
  }

  hostConnected(): void {
    addEventListener('beforeunload', this.#beforeUnload);
  }

  hostDisconnected(): void {
    removeEventListener('beforeunload', this.#beforeUnload);
    this.cancel();
  }

  /** Half restored is worse than not at all: the browser asks first. */
  readonly #beforeUnload = (event: Event) => {
    if (this.busy?.task === 'restore') event.preventDefault();
  };

  cancel(): void {
    this.#abort?.abort();
  }

  async readUnit(): Promise<void> {
    await this.#work('read', async (signal) => {
      const chip = await this.#ready(signal);
      const { viewFlash } = await import('../../app/flash-view.ts');
      const { unit } = this.#parts();
      const view = await viewFlash((place) => unit.read(place, { signal }));
      this.found = { view, in: chip.mac, isUnit: true };
    });
  }

  async openFile(file: File): Promise<void> {
    await this.#work('read', async () => {
      const bytes = await bytesOf(file);
      const { isUnknown, viewFile } = await import('../../app/flash-view.ts');
      const view = await viewFile(bytes);
      if (isUnknown(view)) throw unknownFile(file.name);
      this.found = { view, in: file.name, isUnit: false };
    });
  }

  /** Says first what the file will hold. */
  async backUp(): Promise<void> {
    const { backUp, backupName, backupQuestion } = await import('../../app/flash-backup.ts');
    if (!(await this.#parts().ask(backupQuestion()))) return;
    await this.#work('backup', async (signal) => {
      const { mac } = await this.#ready(signal);
      const { unit, save } = this.#parts();
      const bytes = await backUp(unit, { signal, onProgress: this.#onProgress });
      const name = backupName(mac, new Date());
      save(name, bytes);
      this.done = msg(
        str`All of its flash was read and verified: ${isolated(name)} is handed to your browser.`,
      );
    });
  }

  /** The file is judged, and the person asked, before anything is erased. */
  async restore(file: File): Promise<void> {
    let written = 0;
    await this.#work('restore', async (signal) => {
      const backup = await import('../../app/flash-backup.ts');
      const bytes = await bytesOf(file);
      const chip = await this.#ready(signal);
      const regions = backup.restoreRegions(bytes, chip);
      if (!(await this.#parts().ask(backup.restoreQuestion(isolated(file.name), chip)))) return;
      const onProgress = (progress: FlashProgress & { stage: string }) => {
        if (progress.stage !== 'check') written = progress.done;
        this.#onProgress(progress);
      };
      try {
        const { unit } = this.#parts();
        await unit.write(regions, { target: chip.target, signal, onProgress });
      } catch (cause) {
        const { code, message } = toAppError(cause);
        throw new AppError(code, message, { hint: backup.restoreStopped(written), cause });
      } finally {
        for (const { bytes: piece } of regions) piece.fill(0);
        bytes.fill(0);
      }
      this.found = null;
      this.done = msg(str`The unit holds what ${isolated(file.name)} holds, every byte verified.`);
    });
  }

  /** Reading has stopped its app. */
  async run(): Promise<void> {
    await this.#work('run', async (signal) => {
      await this.#parts().unit.watch(signal);
      this.done = msg('The unit runs its own app again.');
    });
  }

  /** The unit on the bench, else the only one that is known, else the one that is chosen. */
  async #ready(signal: AbortSignal): Promise<ChipInfo> {
    const { unit, ports } = this.#parts();
    if (unit.port) return unit.ready(signal);
    const known = ports.supported ? await ports.known() : [];
    const [only] = known;
    return unit.connect(known.length === 1 && only ? only : await ports.choose(), signal);
  }

  readonly #onProgress = (progress: FlashProgress) => {
    if (!this.busy) return;
    this.busy = { ...this.busy, progress };
    this.#host.requestUpdate();
  };

  async #work(task: InspectTask, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    if (this.busy) return;
    const abort = new AbortController();
    this.#abort = abort;
    this.busy = { task, progress: null };
    this.error = null;
    this.done = '';
    this.#host.requestUpdate();
    try {
      await work(abort.signal);
    } catch (cause) {
      this.error = toAppError(cause);
    } finally {
      this.busy = null;
      this.#abort = null;
      this.#host.requestUpdate();
    }
  }
}

async function bytesOf(file: File): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size <= FILE_BYTES_MAX) return new Uint8Array(await file.arrayBuffer());
  const hint = msg('A backup of a unit has 8 MB, and no ESP32-S3 has more than 32 MB.');
  throw new AppError('too_large', msg(str`${isolated(file.name)} is too large to be of a unit.`), {
    hint,
  });
}

function unknownFile(name: string): AppError {
  return new AppError('invalid', msg(str`Nothing in ${isolated(name)} is known here.`), {
    hint: msg('Open a backup of a unit, an app image, an NVS image or a partition table.'),
  });
}
