/**
 * The twelve bring-up steps as the unit reports them, live, and what a failed one means. Knows
 * console records; not how the app came onto the unit.
 */
import { msg, str } from '@lit/localize';
import {
  BRINGUP_STEPS,
  type ConsoleEvent,
  type ConsoleItem,
} from '../../shared/console/records.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { bringupAdvice } from './bringup-advice.ts';
import { whyAborted } from './cancel.ts';
import { pageLanguageTag } from './language.ts';
import type { ObservableValue } from './observable.ts';
import type { BringupStep, PrepareState } from './prepare-state.ts';
import type { StageReporter } from './stage-tracker.ts';
import type { Unit } from './unit.ts';

/**
 * Longest silence of a working bring-up: registration may take five minutes and reports its tries
 * meanwhile; a minute more is a dead unit.
 */
const SILENCE_MS = 6 * 60_000;

type BringupEvent = Extract<ConsoleEvent, { ev: 'bringup' }>;

/**
 * Lets the provisioning app go through its table and keeps `state.steps` true.
 * @throws AppError `bringup_failed` with step, modem's words and advice; `unit_silent`,
 * `port_lost`, `cancelled`
 */
export async function runBringup(
  unit: Unit,
  state: ObservableValue<PrepareState>,
  reporter: StageReporter,
  signal: AbortSignal,
): Promise<void> {
  const end = watchSteps(unit, state, reporter, signal);
  end.catch(() => undefined); // the request below may fail first
  await unit.request({ cmd: 'provision' });
  const done = await end;
  if (!done.ok) throw failed(state.value.steps[done.step - 1], done.step);
  reporter.update({
    detail: done.address ? msg(str`Online with address ${done.address}.`) : msg('Online.'),
  });
}

type Done = Extract<ConsoleEvent, { ev: 'bringup_done' }>;

function watchSteps(
  unit: Unit,
  state: ObservableValue<PrepareState>,
  reporter: StageReporter,
  signal: AbortSignal,
): Promise<Done> {
  return new Promise((resolve, reject) => {
    const silent = () => finish(() => reject(silence()));
    let timer = setTimeout(silent, SILENCE_MS);
    const stop = () => finish(() => reject(whyAborted(signal)));
    const off = unit.listen((item) => {
      clearTimeout(timer);
      timer = setTimeout(silent, SILENCE_MS);
      const event = bringupEvent(item);
      if (event?.ev === 'bringup_done') finish(() => resolve(event));
      else if (event) reportStep(event, state, reporter);
    });
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      off();
      settle();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

function bringupEvent(item: ConsoleItem): BringupEvent | Done | null {
  if (item.kind !== 'event') return null;
  const { event } = item;
  return event.ev === 'bringup' || event.ev === 'bringup_done' ? event : null;
}

function reportStep(
  event: BringupEvent,
  state: ObservableValue<PrepareState>,
  reporter: StageReporter,
): void {
  const old = state.value.steps[event.step - 1];
  if (!old) return; // a step this page does not know: the app is newer, its log still shows it
  const said = event.said ?? old.said;
  const needsAdvice = event.state === 'failed' || event.state === 'warning';
  const step: BringupStep = {
    ...old,
    state: event.state,
    try: event.try,
    said,
    hint: needsAdvice ? bringupAdvice(event.step, said) : '',
  };
  const steps = state.value.steps.map((s) => (s.step === event.step ? step : s));
  state.patch({ steps });
  const ended = steps.filter((s) => s.state === 'ok' || s.state === 'warning').length;
  reporter.update({ progress: ended / BRINGUP_STEPS.length, detail: stepText(step) });
}

function stepText(step: BringupStep): string {
  const [of, name, attempt] = [BRINGUP_STEPS.length, inSentence(step.name), step.try];
  return attempt > 1
    ? msg(str`Step ${step.step} of ${of}: ${name}, attempt ${attempt}.`)
    : msg(str`Step ${step.step} of ${of}: ${name}.`);
}

function failed(step: BringupStep | undefined, number: number): AppError {
  const said = step?.said ? msg(str`The modem said: ${step.said}`) : msg('The modem said nothing.');
  const what = step
    ? msg(str`Step ${number}, ${inSentence(step.name)}, failed.`)
    : msg(str`Step ${number} failed.`);
  return new AppError('bringup_failed', `${what} ${said}`, {
    hint: bringupAdvice(number, step?.said ?? ''),
  });
}

function silence(): AppError {
  return toAppError(msg('The unit has said nothing for six minutes.'), 'unit_silent');
}

/**
 * A step's name within a sentence: in English a first capital goes, that of SIM, APN or IP stays;
 * elsewhere it is quoted.
 */
function inSentence(name: string): string {
  const quoted = { de: `„${name}“`, es: `«${name}»`, en: null }[pageLanguageTag()];
  if (quoted) return quoted;
  // the pattern has matched two letters
  return /^[A-Z][a-z]/.test(name) ? name[0]!.toLowerCase() + name.slice(1) : name;
}
