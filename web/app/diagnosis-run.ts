/**
 * A diagnosis as somebody follows it: each finding as it is proven, the fault, what mends it on a
 * word, and a page of it for support. Knows no page.
 */
import { masked } from '../../shared/at/decode.ts';
import { type AppError, toAppError } from '../../shared/errors.ts';
import type { AtConsole } from './at-console.ts';
import {
  CHECK_IDS,
  type CheckId,
  canMend,
  diagnose,
  type Finding,
  mend,
  type Target,
} from './diagnosis.ts';
import { type Observable, ObservableValue } from './observable.ts';

export interface DiagnosisState {
  findings: readonly Finding[];
  /** What is looked at now; `mend`: something is being mended; null: nothing. */
  at: CheckId | 'mend' | null;
  /** All checks were made, and none found a fault. */
  isWell: boolean;
  error: AppError | null;
}

const STILL: DiagnosisState = { findings: [], at: null, isWell: false, error: null };

export class DiagnosisRun {
  readonly #console: AtConsole;
  readonly #target: () => Promise<Target>;
  readonly #state = new ObservableValue<DiagnosisState>(STILL);
  #stop: AbortController | null = null;

  /** @param target where the unit is to be at home, as the settings say */
  constructor(console: AtConsole, target: () => Promise<Target>) {
    this.#console = console;
    this.#target = target;
  }

  get state(): Observable<DiagnosisState> {
    return this.#state;
  }

  /** Looks from the first check on. Never rejects. */
  async start(): Promise<void> {
    await this.#work(async (target, stop) => this.#look(target, stop));
  }

  /** Does what mends the fault that was found, then looks again. Never rejects. */
  async mend(): Promise<void> {
    const fault = this.#state.value.findings.at(-1)?.fault;
    if (!fault || !canMend(fault)) return;
    await this.#work(async (target, stop) => {
      this.#state.patch({ at: 'mend' });
      await mend(this.#console, fault, target);
      await this.#look(target, stop);
    });
  }

  /** After the check that is being made. */
  stop(): void {
    this.#stop?.abort();
  }

  async #look(target: Target, stop: AbortSignal): Promise<void> {
    this.#state.set({ ...STILL, at: CHECK_IDS[0] ?? null });
    const found = (finding: Finding) => {
      const { findings } = this.#state.value;
      const next = CHECK_IDS[findings.length + 1] ?? null;
      this.#state.patch({ findings: [...findings, finding], at: next });
    };
    const findings = await diagnose(this.#console, target, found, stop);
    const isWell = findings.length === CHECK_IDS.length && findings.at(-1)?.fault === null;
    this.#state.patch({ at: null, isWell });
  }

  async #work(work: (target: Target, stop: AbortSignal) => Promise<void>): Promise<void> {
    if (this.#stop) return;
    this.#stop = new AbortController();
    try {
      await work(await this.#target(), this.#stop.signal);
    } catch (cause) {
      this.#state.patch({ error: toAppError(cause) });
    } finally {
      this.#stop = null;
      this.#state.patch({ at: null });
    }
  }
}

/**
 * One page for support, in English: what was looked at, what was found, and the modem's own lines.
 * @param facts what else they ask for, like the chip's MAC
 * @param showsNumbers the SIM's provider finds a SIM by its number; nobody else needs it
 */
export function reportText(
  findings: readonly Finding[],
  facts: Readonly<Record<string, string>>,
  showsNumbers = false,
): string {
  const line = (text: string) => (showsNumbers ? text : masked(text));
  const heads = Object.entries(facts).map(([name, value]) => `${name}: ${line(value)}`);
  const body = findings.map(({ check, fault, said }) => {
    const lines = said.map((one) => `    ${line(one)}`);
    return [`${fault === null ? 'ok   ' : 'FAULT'} ${check}${fault ? `: ${fault}` : ''}`, ...lines];
  });
  return ['JamBench: why this unit is not online', ...heads, '', ...body.flat(), ''].join('\n');
}
