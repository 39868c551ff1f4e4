/**
 * The languages of the page, and how one is chosen. Knows neither where the texts lie nor how they
 * are drawn.
 */

export const LANGUAGES = ['en', 'de', 'es'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each in its own words: whoever looks for his language reads no other. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: 'English',
  de: 'Deutsch',
  es: 'Español',
};

/** Texts of what is drawn at once, what My Store fetches after it, the bench, all other pages. */
export type Room = 'first' | 'later' | 'bench' | 'rest';

export interface Languages {
  readonly current: Language;
  /**
   * As chosen before, else as the browser wants it, in doubt English: what the Store page needs.
   * Rejects when no texts can be had at all.
   */
  start(): Promise<void>;
  /**
   * Fetches more texts, in every language from now on; what is on the page is drawn anew with them.
   * Rejects without a network, when they were never fetched.
   */
  need(...rooms: Room[]): Promise<void>;
  /** From now on, on this browser. Rejects when its texts cannot be had; nothing changes then. */
  choose(language: Language): Promise<void>;
}

/** What the document says it is written in; English outside of a page. */
export function pageLanguageTag(): Language {
  const tag = globalThis.document?.documentElement.lang;
  return LANGUAGES.find((language) => language === tag) ?? 'en';
}
