/**
 * Updates over the air: chunks make the patch again whatever its length, a wider rollout takes an
 * update from nobody, and a withdrawn release reaches nobody, on real D1.
 */
import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { CHUNK_BYTES, type OtaChunk } from '../../shared/contracts/ota.ts';
import { d1Stores } from '../d1/stores.ts';
import { addUnit, count, freshWorld, TOKEN } from '../testing/world.ts';
import {
  checkForUpdate,
  chunkOf,
  crc16,
  type OtaStore,
  recordUpdate,
  registerFirmware,
  registerPatch,
} from './ota.ts';
import { eachFailure, eachInterruption } from './testing/faults.ts';

const NOW = Date.UTC(2026, 5, 1, 12);
const BY = { actor: 'id-ada', nowMs: NOW };
const [FROM, TO] = ['6.0.0', '6.1.0'];
const { ota } = d1Stores(env.DB);

const bytesOf = (length: number, seed = 1) =>
  Uint8Array.from({ length }, (_, n) => (n * 31 + seed * 7 + (n >> 8)) & 0xff);
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));
const patch = (bytes: Uint8Array, store: OtaStore = ota, sha256?: string) =>
  registerPatch(store, BY, {
    from: FROM,
    to: TO,
    data: base64(bytes),
    ...(sha256 ? { sha256 } : {}),
  });
const release = (rollout_percent: number, current = true, version = TO) =>
  registerFirmware(ota, BY, { version, current, rollout_percent });
const units = Array.from({ length: 60 }, (_, n) => `JBNB${String(n + 1).padStart(4, '0')}`);
const offered = async () => {
  const all = [];
  for (const id of units) {
    if ((await checkForUpdate(ota, id, FROM)).update_available) all.push(id);
  }
  return all;
};
async function load(device_id: string, total: number): Promise<OtaChunk[]> {
  const chunks = [];
  for (let chunk = 0; chunk < total; chunk += 1) {
    chunks.push(await chunkOf(ota, { device_id, from: FROM, to: TO, chunk }));
  }
  return chunks;
}

beforeEach(freshWorld);

test('the CRC is CRC-16/CCITT-FALSE, which sees each changed bit', () => {
  expect(crc16(new TextEncoder().encode('123456789'))).toBe(0x29b1);
  expect(crc16(new Uint8Array())).toBe(0xffff);
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, at) => {
      const other = Uint8Array.from(bytes);
      const bit = at % (bytes.length * 8);
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(crc16(other)).not.toBe(crc16(bytes));
    }),
  );
});

test.each([1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES])(
  'the chunks of %i bytes are the patch, and the last says so',
  async (length) => {
    const bytes = bytesOf(length);
    const { size, chunk_count, sha256 } = await patch(bytes);
    expect([size, chunk_count]).toEqual([length, Math.ceil(length / CHUNK_BYTES)]);
    await release(100);
    const offer = await checkForUpdate(ota, 'JBNB0001', FROM);
    expect(offer).toMatchObject({ patch_size: length, chunk_count, sha256, target: TO });
    const chunks = await load('JBNB0001', chunk_count);
    const parts = chunks.map(({ data }) => Uint8Array.from(atob(data), (c) => c.charCodeAt(0)));
    expect(parts.flatMap((part) => [...part])).toEqual([...bytes]);
    expect(chunks.map(({ crc }) => crc)).toEqual(parts.map(crc16));
    expect(chunks.map(({ final }) => final)).toEqual(chunks.map((_, n) => n === chunk_count - 1));
    await expect(load('JBNB0001', chunk_count + 1)).rejects.toMatchObject({ code: 'not_found' });
  },
);

