/**
 * The server's public settings, asked for once and shared by everyone who needs them. Knows neither
 * HTTP nor where the last answer is kept.
 */
import type { Settings } from '../../shared/contracts/portal.ts';

/** Asks the backend. Rejects with `unavailable` when it cannot be reached. */
export interface SettingsSource {
  settings(signal?: AbortSignal): Promise<Settings>;
}

/** The last settings this browser has seen, so that a bench without network knows its host. */
export interface SettingsStore {
  read(): Settings | null;
  write(settings: Settings): void;
}

/** One answer for the life of the page. A failure is not remembered: the next call asks again. */
export class SettingsLoader {
  readonly #source: SettingsSource;
  readonly #store: SettingsStore;
  #asked: Promise<Settings> | null = null;

  constructor(source: SettingsSource, store: SettingsStore) {
    this.#source = source;
    this.#store = store;
  }

  /**
   * The settings, from the backend or else as last seen.
   * Rejects with the source's error when neither is there.
   */
  get(): Promise<Settings> {
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  async #ask(): Promise<Settings> {
    try {
      const settings = await this.#source.settings();
      this.#store.write(settings);
      return settings;
    } catch (error) {
      this.#asked = null;
      const kept = this.#store.read();
      if (kept) return kept;
      throw error;
    }
  }
}
