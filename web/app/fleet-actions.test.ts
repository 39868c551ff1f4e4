import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { countRun, failuresOf } from './fleet-run.ts';
import { FleetActionsStandIn, fleetActions, tuningOf } from './testing/fleet-actions.ts';
import { idOf, unitOf } from './testing/sensors.ts';

const many = (n: number) => Array.from({ length: n }, (_, i) => unitOf(i + 1));
const standIn = (n: number) =>
  new FleetActionsStandIn(...Array.from({ length: n }, (_, i) => tuningOf(i + 1)));
const CONFIG = { config: { report_interval_ms: 600_000 } };
const away = () => new AppError('unavailable', 'No network.');

async function begun(n: number, portal = standIn(n)) {
  const world = fleetActions(portal);
  await world.actions.look(many(n));
  return { ...world, portal };
}

describe('looking', () => {
  test('goes a hundred at a time; what is known comes whole', async () => {
    const portal = standIn(250);
    const { actions } = fleetActions(portal);
    const seen: [number, number][] = [];
    actions.state.subscribe(({ look }) => look && seen.push([look.asked, look.known.size]));
    await actions.look(many(250));
    expect(portal.calls.sort()).toEqual(['look 100', 'look 100', 'look 50']);
    expect(seen[0]).toEqual([0, 0]);
    expect(seen.at(-1)).toEqual([250, 250]);
    expect(seen.slice(0, -1).every(([, known]) => known === 0)).toBe(true);
  });

  test('a failure is told, and nothing is taken for known', async () => {
    const portal = standIn(250);
    portal.failures.push(away());
    const { actions } = fleetActions(portal);
    await actions.look(many(250));
    expect(actions.state.value.look).toMatchObject({ asked: 0, error: { code: 'unavailable' } });
    expect(actions.state.value.look?.known.size).toBe(0);
  });

  test('of two looks only the second is heard', async () => {
    const { actions } = fleetActions(standIn(3));
    await Promise.all([actions.look(many(3)), actions.look(many(2))]);
    expect(actions.state.value.look?.known.size).toBe(2);
  });
});

describe('a run', () => {
  test('sends what was seen, call by call, each with a key of its own', async () => {
    const { actions, portal } = await begun(
      2,
      new FleetActionsStandIn(tuningOf(1), tuningOf(2, { config_version: 7 })),
    );
    await actions.begin(CONFIG, many(2));
    expect(portal.calls.at(-1)).toBe(`key-1: 2 from JBNB0001 1,7 {"report_interval_ms":600000}`);
    expect(actions.state.value).toMatchObject({ phase: 'still', error: null, look: null });
    const world = await begun(250);
    await world.actions.begin({ command: 'send_now' }, many(250));
    expect(world.portal.calls.slice(3)).toEqual([
      'key-1: 100 from JBNB0001 send_now',
      'key-2: 100 from JBNB0101 send_now',
      'key-3: 50 from JBNB0201 send_now',
    ]);
  });

  test('counts what became of each, and names those that it did not reach', async () => {
    const { actions, portal } = await begun(4);
    portal.outcomes.set(idOf(2), 'conflict').set(idOf(3), 'unchanged').set(idOf(4), 'forbidden');
    await actions.begin(CONFIG, many(4));
    const { run } = actions.state.value;
    expect(run && countRun(run)).toEqual({ done: 1, unchanged: 1, failed: 2, ahead: 0 });
    expect(run && failuresOf(run)).toEqual([
      { id: idOf(2), outcome: 'conflict' },
      { id: idOf(4), outcome: 'forbidden' },
    ]);
  });

  test('waits as long as the backend wants, then sends the same call', async () => {
    const { actions, portal, slept } = await begun(1);
    portal.failures.push(new AppError('rate_limited', 'Many.', { retryAfterS: 33 }));
    await actions.begin(CONFIG, many(1));
    expect(slept).toEqual([33_000]);
    expect(portal.calls.slice(1).map((call) => call.slice(0, 5))).toEqual(['key-1', 'key-1']);
    expect(actions.state.value.run?.outcomes).toEqual(['done']);
  });

  test('says how long the rest takes, by what it took', async () => {
    const { actions, portal, page } = await begun(300);
    portal.until = async () => {
      page.ms += 2000;
    };
    const left: (number | null)[] = [];
    actions.state.subscribe(({ leftMs }) => left.push(leftMs));
    await actions.begin(CONFIG, many(300));
    expect([...new Set(left)]).toEqual([null, 4000, 2000, 0]);
  });

  test('a call refused as a whole, for others, is a failure of its sensors', async () => {
    const { actions, portal } = await begun(150);
    portal.failures.push(new AppError('conflict', 'Others are at it.'));
    await actions.begin(CONFIG, many(150));
    const { run } = actions.state.value;
    expect(run && countRun(run)).toMatchObject({ failed: 100, done: 50, ahead: 0 });
  });

  test('stops between two calls, and goes on with the rest', async () => {
    const { actions, portal } = await begun(300);
    portal.until = async () => actions.stop();
    await actions.begin(CONFIG, many(300));
    expect(actions.state.value).toMatchObject({ phase: 'still', error: null });
    expect(actions.state.value.run?.outcomes).toHaveLength(100);
    portal.until = async () => {};
    await actions.goOn();
    expect(actions.state.value.run?.outcomes).toHaveLength(300);
    expect(portal.answers.size).toBe(3);
  });

  test('stopped in a pause, it does not send again', async () => {
    const { actions, portal } = await begun(1);
    portal.failures.push(new AppError('rate_limited', 'Many.'));
    actions.state.subscribe(({ isPaused }) => isPaused && actions.stop());
    await actions.begin(CONFIG, many(1));
    expect(portal.calls).toHaveLength(2);
    expect(actions.state.value).toMatchObject({ phase: 'still', error: null, isPaused: false });
  });

  test('without network it stops, says why, and goes on later', async () => {
    const { actions, portal } = await begun(200);
    portal.until = async () => {
      if (portal.answers.size === 1) portal.failures.push(away());
    };
    await actions.begin(CONFIG, many(200));
    expect(actions.state.value).toMatchObject({ phase: 'still', error: { code: 'unavailable' } });
    expect(actions.state.value.run?.outcomes).toHaveLength(100);
    portal.until = async () => {};
    await actions.goOn();
    expect(actions.state.value).toMatchObject({ error: null });
    expect(actions.state.value.run?.outcomes).toHaveLength(200);
  });
});

