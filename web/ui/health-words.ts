/**
 * A sensor's health in words: how much memory is free, why it started anew, and what to look after
 * when that happens again and again. Pure.
 */
import { msg, str } from '@lit/localize';
import type { UnitHistory } from '../../shared/contracts/history.ts';
import type { StartReason } from '../../shared/contracts/start-reason.ts';
import type { LinePoints } from '../app/lttb.ts';
import { figure } from './format.ts';
import { bytes } from './format-technical.ts';

/** `120 KB`. @param kib memory in KiB, as sensors say it */
export const kilobytes = (kib: number): string => bytes(kib * 1024);

/** Why a sensor started, as a sentence without its end. */
export function reasonWords(reason: StartReason): string {
  switch (reason) {
    case 'power':
      return msg('Its power was cut, or its reset button pressed');
    case 'brownout':
      return msg('Its voltage fell too low');
    case 'crash':
      return msg('Its program crashed');
    case 'watchdog':
      return msg('Its program stood still');
    case 'reset_line':
      return msg('Somebody reset it over the USB cable');
    case 'command':
      return msg('It was told to restart');
    case 'update':
      return msg('Its firmware was changed');
    case 'silence':
      return msg('Nothing of what it sent had arrived for hours');
    case 'receiver':
      return msg('One of its receivers did not listen');
    case 'clock':
      return msg('Its clock had been set wrong');
    case 'bench':
      return msg('It was told to restart over the USB cable');
  }
}

/** From so many within what is shown on, somebody should do something. */
const OFTEN = 3;

/** What to do about starts that come again and again; empty: nothing. */
export function adviceOn(restarts: UnitHistory['restarts']): string[] {
  const times = (...reasons: StartReason[]) =>
    restarts.filter(({ reason }) => reason !== undefined && reasons.includes(reason)).length;
  const advice: string[] = [];
  const power = times('power', 'brownout');
  const program = times('crash', 'watchdog');
  if (power >= OFTEN) {
    const n = figure(power);
    const said = msg(str`It lost its power ${n} times in this time.`);
    const todo = msg('See to its plug, cable and power supply, and that nobody switches it off.');
    advice.push(`${said} ${todo}`);
  }
  if (program >= OFTEN) {
    const n = figure(program);
    const said = msg(str`Its program failed ${n} times in this time.`);
    const todo = msg('Newer firmware may help; if it goes on, tell whoever runs the service.');
    advice.push(`${said} ${todo}`);
  }
  return advice;
}

type Heartbeats = UnitHistory['heartbeats'];

/** Free memory as a line in KB; x in Unix milliseconds. @param beats newest first */
export function memoryLine(beats: Heartbeats): LinePoints {
  const told = beats.flatMap(({ received_at, free_kib }) => {
    return free_kib === undefined ? [] : [{ at: Date.parse(received_at), free_kib }];
  });
  told.reverse();
  return {
    x: Float64Array.from(told, ({ at }) => at),
    y: Float64Array.from(told, ({ free_kib }) => free_kib),
  };
}

/** The chart's answer in a sentence; empty: no heartbeat said anything of memory. */
export function memoryWords(beats: Heartbeats): string {
  const free = beats.flatMap(({ free_kib }) => free_kib ?? []);
  if (free.length === 0) return '';
  const least = beats.flatMap(({ free_kib, free_min_kib }) => free_min_kib ?? free_kib ?? []);
  const [from, to] = [Math.min(...free), Math.max(...free)].map(kilobytes);
  const low = kilobytes(Math.min(...least));
  return msg(str`Between ${from} and ${to} were free; the lowest was ${low}.`);
}
