/** Who is invited, and under which address: nobody else's by accident. */
import fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { describeIssues } from './common.ts';
import { Email, InviteRequest } from './people.ts';

const email = (text: string) => {
  const { success, output } = v.safeParse(Email, text);
  return success ? output : null;
};
const host = (letters: number) => `@${'d'.repeat(letters)}.net`;

test.each([
  ['ada@example.net', 'ada@example.net'],
  ['  Ada.Lovelace+Shop@Example.NET\n', 'ada.lovelace+shop@example.net'],
  ["o'neil@a.b-c.example.net", "o'neil@a.b-c.example.net"],
  ['1@2.3', '1@2.3'],
  ['!@example.net', '!@example.net'],
  ['a~@example.net', 'a~@example.net'],
  [`${'a'.repeat(240)}${host(9)}`, `${'a'.repeat(240)}${host(9)}`], // 254
])('%j is kept as %j', (text, kept) => expect(email(text)).toBe(kept));

test.each([
  '',
  'ada',
  'ada@example', // no mail goes to a name without a dot
  'ada@example.',
  'ada@.net',
  'ada@@example.net',
  'a@b@example.net',
  'ada lovelace@example.net',
  'ada@exam ple.net',
  'ada@example.net\nbcc: eve@example.net',
  'Ada <ada@example.net>',
  'ada@example..net',
  'ada\u0000@example.net',
  'ädä@example.net',
  'ada@exämple.net',
  `${'a'.repeat(241)}${host(9)}`, // 255
  // Their small letters are, or begin with, letters of ASCII: another person's address.
  '\u212Aim@example.net',
  'kim@\u212A.net',
  '\u0130da@example.net',
  'ａｄａ@example.net',
])('%j is no address', (text) => expect(email(text)).toBeNull());

test('what is taken is the text itself in small letters, never another one', () => {
  const near = fc.constantFrom(...'aKk@.-\u212A\u0130\u017F ', 'example.net', '@example.net');
  const texts = fc.array(near, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(texts, (text) => {
      const kept = email(text);
      if (kept === null) return;
      expect(kept).toBe(asciiLower(text.trim()));
      expect(email(kept)).toBe(kept);
    }),
    { numRuns: 1000 },
  );
});

/** Of ASCII's letters alone, as RFC 5321 compares them. */
const asciiLower = (text: string) =>
  text.replace(/[A-Z]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 32));

const places = (count: number) => Array.from({ length: count }, (_, n) => `shop-${n}`);

test.each([
  [{ role: 'owner', location_ids: places(1) }, ''],
  [{ role: 'owner', location_ids: places(50) }, ''],
  [{ role: 'admin' }, ''],
  [{ role: 'installer', location_ids: [] }, ''],
  [{ role: 'owner' }, 'location_ids: an owner has places, nobody else has any'],
  [{ role: 'admin', location_ids: places(1) }, 'location_ids: an owner has places'],
  [{ role: 'owner', location_ids: places(51) }, 'location_ids: must not be more than 50'],
  [{ role: 'owner', location_ids: ['Shop'] }, 'location_ids.0: must be a location id'],
  [{ role: 'visitor' }, 'role: '],
  [{ role: 'admin', invited_by: 'x' }, 'invited_by: '],
])('an invitation with %j: %j', (fields, reason) => {
  const { success, issues } = v.safeParse(InviteRequest, { email: 'ada@example.net', ...fields });
  expect(success ? '' : describeIssues(issues)).toMatch(reason === '' ? /^$/ : reason);
});
