/** Names in a sentence, from left to right, from right to left, and with signs that steer. */
import { expect, test } from 'vitest';
import { isolated } from './isolated.ts';

test('a name from right to left is apart from what is around it', () => {
  expect(isolated('מאפיית הנמל')).toBe('\u2068מאפיית הנמל\u2069');
  expect(isolated('Café مقهى 24')).toBe('\u2068Café مقهى 24\u2069');
  expect(isolated('𐤀𐤁')).toBe('\u2068𐤀𐤁\u2069');
});

test('any other stays as it is', () => {
  for (const name of ['', 'Canal Books', '=1+1', '日本橋', '🥐 <img>'])
    expect(isolated(name)).toBe(name);
});

test('no name turns the rest of its sentence round, or ends its own isolation', () => {
  expect(isolated('Canal\u202e Books')).toBe('Canal Books');
  expect(isolated('\u2069מאפייה\u202e')).toBe('\u2068מאפייה\u2069');
});
