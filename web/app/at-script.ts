/**
 * Scripts for a modem: commands with what has to follow, line by line, as somebody pastes them.
 *
 *     # comments and blank lines are left out
 *     AT+CFUN=1,1
 *     wait 6 s
 *     expect OK
 *     repeat AT+CEREG? until +CEREG: 0,5 every 5 s at most 12 times
 *
 * A line that begins with a word of the script is one; everything else goes to the modem as it is.
 * Knows no page and no transport.
 */
import { msg, str } from '@lit/localize';
import { formOf } from '../../shared/at/catalogue.ts';
import { parseCommand } from '../../shared/at/grammar.ts';
import { AppError } from '../../shared/errors.ts';
import type { ModemTalk } from './diagnosis.ts';

export type ScriptStep =
  | { do: 'send'; line: string }
  | { do: 'wait'; ms: number }
  /** In the answer to the last command, or in a line that comes within `ms`. */
  | { do: 'expect'; text: string; ms: number }
  | { do: 'repeat'; line: string; until: string; everyMs: number; times: number };

export interface NumberedStep {
  /** Of the script, from 1. */
  lineNumber: number;
  step: ScriptStep;
}

/** A pasted file is no script. */
const LINES_MAX = 500;
const WAIT_S_MAX = 600;
const EXPECT_MS = 10_000;
const TIMES_MAX = 1000;

const WAIT = /^wait\s+(\d{1,4})\s*(ms|s)$/i;
const EXPECT = /^expect\s+(.+?)(?:\s+within\s+(\d{1,4})\s*s)?$/i;
const EVERY = '(?:\\s+every\\s+(\\d{1,3})\\s*s)?';
const AT_MOST = '(?:\\s+at\\s+most\\s+(\\d{1,4})\\s*times)?';
const REPEAT = new RegExp(`^repeat\\s+(.+?)\\s+until\\s+(.+?)${EVERY}${AT_MOST}$`, 'i');

/** @throws AppError `invalid` that names the line and says how it is written */
export function parseScript(text: string): NumberedStep[] {
  const lines = text.split(/\r\n|\r|\n/);
  if (lines.length > LINES_MAX) {
    const n = String(LINES_MAX);
    throw new AppError('invalid', msg(str`A script may have ${n} lines. Paste a shorter one.`));
  }
  return lines.flatMap((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return [];
    return [{ lineNumber: i + 1, step: stepOf(line, i + 1) }];
  });
}

function stepOf(line: string, lineNumber: number): ScriptStep {
  const n = String(lineNumber);
  const wrong = (how: string) =>
    new AppError('invalid', msg(str`Line ${n} is not understood.`), { hint: how });
  if (/^wait\b/i.test(line)) {
    const [, count, unit] = WAIT.exec(line) ?? [];
    const ms = Number(count) * (unit?.toLowerCase() === 's' ? 1000 : 1);
    if (count === undefined || ms > WAIT_S_MAX * 1000)
      throw wrong(msg('Write it like “wait 5 s”, up to 600 seconds.'));
    return { do: 'wait', ms };
  }
  if (/^expect\b/i.test(line)) {
    const [, text, within] = EXPECT.exec(line) ?? [];
    if (text === undefined)
      throw wrong(msg('Write it like “expect OK” or “expect +CEREG: 5 within 60 s”.'));
    return { do: 'expect', text, ms: within === undefined ? EXPECT_MS : Number(within) * 1000 };
  }
  if (/^repeat\b/i.test(line)) {
    const [, command, until, every, most] = REPEAT.exec(line) ?? [];
    const times = Number(most ?? 60);
    if (command === undefined || until === undefined || times < 1 || times > TIMES_MAX)
      throw wrong(
        msg('Write it like “repeat AT+CEREG? until +CEREG: 0,5 every 5 s at most 12 times”.'),
      );
    return { do: 'repeat', line: command, until, everyMs: Number(every ?? 5) * 1000, times };
  }
  return { do: 'send', line };
}

/** Commands of a script that may cost the link: asked about once, before it begins. */
export function dangersOf(steps: readonly NumberedStep[]): string[] {
  const lines = steps.flatMap(({ step }) => ('line' in step ? [step.line] : []));
  return lines.filter((line) => {
    const call = parseCommand(line);
    return call !== null && formOf(call)?.danger !== undefined;
  });
}

/** How a script ended: `line` is where. */
export type ScriptEnd =
  | { result: 'done' }
  | { result: 'stopped'; line: number }
  | { result: 'silent'; line: number }
  | { result: 'unexpected'; line: number; wanted: string };

/**
 * Runs a script to its end, or to the first line that does not go as it says.
 * @param at gets the line that is being done
 */
export async function runScript(
  talk: ModemTalk,
  steps: readonly NumberedStep[],
  at: (line: number) => void,
  stop: AbortSignal,
): Promise<ScriptEnd> {
  let answer: readonly string[] = [];
  const has = (text: string) => answer.some((line) => line.includes(text));
  for (const { lineNumber: line, step } of steps) {
    if (stop.aborted) return { result: 'stopped', line };
    at(line);
    if (step.do === 'wait') await pause(talk, step.ms, stop);
    else if (step.do === 'send') {
      const said = await talk.send(step.line);
      if (said === null) return { result: 'silent', line };
      answer = said;
    } else if (step.do === 'expect') {
      const isThere =
        has(step.text) || (await talk.hear((one) => one.includes(step.text), step.ms));
      if (!isThere) return { result: 'unexpected', line, wanted: step.text };
    } else {
      let isThere = false;
      for (let n = 0; n < step.times && !isThere && !stop.aborted; n += 1) {
        if (n > 0) await pause(talk, step.everyMs, stop);
        answer = (await talk.send(step.line)) ?? [];
        isThere = has(step.until);
      }
      if (stop.aborted) return { result: 'stopped', line };
      if (!isThere) return { result: 'unexpected', line, wanted: step.until };
    }
  }
  return { result: 'done' };
}

/** In pieces, so that whoever stops it does not wait. */
async function pause(talk: ModemTalk, ms: number, stop: AbortSignal): Promise<void> {
  for (let waited = 0; waited < ms && !stop.aborted; waited += 250) {
    await talk.sleep(Math.min(250, ms - waited));
  }
}
