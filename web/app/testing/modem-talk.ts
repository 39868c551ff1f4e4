/** A virtual modem as what talks to modems sees it: its time runs while somebody waits. */
import type { TestUnit } from '../../../firmware/virtual/modem/testing/unit.ts';
import { isFinal } from '../../../shared/at/grammar.ts';
import type { ModemTalk } from '../diagnosis.ts';

const STEP_MS = 50;
/** The longest answer of the virtual modem, an attach that fails. */
const ANSWER_MS = 80_000;

export function modemTalk(unit: TestUnit): ModemTalk {
  return {
    async send(line) {
      unit.send(line, 0);
      for (let waited = 0; waited < ANSWER_MS; waited += STEP_MS) {
        unit.run(STEP_MS);
        const { lines } = unit;
        if (lines.some(isFinal)) return lines.filter((one) => one.trim() !== line);
        // Nothing at all for ten seconds is no answer.
        if (waited > 10_000 && lines.length === 0) return null;
      }
      return null;
    },
    async raw(text) {
      unit.write(text);
    },
    async hear(fits, ms) {
      for (let waited = 0; waited < ms; waited += STEP_MS) {
        // Others run the clock meanwhile: this one only looks.
        await Promise.resolve();
        const line = unit.lines.find(fits);
        if (line) return line;
        unit.run(STEP_MS);
      }
      return null;
    },
    async sleep(ms) {
      unit.run(ms);
    },
  };
}
