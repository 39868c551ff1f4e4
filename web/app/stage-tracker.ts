/**
 * Keeps the stages of a preparation: begins, advances, ends them, and keeps their clocks running.
 * Knows what a stage is, not what it does.
 */
import { msg, str } from '@lit/localize';
import { type AppError, toAppError } from '../../shared/errors.ts';
import { errorWords } from './error-words.ts';
import type { WriteProgress } from './flash-types.ts';
import type { ObservableValue } from './observable.ts';
import type { TimeSource, WriteOptions } from './ports.ts';
import type { PrepareState, Stage, StageId } from './prepare-state.ts';

/** How often elapsed times move while a stage runs. */
const TICK_MS = 500;

/** What a running stage may say about itself. */
export interface StageReporter {
  update(changes: Partial<Pick<Stage, 'progress' | 'remainingMs' | 'detail' | 'plan'>>): void;
  /** It will end as `warning` instead of `done`, with this sentence. */
  warn(detail: string): void;
}

/** What a stage's work is given: where it reports to, and what stops it. */
export interface StageContext {
  reporter: StageReporter;
  signal: AbortSignal;
}

export class StageTracker {
  readonly #state: ObservableValue<PrepareState>;
  readonly #time: TimeSource;

  constructor(state: ObservableValue<PrepareState>, time: TimeSource) {
    this.#state = state;
    this.#time = time;
  }

  /** Runs `work` as stage `id`; a rejection ends it as failed, with the error's words. */
  async run<T>(id: StageId, work: (reporter: StageReporter) => Promise<T>): Promise<T> {
    let end: Stage['state'] = 'done';
    this.#change(id, { state: 'running', startedAt: this.#time.now(), detail: '' });
    const reporter: StageReporter = {
      update: (changes) => this.#change(id, changes),
      warn: (detail) => {
        end = 'warning';
        this.#change(id, { detail });
      },
    };
    try {
      const result = await work(reporter);
      this.#end(id, { state: end, progress: 1 });
      return result;
    } catch (cause) {
      const error: AppError = toAppError(cause);
      this.#end(id, { state: 'failed', detail: errorWords(error).what });
      throw error;
    }
  }

  skip(id: StageId, detail: string): void {
    this.#change(id, { state: 'skipped', detail });
  }

  /** Better words for the stage that has failed, found out by looking at the whole. */
  explainFailure(detail: string): void {
    const failed = this.#state.value.stages.find((stage) => stage.state === 'failed');
    if (failed) this.#change(failed.id, { detail });
  }

  /** Moves the clocks until `signal` aborts. */
  async keepTime(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#time.sleep(TICK_MS, signal).catch(() => undefined); // aborted: the loop ends
      const running = this.#state.value.stages.find((stage) => stage.state === 'running');
      if (running && !signal.aborted) this.#change(running.id, this.#elapsed(running.id));
    }
  }

  #end(id: StageId, changes: Partial<Stage>): void {
    this.#change(id, { ...changes, ...this.#elapsed(id), remainingMs: null });
  }

  #elapsed(id: StageId): Partial<Stage> {
    const startedAt = this.#state.value.stages.find((stage) => stage.id === id)?.startedAt;
    return startedAt == null ? {} : { elapsedMs: this.#time.now() - startedAt };
  }

  #change(id: StageId, changes: Partial<Stage>): void {
    const stages = this.#state.value.stages.map((stage) =>
      stage.id === id ? { ...stage, ...changes } : stage,
    );
    this.#state.patch({ stages });
  }
}

const SENTENCES: Record<WriteProgress['stage'], (region: string) => string> = {
  check: (region) => msg(str`Comparing the ${region}.`),
  write: (region) => msg(str`Writing the ${region}.`),
  verify: (region) => msg(str`Verifying the ${region}.`),
};

/** A write's plan and progress as a stage shows them. */
export function reportWrite(
  reporter: StageReporter,
): Required<Pick<WriteOptions, 'onPlan' | 'onProgress'>> {
  return {
    onPlan: (plan) => reporter.update({ plan: plan.map((region) => ({ ...region })) }),
    onProgress: ({ stage, region, done, total, remainingMs }) =>
      reporter.update({
        progress: total === 0 ? 0 : done / total,
        remainingMs,
        detail: SENTENCES[stage](region),
      }),
  };
}
