/**
 * Classes of text, one for each kind of string that comes in. What has none of them has a pattern
 * of its own; a test walks every contract and finds a string that has neither. Sources: Unicode 16,
 * chapters 2.12 and 23.2 (normalisation, bidi controls), UAX 29 (graphemes), RFC 8264.
 */
import * as v from 'valibot';

/** A string's class, found by the test that walks all contracts. */
export const textClass = (name: 'line' | 'note' | 'unit' | 'opaque') =>
  v.metadata<string, { text: string }>({ text: name });

/** C0 and C1 controls with DEL, and the separators of lines and paragraphs. */
const CONTROL = /[\p{Cc}\u2028\u2029]/u;
/** The same but for what makes lines. */
const CONTROL_IN_NOTE = /[^\P{Cc}\n\t]|[\u2028\u2029]/u;
/** What turns the direction of the text around it, or cannot be seen and is not part of a word. */
const BIDI = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u;

/** What can be seen: a name of nothing else than fillers and joiners is an empty line. */
const SEEN = /[^\p{Default_Ignorable_Code_Point}\p{White_Space}\u2800]/u;

const wellFormed = (text: string) => !/\p{Cs}/u.test(text);
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Counted no further than needed: a megabyte of marks on one letter is refused by its length. */
const fits = (graphemes: number) => (text: string) =>
  text.length <= graphemes * UNITS_PER_GRAPHEME && [...segmenter.segment(text)].length <= graphemes;
/** A family with skin tones has 25 UTF-16 units; more is no writing. */
const UNITS_PER_GRAPHEME = 25;

/** One line for people, like a name: composed (NFC), trimmed, 1 … `max` characters as seen. */
export const oneLine = (max: number) =>
  v.pipe(
    v.string('must be text'),
    v.check(wellFormed, 'holds half of a character'),
    v.normalize('NFC'),
    v.trim(),
    v.minLength(1, 'must not be empty'),
    v.check(
      (text) => CONTROL.test(text) || BIDI.test(text) || SEEN.test(text),
      'must not be empty',
    ),
    v.check((text) => !CONTROL.test(text), 'must be one line without control characters'),
    v.check((text) => !BIDI.test(text), 'must not hold characters that turn the direction of text'),
    v.check(fits(max), `must not be longer than ${max} characters`),
    textClass('line'),
  );

/** Several lines for people: line ends are LF, tabs stay; may be empty, else as a line. */
export const noteText = (max: number) =>
  v.pipe(
    v.string('must be text'),
    v.check(wellFormed, 'holds half of a character'),
    v.normalize('NFC'),
    v.transform((text) => text.replace(/\r\n?/g, '\n')),
    v.check((text) => !CONTROL_IN_NOTE.test(text), 'must not hold control characters'),
    v.check((text) => !BIDI.test(text), 'must not hold characters that turn the direction of text'),
    v.check(fits(max), `must not be longer than ${max} characters`),
    textClass('note'),
  );

/** A few words of a unit, never a reason to refuse it: what is not printable becomes `?`. */
export const unitText = (max: number) =>
  v.pipe(
    v.string('must be text'),
    v.maxLength(max),
    v.transform((text) => text.replace(/[^ -~]/g, '?')),
    textClass('unit'),
  );

/** Kept or compared as it is and never shown; a limit is all it needs. */
export const opaqueText = (max: number) =>
  v.pipe(v.string('must be text'), v.maxLength(max), textClass('opaque'));
