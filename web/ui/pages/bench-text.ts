/**
 * The bench's sentences, and what its address asks for. No element, no state.
 */
import { msg, str } from '@lit/localize';
import { errorWords } from '../../app/error-words.ts';
import type { PrepareState } from '../../app/prepare-state.ts';
import type { UnitState } from '../../app/unit-state.ts';
import type { BenchController, VirtualStart } from '../controllers/bench.ts';
import { stateText } from '../elements/prepare-hero.ts';
import { ledWords } from '../elements/unit-drawing.ts';

/** `Unit connecting…`: which unit, and how it is. */
export function phaseText({ kind, phase }: UnitState): string {
  const unit = kind === 'virtual' ? msg('Virtual unit') : msg('Unit');
  switch (phase) {
    case 'none':
      return msg(str`${unit} not connected`);
    case 'connecting':
      return msg(str`${unit} connecting…`);
    case 'connected':
      return msg(str`${unit} connected`);
    case 'running':
      return msg(str`${unit} running`);
    case 'lost':
      return msg(str`${unit} unplugged`);
  }
}

export function ledText({ phase, pattern, led, kind }: UnitState): string {
  if (phase === 'lost') return msg('off: unplugged');
  if (pattern) return ledWords(pattern);
  if (kind === 'virtual' && led && led.r + led.g + led.b > 0) return msg('on');
  return msg('off');
}

/** The big words, once more for those who do not see them change. */
export function spoken(prepare: PrepareState): string {
  return `${prepare.deviceId} ${stateText(prepare)}`.trim();
}

export function cronText(cron: BenchController['cron']): string {
  if (cron === null) return msg('Runs by itself every five minutes.');
  if (cron === 'running') return msg('Syncing…');
  if (cron instanceof Error) {
    const { what, next } = errorWords(cron);
    return `${what} ${next}`;
  }
  const { rollups_computed, rows_synced, rows_left } = cron;
  return msg(
    str`${rollups_computed} rollups computed, ${rows_synced} rows synced, ${rows_left} left.`,
  );
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
