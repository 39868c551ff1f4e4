/**
 * Each fault of a modem, brought about on the virtual one in virtual time: found as just that, and
 * mended by what is proposed for it.
 */
import { describe, expect, test } from 'vitest';
import { TestUnit } from '../../firmware/virtual/modem/testing/unit.ts';
import { ScriptedNetwork } from '../../firmware/virtual/network/testing/scripted-network.ts';
import { CHECK_IDS, canMend, diagnose, type Fault, mend } from './diagnosis.ts';
import { modemTalk } from './testing/modem-talk.ts';

const TARGET = { apn: 'hologram', bands: '2,4,12', host: 'sensors.example.net', port: 80 };
const ADDRESS = `${TARGET.host}:${TARGET.port}`;

/** A modem that is online, its backend there, unless the network is another. */
function online(network = new ScriptedNetwork({ [ADDRESS]: 'accept' })): TestUnit {
  return new TestUnit({ apn: null }, network).online();
}

const restart = (unit: TestUnit) => {
  unit.send('AT+CFUN=1,1', 6000);
  unit.send('ATE0');
};

/** How it is brought about, and the check that finds it. */
const FAULTS: readonly [Fault, () => TestUnit][] = [
  [
    'silent',
    () => {
      const unit = online();
      unit.modem.failStep(1);
      return unit;
    },
  ],
  [
    'data_mode',
    () => {
      const unit = online().connect(TARGET.host, TARGET.port);
      // Its prompt has come, and nobody knows of it any more.
      unit.send('AT+CIPSEND=0,1400');
      return unit;
    },
  ],
  [
    'radio_off',
    () => {
      const unit = online();
      unit.send('AT+CFUN=4', 1000);
      return unit;
    },
  ],
  ...(['missing', 'busy', 'pin'] as const).map((sim): [Fault, () => TestUnit] => [
    `sim_${sim}`,
    () => {
      const unit = online();
      unit.modem.setSim(sim);
      return unit;
    },
  ]),
  [
    'wrong_bands',
    () => {
      const unit = online();
      unit.send('AT+QCBAND=0,20,28', 1000);
      restart(unit);
      return unit;
    },
  ],
  [
    'no_signal',
    () => {
      const unit = online();
      unit.modem.setSignal(99);
      return unit;
    },
  ],
  [
    'power_saving',
    () => {
      const unit = online();
      unit.send('AT+CPSMS=1');
      return unit;
    },
  ],
  [
    'operator_by_hand',
    () => {
      const unit = online();
      unit.send('AT+COPS=1,2,"26201",9', 2000);
      return unit;
    },
  ],
  [
    'denied',
    () => {
      const unit = online();
      unit.modem.setRegistration('denied');
      return unit.run(20_000);
    },
  ],
  [
    'searching',
    () => {
      const unit = online();
      unit.modem.setRegistration('searching');
      return unit;
    },
  ],
  [
    'wrong_access_point',
    () => {
      const unit = online();
      unit.send('AT+NETCLOSE', 4000);
      unit.send('AT+CGDCONT=0,"IP","internet"');
      return unit;
    },
  ],
  [
    'net_closed',
    () => {
      const unit = online();
      unit.send('AT+NETCLOSE', 4000);
      return unit;
    },
  ],
  ['backend_down', () => online(new ScriptedNetwork({ [ADDRESS]: 'refused' }))],
];

describe('a modem that is online has no fault', () => {
  test('every check is made, and each stands on what the modem said', async () => {
    const findings = await diagnose(modemTalk(online()), TARGET);
    expect(findings.map(({ check, fault }) => [check, fault])).toEqual(
      CHECK_IDS.map((check) => [check, null]),
    );
    for (const { check, said } of findings) expect(said.length, check).toBeGreaterThan(0);
  });

  test('also while lines that nobody asked for come in between, in pieces', async () => {
    const unit = online();
    unit.modem.setUrcInterval(300);
    unit.modem.setPieces(1, 1);
    const findings = await diagnose(modemTalk(unit), TARGET);
    expect(findings.at(-1)).toMatchObject({ check: 'backend', fault: null });
  });
});

/** What only a hand can mend, done by it. */
const BY_HAND: Partial<Record<Fault, (unit: TestUnit) => void>> = {
  silent: (unit) => unit.modem.failStep(null),
  sim_missing: (unit) => unit.modem.setSim('ready'),
  sim_pin: (unit) => unit.send('AT+CPIN="1111"', 1000),
  no_signal: (unit) => unit.modem.setSignal(18),
  denied: (unit) => unit.modem.setRegistration('roaming'),
};
/** What goes on by itself once the modem was restarted, as it does in the field. */
const OUTSIDE: Partial<Record<Fault, (unit: TestUnit) => void>> = {
  sim_busy: (unit) => unit.modem.setSim('ready'),
  searching: (unit) => unit.modem.setRegistration('roaming'),
};

test.each(FAULTS)('%s is found as just that, and mended', async (fault, make) => {
  const unit = make();
  const talk = modemTalk(unit);
  const findings = await diagnose(talk, TARGET);
  expect(findings.at(-1)?.fault).toBe(fault);
  expect(findings.filter((one) => one.fault !== null)).toHaveLength(1);
  if (fault === 'backend_down') return; // nothing on the unit mends a server
  BY_HAND[fault]?.(unit);
  OUTSIDE[fault]?.(unit);
  const at = findings.at(-1)?.check ?? 'answers';
  if (canMend(fault)) await mend(talk, fault, TARGET);
  else unit.run(20_000);
  // Of this check nothing is wrong any more; a restart may have closed what comes after it.
  const after = await diagnose(talk, TARGET);
  expect(after.find(({ check }) => check === at)).toMatchObject({ fault: null });
  // One mend after the other leads to a modem that is online.
  let last = after.at(-1);
  for (let round = 0; last?.fault && canMend(last.fault) && round < 5; round += 1) {
    await mend(talk, last.fault, TARGET);
    last = (await diagnose(talk, TARGET)).at(-1);
  }
  expect(last).toMatchObject({ check: 'backend', fault: null });
});

test('it can be stopped between two checks', async () => {
  const stop = new AbortController();
  const findings = await diagnose(modemTalk(online()), TARGET, () => stop.abort(), stop.signal);
  expect(findings).toHaveLength(1);
});
