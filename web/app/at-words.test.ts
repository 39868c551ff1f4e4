import { expect, test } from 'vitest';
import { AT_COMMANDS } from '../../shared/at/catalogue.ts';
import { decode } from '../../shared/at/decode.ts';
import { factWords, purpose } from './at-words.ts';

test('each command of the catalogue has its purpose, and no other', () => {
  for (const { name } of AT_COMMANDS) expect(purpose(name), name).toMatch(/[.?]$/);
  expect(purpose('+WHAT')).toBeNull();
});

test('each fact of a typical answer is said in words', () => {
  const said = AT_COMMANDS.flatMap(({ name, typical = '', forms }) =>
    typical.split('\n').flatMap((line) => decode(line, name, forms[0]?.kind === 'read') ?? []),
  );
  expect(said.length).toBeGreaterThan(20);
  for (const fact of said) expect(factWords(fact)).toMatch(/^\S.{4,}/);
});

test.each([
  ['+CSQ: 99,99', 'No signal'],
  ['+CSQ: 18,99', 'Signal: good, −77 dBm'],
  ['+CEREG: 0,3', 'The network refuses this SIM'],
  ['+CIPOPEN: 0,11', 'Connection 0 failed: the server’s name is not known'],
  ['+CME ERROR: 14', 'Refused: SIM busy (number 14)'],
  ['+CIPSEND: 0,40,-1', 'Nothing was sent: the connection broke'],
])('%s: %s', (line, words) => {
  expect((decode(line) ?? []).map(factWords)).toEqual([words]);
});
