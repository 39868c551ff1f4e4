/** What is said of flash: of real images, damaged ones, and of values nobody may see. */
import { expect, test } from 'vitest';
import { concat } from '../../shared/bytes.ts';
import { writeNvs } from '../../shared/esp/nvs.ts';
import { OTA_STATE, writeOtaData } from '../../shared/esp/otadata.ts';
import { PARTITION_TABLE_OFFSET } from '../../shared/esp/partition-table.ts';
import { isUnknown, viewFile, viewFlash } from './flash-view.ts';
import { preparedFlash } from './testing/flash-image.ts';
import { appImage, testBundle } from './testing/images.ts';

const TABLE = testBundle().images['partition-table'].bytes;

async function flashOf(): Promise<Uint8Array<ArrayBuffer>> {
  const flash = await preparedFlash();
  flash.set(appImage({ project: 'other-virtual' }), 0x220000);
  const entries = writeOtaData([
    { seq: 3, state: OTA_STATE.valid },
    { seq: 4, state: OTA_STATE.pendingVerify },
  ]);
  flash.set(entries, 0xf000);
  return flash;
}

const tokenIn = (flash: Uint8Array) => {
  const text = new TextDecoder('latin1').decode(flash.subarray(0x12000, 0x18000));
  return /[\w-]{43}/.exec(text)?.[0] ?? '';
};

test('a whole flash: partitions, which app starts, what apps say, what is set', async () => {
  const flash = await flashOf();
  const view = await viewFile(flash);
  expect(view.table).toBe('read');
  expect(view.partitions[3]).toEqual({
    label: 'fctry',
    type: 'data',
    subtype: 'nvs',
    offset: 0x12000,
    size: 0x6000,
  });
  expect(view.ota).toMatchObject({ active: 1, starts: 'ota_1', entries: [{ seq: 3 }, { seq: 4 }] });
  expect(
    view.apps.map(({ label, proof, descriptor }) => [label, proof, descriptor?.projectName]),
  ).toEqual([
    ['ota_0', 'whole', 'jambox-virtual'],
    ['ota_1', 'whole', 'other-virtual'],
  ]);
  expect(view.apps[0]?.descriptor).toMatchObject({ version: '6.0.0', secureVersion: 2 });
  const values = view.nvs.find(({ label }) => label === 'fctry')?.values;
  expect(values?.find(({ key }) => key === 'id')).toMatchObject({ shown: 'JBNB0001' });
});

test('the token is nowhere in what is shown', async () => {
  const flash = await flashOf();
  const token = tokenIn(flash);
  expect(token).toHaveLength(43);
  const view = await viewFile(flash);
  expect(JSON.stringify(view)).not.toContain(token);
  const shown = view.nvs.flatMap(({ values }) => values).find(({ key }) => key === 'token');
  expect(shown).toMatchObject({ isMasked: true, shown: '•••••• (43 characters)' });
});

test('secrets of other apps are masked by key or by looks, and blobs always', async () => {
  const namespace = 'other';
  const image = writeNvs(
    [
      { namespace, key: 'sta.pswd', type: 'string', value: 'summer' },
      { namespace, key: 'note', type: 'string', value: 'c2VjcmV0LXNlY3JldC1zZWNyZXQ' },
      { namespace, key: 'pin', type: 'u16', value: 4711n },
      { namespace, key: 'data', type: 'blob', value: new TextEncoder().encode('summer') },
      { namespace, key: 'name', type: 'string', value: 'window on the left' },
      { namespace, key: 'count', type: 'i32', value: -5n },
    ],
    0x3000,
  );
  const [nvs] = (await viewFile(image)).nvs;
  expect(nvs?.values.map(({ key, shown }) => [key, shown])).toEqual([
    ['sta.pswd', '•••••• (6 characters)'],
    ['note', '•••••• (27 characters)'],
    ['pin', '••••••'],
    ['data', '6 bytes, not shown'],
    ['name', 'window on the left'],
    ['count', '-5'],
  ]);
});

test('of a unit little is read: an app that was not read whole is not called so', async () => {
  const flash = await flashOf();
  let read = 0;
  const view = await viewFlash(async ({ offset, length }) => {
    read += length;
    return flash.slice(offset, offset + length);
  });
  expect(view.apps.map(({ proof }) => proof)).toEqual(['unproven', 'unproven']);
  expect(read).toBeLessThan(64 * 1024);
});

test('one damaged bit of an app is seen; with erased entries the first slot starts', async () => {
  const flash = await flashOf();
  flash[0x20000 + 20_000]! ^= 1;
  flash.fill(0xff, 0xf000, 0x11000);
  const view = await viewFile(flash);
  expect(view.apps[0]).toMatchObject({ proof: 'damaged', descriptor: { version: '6.0.0' } });
  expect(view.ota).toMatchObject({ active: null, starts: 'ota_0', entries: [null, null] });
});

test('parts are known by their beginnings, other files as nothing', async () => {
  const app = await viewFile(appImage({ project: 'jambox' }));
  expect(app.apps).toMatchObject([{ label: '', proof: 'whole' }]);
  expect((await viewFile(TABLE)).partitions).toHaveLength(8);
  for (const file of [new Uint8Array(0), new Uint8Array(100), new TextEncoder().encode('hello')]) {
    expect(isUnknown(await viewFile(file))).toBe(true);
  }
  const damaged = concat([new Uint8Array(PARTITION_TABLE_OFFSET), TABLE.slice().fill(7, 4, 8)]);
  expect(isUnknown(await viewFile(damaged))).toBe(true);
});

test('an erased unit is empty, a damaged table is said to be one', async () => {
  const flash = await flashOf();
  const of = (bytes: Uint8Array) =>
    viewFlash(async ({ offset, length }) => bytes.slice(offset, offset + length));
  expect((await of(new Uint8Array(0x800000).fill(0xff))).table).toBe('erased');
  flash[PARTITION_TABLE_OFFSET + 40]! ^= 1;
  expect((await of(flash)).table).toBe('damaged');
});
