/** Scripts on the virtual modem, in virtual time. */
import { expect, test } from 'vitest';
import { TestUnit } from '../../firmware/virtual/modem/testing/unit.ts';
import { AppError } from '../../shared/errors.ts';
import { dangersOf, parseScript, runScript } from './at-script.ts';
import { modemTalk } from './testing/modem-talk.ts';

const run = (unit: TestUnit, text: string, stop = new AbortController().signal) => {
  const at: number[] = [];
  return runScript(modemTalk(unit), parseScript(text), (line) => at.push(line), stop).then(
    (end) => ({ end, at }),
  );
};

test('commands, waits, expectations and repetitions are done line by line', async () => {
  const unit = new TestUnit().ready();
  const { end, at } = await run(
    unit,
    `# bring it up
AT
expect OK

AT+CGDCONT=0,"IP","hologram"
wait 200 ms
repeat AT+CEREG? until +CEREG: 0,5 every 2 s at most 20 times
AT+NETOPEN
expect +NETOPEN: 0 within 30 s
AT+IPADDR
expect +IPADDR: 10.`,
  );
  expect(end).toEqual({ result: 'done' });
  expect(at).toEqual([2, 3, 5, 6, 7, 8, 9, 10, 11]);
});

test('what does not come is said with its line', async () => {
  const unit = new TestUnit().ready();
  expect((await run(unit, 'AT+CSQ\nexpect +CSQ: 31 within 1 s')).end).toEqual({
    ...{ result: 'unexpected', line: 2, wanted: '+CSQ: 31' },
  });
  unit.modem.setRegistration('searching');
  const never = 'repeat AT+CEREG? until 0,5 every 1 s at most 3 times';
  expect((await run(unit, never)).end).toMatchObject({ result: 'unexpected', line: 1 });
  unit.modem.failStep(1);
  expect((await run(unit, 'AT')).end).toEqual({ result: 'silent', line: 1 });
});

test('it is stopped in the middle of a wait', async () => {
  const stop = new AbortController();
  const unit = new TestUnit().ready();
  const talk = modemTalk(unit);
  const steps = parseScript('wait 600 s\nAT+CFUN=1,1');
  const slow = { ...talk, sleep: async () => stop.abort() };
  expect(await runScript(slow, steps, () => {}, stop.signal)).toEqual({
    ...{ result: 'stopped', line: 2 },
  });
});

test.each([
  ['wait', 'wait 5 s'],
  ['wait long', 'wait 5 s'],
  ['wait 9999 s', '600 seconds'],
  ['expect', 'expect OK'],
  ['repeat AT', 'repeat AT+CEREG?'],
  ['repeat AT until OK at most 0 times', 'repeat AT+CEREG?'],
])('“%s” is refused with its line, and how it is written', (line, how) => {
  const refused = () => parseScript(`AT\n${line}`);
  expect(refused).toThrow('Line 2');
  try {
    refused();
  } catch (error) {
    expect((error as AppError).hint).toContain(how);
  }
});

test('a file is no script; dangers are known before it begins', () => {
  expect(() => parseScript('AT\n'.repeat(501))).toThrow(AppError);
  const steps = parseScript('AT+CSQ\nAT+CFUN=1,1\nrepeat AT+CGATT=1 until OK');
  expect(dangersOf(steps)).toEqual(['AT+CFUN=1,1', 'AT+CGATT=1']);
});
