/** The modem's page: what is typed, asked first, shown in words, masked, brought back. */
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { ConsoleItem } from '../../../shared/console/records.ts';
import { AtConsole, type AtUnit } from '../../app/at-console.ts';
import { DiagnosisRun } from '../../app/diagnosis-run.ts';
import { ObservableValue } from '../../app/observable.ts';
import { systemTime } from '../../app/system-time.ts';
import { NO_UNIT, type UnitState } from '../../app/unit-state.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './modem-page.ts';

const ANSWERS: Record<string, string[]> = {
  'AT+CSQ': ['+CSQ: 99,99', 'OK'],
  'AT+CIMI': ['+CEREG: 5', '310260123456789', 'OK'],
  'AT+CFUN=1,1': ['OK'],
  AT: ['OK'],
  'AT+CMEE=2': ['OK'],
  'AT+CFUN?': ['+CFUN: 4', 'OK'],
};

async function modem(role: 'installer' | 'owner' = 'installer', running = true) {
  const state = new ObservableValue<UnitState>(
    running ? { ...NO_UNIT, kind: 'usb', phase: 'running' } : NO_UNIT,
  );
  const sent: string[] = [];
  const asked: string[] = [];
  const world = { answer: true };
  let hear: (item: ConsoleItem) => void = () => {};
  const unit: AtUnit = {
    state,
    listen: (fn) => {
      hear = fn;
      return () => {};
    },
    sendRaw: async () => {},
    sendAt: async (line) => {
      sent.push(line);
      for (const one of ANSWERS[line] ?? ['ERROR']) hear({ kind: 'log', text: one });
      return null;
    },
  };
  const files: string[] = [];
  const off = { state: new ObservableValue({}), reload: async () => {} };
  const at = new AtConsole(unit, systemTime);
  const target = { apn: 'hologram', bands: '4', host: 'sensors.example.net', port: 80 };
  const parts = {
    ...{ unit, prepare: off, delivery: off, ports: { supported: true } },
    series: { state: new ObservableValue({ phase: 'off', units: [] }), end: () => {} },
    session: signedIn(role).session,
    settings: async () => ({ environment: 'production' }),
    locations: async () => ({ answer: [], asOf: null }),
    at,
    diagnosis: new DiagnosisRun(at, async () => target),
    ask: async ({ title }: { title: string }) => {
      asked.push(title);
      return world.answer;
    },
    save: (_name: string, content: string) => void files.push(content),
  };
  const element = await mount('jb-modem-page', { parts: parts as never });
  await settled(element);
  return { element, sent, asked, world, files };
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const line = () => page.getByLabelText('Command', { exact: true });

async function send(words: string): Promise<void> {
  await line().fill(words);
  await button('Send').click();
}

test('an answer stands there as it came, and in words', async () => {
  const { element, sent } = await modem();
  await button('AT+CSQ').click();
  await settled(element);
  expect(sent).toEqual(['AT+CSQ']);
  const log = page.getByRole('log');
  await expect.element(log).toHaveTextContent('+CSQ: 99,99');
  await expect.element(log).toHaveTextContent('No signal');
});

test('what names the subscriber is masked until somebody asks; a file never has it', async () => {
  const { files } = await modem();
  await send('AT+CIMI');
  const log = page.getByRole('log');
  await expect.element(log).toHaveTextContent('•••••••••••6789');
  await expect.element(log).toHaveTextContent('unasked: +CEREG: 5');
  await expect.element(log).not.toHaveTextContent('310260');
  await page.getByLabelText('Show the numbers of modem, SIM and subscriber').click();
  await expect.element(log).toHaveTextContent('310260123456789');
  await button('Save as text').click();
  await button('Save as JSON').click();
  await expect.poll(() => files.length).toBe(2);
  expect(files.join()).not.toContain('310260');
  expect(files.join()).toContain('•6789');
});

test('what may cost the link is asked first, and not sent without a yes', async () => {
  const { sent, asked, world } = await modem();
  world.answer = false;
  await send('AT+CFUN=1,1');
  await expect.poll(() => asked).toEqual(['Send AT+CFUN=1,1 to the modem?']);
  expect(sent).toEqual([]);
  world.answer = true;
  await button('Send').click();
  await expect.poll(() => sent).toEqual(['AT+CFUN=1,1']);
});

test('while it is typed, what a command is for and how it is written', async () => {
  const { element } = await modem();
  await line().fill('AT+CPIN=');
  expect(text(element)).toContain('Whether the SIM is there and ready. AT+CPIN=<pin>');
  await line().fill('AT+WHAT');
  expect(text(element)).toContain('It is sent as it is.');
});

test('by the keyboard alone: what was sent comes back by the arrows', async () => {
  const { sent } = await modem();
  await line().click();
  for (const words of ['AT+CSQ', 'AT+CIMI']) {
    await userEvent.keyboard(`${words}{Enter}`);
    await expect.poll(() => sent.at(-1)).toBe(words);
  }
  await userEvent.keyboard('{ArrowUp}{ArrowUp}');
  await expect.element(line()).toHaveValue('AT+CSQ');
  await userEvent.keyboard('{ArrowDown}{Enter}');
  await expect.poll(() => sent).toEqual(['AT+CSQ', 'AT+CIMI', 'AT+CIMI']);
});

test('why it is not online: found, said, and put into a file for support', async () => {
  const { element, files, sent } = await modem();
  await button('Find out').click();
  await expect.element(page.getByText('The modem’s radio is off.')).toBeVisible();
  expect(text(element)).toContain('Does the modem answer? yes');
  await button('Save a report for support').click();
  await expect.poll(() => files.join()).toContain('FAULT radio: radio_off');
  sent.length = 0;
  await button('Do this, then look again').click();
  await expect.poll(() => sent).toContain('AT+CFUN=1');
  await button('Stop').click();
});

test('a script runs to where it does not go as it says; what costs the link is asked', async () => {
  const { element, sent, asked, world } = await modem();
  await page.getByText('Run a script').click();
  const script = page.getByLabelText('Commands, a line each');
  await script.fill('AT+CSQ\nexpect +CSQ: 99\nAT+CFUN?\nexpect +CFUN: 1 within 0 s');
  await button('Run').click();
  await expect.poll(() => text(element)).toContain('At line 4 the modem never said “+CFUN: 1”.');
  expect(sent).toEqual(['AT+CSQ', 'AT+CFUN?']);
  world.answer = false;
  await script.fill('AT+CFUN=1,1');
  await button('Run').click();
  await expect.poll(() => asked).toEqual(['This script may cost the link. Run it?']);
  await script.fill('wait forever');
  await button('Run').click();
  await expect.poll(() => text(element)).toContain('Line 1 is not understood.');
  expect(text(element)).toContain('Write it like “wait 5 s”');
  expect(sent).toHaveLength(2);
});

test('an owner is told that it is for installers; without a unit there is no line', async () => {
  const owners = await modem('owner');
  expect(text(owners.element)).toMatch(/^For installers/);
  owners.element.remove();
  const { element } = await modem('installer', false);
  await expect.element(button('Connect a unit')).toBeVisible();
  expect(element.renderRoot.querySelector('#line')).toBeNull();
});
