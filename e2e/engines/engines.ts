/** The engines that the stories run in, and how each differs as far as people notice. */
import type { Engine, EngineName, Lacking } from './driver.ts';
import { lacksChromium, lacksFirefox, startChromium, startFirefox } from './puppeteer.ts';
import { lacksWebKit, startWebKit } from './webkit.ts';

export interface EngineKind {
  name: EngineName;
  lacking(): Lacking;
  start(): Promise<Engine>;
  /** Whether a unit on a cable can be reached. */
  hasSerial: boolean;
  /** Pixels: its window gets no narrower. */
  narrowest: number;
  /** Whether arrow keys go through a list that is closed; elsewhere they open it. */
  arrowsChoose: boolean;
}

export const ENGINES: readonly EngineKind[] = [
  {
    name: 'chromium',
    lacking: lacksChromium,
    start: startChromium,
    hasSerial: true,
    narrowest: 195,
    arrowsChoose: true,
  },
  {
    name: 'firefox',
    lacking: lacksFirefox,
    start: startFirefox,
    hasSerial: true,
    narrowest: 195,
    arrowsChoose: true,
  },
  {
    name: 'webkit',
    lacking: lacksWebKit,
    start: startWebKit,
    hasSerial: false,
    narrowest: 320,
    arrowsChoose: false,
  },
];
