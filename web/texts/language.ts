/**
 * Which language the page speaks: chosen once, else the first of the browser's that there is, else
 * English. Loads its texts into @lit/localize, says it to the document, and has everything that is
 * on the page drawn anew. English needs no file: it is in the sources. Knows no element by name.
 */
import { configureLocalization } from '@lit/localize';
import { LANGUAGES, type Language, type Languages } from '../app/language.ts';

const KEY = 'jambench-language';

const LOAD: Record<string, () => Promise<object>> = {
  de: () => import('virtual:texts/de'),
  es: () => import('virtual:texts/es'),
};

const { getLocale, setLocale } = configureLocalization({
  sourceLocale: 'en',
  targetLocales: ['de', 'es'],
  // @lit/localize asks for those of its list only.
  loadLocale: (language) => LOAD[language]!() as Promise<{ templates: never }>,
});

/** @param storage where the choice is remembered @param wanted in the reader's order */
export function pageLanguage(storage: Storage, wanted: readonly string[]): Languages {
  const choose = async (language: Language) => {
    await setLocale(language);
    document.documentElement.lang = language;
    redraw(document.body);
  };
  return {
    get current() {
      return getLocale() as Language;
    },
    async start() {
      const known = [storage.getItem(KEY) ?? '', ...wanted].map((tag) => tag.slice(0, 2));
      const first = LANGUAGES.find((language) => language === known.find(isLanguage)) ?? 'en';
      await choose(first).catch((error: unknown) => {
        console.debug('The texts of this language cannot be had: the page speaks English.', error);
      });
    },
    async choose(language) {
      await choose(language);
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
