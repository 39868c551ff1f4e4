/** A sensor's changes without network: shown, kept, delivered once, met by somebody else's. */
import { describe, expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../shared/errors.ts';
import { detailOf, SensorsStandIn } from './testing/sensors.ts';
import { sensorsPage } from './testing/sensors-page.ts';

const AWAY = new AppError('unavailable', 'The server cannot be reached.');
const ID = 'JBNB0001';

async function opened(...over: Parameters<typeof sensorsPage>) {
  const all = sensorsPage(...over);
  await all.changes.reload();
  await all.sensor.open(ID);
  const { sensor, delivery } = all;
  const slide = (change: object) => {
    const version = sensor.state.value.known?.config.config_version ?? 0;
    return sensor.want({ what: 'sensor_settings', change, version });
  };
  const now = () => sensor.state.value;
  const again = async () => {
    const [first] = now().changes;
    if (first) await sensor.again(first);
  };
  const deliver = async () => {
    all.portal.failing = null;
    await delivery.deliver();
    await sensor.reload();
  };
  return { ...all, slide, now, again, deliver };
}
const sent = ({ asked }: SensorsStandIn) => asked.filter((what) => what.startsWith('sensor_'));

test('without network it is shown at once and kept; with it again all goes, in order', async () => {
  const first = await opened();
  const { portal, box, sensor } = first;
  portal.failing = AWAY;
  expect(await first.slide({ rssi_near_threshold: -60 })).toBe('waiting');
  expect(await first.slide({ report_interval_ms: 600_000 })).toBe('waiting');
  await sensor.want({ what: 'sensor_name', name: 'Door' });
  await sensor.want({ what: 'sensor_spot', latitude: 1, longitude: 2 });
  await sensor.want({ what: 'sensor_status', status: 'maintenance' });
  await sensor.want({ what: 'sensor_command', command: 'send_now' });
  expect(first.now().known).toMatchObject({
    detail: { name: 'Door', latitude: 1, status: 'maintenance', config_version: 3 },
    config: { rssi_near_threshold: -60, report_interval_ms: 600_000, config_version: 5 },
    stored: { detail: { name: null, status: 'active' }, config: { config_version: 3 } },
  });
  expect(first.now().changes).toHaveLength(6);
  // The page is closed and opened again, still without network.
  const next = await opened(portal, { box, cache: first.cache });
  expect(next.now().known).toEqual({ ...first.now().known, asOf: 1_800_000_000_000 });
  portal.asked.length = 0;
  await next.deliver();
  expect(sent(portal)).toEqual([
    `sensor_settings ${ID} {"change":{"rssi_near_threshold":-60},"version":3}`,
    `sensor_settings ${ID} {"change":{"report_interval_ms":600000},"version":4}`,
    `sensor_name ${ID} {"name":"Door","seen":null}`,
    `sensor_spot ${ID} {"latitude":1,"longitude":2,"seen":{"latitude":null,"longitude":null}}`,
    `sensor_status ${ID} {"status":"maintenance","seen":"active"}`,
    `sensor_command ${ID} {"command":"send_now"}`,
  ]);
  expect(next.now()).toMatchObject({ changes: [], known: { config: { config_version: 5 } } });
  expect(box.rows).toEqual([]);
});

test('closed between sending and the answer: once in effect', async () => {
  const first = await opened();
  const { portal, box } = first;
  const taken = portal.change.bind(portal);
  portal.change = async (...all) => {
    await taken(...all);
    throw AWAY; // the answer was lost
  };
  expect(await first.slide({ rssi_near_threshold: -60 })).toBe('waiting');
  portal.change = taken;
  // Somebody else was there in between: what is repeated must not undo it, nor be a conflict.
  const other = { change: { rssi_near_threshold: -70 }, version: 4 };
  await taken(ID, { what: 'sensor_settings', ...other }, 'otto');
  const next = await opened(portal, { box, cache: first.cache });
  await next.deliver();
  expect(next.now()).toMatchObject({
    changes: [],
    known: { config: { rssi_near_threshold: -70 } },
  });
});

describe('two people at one setting', () => {
  async function met() {
    const all = await opened();
    all.portal.failing = AWAY;
    await all.slide({ rssi_near_threshold: -60 });
    await all.slide({ report_interval_ms: 600_000 });
    all.portal.set = { ...all.portal.set, config_version: 4, rssi_near_threshold: -70 };
    all.portal.shown = detailOf(1, { config_version: 4 });
    await all.deliver();
    return all;
  }

  test('nothing is overwritten; both values are there, all of mine in one', async () => {
    const { portal, now, delivery } = await met();
    expect(portal.set).toMatchObject({ rssi_near_threshold: -70, report_interval_ms: 300_000 });
    const mine = { rssi_near_threshold: -60, report_interval_ms: 600_000 };
    expect(now()).toMatchObject({
      changes: [{ wish: { change: mine }, trouble: { kind: 'conflict' } }],
      known: { config: mine, stored: { config: { rssi_near_threshold: -70 } } },
    });
    // Not by itself.
    await delivery.deliver();
    expect(portal.set.config_version).toBe(4);
  });

  test('mine again', async () => {
    const { portal, now, again } = await met();
    await again();
    expect(portal.set).toMatchObject({ rssi_near_threshold: -60, report_interval_ms: 600_000 });
    expect(now().changes).toEqual([]);
  });

  test('theirs stay', async () => {
    const { portal, sensor, now } = await met();
    const [first] = now().changes;
    if (first) await sensor.discard(first);
    await sensor.reload();
    expect(now()).toMatchObject({ changes: [], known: { config: { rssi_near_threshold: -70 } } });
    expect(portal.set.config_version).toBe(4);
  });

  test('mine again, and a third was there meanwhile: asked again', async () => {
    const { portal, now, again, sensor } = await met();
    portal.set = { ...portal.set, config_version: 5, rssi_near_threshold: -72 };
    await again();
    await sensor.reload();
    expect(now()).toMatchObject({
      changes: [{ trouble: { kind: 'conflict' } }],
      known: { stored: { config: { rssi_near_threshold: -72 } } },
    });
  });
});

test.each([
  [{ what: 'sensor_name', name: 'Mine' }, { name: 'Theirs' }],
  [{ what: 'sensor_place', to: 'books' }, { location_id: 'hafen' }],
  [
    { what: 'sensor_spot', latitude: 1, longitude: 2 },
    { latitude: 8, longitude: 9 },
  ],
  [{ what: 'sensor_status', status: 'maintenance' }, { status: 'inactive' }],
  [{ what: 'sensor_flag' }, { anomaly: { reason: 'odd; odder', since: '' } }],
] as const)('%j meets something else: told, then mine again', async (want, theirs) => {
  const portal = new SensorsStandIn();
  portal.shown = detailOf(1, { anomaly: { reason: 'odd', since: '' } });
  const { sensor, now, again, deliver } = await opened(portal);
  portal.failing = AWAY;
  await sensor.want(want);
  portal.shown = { ...portal.shown, ...theirs };
  await deliver();
  expect(now()).toMatchObject({
    changes: [{ trouble: { kind: 'conflict' } }],
    known: { stored: { detail: theirs } },
  });
  expect(portal.shown).toMatchObject(theirs);
  await again();
  expect(now().changes).toEqual([]);
  const { what: _, ...mine } = { ...want };
  const stored = 'to' in mine ? { location_id: mine.to } : mine;
  expect(portal.shown).toMatchObject(want.what === 'sensor_flag' ? { anomaly: null } : stored);
});

test.each([
  ['not_found', 'There is no such unit.'],
  ['forbidden', 'You have no work order for JBNB0001 or its place.'],
] as const)('%s: taken away meanwhile: gone, and what was wanted is told', async (code, words) => {
  const { portal, sensor, now, delivery } = await opened();
  portal.failing = AWAY;
  await sensor.want({ what: 'sensor_name', name: 'Door' });
  portal.failing = new AppError(code, words, { isForeign: true });
  await delivery.deliver();
  await sensor.reload();
  expect(now()).toMatchObject({
    known: null,
    changes: [{ wish: { name: 'Door' }, trouble: { kind: 'refused', code, message: words } }],
  });
});

test.each<[ErrorCode, boolean]>([
  ['rate_limited', false],
  ['internal', false],
  ['unavailable', true],
  ['unauthenticated', false],
])('%s: it waits on, and goes later', async (code, isForeign) => {
  const { portal, slide, now, deliver } = await opened();
  portal.failing = new AppError(code, 'No.', { isForeign });
  expect(await slide({ rssi_near_threshold: -60 })).toBe('waiting');
  expect(now().changes).toMatchObject([{ trouble: null }]);
  await deliver();
  expect(portal.set.rssi_near_threshold).toBe(-60);
  expect(now().changes).toEqual([]);
});

test('what was refused is still wanted beside what is slid now', async () => {
  const { portal, slide, now } = await opened();
  portal.failing = new AppError('invalid', 'No.');
  expect(await slide({ rssi_near_threshold: -60 })).toBe('troubled');
  portal.failing = null;
  expect(await slide({ report_interval_ms: 600_000 })).toBe('stored');
  expect(portal.set).toMatchObject({ rssi_near_threshold: -60, report_interval_ms: 600_000 });
  expect(now().changes).toEqual([]);
});

test('a command says how long ago it was asked for; asked again it is new', async () => {
  const time = { ms: 0 };
  const { portal, sensor, again, delivery, now } = await opened(undefined, { now: () => time.ms });
  const ages: number[] = [];
  portal.change = async (...[, , , agoMs]: [string, unknown, string, number?]) => {
    ages.push(agoMs ?? -1);
    if (agoMs) throw new AppError('conflict', 'This was asked for more than an hour ago.');
    throw AWAY;
  };
  await sensor.want({ what: 'sensor_command', command: 'reboot' });
  time.ms = 172_800_000;
  await delivery.deliver();
  expect(now().changes).toMatchObject([{ trouble: { kind: 'refused', code: 'conflict' } }]);
  await again();
  expect(ages).toEqual([0, 172_800_000, 0]);
});

test('the next person sees nothing of it, and sends nothing', async () => {
  const { portal, box, who, changes, sensor, fleet, delivery } = await opened();
  portal.failing = AWAY;
  await sensor.want({ what: 'sensor_name', name: 'Secret' });
  who.id = 'id-otto';
  sensor.clear();
  fleet.clear();
  await changes.keepOnly('id-otto');
  portal.failing = null;
  portal.asked.length = 0;
  await delivery.deliver();
  await sensor.open(ID);
  expect(sensor.state.value).toMatchObject({ changes: [], known: { detail: { name: null } } });
  expect(fleet.state.value.changing.size).toBe(0);
  expect([box.rows, sent(portal)]).toEqual([[], []]);
});
