/**
 * The unit's light as the product has it: colour and rhythm of each pattern. The unit plays it
 * (firmware/core/led/led.cc), the page draws it, docs/formats/console.md says it; led.test.ts holds
 * the four together.
 */
import type { LedPattern } from './records.ts';

export type LedHue = 'purple' | 'red' | 'green' | 'cyan' | 'blue' | 'yellow' | 'white';
export type LedRhythm = 'steady' | 'slow' | 'fast' | 'pulse';

export interface LedLook {
  hue: LedHue;
  rhythm: LedRhythm;
  /** A short pattern covers the lasting one for so many ms. */
  shortMs?: number;
}

/** One turn of each rhythm, ms: bright for its first half, then dark, or dim in a pulse. */
export const LED_TURN_MS = { slow: 1000, fast: 240, pulse: 500 } as const;

export const LED_LOOKS: Record<LedPattern, LedLook> = {
  booting: { hue: 'purple', rhythm: 'steady' },
  searching: { hue: 'red', rhythm: 'slow' },
  failed: { hue: 'red', rhythm: 'fast' },
  connected: { hue: 'green', rhythm: 'steady' },
  sending: { hue: 'cyan', rhythm: 'pulse' },
  sent: { hue: 'green', rhythm: 'steady', shortMs: 3000 },
  send_failed: { hue: 'blue', rhythm: 'slow' },
  updating: { hue: 'yellow', rhythm: 'pulse' },
  button: { hue: 'white', rhythm: 'steady', shortMs: 150 },
  here: { hue: 'white', rhythm: 'fast', shortMs: 10_000 },
};
