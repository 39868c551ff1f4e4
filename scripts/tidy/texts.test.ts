/** Names in sentences of the page: found where nothing keeps them apart. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are sources of a page
import { expect, test } from 'vitest';
import { file, found } from './testing/found.ts';
import { names } from './texts.ts';

const says = (text: string) => found(names, file('web/ui/a.ts', `msg(str\`${text}\`)`));

test.each([
  'At ${name} now',
  'At ${home.name} now',
  'Choose ${name ?? device_id}',
  'Choose ${alert.name ?? id}',
  '${email} sees it',
])('%s is found', (text) => {
  expect(says(text)).toHaveLength(1);
});

test('each of two in one sentence, over lines', () => {
  expect(says('Of ${email}\n and ${name}')).toEqual(['2 names', '2 names']);
});

test.each([
  'At ${isolated(name)} now',
  'Choose ${isolated(name ?? device_id)}',
  '${dayName} lacks it',
  '${figure(n)} of ${time}',
])('%s is well', (text) => {
  expect(says(text)).toEqual([]);
});

test('what is no sentence, a test, or a part of the unit is left alone', () => {
  expect(found(names, file('web/ui/a.ts', 'const key = `${name}`;'))).toEqual([]);
  expect(found(names, file('web/ui/a.test.ts', 'str`${name}`'))).toEqual([]);
  expect(found(names, file('web/unit/a.ts', 'str`${name}`'))).toEqual([]);
});
