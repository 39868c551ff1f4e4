import { expect, test } from 'vitest';
import type { Alert } from '../../shared/contracts/alert.ts';
import { AppError } from '../../shared/errors.ts';
import { localStore } from '../storage/local.ts';
import { AlertWatch, type Permission } from './alert-watch.ts';

const silent = (device_id: string, changes: Partial<Alert> = {}): Alert => ({
  device_id,
  name: null,
  location_id: 'bakery',
  kind: 'silent',
  started: 1_769_600_000,
  started_at: '2026-01-28T11:33:20Z',
  ended_at: null,
  detail: '',
  acknowledged_at: null,
  acknowledged_by: null,
  ...changes,
});

/** A device whose tabs share what is kept, its person and what the backend says. */
function device(permission: Permission = 'granted') {
  const { storage } = localStore(() => {
    throw new Error('none');
  });
  const world = {
    user: 'ada' as string | null,
    open: [] as Alert[],
    away: false,
    permission,
    shown: [] as string[],
    badge: 0,
  };
  const tab = () =>
    new AlertWatch({
      open: async () => {
        if (world.away) throw new AppError('unavailable', 'Away.');
        return world.open;
      },
      userId: () => world.user,
      storage,
      notifier: {
        permission: () => world.permission,
        ask: async () => {
          if (world.permission === 'default') world.permission = 'granted';
          return world.permission;
        },
        show: async (alert) => {
          world.shown.push(alert.device_id);
        },
        keepOnly: async (keys) => {
          world.shown = world.shown.filter((id) => keys.some((key) => key.startsWith(id)));
        },
        badge: (count) => {
          world.badge = count;
        },
      },
    });
  return { tab, world };
}

test('nothing is shown before somebody has switched it on; the icon has its number', async () => {
  const { tab, world } = device();
  const watch = tab();
  const known = silent('JBNB0002', { acknowledged_at: '2026-01-28T12:00:00Z' });
  world.open = [silent('JBNB0001'), known];
  await watch.look();
  expect([world.shown, world.badge, watch.state.value.isOn]).toEqual([[], 1, false]);
});

test('what was open when it was switched on is not told, what opens later is, once', async () => {
  const { tab, world } = device('default');
  const watch = tab();
  world.open = [silent('JBNB0001')];
  await watch.look();
  await watch.turnOn();
  expect(watch.state.value).toMatchObject({ isOn: true, permission: 'granted' });
  await watch.look();
  expect(world.shown).toEqual([]);
  world.open = [silent('JBNB0002'), silent('JBNB0001')];
  await watch.look();
  await watch.look();
  expect(world.shown).toEqual(['JBNB0002']);
  // another tab, or the page after a reload
  await tab().look();
  expect(world.shown).toEqual(['JBNB0002']);
});

test('an alert that ends takes its notification away, and is told when it is back', async () => {
  const { tab, world } = device();
  const watch = tab();
  await watch.turnOn();
  world.open = [silent('JBNB0001')];
  await watch.look();
  world.open = [];
  await watch.look();
  expect([world.shown, world.badge]).toEqual([[], 0]);
  world.open = [silent('JBNB0001', { started: 1_769_700_000 })];
  await watch.look();
  expect([world.shown, world.badge]).toEqual([['JBNB0001'], 1]);
});

test('without an answer everything stays as it was', async () => {
  const { tab, world } = device();
  const watch = tab();
  await watch.turnOn();
  world.open = [silent('JBNB0001')];
  await watch.look();
  world.away = true;
  await watch.look();
  expect([world.shown, world.badge, watch.state.value.open?.length]).toEqual([['JBNB0001'], 1, 1]);
});

test('a refusal is believed, also one that comes later', async () => {
  const { tab, world } = device('denied');
  const watch = tab();
  await watch.turnOn();
  expect(watch.state.value).toMatchObject({ isOn: false, permission: 'denied' });
  world.permission = 'granted';
  await watch.turnOn();
  world.permission = 'denied';
  world.open = [silent('JBNB0001')];
  await watch.look();
  expect([world.shown, watch.state.value.isOn]).toEqual([[], false]);
});

test('the next person hears nothing of the first', async () => {
  const { tab, world } = device();
  const watch = tab();
  await watch.turnOn();
  world.open = [silent('JBNB0001')];
  await watch.look();
  world.user = null;
  await watch.look();
  expect([world.shown, world.badge, watch.state.value.open]).toEqual([[], 0, null]);
  world.user = 'bob';
  world.open = [silent('JBNB0009')];
  await watch.look();
  expect([world.shown, watch.state.value.isOn]).toEqual([[], false]);
});

test('switched off in one tab it is off in the other', async () => {
  const { tab, world } = device();
  const [one, other] = [tab(), tab()];
  await one.turnOn();
  other.turnOff();
  world.open = [silent('JBNB0001')];
  await one.look();
  expect([world.shown, one.state.value.isOn]).toEqual([[], false]);
});

test('an answer for somebody who has left meanwhile is dropped', async () => {
  const { tab, world } = device();
  const watch = tab();
  await watch.turnOn();
  world.open = [silent('JBNB0001')];
  const looking = watch.look();
  world.user = 'bob';
  await looking;
  expect([world.shown, watch.state.value.open]).toEqual([[], null]);
});
