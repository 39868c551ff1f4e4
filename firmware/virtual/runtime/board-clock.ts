/**
 * What a board needs of its time, whoever drives it: virtual-clock.ts follows the host's clock,
 * stepped-clock.ts only moves when told. Knows neither.
 */
import type { Clock } from '../modem/types.ts';

export interface BoardClock extends Clock {
  /** True while someone outside is being waited for; set by the board. */
  mustWait: () => boolean;
  setSpeed(speed: number): void;
  dispose(): void;
}
