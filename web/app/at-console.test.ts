/** The virtual modem behind a firmware that only passes on what page and modem say. */
import { describe, expect, test } from 'vitest';
import { TestUnit } from '../../firmware/virtual/modem/testing/unit.ts';
import type { ConsoleItem } from '../../shared/console/records.ts';
import { AtConsole, type AtUnit, ENTRIES_MAX } from './at-console.ts';
import { ObservableValue } from './observable.ts';
import { systemTime } from './system-time.ts';
import { NO_UNIT } from './unit-state.ts';

const facts = ({ state }: AtConsole) => state.value.entries.flatMap((entry) => entry.facts ?? []);

/** A firmware without records: what the page writes goes to the modem, and back as it comes. */
class PassThrough implements AtUnit {
  readonly state = new ObservableValue(NO_UNIT);
  readonly modem = new TestUnit().ready();
  /** What else is said before the answer. */
  before: string[] = [];
  isSilent = false;
  #listener: (item: ConsoleItem) => void = () => {};

  listen(fn: (item: ConsoleItem) => void): () => void {
    this.#listener = fn;
    return () => {};
  }

  async sendRaw(): Promise<void> {}

  async sendAt(line: string): Promise<null> {
    const lines = [...this.before, ...this.modem.send(line, 3000)];
    if (!this.isSilent) for (const text of lines) this.say(text);
    return null;
  }

  say(text: string): void {
    this.#listener({ kind: 'log', text });
  }
}

/** Nobody waits as long as a modem may take. */
const impatient = {
  ...systemTime,
  sleep: (ms: number, signal?: AbortSignal) => systemTime.sleep(ms > 5000 ? 50 : ms, signal),
};

describe('through a firmware that passes everything on', () => {
  test('the echo is what was sent; the firmware’s own log is no answer', async () => {
    const unit = new PassThrough();
    unit.before = ['I (1234) app: alive', '+CEREG: 5'];
    const at = new AtConsole(unit, systemTime);
    expect(await at.send('AT+CSQ')).toEqual(['+CSQ: 18,99', 'OK']);
    expect(at.state.value.entries.map(({ kind, line }) => [kind, line])).toEqual([
      ['sent', 'AT+CSQ'],
      ['unasked', '+CEREG: 5'],
      ['answer', '+CSQ: 18,99'],
      ['final', 'OK'],
    ]);
  });

  test('who the subscriber is, is known by what was asked', async () => {
    const at = new AtConsole(new PassThrough(), systemTime);
    await at.send('at+cimi');
    expect(facts(at)).toEqual([expect.objectContaining({ is: 'identity', of: 'imsi' })]);
  });

  test('nothing that answers is said as that, and the next line can be sent', async () => {
    const unit = new PassThrough();
    unit.isSilent = true;
    const at = new AtConsole(unit, impatient);
    expect(await at.send('AT')).toBeNull();
    expect(at.state.value.entries.at(-1)).toMatchObject({
      kind: 'trouble',
      line: expect.stringContaining('Nothing answered.'),
    });
    unit.isSilent = false;
    expect(await at.send('AT')).toEqual(['OK']);
  });

  test('lines by the thousand: the oldest go, and it is said how many', () => {
    const unit = new PassThrough();
    const at = new AtConsole(unit, systemTime);
    for (let i = 0; i < ENTRIES_MAX + 20; i += 1) unit.say(`+CGEV: ${i}`);
    expect(at.state.value.entries).toHaveLength(ENTRIES_MAX);
    expect(at.state.value.dropped).toBe(20);
    expect(at.state.value.entries.at(-1)?.line).toBe(`+CGEV: ${ENTRIES_MAX + 19}`);
    at.clear();
    expect(at.state.value).toMatchObject({ entries: [], dropped: 0 });
  });
});

test('what a modem cannot read is not sent; a PIN is not remembered', async () => {
  const unit = new PassThrough();
  const at = new AtConsole(unit, systemTime);
  expect(await at.send('   ')).toBeNull();
  expect(await at.send(`AT+X="${'x'.repeat(300)}"`)).toBeNull();
  expect(await at.send('AT+CGDCONT=0,"IP","café"')).toBeNull();
  expect(at.state.value.entries.map(({ kind }) => kind)).toEqual(['trouble', 'trouble']);
  await at.send('AT+CPIN="1111"');
  await at.send('AT+CSQ');
  await at.send('AT');
  await at.send('AT+CSQ');
  const sent = at.state.value.history.filter((line) => line.length < 20);
  expect(sent).toEqual(['AT', 'AT+CSQ']);
});
