/**
 * What DTR and RTS do to an ESP32-S3 on its own USB port: which sequence leads into download mode,
 * which into the app. Source: esptool `reset.py` (USBJTAGSerialReset, HardReset). Knows no port
 * beyond two lines, and nothing of what is said over it.
 */

/** The two lines, as Web Serial sets them. */
export interface Lines {
  setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void>;
  /** On time, also in a hidden tab: a reset that takes seconds is none. */
  wait(ms: number): Promise<void>;
}

type Step = { dtr: boolean } | { rts: boolean } | { wait: number };

/** One line at a time: from (DTR 1, RTS 0) to (0, 1) the chip must pass (1, 1), never (0, 0). */
const ENTER_DOWNLOAD: readonly Step[] = [
  { rts: false },
  { dtr: false },
  { wait: 100 },
  { dtr: true },
  { rts: false },
  { wait: 100 },
  { rts: true },
  { dtr: false },
  { rts: true },
  { wait: 100 },
  { rts: false },
  { dtr: false },
];

/** 200 ms each: over USB the reset line needs longer than on a bridge chip (esptool HardReset). */
const RUN_APP: readonly Step[] = [
  { dtr: false },
  { rts: true },
  { wait: 200 },
  { rts: false },
  { wait: 200 },
];

export const enterDownloadPattern = (lines: Lines): Promise<void> => play(lines, ENTER_DOWNLOAD);
export const runAppPattern = (lines: Lines): Promise<void> => play(lines, RUN_APP);

async function play(lines: Lines, steps: readonly Step[]): Promise<void> {
  let dtr = false;
  for (const step of steps) {
    if ('wait' in step) {
      await lines.wait(step.wait);
    } else if ('dtr' in step) {
      dtr = step.dtr;
      await lines.setSignals({ dataTerminalReady: dtr });
    } else {
      await lines.setSignals({ requestToSend: step.rts });
      // Windows' usbser.sys sends RTS only together with a write of DTR.
      await lines.setSignals({ dataTerminalReady: dtr });
    }
  }
}
