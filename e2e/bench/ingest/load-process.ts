/**
 * The load in a process of its own, so that what it costs is not what the bench measures. Run as
 * a program it plays its parent's plans; imported it is the parent's side. Knows no plan's meaning.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type LoadPlan, type LoadResult, runLoad } from './load.ts';

export type { LoadResult } from './load.ts';

type Message = { counting: boolean } | { result: LoadResult } | { failed: string };

/** A running load generator. */
export class LoadProcess {
  readonly #child: ChildProcess = fork(import.meta.filename, ['play'], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });

  /** @param onCounting is called when the plan begins to count and when it ends */
  run(plan: LoadPlan, onCounting: (began: boolean) => void = () => {}): Promise<LoadResult> {
    const child = this.#child;
    return new Promise((resolve, reject) => {
      const hear = (message: Message) => {
        if ('counting' in message) return onCounting(message.counting);
        child.off('message', hear).off('exit', ended);
        if ('result' in message) resolve(message.result);
        else reject(new Error(message.failed));
      };
      const ended = () => reject(new Error('The load generator has ended.'));
      child.on('message', hear).on('exit', ended);
      child.send(plan);
    });
  }

  async stop(): Promise<void> {
    const ended = once(this.#child, 'exit');
    this.#child.disconnect();
    await ended;
  }
}

function play(): void {
  const tell = (message: Message) => void process.send?.(message);
  process.on('message', (plan: LoadPlan) => {
    runLoad(plan, (counting) => tell({ counting })).then(
      (result) => tell({ result }),
      (failure: unknown) => tell({ failed: String(failure) }),
    );
  });
}

if (process.argv[2] === 'play' && process.send) play();
