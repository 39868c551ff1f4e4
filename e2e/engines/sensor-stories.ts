/** What is done with sensors, by an owner and an administrator. Knows no engine. */
import { expect, test } from '@playwright/test';
import { PLACES } from '../../scripts/seed/places.ts';
import { fetchedAll } from './in-page.ts';
import { FAILED_REQUEST, type Scene } from './scene.ts';

const [bakery, books] = PLACES;
const UNIT = books?.units[0]?.id ?? '';

/** Signed in as the owner: finds a sensor, and sets it. */
export function ownerFindsSensors(scene: Scene): void {
  test('sensors are found as one types, in a list and on a map', async () => {
    await scene.person.run(fetchedAll);
    await scene.person.open('/locations');
    await scene.person.reads('My locations', bakery?.name ?? '', books?.name ?? '');
    await scene.person.fill('Search', `canal ${UNIT.slice(4)}`);
    await scene.person.reads(UNIT, '1 sensor');
    await scene.person.readsNot(bakery?.name ?? '');
    await scene.pictures('locations');
    await scene.person.press('Map');
    await scene.person.reads('Natural Earth');
    await scene.pictures('map');
  });

  test('a setting is slid and saved; the sensor has yet to fetch it', async () => {
    await scene.person.open(`/locations/${UNIT}`);
    await scene.person.reads(UNIT, 'Settings');
    await scene.person.focus('textbox', 'In Store');
    await scene.person.key('ArrowDown');
    await scene.person.press('Save settings');
    await scene.person.reads('The sensor fetches these settings when it next reports.');
    await scene.pictures('sensor');
  });

  test('what is behind a label, for who owns it', async () => {
    await scene.person.open(`/activate/${UNIT}`);
    await scene.person.reads(UNIT, /Online|Late|Silent/);
    await scene.pictures('activate');
  });
}

/** Whoever was there signs out; an administrator looks at his pages. */
export function adminLooks(scene: Scene): void {
  test('an administrator sees how the backend is, and who changed what', async () => {
    await scene.person.open('/sign-in');
    await scene.person.press('Sign out');
    await scene.person.reads('Forgotten your password?');
    await scene.signInAs('admin', '/admin/status');
    await scene.person.reads('Jobs', 'What waits for them');
    await scene.person.press('Audit log', 'link');
    await scene.person.reads('Of what', 'unit.config');
    await scene.person.choose('Action', 'unit.config');
    await scene.person.press('Look');
    await scene.person.reads(`unit:${UNIT}`);
    await scene.pictures('audit');
    expect(await scene.person.tooWideAt(390, 844)).toBe(0);
    await scene.expectProblems(FAILED_REQUEST);
  });
}
