/**
 * The prepare flow as data: what the page draws while a unit is being prepared. Who moves it is
 * prepare.ts.
 */
import { msg } from '@lit/localize';
import { BRINGUP_STEPS, type StepState } from '../../shared/console/records.ts';
import type { AppError } from '../../shared/errors.ts';
import type { RegionWrite } from './flash-types.ts';
import type { Observable } from './observable.ts';
import { stepName } from './step-names.ts';

export type StageId =
  | 'check-id'
  | 'check-firmware'
  | 'erase'
  | 'write-provisioning'
  | 'start-provisioning'
  | 'bringup'
  | 'write-unit'
  | 'register'
  | 'start-unit'
  | 'heartbeat'
  | 'reading'
  | 'signal';

export type StageState = 'waiting' | 'running' | 'done' | 'warning' | 'failed' | 'skipped';

export interface Stage {
  id: StageId;
  title: string;
  phase: 'check' | 'phase1' | 'phase2';
  state: StageState;
  /** 0 … 1; stays 0 while nothing measurable has happened. */
  progress: number;
  /** Unix milliseconds; null before it began. */
  startedAt: number | null;
  elapsedMs: number;
  /** null when unknown. */
  remainingMs: number | null;
  /** One sentence of what is happening, or what went wrong; may be empty. */
  detail: string;
  /** What a stage that writes does to each region; absent until that is known. */
  plan?: readonly RegionWrite[];
}

export interface BringupStep {
  /** 1 … 12 */
  step: number;
  name: string;
  send: string;
  state: 'waiting' | StepState;
  /** Attempt within the step, 0 before it began. */
  try: number;
  /** The modem's own last words. */
  said: string;
  /** What to try; empty unless the step warns or failed. */
  hint: string;
}

/** Of the two apps of a bundle. */
export interface PrepareVersions {
  jambox: string;
  provisioning: string;
}

export type PrepareResult = 'idle' | 'running' | 'done' | 'failed' | 'cancelled';

/**
 * What is to be done: everything; the proof of the link alone; or the firmware alone, for a unit
 * that keeps its identity.
 */
export type PrepareAction = 'prepare' | 'bringup' | 'flash';

export interface PrepareState {
  deviceId: string;
  action: PrepareAction;
  /** The chip that all of this is about; null until it has said who it is. */
  mac: string | null;
  /** Where the unit is to go; null: nobody has said. */
  locationId: string | null;
  /** Of the firmware that was checked for it; null before. */
  versions: PrepareVersions | null;
  stages: readonly Stage[];
  steps: readonly BringupStep[];
  result: PrepareResult;
  /** Set while `result` is `failed`. */
  error: AppError | null;
  /** What to do next, beside the error; empty when there is none. */
  advice: string;
  /** The token's hash waits in the outbox because the backend could not be reached. */
  queued: boolean;
  /** The chip holds a token that the backend refused or does not know yet. */
  tokenWritten: boolean;
  /** SHA-256 of the token that the chip holds since this flow wrote it; null before. */
  tokenSha256: string | null;
  /** MACs of chips whose link was proven since the page was opened: they may skip phase 1. */
  provenMacs: ReadonlySet<string>;
  /** As the unit's modem measured it; null while it has not said. */
  signalDbm: number | null;
  /** The backend has seen a heartbeat and a reading of this very chip. */
  isSeen: boolean;
  /** What the first reading held; null while there is none. */
  firstReading: { impressions: number } | null;
}

export interface PrepareOptions {
  deviceId: string;
  /** Take over an id that belongs to another unit: on purpose only. */
  replace?: boolean;
  /** Default: everything. */
  action?: PrepareAction;
  /** Runs phase 1 although this very chip has proven its link before. */
  proveAgain?: boolean;
  /** Erase all of flash if it is divided in another way: on purpose only. */
  eraseAll?: boolean;
  locationId?: string;
}

/** What the page calls. Implemented by PrepareFlow in prepare.ts. */
export interface Prepare {
  readonly state: Observable<PrepareState>;
  /** Resolves when the flow has ended, however it ended: look at `state.result`. Never rejects. */
  start(options: PrepareOptions): Promise<void>;
  /**
   * The same again, for the same chip: with another one on the cable it ends as `another_unit` and
   * nothing is written. What was proven before the failure is not repeated. `changes` e.g. another
   * id or `replace`.
   */
  retry(changes?: Partial<PrepareOptions>): Promise<void>;
  cancel(): void;
}

