import { expect, test } from 'vitest';
import type { ActivateRequest } from '../../shared/contracts/provisioning.ts';
import { AppError } from '../../shared/errors.ts';
import { Activation } from './activation.ts';

const SECRET = 'abcdefghijklmnopqrstuv';

function bench(failing: AppError | null = null) {
  const sent: ActivateRequest[] = [];
  const nothing = async () => {
    throw new AppError('internal', 'not here');
  };
  const activation = new Activation({
    state: nothing,
    locations: async () => [],
    unlockPin: nothing,
    async activate(_id, label) {
      sent.push(label);
      if (failing) throw failing;
    },
  });
  return { activation, sent };
}

test('a scanned secret proves instead of the PIN, once', async () => {
  const { activation, sent } = bench();
  expect(activation.keepSecret('/activate/jbnb0042', `#${SECRET}`)).toBe(true);
  expect([activation.hasSecret('JBNB0042'), activation.hasSecret('JBNB0043')]).toEqual([
    true,
    false,
  ]);
  await activation.activate('JBNB0042', 'bakery', '');
  await activation.activate('JBNB0042', 'bakery', '4711');
  expect(sent).toEqual([
    { secret: SECRET, location_id: 'bakery' },
    { pin: '4711', location_id: 'bakery' },
  ]);
});

test('a refused secret is kept for another try', async () => {
  const { activation } = bench(new AppError('unavailable', 'No.'));
  activation.keepSecret('/activate/JBNB0042', `#${SECRET}`);
  await expect(activation.activate('JBNB0042', 'bakery', '')).rejects.toThrow('No.');
  expect(activation.hasSecret('JBNB0042')).toBe(true);
});

test.each([
  ['/activate/JBNB0042', '#main'],
  ['/activate/JBNB0042', ''],
  ['/activate/nothing', `#${SECRET}`],
  ['/activate/JBNB0042', `#${SECRET}x`],
])('%s%s has no secret', (path, hash) => {
  expect(bench().activation.keepSecret(path, hash)).toBe(false);
});
