/**
 * A script of what happens to a virtual unit from outside, as data: when, for how long, what. The
 * page of its words is docs/formats/virtual-script.md. Knows no board.
 */
import * as v from 'valibot';
import { AppError } from '../../../shared/errors.ts';

/** Two months; scripts are for lives of a month. */
const SECONDS_MAX = 5_184_000;
export const EVENTS_MAX = 20_000;

const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(SECONDS_MAX));
const whole = (min: number, max: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(min), v.maxValue(max));

/** Virtual seconds after the script's begin. */
const at = { at_s: seconds };
/** A state that ends by itself. */
const during = { ...at, for_s: v.pipe(seconds, v.minValue(0.001)) };

const eventSchema = v.variant('do', [
  v.strictObject({ do: v.literal('signal'), ...during, csq: whole(0, 99) }),
  v.strictObject({ do: v.literal('tower_lost'), ...during }),
  v.strictObject({ do: v.literal('network_down'), ...during }),
  v.strictObject({ do: v.literal('modem_off'), ...during }),
  v.strictObject({
    do: v.literal('radio_broken'),
    ...during,
    what: v.picklist(['wifi', 'ble', 'both']),
  }),
  v.strictObject({ do: v.literal('backend_unreachable'), ...during }),
  v.strictObject({ do: v.literal('backend_error'), ...during, status: whole(400, 599) }),
  v.strictObject({ do: v.literal('slow'), ...during, bytes_per_s: whole(1, 100_000) }),
  v.strictObject({ do: v.literal('duplicate_requests'), ...during }),
  v.strictObject({ do: v.literal('duplicate_answers'), ...during }),
  v.strictObject({
    do: v.literal('lost_answers'),
    ...during,
    how: v.picklist(['closed', 'silent']),
  }),
  v.strictObject({ do: v.literal('clock_wrong'), ...during, offset_s: whole(-86_400, 86_400) }),
  v.strictObject({ do: v.literal('power_cut'), ...during }),
  v.strictObject({ do: v.literal('power_cut_in_write'), ...during, bytes: whole(1, 100_000) }),
  v.strictObject({ do: v.literal('brown_out'), ...at }),
  v.strictObject({ do: v.literal('press'), ...at, ms: whole(1, 60_000) }),
  v.strictObject({ do: v.literal('street'), ...at, peak_per_hour: whole(0, 10_000) }),
]);

const scriptSchema = v.strictObject({
  format: v.literal(1),
  events: v.pipe(v.array(eventSchema), v.maxLength(EVENTS_MAX)),
});

export type ScriptEvent = v.InferOutput<typeof eventSchema>;
export type Script = v.InferOutput<typeof scriptSchema>;

/** @throws AppError `invalid` that names the first thing wrong and where it stands */
export function parseScript(text: string): Script {
  const result = v.safeParse(scriptSchema, json(text));
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = issue.path?.map((item) => String(item.key)).join('.') ?? '';
  throw new AppError('invalid', `Script${path && ` "${path}"`}: ${issue.message}.`, {
    hint: 'Correct the script; docs/formats/virtual-script.md lists the events.',
  });
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid', `The script is not JSON: ${String(cause)}`, { cause });
  }
}
