/**
 * What a hand has to touch after a failure, so that the page can draw it. Pure.
 */
import type { PrepareState } from './prepare-state.ts';

/** `base`: the unit on its DTU base, which holds the modem. */
export type Touch = 'sim' | 'antenna' | 'cable' | 'base';

/** Bring-up steps by what their advice asks for (bringup-advice.ts). */
const STEPS: Partial<Record<number, Touch>> = {
  1: 'base',
  2: 'base',
  3: 'sim',
  5: 'base',
  6: 'base',
  7: 'antenna',
  10: 'sim',
};

/** Words of the network that refuses the SIM: no place at a window helps. */
const REFUSED = /denied|not allowed|^\+CEREG: *(?:\d, *)?3\b/i;

/** null: nothing to touch would help. */
export function whatToTouch({ error, steps, result }: PrepareState): Touch | null {
  if (result !== 'failed' || !error) return null;
  switch (error.code) {
    case 'port_lost':
    case 'no_sync':
      return 'cable';
    case 'bringup_failed': {
      const step = steps.find(({ state }) => state === 'failed');
      if (!step) return null;
      return step.step === 7 && REFUSED.test(step.said) ? 'sim' : (STEPS[step.step] ?? null);
    }
    default:
      return null;
  }
}
