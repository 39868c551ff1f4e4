/** How this page becomes an app, in words for each browser. No state. */
import { msg, str } from '@lit/localize';
import { figure, plural } from '../format.ts';
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
