/**
 * How far a preparation is and how long it still takes, as one figure for the whole. Pure.
 */
import type { PrepareState, Stage, StageId } from './prepare-state.ts';

/**
 * What a stage takes, milliseconds: a full unit over USB with a modem in a place with network, as
 * `e2e/usb` prints them, rounded up. Stages that write know better as soon as they have begun.
 */
const USUAL_MS: Record<StageId, number> = {
  'check-id': 1000,
  'check-firmware': 1000,
  erase: 20_000,
  'write-provisioning': 6000,
  'start-provisioning': 2000,
  bringup: 20_000,
  'write-unit': 8000,
  register: 1000,
  'start-unit': 2000,
  heartbeat: 5000,
  reading: 8000,
  signal: 2000,
};

/** A stage that takes longer than usual never shows as done. */
const NEARLY = 0.95;

/** The parts that a person tells apart; each is one or more stages. */
export type PreparePart = Stage['phase'];

export interface PrepareTime {
  /** 0 … 1, never smaller than before while one flow runs on. */
  fraction: number;
  /** null: it takes longer than it usually does, and nobody can say how long. */
  leftMs: number | null;
}

export function prepareTime({ stages, result }: PrepareState): PrepareTime {
  if (result === 'done') return { fraction: 1, leftMs: 0 };
  const ours = stages.filter(({ state }) => state !== 'skipped');
  const total = ours.reduce((sum, { id }) => sum + USUAL_MS[id], 0);
  const done = ours.reduce((sum, stage) => sum + USUAL_MS[stage.id] * fractionOf(stage), 0);
  const left = ours.map(leftOf);
  const isLate = left.includes(null);
  return {
    fraction: total === 0 ? 0 : done / total,
    leftMs: isLate ? null : left.reduce<number>((sum, ms) => sum + (ms ?? 0), 0),
  };
}

/** The stage at work, or the one that has failed; null between two stages. */
export function stageNow({ stages }: PrepareState): Stage | null {
  return stages.find(({ state }) => state === 'running' || state === 'failed') ?? null;
}

function fractionOf(stage: Stage): number {
  if (stage.state === 'done' || stage.state === 'warning') return 1;
  if (stage.state === 'waiting' || stage.state === 'skipped') return 0;
  const byClock = stage.elapsedMs / USUAL_MS[stage.id];
  return Math.min(NEARLY, Math.max(stage.progress, byClock));
}

function leftOf(stage: Stage): number | null {
  if (stage.state === 'waiting') return USUAL_MS[stage.id];
  if (stage.state !== 'running') return 0;
  const left = stage.remainingMs ?? USUAL_MS[stage.id] - stage.elapsedMs;
  return left < 0 ? null : left;
}
