/** What a label proves: its own unit alone, by either pepper, and without a trace. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Change } from './audit.ts';
import {
  type LabelProof,
  type NewPinHashes,
  type PinStore,
  pepperId,
  pinHmac,
  provesLabel,
  setPin,
} from './pin.ts';

const PEPPER = '0123456789abcdef0123456789abcdef';
const NEW_PEPPER = 'fedcba9876543210fedcba9876543210';
const ID = 'JBNB0001';
const SECRET = 'c'.repeat(32);

/** Labels by unit, and the changes that came with them. */
function labels() {
  const kept = new Map<string, NewPinHashes | null>([
    [ID, null],
    ['JBNB0002', null],
  ]);
  const changes: Change[] = [];
  const store: PinStore = {
    async set(id, hashes, change) {
      if (!kept.has(id)) return false;
      kept.set(id, hashes);
      changes.push(change);
      return true;
    },
    find: async (id) => kept.get(id) ?? null,
  };
  const set = (label: { pin: string; secret?: string }, id = ID, pepper = PEPPER) =>
    setPin({ pins: store, pinPepper: pepper }, { actor: 'id-ada', nowMs: 1 }, id, label);
  return { store, kept, changes, set };
}

test('the hash is HMAC-SHA-256 of unit and PIN, computed elsewhere', async () => {
  // Python: hmac.new(pepper, b'JBNB0001:4711', 'sha256'); sha256(b'pepper:' + pepper)
  expect(await pinHmac(PEPPER, ID, '4711')).toBe(
    '55ba9c10ffeb468b97d0f23e4ae87d0090b033744b435afd579e60981a3b312e',
  );
  expect(await pepperId(PEPPER)).toBe('ee24ee68');
});

test.each([undefined, '', 'x'.repeat(31)])('pepper %j is none', async (pepper) => {
  await expect(pinHmac(pepper, ID, '4711')).rejects.toMatchObject({ code: 'internal' });
  const { store, set, kept } = labels();
  await expect(set({ pin: '4711' }, ID, pepper ?? '')).rejects.toMatchObject({ code: 'internal' });
  expect(kept.get(ID)).toBeNull();
  const asked = provesLabel({ pins: store, pinPepper: pepper }, ID, { pin: '4711' });
  await expect(asked).rejects.toMatchObject({ code: 'internal' });
});

test('a label proves with its own PIN or secret, and with nothing else', async () => {
  const pin = fc.stringMatching(/^\d{4}$/);
  await fc.assert(
    fc.asyncProperty(pin, pin, fc.boolean(), async (is, given, hasSecret) => {
      const { store, set } = labels();
      await set(hasSecret ? { pin: is, secret: SECRET } : { pin: is });
      const proves = (proof: LabelProof, id = ID) =>
        provesLabel({ pins: store, pinPepper: PEPPER }, id, proof);
      expect(await proves({ pin: given })).toBe(given === is);
      expect(await proves({ secret: SECRET })).toBe(hasSecret);
      // neither stands in for the other, nor for another unit
      expect(await proves({ secret: is })).toBe(false);
      expect(await proves({ pin: SECRET })).toBe(false);
      for (const id of ['JBNB0002', 'JBNB0099']) expect(await proves({ pin: is }, id)).toBe(false);
    }),
    { numRuns: 30 },
  );
});

test('a hash of nothing proves nothing', async () => {
  const { store, kept } = labels();
  const zeros = '0'.repeat(64);
  for (const hashes of [null, { pin_hmac: zeros, secret_hmac: null, pepper_id: '' }]) {
    kept.set(ID, hashes);
    expect(await provesLabel({ pins: store, pinPepper: PEPPER }, ID, { pin: '0000' })).toBe(false);
    expect(await provesLabel({ pins: store, pinPepper: PEPPER }, ID, { secret: zeros })).toBe(
      false,
    );
  }
});

describe('while the pepper is being changed', () => {
  const changing = { pinPepper: NEW_PEPPER, pinPepperOld: PEPPER };
  test('labels of both prove, those of a third do not', async () => {
    for (const [pepper, expected] of [
      [PEPPER, true],
      [NEW_PEPPER, true],
      ['z'.repeat(32), false],
    ] as const) {
      const { store, set } = labels();
      await set({ pin: '4711', secret: SECRET }, ID, pepper);
      for (const proof of [{ pin: '4711' }, { secret: SECRET }]) {
        expect(await provesLabel({ ...changing, pins: store }, ID, proof)).toBe(expected);
      }
      expect(await provesLabel({ ...changing, pins: store }, ID, { pin: '4712' })).toBe(false);
    }
  });

  test('each label keeps which pepper keyed it', async () => {
    const { set, kept } = labels();
    await set({ pin: '4711' });
    const before = kept.get(ID);
    await set({ pin: '4711' }, ID, NEW_PEPPER);
    expect(kept.get(ID)?.pepper_id).not.toBe(before?.pepper_id);
    expect(kept.get(ID)?.pin_hmac).not.toBe(before?.pin_hmac);
  });
});

test('a new label takes the old secret away, and no trace holds PIN, secret or hash', async () => {
  const { store, set, kept, changes } = labels();
  await set({ pin: '4711', secret: SECRET });
  await set({ pin: '4712' });
  expect(kept.get(ID)?.secret_hmac).toBeNull();
  expect(await provesLabel({ pins: store, pinPepper: PEPPER }, ID, { secret: SECRET })).toBe(false);
  expect(changes).toHaveLength(2);
  const trail = JSON.stringify(changes);
  for (const word of ['4711', '4712', SECRET, kept.get(ID)?.pin_hmac ?? '?']) {
    expect(trail).not.toContain(word);
  }
  await expect(set({ pin: '4711' }, 'JBNB0099')).rejects.toMatchObject({ code: 'not_found' });
});
