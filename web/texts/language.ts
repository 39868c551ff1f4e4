/**
 * Which language the page speaks: chosen once, else the first of the browser's that there is, else
 * English. Loads its texts into @lit/localize, says it to the document, and has everything that is
 * on the page drawn anew. Texts come in rooms (scripts/texts/rooms.ts). Knows no element by name.
 */
import { configureLocalization } from '@lit/localize';
import { LANGUAGES, type Language, type Languages, type Room } from '../app/language.ts';

const KEY = 'jambench-language';

type Templates = Record<string, unknown>;
type Load = () => Promise<{ templates: Templates }>;

const TEXTS: Record<Room, Record<Language, Load>> = {
  first: {
    en: () => import('virtual:texts/en/first'),
    de: () => import('virtual:texts/de/first'),
    es: () => import('virtual:texts/es/first'),
  },
  later: {
    en: () => import('virtual:texts/en/later'),
    de: () => import('virtual:texts/de/later'),
    es: () => import('virtual:texts/es/later'),
  },
  bench: {
    en: () => import('virtual:texts/en/bench'),
    de: () => import('virtual:texts/de/bench'),
    es: () => import('virtual:texts/es/bench'),
  },
  rest: {
    en: () => import('virtual:texts/en/rest'),
    de: () => import('virtual:texts/de/rest'),
    es: () => import('virtual:texts/es/rest'),
  },
};

/** What @lit/localize looks texts up in: one object for each language, filled room by room. */
const known: Record<Language, Templates> = { en: {}, de: {}, es: {} };

const { setLocale } = configureLocalization({
  // None is in the code: English is loaded as the others are (scripts/vite/texts.ts).
  sourceLocale: 'none',
  targetLocales: LANGUAGES,
  loadLocale: async (language) => ({ templates: known[language as Language] as never }),
});

async function fetchTexts(language: Language, room: Room): Promise<void> {
  const { templates } = await TEXTS[room][language]();
  Object.assign(known[language], templates);
}

/** @param storage where the choice is remembered @param wanted in the reader's order */
export function pageLanguage(storage: Storage, wanted: readonly string[]): Languages {
  let current: Language = 'en';
  const needed = new Set<Room>(['first']);
  const speak = async (language: Language) => {
    await Promise.all([...needed].map((room) => fetchTexts(language, room)));
    await setLocale(language);
    current = language;
    document.documentElement.lang = language;
    redraw(document.body);
  };
  return {
    get current() {
      return current;
    },
    async start() {
      const tags = [storage.getItem(KEY) ?? '', ...wanted].map((tag) => tag.slice(0, 2));
      const first = LANGUAGES.find((language) => language === tags.find(isLanguage)) ?? 'en';
      await speak(first).catch(async (error: unknown) => {
        if (first === 'en') throw error;
        console.debug('The texts of this language cannot be had: the page speaks English.', error);
        await speak('en');
      });
    },
    async need(...rooms) {
      const fresh = rooms.filter((room) => !needed.has(room));
      if (fresh.length === 0) return;
      const language = current;
      await Promise.all(fresh.map((room) => fetchTexts(language, room)));
      for (const room of fresh) needed.add(room);
      // chosen meanwhile, another one lacks them
      if (language !== current) await speak(current);
      else redraw(document.body);
    },
    async choose(language) {
      await speak(language);
      storage.setItem(KEY, language);
    },
  };
}

const isLanguage = (tag: string): boolean => LANGUAGES.some((language) => language === tag);

/** Texts are looked up where they are drawn: each element draws itself again with what it has. */
function redraw(root: ParentNode): void {
  for (const element of root.querySelectorAll('*')) {
    (element as Partial<{ requestUpdate: () => void }>).requestUpdate?.();
    if (element.shadowRoot) redraw(element.shadowRoot);
  }
}
