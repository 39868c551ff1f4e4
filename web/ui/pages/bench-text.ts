/**
 * The bench's sentences, and what its address asks for. No element, no state.
 */
import type { PrepareState } from '../../app/prepare-state.ts';
import type { UnitState } from '../../app/unit-state.ts';
import type { BenchController, VirtualStart } from '../controllers/bench.ts';
import { LED_TEXT } from '../elements/unit-drawing.ts';

export const RESULT_TEXT: Record<PrepareState['result'], string> = {
  idle: 'Prepare',
  running: 'Preparing',
  done: 'Prepared',
  failed: 'Could not prepare',
  cancelled: 'Stopped preparing',
};

export const PHASE_TEXT: Record<UnitState['phase'], string> = {
  none: 'not connected',
  connecting: 'connecting…',
  connected: 'connected, in download mode',
  running: 'running',
  lost: 'unplugged',
};

export function ledText({ phase, pattern, led, kind }: UnitState): string {
  if (phase === 'lost') return 'off: unplugged';
  if (pattern) return LED_TEXT[pattern];
  if (kind === 'virtual' && led && led.r + led.g + led.b > 0) return 'on';
  return 'off';
}

export function spoken(prepare: PrepareState): string {
  const now = prepare.stages.find((s) => s.state === 'running' || s.state === 'failed');
  return now ? `${now.title}: ${now.state}` : prepare.result;
}

export function cronText(cron: BenchController['cron']): string {
  if (cron === null) return 'Runs by itself every five minutes.';
  if (cron === 'running') return 'Syncing…';
  if (cron instanceof Error) return `${cron.message} ${cron.hint}`;
  const { rollups_computed, rows_synced, rows_left } = cron;
  return `${rollups_computed} rollups computed, ${rows_synced} rows synced, ${rows_left} left.`;
}

/** null when the address does not ask for a virtual unit; numbers that are none are ignored. */
export function virtualStart(search: string): VirtualStart | null {
  const query = new URLSearchParams(search);
  if (!query.has('virtual')) return null;
  const number = (name: string) => {
    const text = query.get(name);
    const value = Number(text);
    return text === null || !Number.isFinite(value) ? undefined : value;
  };
  const [seed, speed, flashTiming] = [number('seed'), number('speed'), number('timing')];
  return {
    ...(seed !== undefined && { seed }),
    ...(speed !== undefined && { speed }),
    ...(flashTiming !== undefined && { flashTiming }),
  };
}
