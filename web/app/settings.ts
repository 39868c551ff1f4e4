/**
 * The server's public settings, asked for once and shared by everyone who needs them. Knows neither
 * HTTP nor where the last answer is kept.
 */
import type { Settings } from '../../shared/contracts/portal.ts';

/** Where the server's settings come from. Rejects with `unavailable` when it cannot be reached. */
export interface SettingsPortal {
  settings(signal?: AbortSignal): Promise<Settings>;
}

/** The last settings this browser has seen, so that a bench without network knows its host. */
export interface SettingsStore {
  read(): Settings | null;
  write(settings: Settings): void;
}

/** One answer for the life of the page. A failure is not remembered: the next call asks again. */
export class SettingsLoader {
  readonly #portal: SettingsPortal;
  readonly #store: SettingsStore;
  #asked: Promise<Settings> | null = null;

  constructor(portal: SettingsPortal, store: SettingsStore) {
    this.#portal = portal;
    this.#store = store;
  }

  /**
   * The settings, from the backend or else as last seen.
   * Rejects with the portal's error when neither is there.
   */
  get(): Promise<Settings> {
    this.#asked ??= this.#ask();
    return this.#asked;
  }

  async #ask(): Promise<Settings> {
    try {
      const settings = await this.#portal.settings();
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