describe('a rollout', () => {
  test('that widens takes the update from nobody; chunks go to whom it is offered', async () => {
    await patch(bytesOf(10));
    let before: string[] = [];
    for (const percent of [0, 1, 25, 50, 99, 100]) {
      await release(percent);
      const now = await offered();
      expect(now).toEqual(expect.arrayContaining(before));
      for (const id of units.slice(0, 12)) {
        const got = await load(id, 1).then(
          () => true,
          () => false,
        );
        expect(got, `${id} at ${percent}`).toBe(now.includes(id));
      }
      if (percent === 0) expect(now).toEqual([]);
      if (percent === 50) expect([now.length > 15, now.length < 45]).toEqual([true, true]);
      before = now;
    }
    expect(before).toEqual(units);
  });

  test('begins with other units for another version', async () => {
    await patch(bytesOf(10));
    await registerPatch(ota, BY, { from: FROM, to: '6.2.0', data: base64(bytesOf(10)) });
    await release(50);
    const first = await offered();
    await release(50, true, '6.2.0');
    expect(await offered()).not.toEqual(first);
  });

  test.each<[string, () => Promise<void>]>([
    ['is withdrawn', () => release(100, false)],
    ['is stopped', () => release(0)],
    ['another takes the place of', () => release(100, true, '6.2.0')],
  ])('that %s reaches no unit any more, however far it has loaded', async (_name, stop) => {
    await patch(bytesOf(2 * CHUNK_BYTES));
    await release(100);
    await load('JBNB0001', 2);
    await stop();
    expect(await offered()).toEqual([]);
    await expect(load('JBNB0001', 1)).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('why there is no update', async () => {
  const reason = async (version: string) => {
    const answer = await checkForUpdate(ota, 'JBNB0001', version);
    return answer.update_available ? 'offered' : answer.reason;
  };
  expect(await reason(FROM)).toBe('no_current_firmware');
  await release(100);
  expect([await reason(FROM), await reason(TO)]).toEqual(['no_patch', 'up_to_date']);
  await patch(bytesOf(10));
  expect([await reason(FROM), await reason('5.0.0')]).toEqual(['offered', 'no_patch']);
  await release(0);
  expect(await reason(FROM)).toBe('not_in_rollout');
});

describe('a patch', () => {
  test('that is not what its hash says is not taken', async () => {
    await expect(patch(bytesOf(10), ota, '0'.repeat(64))).rejects.toMatchObject({
      code: 'invalid',
    });
    expect([await count('patches'), await count('audit')]).toEqual([0, 0]);
  });

  test('is taken whole or not at all, and again changes nothing', async () => {
    const bytes = bytesOf(3 * CHUNK_BYTES);
    const fresh = async () => {
      await freshWorld();
      return { ota };
    };
    await eachFailure(
      fresh,
      (p) => patch(bytes, p.ota),
      async ({ side }) => {
        const rows = async () => [await count('patches'), await count('patch_chunks')];
        expect(await rows()).toEqual(side === 'after' ? [1, 3] : [0, 0]);
        await patch(bytes);
        expect([...(await rows()), await count('audit')]).toEqual([1, 3, 1]);
      },
    );
  });

  test('does not mix with another between the same versions', async () => {
    const fresh = async () => {
      await freshWorld();
      return { ota };
    };
    const [one, other] = [bytesOf(2 * CHUNK_BYTES), bytesOf(4 * CHUNK_BYTES, 2)];
    await eachInterruption(
      fresh,
      (p) => patch(one, p.ota),
      (p) => patch(other, p.ota),
      async (before, outcomes) => {
        const refused = outcomes.find((outcome) => outcome.status === 'rejected');
        expect(refused?.reason).toMatchObject({ code: 'conflict' });
        expect(await count('patch_chunks')).toBe(before === 'end' ? 2 : 4);
        expect(await count('audit')).toBe(1);
      },
    );
  });
});

test('what became of updates is kept as told, the newest first', async () => {
  for (const n of [1, 2]) await addUnit(`JBNB000${n}`, `${TOKEN}${n}`);
  await recordUpdate(
    ota,
    { device_id: 'JBNB0001', version: TO, success: true, error: undefined },
    NOW,
  );
  await recordUpdate(
    ota,
    { device_id: 'JBNB0002', version: undefined, success: false, error: 'crc' },
    NOW + 1,
  );
  const { results } = await ota.status(undefined, 10);
  expect(results).toEqual([
    ...[
      { device_id: 'JBNB0002', reported_ms: NOW + 1, version: null, success: false, error: 'crc' },
    ],
    ...[{ device_id: 'JBNB0001', reported_ms: NOW, version: TO, success: true, error: null }],
  ]);
});
