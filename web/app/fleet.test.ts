import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { keepFleet, keptFleet } from './fleet-cache.ts';
import { unitOf } from './testing/sensors.ts';
import { sensorsPage } from './testing/sensors-page.ts';

function world() {
  const time = { ms: 5000 };
  const { portal, cache, who, fleet } = sensorsPage(undefined, { now: () => time.ms });
  const { kept } = cache;
  /** As this device has it from before. */
  const keep = async (n: number) => {
    await keepFleet(cache, all(n), 'before');
    for (const one of kept.values()) one.at = 1000;
  };
  return { portal, kept, who, view: fleet, keep, answers: cache };
}
const all = (n: number) => Array.from({ length: n }, (_, i) => unitOf(i + 1));

describe('the fleet', () => {
  test('comes page by page, and is kept when it is whole', async () => {
    const { portal, view, answers } = world();
    portal.units = all(5);
    portal.pageSize = 2;
    const seen: number[] = [];
    view.state.subscribe(({ units }) => seen.push(units.length));
    await view.load();
    expect(portal.asked).toEqual(['fleet null', 'fleet 2', 'fleet 4']);
    expect(seen).toEqual([0, 2, 4, 5]);
    expect(view.state.value).toMatchObject({ asOf: 5000, loading: false, error: null });
    expect((await keptFleet(answers, () => {}))?.answer).toHaveLength(5);
  });

  test('what is kept is there at once, and stays until all is there anew', async () => {
    const { portal, view, keep } = world();
    await keep(3);
    portal.units = all(5);
    portal.pageSize = 2;
    const seen: number[] = [];
    view.state.subscribe(({ units }) => seen.push(units.length));
    await view.load();
    expect(new Set(seen)).toEqual(new Set([0, 3, 5]));
  });

  test('without network it shows what was, and says why there is nothing newer', async () => {
    const { portal, view, keep } = world();
    await keep(3);
    portal.failing = new AppError('unavailable', 'No network.');
    await view.load();
    const { units, asOf, loading, error } = view.state.value;
    expect([units.length, asOf, loading, error?.code]).toEqual([3, 1000, false, 'unavailable']);
  });

  test('half a fleet is not kept', async () => {
    const { portal, view, kept } = world();
    portal.units = all(5);
    portal.pageSize = 2;
    view.state.subscribe(({ units }) => {
      if (units.length === 4) portal.failing = new AppError('unavailable', 'No network.');
    });
    await view.load();
    expect(view.state.value).toMatchObject({ asOf: null, error: { code: 'unavailable' } });
    expect(kept.size).toBe(0);
  });

  test('ten thousand are kept in parts, and the first of them is there at once', async () => {
    const { portal, view, keep } = world();
    await keep(10_000);
    portal.failing = new AppError('unavailable', 'No network.');
    const seen: number[] = [];
    view.state.subscribe(({ units }) => seen.push(units.length));
    await view.load();
    expect([...new Set(seen)]).toEqual([0, 500, 10_000]);
    expect(view.state.value).toMatchObject({ asOf: 1000, units: all(10_000) });
  });

  test.each([
    ['a part is lost', (kept: Map<string, unknown>) => kept.delete('fleet 001')],
    [
      'a part is of another writing',
      (kept: Map<string, unknown>) => kept.set('fleet 001', { answer: { of: 'x', units: [] } }),
    ],
  ])('of a list of which %s nothing is shown as whole', async (_name, break_) => {
    const { answers, keep, kept } = world();
    await keep(1200);
    break_(kept);
    expect(await keptFleet(answers, () => {})).toBeNull();
  });

  test('another person sees nothing of it', async () => {
    const { portal, view, who, kept } = world();
    portal.units = all(3);
    await view.load();
    // The store has a shelf of its own for each person.
    kept.clear();
    who.id = 'otto';
    portal.units = [];
    const seen: number[] = [];
    view.state.subscribe(({ units }) => seen.push(units.length));
    await view.load();
    expect(new Set(seen)).toEqual(new Set([0]));
    who.id = null;
    await view.load();
    expect(portal.asked).toHaveLength(2);
  });

  test('asked again in the middle, the first answer is not heard', async () => {
    const { portal, view } = world();
    let answer = () => {};
    portal.until = new Promise((resolve) => {
      answer = resolve;
    });
    portal.units = all(1);
    const first = view.load();
    const second = view.load();
    portal.units = all(2);
    answer();
    await Promise.all([first, second]);
    expect(view.state.value).toMatchObject({ loading: false, error: null });
    expect(view.state.value.units).toHaveLength(2);
  });

  test('what waits is laid over the rows, and stays when it is stored', async () => {
    const { portal, fleet, changes, delivery } = sensorsPage();
    portal.units = [...all(3), unitOf(4, { location_id: 'books', location_name: 'Books' })];
    await fleet.load();
    const names = () => fleet.state.value.units.map(({ name }) => name);
    portal.failing = new AppError('unavailable', 'No network.');
    await changes.put('JBNB0002', { what: 'sensor_name', name: 'Door', seen: null });
    await changes.put('JBNB0003', { what: 'sensor_place', to: 'books', seen: 'bakery' });
    await changes.put('JBNB0009', { what: 'sensor_command', command: 'reboot' });
    expect(names()).toEqual([null, 'Door', null, null]);
    expect(fleet.state.value.units[2]).toMatchObject({ location_name: 'Books' });
    const ids = ['JBNB0002', 'JBNB0003', 'JBNB0009'];
    expect([...fleet.state.value.changing]).toEqual(ids.map((id) => [id, 'waiting']));
    portal.failing = new AppError('not_found', 'There is no such unit.');
    await delivery.deliver();
    expect([...fleet.state.value.changing.values()]).toEqual(ids.map(() => 'troubled'));
    portal.failing = null;
    await changes.again(1);
    expect([...fleet.state.value.changing.keys()]).toEqual(ids.slice(1));
    expect(names()).toEqual([null, 'Door', null, null]);
  });

  test('what was stored is kept as well: opened without network, it is so', async () => {
    const { portal, cache, fleet, changes } = sensorsPage();
    portal.units = all(3);
    await fleet.load();
    await changes.put('JBNB0002', { what: 'sensor_name', name: 'Door', seen: null });
    const kept = async () =>
      (await keptFleet(cache, () => {}))?.answer.map(({ device_id, name }) => [device_id, name]);
    await expect.poll(kept).toContainEqual(['JBNB0002', 'Door']);
    expect(await kept()).toHaveLength(3);
  });
});
