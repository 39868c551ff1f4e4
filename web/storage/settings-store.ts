/** The last settings in localStorage, checked again when read. Public data; knows no backend. */
import * as v from 'valibot';
import { Settings } from '../../shared/contracts/portal.ts';
import type { SettingsStore } from '../app/settings.ts';

const KEY = 'jambench-settings';

/** {@link SettingsStore} on `localStorage`; a browser that refuses it only forgets sooner. */
export function localSettings(storage: Storage): SettingsStore {
  return {
    read() {
      try {
        const kept = v.safeParse(Settings, JSON.parse(storage.getItem(KEY) ?? 'null'));
        return kept.success ? kept.output : null;
      } catch {
        return null;
      }
    },
    write(settings) {
      try {
        storage.setItem(KEY, JSON.stringify(settings));
      } catch {
        // full or refused: asked again next time
      }
    },
  };
}
