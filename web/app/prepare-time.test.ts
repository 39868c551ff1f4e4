import { expect, test } from 'vitest';
import { freshPrepareState, type PrepareState, type Stage, type StageId } from './prepare-state.ts';
import { prepareTime, stageNow } from './prepare-time.ts';

function flow(changes: Partial<Record<StageId, Partial<Stage>>>): PrepareState {
  const state = freshPrepareState('JBNB0042');
  const stages = state.stages.map((stage) => ({ ...stage, ...changes[stage.id] }));
  return { ...state, result: 'running', stages };
}

const CHECKED = { 'check-id': { state: 'done' }, 'check-firmware': { state: 'done' } } as const;

test('before anything has happened all of it is left, 56 seconds', () => {
  expect(prepareTime(flow({}))).toEqual({ fraction: 0, leftMs: 56_000 });
});

test('what is left out is not waited for', () => {
  const bringup = { state: 'skipped' } as const;
  expect(prepareTime(flow({ bringup })).leftMs).toBe(36_000);
});

test('a stage that measures its own time is believed, others go by the clock', () => {
  const writing = { state: 'running', progress: 0.5, remainingMs: 20_000 } as const;
  const { fraction, leftMs } = prepareTime(flow({ ...CHECKED, 'write-provisioning': writing }));
  expect(fraction).toBeCloseTo((2000 + 3000) / 56_000);
  expect(leftMs).toBe(20_000 + 48_000);
  const testing = { state: 'running', elapsedMs: 10_000 } as const;
  const before = prepareTime(flow({ ...CHECKED, bringup: testing }));
  const later = prepareTime(flow({ ...CHECKED, bringup: { ...testing, elapsedMs: 15_000 } }));
  expect(later.fraction).toBeGreaterThan(before.fraction);
  expect((before.leftMs ?? 0) - (later.leftMs ?? 0)).toBe(5000);
});

test('what takes longer than usual promises nothing, and is not shown as done', () => {
  const bringup = { state: 'running', elapsedMs: 200_000 } as const;
  const { fraction, leftMs } = prepareTime(flow({ bringup }));
  expect(leftMs).toBeNull();
  expect(fraction).toBeLessThan(20 / 56);
});

test('at the end nothing is left, and no stage is at work', () => {
  const state: PrepareState = { ...flow({}), result: 'done' };
  expect(prepareTime(state)).toEqual({ fraction: 1, leftMs: 0 });
  expect(stageNow(state)).toBeNull();
  expect(stageNow(flow({ bringup: { state: 'failed' } }))?.id).toBe('bringup');
});
