/** What is said beside the pages: apps, changes that wait, storage, clocks. No state. */
import { msg, str } from '@lit/localize';
import type { StorageTrouble } from '../../app/storage-trouble.ts';
import { figure, plural, span } from '../format.ts';
import type { InstallWay } from '../install.ts';

/** What to do, or that nothing is to be done. */
export function installWords(way: InstallWay): string {
  switch (way) {
    case 'installed':
      return msg('JamBench is an app on this device.');
    case 'prompt':
      return msg('As an app, JamBench has its own icon and opens at once, without a network too.');
    case 'ios':
      return msg(
        'Press Share (the square with an arrow), then “Add to Home Screen”. JamBench then has its own icon and opens at once.',
      );
    case 'mac':
      return msg(
        'Choose “Add to Dock” in Safari’s File menu. JamBench then has its own icon and window.',
      );
    case 'menu':
      return msg(
        'Open the browser’s menu and choose “Add to Home screen”. JamBench then has its own icon.',
      );
    case 'none':
      return msg(
        'This browser offers no app right now. A bookmark does as well: what JamBench keeps on this device is there without a network, too.',
      );
  }
}

/** How much waits; nobody has to do anything about it. @param count > 0 */
export function unsentWords(count: number): string {
  const n = figure(count);
  return plural(count, {
    one: msg('One change waits to be sent.'),
    other: msg(str`${n} changes wait to be sent.`),
  });
}

/** What is wrong with what this browser keeps, and what to do. */
export function troubleWords(trouble: StorageTrouble): string {
  switch (trouble) {
    case 'full':
      return msg(
        'This browser has no room left: new numbers are not kept for days without a network. Free some space on this device.',
      );
    case 'gave_way':
      return msg(
        'This browser has no room left. What waits to be sent is kept; the numbers kept for days without a network were removed for it. Free some space on this device.',
      );
    case 'unkept':
      return msg(
        'This browser has no room left for what waits to be sent. Leave this page open until it is sent, or free some space on this device and save again.',
      );
    case 'blocked':
      return msg(
        'Another tab of JamBench is in the way of what this browser keeps. Close the other tabs of JamBench, then reload this one.',
      );
    case 'removed':
      return msg(
        'This browser has removed what it kept for JamBench. What waited to be sent was put back; the numbers for days without a network are fetched again.',
      );
  }
}

/** A clock that is wrong by more than anybody would notice. @param offMs ahead when positive */
export function clockWords(offMs: number): string {
  const off = span(Math.abs(offMs));
  const wrong =
    offMs < 0
      ? msg(str`The clock of this device is ${off} ahead.`)
      : msg(str`The clock of this device is ${off} behind.`);
  const advice = msg(
    'JamBench goes by the server’s clock; set yours right so that other pages agree.',
  );
  return `${wrong} ${advice}`;
}
