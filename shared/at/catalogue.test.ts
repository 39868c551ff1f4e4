/** The catalogue has all that others say, once, in a form that its own grammar reads. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { AT_COMMANDS, commandNamed, completions, fixedPart, formOf } from './catalogue.ts';
import { decode } from './decode.ts';
import { isFinal, parseCommand } from './grammar.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('each command stands in it once', () => {
  const names = AT_COMMANDS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});

test('each form, filled in, is read as what it says it is', () => {
  for (const { name, forms } of AT_COMMANDS) {
    for (const { kind, syntax } of forms) {
      const line = syntax
        .replace(/\[.*?\]/g, '')
        .replace(/<(\d)[^>]*>/g, '$1')
        .replace(/<[^>]*>/g, '1');
      expect(parseCommand(line), syntax).toMatchObject({ name, kind });
    }
  }
});

test('what it gives as typical is understood, but for what names nobody', () => {
  const silent = ['', 'I', '+CGSN', '+CIMI', '+CCID', '+ICCID', 'E', '&F', '+CIPRXGET'];
  for (const { name, typical = '', forms } of AT_COMMANDS) {
    if (silent.includes(name)) continue;
    const isRead = forms[0]?.kind === 'read';
    for (const line of typical.split('\n')) expect(decode(line, name, isRead), line).not.toBeNull();
  }
});

test('the virtual modem and the firmware say no command that it does not have', () => {
  const virtual = ['commands-unit', 'commands-cell', 'commands-ip', 'commands-socket'].flatMap(
    (file) =>
      [...read(`firmware/virtual/modem/${file}.ts`).matchAll(/^ {2}(?:'(\+?\w*)'|([EI])): /gm)].map(
        ([, quoted, bare]) => quoted ?? bare ?? '',
      ),
  );
  expect(virtual.length).toBeGreaterThan(20);
  const unit = ['commands', 'tcp'].flatMap((file) =>
    [...read(`firmware/core/modem/${file}.cc`).matchAll(/add\("(AT[^"]*?)(?:\\"|")/g)].map(
      ([, line = '']) => parseCommand(line.replace(/,$/, ''))?.name,
    ),
  );
  expect(unit.length).toBeGreaterThan(15);
  const unknown = [...virtual, ...unit].filter((name) => !commandNamed(name ?? '?'));
  expect(unknown).toEqual([]);
});

test('what is typed is completed, and what is known of a call is found', () => {
  expect(completions('at+cse')).toEqual([]);
  expect(completions('at+cs').map(({ syntax }) => syntax)).toEqual(['AT+CSQ']);
  expect(completions('AT+CGD').map(({ syntax }) => syntax)).toEqual([
    'AT+CGDCONT?',
    'AT+CGDCONT=<cid>,"IP","<access point>"',
  ]);
  expect(completions('')).toEqual([]);
  expect(fixedPart('AT+CGDCONT=<cid>,"IP","<access point>"')).toBe('AT+CGDCONT=');
  expect(formOf(parseCommand('AT+CFUN=1,1') ?? { name: '?', kind: 'set' })?.danger).toBe(
    'interrupts',
  );
  expect(formOf({ name: '+CSQ', kind: 'set' })).toBeUndefined();
});

test('what ends an answer', () => {
  for (const line of ['OK', 'ERROR', '>', '+CME ERROR: 10', '+CMS ERROR: x']) {
    expect(isFinal(line), line).toBe(true);
  }
  for (const line of ['OKAY', '+CME', '+CSQ: 1,1', 'AT', 'SEND OK']) {
    expect(isFinal(line), line).toBe(false);
  }
});
