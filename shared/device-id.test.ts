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
  '-',
])('%j is not clear, and nothing is cut off to make it so', (typed) =>
  expect(readDeviceId(typed)).toBeNull(),
);
