/**
 * Names that people gave (of shops, sensors, people, and what they wrote) inside a sentence. One
 * that is written from right to left would otherwise take digits and marks beside it along. Where
 * there is markup `<bdi>` does the same. Knows no page.
 */

/** Hebrew, Arabic and what lies between them and after; all of these are written right to left. */
const RIGHT_TO_LEFT =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** What steers the direction, for readers to come as well: it would end the isolation. */
const STEERS = /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g;

/**
 * The name between U+2068 and U+2069 (Unicode UAX #9, FSI … PDI), without signs of its own that
 * steer the direction. One that is written from left to right, as all the page's languages are,
 * stays as it is, so that it can be searched for and copied.
 */
export function isolated(name: string): string {
  const plain = name.replace(STEERS, '');
  return RIGHT_TO_LEFT.test(plain) ? `\u2068${plain}\u2069` : plain;
}