const STAGES: readonly (Pick<Stage, 'id' | 'phase'> & { title: () => string })[] = [
  { id: 'check-id', title: () => msg('Check the device id'), phase: 'check' },
  { id: 'check-firmware', title: () => msg('Check the firmware'), phase: 'check' },
  { id: 'erase', title: () => msg('Erase the whole unit'), phase: 'phase1' },
  { id: 'write-provisioning', title: () => msg('Write the test program'), phase: 'phase1' },
  { id: 'start-provisioning', title: () => msg('Start the test program'), phase: 'phase1' },
  { id: 'bringup', title: () => msg('Test the cellular link'), phase: 'phase1' },
  { id: 'write-unit', title: () => msg('Write identity and JamBox program'), phase: 'phase2' },
  { id: 'register', title: () => msg('Register the unit'), phase: 'phase2' },
  { id: 'start-unit', title: () => msg('Start the unit'), phase: 'phase2' },
  { id: 'heartbeat', title: () => msg('First sign of life'), phase: 'phase2' },
  { id: 'reading', title: () => msg('First reading'), phase: 'phase2' },
  { id: 'signal', title: () => msg('Judge the signal'), phase: 'phase2' },
];

/** Empty for what is no stage of this version. */
export function stageTitle(id: string | null): string {
  return STAGES.find((stage) => stage.id === id)?.title() ?? '';
}

/** A flow in which nothing has happened yet. */
export function freshPrepareState(
  deviceId = '',
  { eraseAll = false, action = 'prepare' }: Partial<PrepareOptions> = {},
): PrepareState {
  return {
    deviceId,
    action,
    mac: null,
    locationId: null,
    versions: null,
    stages: STAGES.filter(({ id }) => eraseAll || id !== 'erase').map((stage) => ({
      ...stage,
      title: stage.title(),
      state: 'waiting',
      progress: 0,
      startedAt: null,
      elapsedMs: 0,
      remainingMs: null,
      detail: '',
    })),
    steps: BRINGUP_STEPS.map((s) => ({
      ...s,
      name: stepName(s),
      state: 'waiting',
      try: 0,
      said: '',
      hint: '',
    })),
    result: 'idle',
    error: null,
    advice: '',
    queued: false,
    tokenWritten: false,
    tokenSha256: null,
    provenMacs: new Set(),
    signalDbm: null,
    isSeen: false,
    firstReading: null,
  };
}

/** The state of a unit after a full erase. */
export const allErased = (): string => msg('All of it is erased: it holds nothing now.');

const hasWritten = ({ plan }: Stage) => plan?.some(({ toWrite }) => toWrite > 0) === true;

/** The state of a unit whose erasing did not come to its end. */
export const partlyErased = (): string =>
  msg('The unit is partly erased: it does not start, and what it held is lost.');

/** In which state a preparation that was stopped on purpose has left the unit, and the way on. */
export function stoppedAdvice({ stages, queued }: PrepareState): string {
  const stage = stages.find(({ state }) => state === 'failed');
  const again = msg('Press Try again: what was written is kept.');
  if (stage?.id === 'erase')
    return `${partlyErased()} ${msg('Press Try again: it goes on from there.')}`;
  if (!stage || stage.phase === 'check') return msg('Nothing was written: the unit is as it was.');
  const writes = stage.id === 'write-provisioning' || stage.id === 'write-unit';
  const isErased = stages.some(({ id, state }) => id === 'erase' && state === 'done');
  if (writes && isErased && !stages.some(hasWritten))
    return `${allErased()} ${msg('Press Try again: it goes on from there.')}`;
  if (writes && !stage.plan?.some(({ toWrite }) => toWrite > 0))
    return `${msg('This step has written nothing yet.')} ${again}`;
  if (writes)
    return `${msg('The unit’s firmware may be incomplete: do not mount it yet.')} ${again}`;
  if (stage.phase === 'phase1') {
    return `${msg('The unit holds the test firmware only: it counts nobody yet.')} ${again}`;
  }
  if (stage.id === 'register') {
    return `${msg('The unit is written, but perhaps not registered: do not mount it yet.')} ${again}`;
  }
  if (queued) return msg('The unit is written; its registration waits here until it can be sent.');
  return msg('The unit is written and registered, but was not seen to report. Press Try again.');
}
