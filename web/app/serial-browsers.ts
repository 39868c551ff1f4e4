/**
 * Which browsers reach serial ports over USB, by platform: the one place of the page that says so.
 * Fetched where the browser at hand does not. Sources: MDN's compatibility data of Web Serial,
 * release notes of Chrome 138 for Android and of Firefox 151. Pure.
 */
import { msg, str } from '@lit/localize';
import { pageLanguageTag } from './language.ts';

export type Platform = 'windows' | 'mac' | 'linux' | 'chromeos' | 'android' | 'ios' | 'unknown';

/** Who looks at the page. */
export interface Viewer {
  /** `navigator.userAgent` */
  userAgent: string;
  /** `navigator.maxTouchPoints` */
  touchPoints: number;
  /** `isSecureContext`: without, no browser has serial ports. */
  isSecure: boolean;
}

interface Browser {
  name: string;
  /** First version, where many have an older one; null: everybody's has it since 2021. */
  from: number | null;
}

const CHROME = { name: 'Chrome', from: null };
const DESKTOP: readonly Browser[] = [
  CHROME,
  { name: 'Edge', from: null },
  { name: 'Opera', from: null },
  { name: 'Firefox', from: 151 },
];

const BROWSERS: Record<Platform, readonly Browser[]> = {
  windows: DESKTOP,
  mac: DESKTOP,
  linux: DESKTOP,
  chromeos: [CHROME],
  android: [{ name: 'Chrome', from: 138 }],
  ios: [],
  unknown: DESKTOP,
};

/** An iPad calls itself a Mac, with fingers; ChromeOS and Android name Linux as well. */
export function platformOf({ userAgent, touchPoints }: Viewer): Platform {
  const isMac = userAgent.includes('Macintosh');
  if (/iPhone|iPad|iPod/.test(userAgent) || (isMac && touchPoints > 1)) return 'ios';
  if (isMac) return 'mac';
  if (userAgent.includes('Android')) return 'android';
  if (userAgent.includes('CrOS')) return 'chromeos';
  if (userAgent.includes('Windows')) return 'windows';
  return userAgent.includes('Linux') ? 'linux' : 'unknown';
}

/** What to do in a browser without serial ports; sentences. */
export function serialAdvice(viewer: Viewer): string {
  if (!viewer.isSecure)
    return msg(
      'Browsers open USB to pages with https only. Ask whoever runs this server for its address with https.',
    );
  const platform = platformOf(viewer);
  const own = ownBrowser(viewer.userAgent, platform);
  if (own === null) return elsewhere(platform);
  const { name: browser, from } = own;
  if (from !== null && versionOf(viewer.userAgent, browser) < from)
    return msg(str`Update ${browser}: it can from version ${from} on.`);
  return msg(
    str`${browser} can, but here it is switched off. Update it, or ask whoever manages this device.`,
  );
}

function elsewhere(platform: Platform): string {
  const list = listOf(BROWSERS[platform]);
  const words: Record<Platform, () => string> = {
    windows: () => msg(str`On Windows open this page in ${list}.`),
    mac: () => msg(str`On a Mac open this page in ${list}.`),
    linux: () => msg(str`On Linux open this page in ${list}.`),
    chromeos: () => msg(str`On a Chromebook open this page in ${list}.`),
    android: () =>
      msg(str`On Android open this page in ${list} and plug the unit in with a USB-C data cable.`),
    ios: () =>
      msg(
        'No browser on an iPhone or iPad can. Take a computer, or an Android phone with Chrome and a USB-C data cable.',
      ),
    unknown: () => msg(str`On a computer open this page in ${list}.`),
  };
  return words[platform]();
}

function listOf(browsers: readonly Browser[]): string {
  const names = browsers.map(({ name: browser, from }) =>
    from === null ? browser : msg(str`${browser} (${from} or later)`),
  );
  return new Intl.ListFormat(pageLanguageTag(), { type: 'disjunction' }).format(names);
}

/** One of those that can on this platform; null: another. */
function ownBrowser(userAgent: string, platform: Platform): Browser | null {
  // Each Chromium names Chrome beside its own name; these have no serial ports.
  const isOther = /SamsungBrowser|EdgA|; wv\)|Vivaldi|DuckDuckGo|UCBrowser/.test(userAgent);
  const marks: readonly [RegExp, string][] = [
    [/ Edg\//, 'Edge'],
    [/ OPR\//, 'Opera'],
    [/ Firefox\//, 'Firefox'],
    [/ Chrome\//, 'Chrome'],
  ];
  const name = isOther ? null : marks.find(([mark]) => mark.test(userAgent))?.[1];
  return BROWSERS[platform].find((browser) => browser.name === name) ?? null;
}

function versionOf(userAgent: string, name: string): number {
  const version = new RegExp(` ${name}/(\\d+)`).exec(userAgent)?.[1];
  return version === undefined ? Number.POSITIVE_INFINITY : Number(version);
}
