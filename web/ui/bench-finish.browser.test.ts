import { expect, test } from 'vitest';
import { type Ended, tellEnd } from './bench-finish.ts';

async function told(
  result: Ended,
  deviceId: string,
  { hidden = true, permission = 'granted' as NotificationPermission } = {},
): Promise<string[]> {
  const heard: string[] = [];
  await tellEnd(result, deviceId, {
    play: (what) => heard.push(`sound ${what}`),
    isHidden: () => hidden,
    permission: () => permission,
    show: async (title, body) => {
      heard.push(`${title}: ${body}`);
    },
  });
  return heard;
}

test('whoever looks at another tab hears and reads how it ended', async () => {
  const done = ['sound done', 'JBNB0042 is done: Plug in the next unit.'];
  expect(await told('done', 'JBNB0042')).toEqual(done);
  const failed = ['sound failed', 'JBNB0042 needs you: The page says what to do.'];
  expect(await told('failed', 'JBNB0042')).toEqual(failed);
  expect(await told('failed', '')).toContain('A unit needs you: The page says what to do.');
});

test('nothing is shown over the page itself, or without leave', async () => {
  expect(await told('done', 'JBNB0042', { hidden: false })).toEqual(['sound done']);
  expect(await told('done', 'JBNB0042', { permission: 'default' })).toEqual(['sound done']);
});

test('whoever has stopped it knows', async () => {
  expect(await told('cancelled', 'JBNB0042')).toEqual([]);
});
