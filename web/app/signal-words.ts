/** How good a cellular signal is, in words of the page. Knows no unit. */
import { msg } from '@lit/localize';
import { type SignalGrade, signalGrade } from '../../shared/at/signal.ts';

const WORDS: Record<SignalGrade, () => string> = {
  good: () => msg('good'),
  fair: () => msg('fair'),
  weak: () => msg('weak'),
  very_weak: () => msg('very weak'),
};

/** `good, −79 dBm`; with the typographic minus, as everywhere on the page. */
export function signalWords(dbm: number): string {
  return `${WORDS[signalGrade(dbm)]()}, ${dbm < 0 ? '−' : ''}${Math.abs(dbm)} dBm`;
}
