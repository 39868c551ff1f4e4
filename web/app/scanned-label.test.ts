/** What a QR code may hold: own labels and plain ids; anything else is refused in words. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readScannedLabel } from './scanned-label.ts';

const ORIGIN = 'https://bench.example.net';
const read = (text: string) => readScannedLabel(text, ORIGIN);
const SECRET = 'AbCdEfGhIjKlMnOpQrStUv';

test.each([
  ['JBNB0042', 'JBNB0042'],
  [' jbnb0042\n', 'JBNB0042'],
  [`${ORIGIN}/activate/JBNB0042#${SECRET}`, 'JBNB0042'],
  [`${ORIGIN}/activate/JBNB12345678`, 'JBNB12345678'],
  [`HTTPS://BENCH.EXAMPLE.NET/activate/JBNB0042`, 'JBNB0042'],
])('%j is %s', (text, deviceId) => {
  expect(read(text)).toEqual({ deviceId });
});

describe('refused', () => {
  test.each([
    `https://evil.example/activate/JBNB0042#${SECRET}`,
    `http://bench.example.net/activate/JBNB0042`,
    `https://bench.example.net@evil.example/activate/JBNB0042`,
    `https://bench.example.net.evil.example/activate/JBNB0042`,
    `https://bench.example.net:8443/activate/JBNB0042`,
  ])('%s leads elsewhere, and says where', (text) => {
    const found = read(text);
    expect(found).toEqual({ wrong: expect.stringContaining('it was not opened') });
    expect(JSON.stringify(found)).toContain(new URL(text).host);
  });

  test.each([
    ['', 'nothing'],
    ['javascript:alert(1)//activate/JBNB0042', 'a script'],
    ['data:text/html,/activate/JBNB0042', 'a document'],
    ['WIFI:T:WPA;S:shop;P:secret;;', 'a network'],
    ['tel:00420042', 'a number to call'],
    [`${ORIGIN}/admin/people`, 'another page'],
    [`${ORIGIN}/activate/JBNB0042/../../admin`, 'another page, by a detour'],
    [`${ORIGIN}/activate/JBNB0042%2f..%2fadmin`, 'a path within a path'],
    [`/activate/JBNB0042`, 'a path'],
    ['JBNB0042 JBNB0043', 'two ids'],
    ['<img src=x onerror=alert(1)>', 'markup'],
    [`JBNB${'0'.repeat(7000)}42`, 'a long text'],
  ])('%j: %s', (text) => {
    expect(read(text)).toEqual({ wrong: expect.stringContaining('no label of a JamBox') });
  });

  test('whatever it is: an id of the right form, or words', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 600 }),
      fc.webUrl(),
      fc.string().map((end) => `${ORIGIN}/activate/${end}`),
    );
    fc.assert(
      fc.property(text, (given) => {
        const found = read(given);
        if ('deviceId' in found) expect(found.deviceId).toMatch(/^JBNB\d{4,8}$/);
        else expect(found.wrong.length).toBeLessThan(300);
      }),
    );
  });
});
