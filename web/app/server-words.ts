/**
 * What the server says about readings and units in words of its own, which are English, in the
 * language of the page. A sentence that is not known here stays as it came. Knows no element.
 */
import { msg, str } from '@lit/localize';

const KNOWN: Readonly<Record<string, () => string>> = {
  'fewer probe requests than devices': () => msg('fewer probe requests than devices'),
  'more devices in its zones than devices': () => msg('more devices in its zones than devices'),
  'more stays than devices it can have known': () =>
    msg('more stays than devices it can have known'),
  'more visits than devices it can have known': () =>
    msg('more visits than devices it can have known'),
  'Bluetooth figures that cannot stand together': () =>
    msg('Bluetooth figures that cannot stand together'),
  'more than a unit can count in one interval': () =>
    msg('more than a unit can count in one interval'),
  'more readings of the same time than a unit can make': () =>
    msg('more readings of the same time than a unit can make'),
  'of a time that was taken out of the sums': () => msg('of a time that was taken out of the sums'),
};

/** How a flooding unit is flagged. */
const FLOODS = /^more than (\d+) requests in 60 s$/;

/** @param words of the server's: why a reading is doubted, or for what a unit is flagged */
export function serverWords(words: string): string {
  return words.split('; ').map(reason).join('; ');
}

function reason(words: string): string {
  const known = KNOWN[words];
  if (known) return known();
  const [, requests] = FLOODS.exec(words) ?? [];
  return requests ? msg(str`more than ${requests} requests in 60 s`) : words;
}
