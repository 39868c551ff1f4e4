/**
 * Scripts drawn from a seed: a hard life for a unit, with every kind of fault at its own rate and
 * a calm end in which all that waits can be delivered. Knows no board.
 */
import { Random } from '../street/random.ts';
import type { Script, ScriptEvent } from './script.ts';

export interface RandomScriptOptions {
  seed: number;
  days: number;
  /** Nothing happens in the last hours; default 12, the drain of a full ring and then some. */
  calmHours?: number;
  /** Faults this many times as often; default 1. */
  density?: number;
}

const HOUR_S = 3600;
const DAY_S = 24 * HOUR_S;
/** A unit's first minutes are not disturbed: it was just installed. */
const FIRST_S = 600;

interface Kind {
  /** Mean hours between two. */
  everyH: number;
  /** Bounds of how long it lasts, seconds; drawn so that short ones are more frequent. */
  lastsS: readonly [min: number, max: number];
  make(random: Random, times: { at_s: number; for_s: number }): ScriptEvent;
}

/** A month of bad luck: about 500 events. */
const KINDS: readonly Kind[] = [
  kind(8, [60, 1800], (r, t) => ({ ...t, do: 'signal', csq: r.whole(0, 8) })),
  kind(48, [60, 3600], (_, t) => ({ ...t, do: 'signal', csq: 99 })),
  kind(24, [60, 7200], (_, t) => ({ ...t, do: 'tower_lost' })),
  // Longer than the ring of eight hours: readings must be dropped and counted.
  kind(144, [6 * HOUR_S, 15 * HOUR_S], (_, t) => ({ ...t, do: 'tower_lost' })),
  kind(24, [60, 1800], (_, t) => ({ ...t, do: 'network_down' })),
  kind(72, [30, 900], (_, t) => ({ ...t, do: 'modem_off' })),
  kind(36, [60, 3600], (_, t) => ({ ...t, do: 'backend_unreachable' })),
  kind(12, [60, 3600], (r, t) => ({ ...t, do: 'backend_error', status: pick(r, ERRORS) })),
  kind(12, [60, 900], (r, t) => ({ ...t, do: 'slow', bytes_per_s: r.whole(10, 200) })),
  kind(12, [300, 3600], (_, t) => ({ ...t, do: 'duplicate_requests' })),
  kind(24, [300, 3600], (_, t) => ({ ...t, do: 'duplicate_answers' })),
  kind(8, [60, 1800], (r, t) => ({ ...t, do: 'lost_answers', how: pick(r, LOSSES) })),
  kind(48, [600, 7200], (r, t) => ({ ...t, do: 'clock_wrong', offset_s: r.whole(-120, 120) })),
  kind(18, [1, HOUR_S], (_, t) => ({ ...t, do: 'power_cut' })),
  kind(240, [HOUR_S, 12 * HOUR_S], (_, t) => ({ ...t, do: 'power_cut' })),
  kind(36, [1, 600], (r, t) => ({ ...t, do: 'power_cut_in_write', bytes: r.whole(1, 3000) })),
  kind(48, [1, 1], (_, { at_s }) => ({ at_s, do: 'brown_out' })),
  kind(72, [1, 1], (r, { at_s }) => ({ at_s, do: 'press', ms: r.whole(100, 600) })),
];

const ERRORS = [500, 502, 503, 429] as const;
const LOSSES = ['closed', 'silent'] as const;

function kind(everyH: number, lastsS: Kind['lastsS'], make: Kind['make']): Kind {
  return { everyH, lastsS, make };
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.whole(0, from.length - 1)] as T;
}

/** The same options give the same script. */
export function randomScript(options: RandomScriptOptions): Script {
  const { seed, days, calmHours = 12, density = 1 } = options;
  const endS = days * DAY_S - calmHours * HOUR_S;
  const events = KINDS.flatMap((kind, index) => {
    const random = new Random(seed, 100 + index);
    const meanS = (kind.everyH * HOUR_S) / density;
    const drawn: ScriptEvent[] = [];
    for (let at = FIRST_S + random.gap(meanS); at < endS; at += random.gap(meanS)) {
      const [min, max] = kind.lastsS;
      const lasts = min * (max / min) ** random.fraction();
      const whole = Math.max(1, Math.round(Math.min(lasts, endS - at)));
      drawn.push(kind.make(random, { at_s: Math.round(at), for_s: whole }));
      at += whole;
    }
    return drawn;
  });
  return { format: 1, events: events.sort((a, b) => a.at_s - b.at_s) };
}
