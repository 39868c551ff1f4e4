/**
 * A person at a browser window, whichever engine it is: presses what is called so, types, chooses,
 * reads. Waits as people do, and says what was on the page when it waited in vain. Knows no page.
 */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Key } from './driver.ts';
import {
  areChartsWide,
  type Found,
  focused,
  keptByBrowser,
  locate,
  readAll,
  textOf,
  tooWide,
} from './in-page.ts';

/** Two busy cores, and the slowest engine. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 50;
/** Of a page in a message. */
const PAGE_CHARS = 2000;

type Action = Parameters<typeof locate>[1];
const NOTHING: Action = { do: 'nothing' };

export class Visit {
  readonly #engine: Engine;
  readonly #origin: string;

  constructor(engine: Engine, origin: string) {
    this.#engine = engine;
    this.#origin = origin;
  }

  open(path: string): Promise<void> {
    return this.#engine.window.open(this.#origin + path);
  }

  async reload(): Promise<void> {
    await this.open(await this.run(() => location.pathname + location.search));
  }

  get run(): Engine['window']['run'] {
    const { window } = this.#engine;
    return window.run.bind(window);
  }

  async press(name: string, role = 'button'): Promise<void> {
    await this.#engine.window.click(await this.#free(role, name));
  }

  /** In the place of what stands there. */
  async fill(name: string, text: string): Promise<void> {
    const { window } = this.#engine;
    await window.click(await this.#free('textbox', name));
    await this.#until(`a field “${name}” with the focus`, async () => {
      return (await this.focused()) === name || null;
    });
    await window.run(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      (at as HTMLInputElement).select();
    });
    await window.type(text);
  }

  key(key: Key): Promise<void> {
    return this.#engine.window.type({ key });
  }

  /** From a list. Engines draw it themselves, outside the page; so nothing is clicked. */
  async choose(name: string, option: string): Promise<void> {
    await this.#at('combobox', name, { do: 'choose', value: option });
  }

  /** The same of the calendar. @param date as YYYY-MM-DD */
  async pick(name: string, date: string): Promise<void> {
    await this.#at('date', name, { do: 'date', value: date });
  }

  async focus(role: string, name: string): Promise<void> {
    await this.#until(`${role} “${name}” to keep the focus`, async () => {
      await this.run(locate, { role, name }, { do: 'focus', value: '' });
      return (await this.focused()) === name || null;
    });
  }

  focused(): Promise<string> {
    return this.run(focused);
  }

  /** Waits until all of these stand on the page at once. */
  async reads(...texts: (string | RegExp)[]): Promise<void> {
    await this.#until(`to read ${texts.join(' and ')}`, async () => {
      const page = await this.run(readAll);
      const isThere = (text: string | RegExp) =>
        typeof text === 'string' ? page.includes(text) : text.test(page);
      return texts.every(isThere) || null;
    });
  }

  async readsNot(text: string): Promise<void> {
    await this.#until(`not to read ${text}`, async () => {
      return !(await this.run(readAll)).includes(text) || null;
    });
  }

  /** Waits until what has this test id says it. @returns what it says */
  async says(testId: string, text: RegExp): Promise<string> {
    return await this.#until(`${testId} to say ${text}`, async () => {
      const said = await this.run(textOf, testId);
      return said !== null && text.test(said) ? said : null;
    });
  }

  async hasNo(role: string, name: string): Promise<boolean> {
    return (await this.run(locate, { role, name }, NOTHING)) === null;
  }

  async isDisabled(role: string, name: string): Promise<boolean> {
    return (await this.#at(role, name)).isDisabled;
  }

  keptByBrowser(): Promise<void> {
    return this.run(keptByBrowser);
  }

  /** @returns the text of a file that was downloaded, once it is whole; takes it away */
  async downloaded(name: RegExp): Promise<string> {
    const { downloads } = this.#engine;
    return await this.#until(`a file ${name}`, async () => {
      const file = readdirSync(downloads).find((one) => name.test(one));
      const text = file ? readFileSync(join(downloads, file), 'utf8') : '';
      if (!file || text === '') return null;
      rmSync(join(downloads, file));
      return text;
    });
  }

  /** In a window so wide. @returns by how many pixels the page is wider */
  async tooWideAt(width: number, height: number): Promise<number> {
    await this.#engine.window.resize(width, height);
    return await this.run(tooWide);
  }

  /** In a window of this size, once what is drawn has taken to it. */
  async picture(width: number, height: number): Promise<Uint8Array> {
    const { window } = this.#engine;
    await window.resize(width, height);
    await this.#until(`charts as wide as their place in a window of ${width}`, async () => {
      return (await this.run(areChartsWide)) || null;
    });
    return await window.picture();
  }

  /** Where it can be clicked: seen, uncovered, at rest. */
  async #free(role: string, name: string): Promise<Found> {
    let before: Found | null = null;
    return await this.#until(`a free ${role} “${name}”`, async () => {
      const at = await this.run(locate, { role, name }, NOTHING);
      const isAtRest = at && before && at.x === before.x && at.y === before.y;
      before = at;
      return at && isAtRest && !at.isCovered ? at : null;
    });
  }

  #at(role: string, name: string, action = NOTHING): Promise<Found> {
    const look = () => this.run(locate, { role, name }, action);
    return this.#until(`a ${role} “${name}”`, look);
  }

  async #until<T>(wanted: string, look: () => Promise<T | null>): Promise<T> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      // while a page gives way to the next there is nothing to look at
      const found = await look().catch(() => null);
      if (found !== null) return found;
      await new Promise((next) => setTimeout(next, LOOK_MS));
    }
    const page = (await this.run(readAll).catch(String)).slice(0, PAGE_CHARS);
    throw new Error(`waited ${PATIENCE_MS} ms in vain for ${wanted}; the page says\n${page}`);
  }
}
