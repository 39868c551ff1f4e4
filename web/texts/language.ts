/**
 * Which language the page speaks: chosen once, else the first of the browser's that there is, else
 * English. Loads its texts into @lit/localize, says it to the document, and has everything that is
 * on the page drawn anew. What My Store needs comes first, the rest after it. Knows no element by
 * name.
 */
import { configureLocalization } from '@lit/localize';
import { LANGUAGES, type Language, type Languages } from '../app/language.ts';

const KEY = 'jambench-language';

type Templates = Record<string, unknown>;
type Load = () => Promise<{ templates: Templates }>;

const FIRST: Record<Language, Load> = {
  en: () => import('virtual:texts/en/first'),
  de: () => import('virtual:texts/de/first'),
  es: () => import('virtual:texts/es/first'),
};
const REST: Record<Language, Load> = {
  en: () => import('virtual:texts/en/rest'),
  de: () => import('virtual:texts/de/rest'),
  es: () => import('virtual:texts/es/rest'),
};

/** What @lit/localize looks texts up in: one object for each language that was ever loaded. */
const texts = new Map<string, Templates>();

const { setLocale } = configureLocalization({
  // None is in the code: English is loaded as the others are (scripts/vite/texts.ts).
  sourceLocale: 'none',
  targetLocales: LANGUAGES,
  loadLocale: async (language) => {
    const { templates } = await FIRST[language as Language]();
    texts.set(language, { ...templates, ...texts.get(language) });
    return { templates: texts.get(language) as never };
  },
});

/** @param storage where the choice is remembered @param wanted in the reader's order */
export function pageLanguage(storage: Storage, wanted: readonly string[]): Languages {
  let current: Language = 'en';
  let rest: Promise<void> | null = null;
  const loadRest = async (language: Language) => {
    const { templates } = await REST[language]();
    Object.assign(texts.get(language) ?? {}, templates);
  };
  const speak = async (language: Language) => {
    if (rest) await Promise.all([FIRST[language](), REST[language]()]);
    await setLocale(language);
    if (rest) await loadRest(language);
    current = language;
    document.documentElement.lang = language;
    redraw(document.body);
  };
  return {
    get current() {
      return current;
    },
    async start() {
      const known = [storage.getItem(KEY) ?? '', ...wanted].map((tag) => tag.slice(0, 2));
      const first = LANGUAGES.find((language) => language === known.find(isLanguage)) ?? 'en';
      await speak(first).catch(async (error: unknown) => {
        if (first === 'en') throw error;
        console.debug('The texts of this language cannot be had: the page speaks English.', error);
        await speak('en');
      });
    },
    whole() {
      rest ??= loadRest(current).catch((error: unknown) => {
        rest = null;
        throw error;
      });
      return rest;
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
