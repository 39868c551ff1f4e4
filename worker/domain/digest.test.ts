import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256Hex } from '../../shared/hash.ts';
import { shortSha256Hex } from './digest.ts';

test('the platform’s digest', async () => {
  const bytes = fc.option(fc.integer({ min: 1, max: 32 }), { nil: undefined });
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme' }), bytes, async (text, n) => {
      expect(shortSha256Hex(text, n)).toBe(await sha256Hex(text, n));
    }),
  );
});
