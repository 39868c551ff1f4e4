import { expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { detailOf } from './testing/sensors.ts';
import { sensorsPage } from './testing/sensors-page.ts';

function world() {
  const { portal, cache, who, sensor } = sensorsPage();
  return { portal, kept: cache.kept, who, view: sensor };
}

test('a sensor is asked about in one go, and kept', async () => {
  const { portal, view, kept } = world();
  await view.open('JBNB0001');
  expect(portal.asked.sort()).toEqual(
    ['alerts', 'commands', 'config', 'detail'].map((what) => `${what} JBNB0001`),
  );
  expect(view.state.value).toMatchObject({ loading: false, error: null, known: { asOf: 5000 } });
  expect(kept.size).toBe(1);
});

test('without network what was seen last stays, with the reason', async () => {
  const { portal, view } = world();
  await view.open('JBNB0001');
  portal.failing = new AppError('unavailable', 'No network.');
  await view.reload();
  expect(view.state.value).toMatchObject({ error: { code: 'unavailable' }, known: { asOf: 5000 } });
  // After a reload of the page, too.
  view.clear();
  await view.open('JBNB0001');
  expect(view.state.value.known?.asOf).toBe(1_800_000_000_000);
});

test.each(['not_found', 'forbidden'] as const)('%s: what was seen before is gone', async (code) => {
  const { portal, view } = world();
  await view.open('JBNB0001');
  portal.failing = new AppError(code, 'There is no such unit.');
  await view.reload();
  expect(view.state.value).toMatchObject({ known: null, error: { code } });
});

test('another sensor’s late answer is not taken for this one’s', async () => {
  const { portal, view } = world();
  let answer = () => {};
  portal.until = new Promise((resolve) => {
    answer = resolve;
  });
  const first = view.open('JBNB0001');
  portal.until = Promise.resolve();
  portal.shown = detailOf(2);
  await view.open('JBNB0002');
  portal.shown = detailOf(1);
  answer();
  await first;
  expect(view.state.value.known?.detail.device_id).toBe('JBNB0002');
});

test('nobody signed in: nothing is asked', async () => {
  const { portal, view, who } = world();
  who.id = null;
  await view.open('JBNB0001');
  expect(portal.asked).toEqual([]);
  expect(view.state.value).toMatchObject({ known: null, loading: false });
});