describe('after a reload', () => {
  test('what was done is known; the call whose answer was lost is the same call', async () => {
    const first = await begun(200);
    let lost = () => {};
    first.portal.until = () => {
      // The second one arrives, and its answer never does.
      if (first.portal.answers.size === 1)
        return new Promise((resolve) => {
          lost = resolve;
        });
      return Promise.resolve();
    };
    void first.actions.begin(CONFIG, many(200));
    await expect.poll(() => first.portal.calls.length).toBe(4);
    first.portal.until = async () => {};
    const again = fleetActions(first.portal, first.cache);
    await again.actions.restore();
    expect(again.actions.state.value).toMatchObject({ phase: 'still' });
    expect(again.actions.state.value.run?.outcomes).toHaveLength(100);
    await again.actions.goOn();
    expect(first.portal.calls.at(-1)).toBe(first.portal.calls.at(-2));
    expect(first.portal.answers.size).toBe(2);
    lost();
  });

  test('a finished one is shown until it is dismissed', async () => {
    const { actions, portal, cache } = await begun(1);
    await actions.begin(CONFIG, many(1));
    const again = fleetActions(portal, cache);
    await again.actions.restore();
    expect(again.actions.state.value.run?.outcomes).toEqual(['done']);
    await again.actions.dismiss();
    const third = fleetActions(portal, cache);
    await third.actions.restore();
    expect(third.actions.state.value.run).toBeNull();
  });

  test('another tab that got further is believed, one that is at it is left alone', async () => {
    const { actions, portal, cache } = await begun(200);
    portal.until = async () => actions.stop();
    await actions.begin(CONFIG, many(200));
    portal.until = async () => {};
    const other = fleetActions(portal, cache);
    await other.actions.restore();
    await actions.goOn();
    other.page.isElsewhere = true;
    await other.actions.goOn();
    expect(other.actions.state.value.error?.code).toBe('conflict');
    other.page.isElsewhere = false;
    const calls = portal.calls.length;
    await other.actions.goOn();
    expect(portal.calls).toHaveLength(calls);
    expect(other.actions.state.value.run?.outcomes).toHaveLength(200);
  });
});

test('nothing of it is sent as somebody else', async () => {
  const { actions, portal, page } = await begun(200);
  portal.until = async () => {
    page.user = 'otto';
  };
  await actions.begin(CONFIG, many(200));
  expect(portal.answers.size).toBe(1);
  await actions.goOn();
  expect(portal.answers.size).toBe(1);
  await actions.restore();
  expect(actions.state.value.look).toBeNull();
});
