/** The Google adapter against a local server that answers as Google does, and as nobody should. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { geolocatorOf } from './geolocator.ts';
import { googleGeolocator } from './google.ts';
import { timeZoneAt } from './time-zone.ts';

const wifi = [{ bssid: 'aa-bb-cc-dd-ee-ff', rssi: -65, ch: 6 }, { bssid: 'AA:BB:CC:DD:EE:00' }];
let close = () => {};
afterEach(() => close());

async function google(answer: (req: IncomingMessage, body: string, res: ServerResponse) => void) {
  const server = createServer((req, res) => {
    let body = '';
    req.on('data', (part) => {
      body += part;
    });
    req.on('end', () => answer(req, body, res));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/geolocate`;
  return googleGeolocator({ key: 'k&y', endpoint, timeoutMs: 300 });
}

const json = (res: ServerResponse, status: number, body: unknown) =>
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

describe('Google', () => {
  test('gets access points and nothing else', async () => {
    let asked = '';
    const locator = await google((req, body, res) => {
      asked = `${req.method} ${req.url} ${body}`;
      json(res, 200, { location: { lat: 1.5, lng: -2.5 }, accuracy: 30 });
    });
    const found = { latitude: 1.5, longitude: -2.5, accuracy_m: 30 };
    expect(await locator.locate(wifi)).toEqual(found);
    expect(asked).toBe(
      'POST /geolocate?key=k%26y {"considerIp":false,"wifiAccessPoints":[{"macAddress":"AA:BB:CC:DD:EE:FF","signalStrength":-65,"channel":6},{"macAddress":"AA:BB:CC:DD:EE:00"}]}',
    );
  });

  test('knows nothing of these access points', async () => {
    const locator = await google((_req, _body, res) => json(res, 404, { error: { code: 404 } }));
    expect(await locator.locate(wifi)).toBeNull();
  });

  test.each([
    [400, 'internal'],
    [403, 'internal'],
    [429, 'unavailable'],
    [500, 'unavailable'],
  ])('answers %i: %s', async (status, code) => {
    const locator = await google((_req, _body, res) => json(res, status, {}));
    await expect(locator.locate(wifi)).rejects.toMatchObject({ code });
  });

  test.each([{}, { location: {} }, 'x', null])('answers %j', async (body) => {
    const locator = await google((_req, _body, res) => json(res, 200, body));
    await expect(locator.locate(wifi)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('is too slow, and the error does not hold the key', async () => {
    const locator = await google(() => {});
    const failure = await locator.locate(wifi).catch((e: Error) => e);
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(`${(failure as Error).stack} ${String((failure as Error).cause)}`).not.toContain('k%26');
  });
});

test('production without a key places nothing', async () => {
  const locator = geolocatorOf(undefined, false);
  await expect(locator.locate(wifi)).rejects.toMatchObject({ code: 'internal' });
  expect(await geolocatorOf(undefined, true).locate(wifi)).not.toBeNull();
});

test.each([
  [34.05, -118.24, 'America/Los_Angeles'],
  [52.52, 13.405, 'Europe/Berlin'],
  [-33.87, 151.21, 'Australia/Sydney'],
  [27.7, 85.32, 'Asia/Kathmandu'],
])('%f, %f lies in %s', (latitude, longitude, zone) => {
  expect(timeZoneAt(latitude, longitude)).toBe(zone);
});
