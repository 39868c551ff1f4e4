/**
 * What to try when a bring-up step fails, from the step and the modem's own words. Facts: the
 * SIM7028 manual and what units in the field have taught (docs/formats/virtual-modem.md). Knows no
 * unit.
 */

import { msg, str } from '@lit/localize';

interface Rule {
  /** Steps it concerns; empty = any. */
  steps: readonly number[];
  said: RegExp | ((said: string) => boolean);
  advice: () => string;
}

/** stat of `+CEREG: n,stat,…` or of the unsolicited `+CEREG: stat,"tac",…`; −1 when neither. */
function registration(said: string): number {
  const fields = /^\+CEREG: *(\d{1,2})(?: *, *(\d{1,2}))? *(?:,|$)/.exec(said);
  return Number(fields?.[2] ?? fields?.[1] ?? -1);
}

/** First match wins: exact words before the step's general advice. */
const RULES: readonly Rule[] = [
  {
    steps: [],
    said: /POWER DOWN$|^(?:UNDER|OVER)-VOLTAGE/i,
    advice: () =>
      msg(
        'The modem switched itself off or is about to: its supply is too weak. Plug the unit into another USB port or a charger of its own, with a short cable, then try again.',
      ),
  },
  {
    steps: [3],
    said: /^\+CPIN: *"?SIM PUK|^\+CME ERROR: *(1[28]|SIM PUK2? required)$/i,
    advice: () =>
      msg(
        'The SIM is blocked after too many wrong PINs. Ask the SIM’s provider for its PUK, or put in another SIM.',
      ),
  },
  {
    steps: [3],
    said: /^\+CPIN: *"?PH-|^\+CME ERROR: *([567]|4[0-7]|PH-.*|.* personalization .* required)$/i,
    advice: () =>
      msg(
        'The SIM works only in certain devices or networks, and this modem is none of them. Put in another SIM.',
      ),
  },
  {
    steps: [3],
    said: /^\+CPIN: *"?(SIM PIN|SIM PIN2)"?$|^\+CME ERROR: *(1[17]|SIM PIN2? required)$/i,
    advice: () =>
      msg('The SIM is locked by a PIN. Put it into a phone, switch the PIN off, put it back.'),
  },
  {
    steps: [3],
    said: /^\+CPIN: *"?(?:NOT READY|SIM BUSY)"?$|^\+CME ERROR: *(14|SIM busy)$/i,
    advice: () =>
      msg(
        'The SIM was still busy after half a minute. Unplug the unit for ten seconds, then try again. If it stays like this, put in another SIM.',
      ),
  },
  {
    steps: [3],
    said: (said) =>
      /^\+CPIN: *"?SIM (?:FAILURE|ERROR|WRONG)"?$/i.test(said) ||
      /^\+CME ERROR: *(1[35]|SIM failure|SIM wrong)$/i.test(said),
    advice: () =>
      msg(
        'The SIM is there but does not work. Take it out, wipe its contacts, put it back; if that does not help, put in another SIM.',
      ),
  },
  {
    steps: [3],
    said: (said) =>
      /^\+CPIN: *"?((?:SIM )?NOT INSERTED|SIM REMOVED)"?$/i.test(said) ||
      /^\+CME ERROR: *(10|SIM not inserted)$/i.test(said),
    advice: () =>
      msg(
        'The modem sees no SIM. Unplug the unit, push the SIM in until it clicks (contacts down, notch first), then try again.',
      ),
  },
  {
    steps: [7, 10],
    said: (said) => registration(said) === 3 || /denied|not allowed/i.test(said),
    advice: () =>
      msg(
        'The network refuses this SIM. Look whether it is activated and whether its plan allows NB-IoT and roaming.',
      ),
  },
  {
    steps: [7],
    said: (said) => [0, 2, 4].includes(registration(said)) || /searching/i.test(said),
    advice: () =>
      msg(
        'No network found. Screw the antenna tight, move the unit to a window, wait up to 3 minutes and try again.',
      ),
  },
  {
    steps: [],
    said: /^\+CSQ: *99\b/,
    advice: () => msg('No signal. Screw the antenna tight and move the unit to a window.'),
  },
];

const powerCycle = () => msg('Unplug the unit for ten seconds, then try again.');

const GENERAL: Record<number, () => string> = {
  1: () =>
    msg(
      'The modem does not answer. Push the unit firmly onto its DTU base, check that the base has power, then try again.',
    ),
  2: () => msg(str`The modem answers but refuses a plain command. ${powerCycle()}`),
  3: () => msg('Check that a SIM is in, the right way round, and not locked by a PIN.'),
  4: () =>
    msg('The bands could not be locked. The unit still works; finding the network takes longer.'),
  5: () => msg(str`The modem did not restart. ${powerCycle()}`),
  6: () => msg(str`The modem did not come back after its restart. ${powerCycle()}`),
  7: () =>
    msg(
      'No registration in five minutes. Screw the antenna tight, move the unit to a window, check that the SIM is activated, then try again.',
    ),
  8: () =>
    msg('The old IP stack did not close. The unit goes on; try again if a later step fails.'),
  9: () => msg(str`The modem refused the access point (APN) of the settings. ${powerCycle()}`),
  10: () => msg('The network did not let the unit attach. Look at the SIM’s plan, then try again.'),
  11: () =>
    msg(
      str`The connection to the network did not open. ${powerCycle()} If it stays like this, ask an administrator whether the access point (APN) in the settings is the SIM’s.`,
    ),
  12: () =>
    msg(
      'The unit got no address. Try again; if it stays like this, ask an administrator whether the access point (APN) in the settings is the SIM’s.',
    ),
};

/**
 * What to try.
 * @param step 1 … 12
 * @param said the modem's last words, may be empty
 */
export function bringupAdvice(step: number, said: string): string {
  const rule = RULES.find(
    (r) =>
      (r.steps.length === 0 || r.steps.includes(step)) &&
      (typeof r.said === 'function' ? r.said(said) : r.said.test(said)),
  );
  return (rule?.advice ?? GENERAL[step] ?? powerCycle)();
}
