import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { unitOf } from '../../app/testing/sensors.ts';
import { change, fired, mount } from '../testing/mount.ts';
import './sensor-map.ts';

const at = (n: number, latitude: number, longitude: number, more = {}) =>
  unitOf(n, { latitude, longitude, ...more });
const marks = () => page.getByRole('button', { name: /Bakery|sensor/ });

test('several as one mark with their number; nearer they come apart', async () => {
  const units = [
    at(1, 52.5, 13.4, { name: 'Door' }),
    at(2, 52.5001, 13.4001, { state: 'silent' }),
    at(3, 40.7, -74),
  ];
  const element = await mount('jb-sensor-map', { units });
  const events = fired(element, 'choose');
  const two = page.getByRole('button', { name: '2 sensors, 1 of them to look at' });
  await expect.element(two).toHaveTextContent('2');
  await two.click();
  await expect.element(page.getByRole('button', { name: 'Door, Bakery, Online' })).toBeVisible();
  const silent = page.getByRole('button', { name: 'JBNB0002, Bakery, Silent' });
  (silent.element() as HTMLElement).focus();
  await userEvent.keyboard('{Enter}');
  expect(events).toEqual([['choose', 'JBNB0002']]);
});

test('nothing to show: the outlines of the land, and no mark', async () => {
  const element = await mount('jb-sensor-map', { units: [unitOf(1)] });
  const land = () => element.shadowRoot?.querySelectorAll('path.land').length;
  await expect.poll(land).toBeGreaterThan(0);
  expect(marks().elements()).toHaveLength(0);
  await change(element, { units: [at(1, 52.5, 13.4)] });
  await expect.poll(() => marks().elements().length).toBe(1);
});

test('who made the tiles is named as text', async () => {
  const tiles = { url: '/none/{z}/{x}/{y}.png', attribution: '<img src=x onerror="hit=1"> & sons' };
  const element = await mount('jb-sensor-map', { units: [], tiles });
  const named = () => element.shadowRoot?.querySelector('.leaflet-control-attribution');
  const said = '<img src=x onerror="hit=1"> & sons';
  await expect.poll(() => named()?.textContent).toContain(said);
  expect(named()?.querySelector('img')).toBeNull();
});

test('a name that means mischief is text in a mark', async () => {
  const name = '"><img src=x onerror="hit=1">';
  const element = await mount('jb-sensor-map', { units: [at(1, 1, 1, { name })] });
  await expect.poll(() => marks().elements().length).toBe(1);
  expect(marks().element().getAttribute('aria-label')).toBe(`${name}, Bakery, Online`);
  expect(element.shadowRoot?.querySelector('.mark img')).toBeNull();
});

test('ten thousand: few marks at every zoom', async () => {
  const units = Array.from({ length: 10_000 }, (_, n) =>
    at(n, 40 + ((n * 7919) % 1000) / 50, ((n * 104_729) % 1000) / 40),
  );
  const element = await mount('jb-sensor-map', { units });
  await expect.poll(() => marks().elements().length).toBeGreaterThan(3);
  expect(marks().elements().length).toBeLessThan(200);
  const long: number[] = [];
  const watch = new PerformanceObserver((list) => {
    long.push(...list.getEntries().map(({ duration }) => duration));
  });
  watch.observe({ type: 'longtask' });
  for (let i = 0; i < 3; i += 1) {
    await page.getByRole('button', { name: 'Nearer' }).click();
    await expect.poll(() => marks().elements().length).toBeGreaterThan(0);
  }
  watch.disconnect();
  console.info(`10,000 sensors, three zooms: long tasks of ${long.map(Math.round).join(', ')} ms`);
  expect(element.shadowRoot?.querySelectorAll('.mark').length).toBeLessThan(300);
});
