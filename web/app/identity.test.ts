import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { readNvs } from '../../shared/esp/nvs.ts';
import { createIdentity, modemImage } from './identity.ts';

const endpoint = { host: 'ingest.example.net', port: 80, apn: 'iot.example.net', bands: '8,20' };

test('the image holds what the firmware reads, and the hash is the token’s', async () => {
  const { image, tokenSha256 } = await createIdentity('JBNB0001', endpoint, 0x6000);
  const { entries, skipped } = readNvs(image);
  expect(skipped).toEqual([]);
  const values = Object.fromEntries(entries.map((e) => [e.key, e.value]));
  expect(values).toMatchObject({ id: 'JBNB0001', host: 'ingest.example.net', port: 80n });
  expect(values).toMatchObject({ apn: 'iot.example.net', bands: '8,20' });
  expect(values.token).toMatch(/^[\w-]{43}$/);
  expect(Buffer.from(String(values.token), 'base64url')).toHaveLength(32);
  expect(createHash('sha256').update(String(values.token)).digest('hex')).toBe(tokenSha256);
});

test('before it is somebody, a unit knows its network and nothing else', () => {
  const { entries } = readNvs(modemImage(endpoint, 0x6000));
  const values = entries.map((e) => [e.key, e.value]);
  expect(values).toEqual([
    ['apn', 'iot.example.net'],
    ['bands', '8,20'],
  ]);
});

test('every identity has a token of its own', async () => {
  const hashes = await Promise.all(
    Array.from(
      { length: 50 },
      async () => (await createIdentity('JBNB0001', endpoint, 0x3000)).tokenSha256,
    ),
  );
  expect(new Set(hashes).size).toBe(50);
});
