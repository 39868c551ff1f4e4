/**
 * Console items as lines to read, and what an event changes in the unit's state. Pure; knows no
 * port and no page.
 */
import type { ConsoleEvent, ConsoleItem } from '../../shared/console/records.ts';
import { type ConsoleLine, READINGS_MAX, type UnitState } from './unit-state.ts';

/** Longest text of one line; longer ones are cut, visibly. */
const TEXT_CHARACTERS_MAX = 1024;

/** `item` as line number `seq`, seen at Unix ms `at`. */
export function consoleLine(item: ConsoleItem, seq: number, at: number): ConsoleLine {
  const text = textOf(item);
  const cut = text.length > TEXT_CHARACTERS_MAX;
  return {
    seq,
    at,
    kind: item.kind,
    text: cut ? `${text.slice(0, TEXT_CHARACTERS_MAX)} …` : text,
  };
}

/** What `event`, seen at Unix ms `at`, changes. */
export function stateAfterEvent(
  state: UnitState,
  event: ConsoleEvent,
  at: number,
): Partial<UnitState> {
  switch (event.ev) {
    case 'boot':
      return { pattern: 'booting', status: null };
    case 'led':
      return { pattern: event.pattern };
    case 'heartbeat':
      return { heartbeat: { ...event, at } };
    case 'reading':
      return { readings: [...state.readings.slice(1 - READINGS_MAX), { ...event, at }] };
    default:
      return {};
  }
}

function textOf(item: ConsoleItem): string {
  if (item.kind === 'log' || item.kind === 'unrecognized') return item.text;
  if (item.kind === 'answer') return JSON.stringify(item.answer);
  const { ev, t, ...rest } = item.event;
  return `${ev} (${t}) ${JSON.stringify(rest)}`;
}
