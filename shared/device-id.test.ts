import { expect, test } from 'vitest';
import { readDeviceId } from './device-id.ts';

test.each([
  'JBNB0042',
  'jbnb0042',
  ' JBNB0042\n',
  'JBNB 0042',
  'JBNB-0042',
  'JBNB–0042',
  'J B N B 0 0 4 2',
  'jbnb_0042',
  '0042',
  '42',
  ' 42 ',
  'ＪＢＮＢ００４２',
  '\uFEFFJBNB0042',
  '\u200EJBNB0042\u200F', // as chats copy it
  'JBNB\u00AD0042',
  'JB\u2060NB\u200D0042',
  'JBNB\u22120042',
  'JBNB0042\0',
  '"JBNB0042"',
  '“JBNB0042”,',
  '[JBNB0042];',
  'ID: JBNB0042',
  'Device ID: jbnb 0042',
  'S/N:JBNB0042\r\n',
  'Serial No. 0042',
  '#42',
  'HTTPS://BENCH.EXAMPLE.NET/ACTIVATE/JBNB0042/',
  'https://bench.example.net/activate/JBNB0042',
  'https://bench.example.net/activate/jbnb0042?x=1#abcdefghijklmnopqrstuv',
])('%j is JBNB0042', (typed) => expect(readDeviceId(typed)).toBe('JBNB0042'));

test.each([
  '',
  ' ',
  'JBNB',
  'JBNB42', // cut: two digits are missing, and which cannot be known
  'JBNB00421',
  '00421',
  'JBNX0042',
  'JBNB004A',
  'JBNB0042 JBNB0043',
  'JBNB0042,JBNB0043',
  'JBNB0042;1',
  'IDJBNB0042',
  'no 0042 here',
  'https://bench.example.net/unit/JBNB0042',
  '-',
])('%j is not clear, and nothing is cut off to make it so', (typed) =>
  expect(readDeviceId(typed)).toBeNull(),
);
