import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import type { DeliveryState } from '../../app/outbox-delivery.ts';
import { freshPrepareState, type PrepareState } from '../../app/prepare-state.ts';
import { change, fired, mount, text } from '../testing/mount.ts';
import './prepare-result.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });
const DELIVERY: DeliveryState = {
  entries: [],
  changes: [],
  delivering: false,
  stopped: null,
  delivered: [],
};

async function result(changes: Partial<PrepareState>, more: Record<string, unknown> = {}) {
  const element = await mount('jb-prepare-result', {
    state: { ...freshPrepareState('JBNB0042'), ...changes },
    delivery: DELIVERY,
    signalDbm: null,
    readings: [],
    busy: false,
    ...more,
  });
  return { element, events: fired(element, 'retry', 'replace', 'erase', 'anew', 'measure') };
}

test.each(['idle', 'running'] as const)('nothing is said while the flow is %s', async (state) => {
  const { element } = await result({ result: state });
  expect(text(element)).toBe('');
});

const DONE = { result: 'done', isSeen: true, firstReading: { impressions: 3 } } as const;
const HASH = 'a'.repeat(64);

test.each([
  ['ready', {}, 'JBNB0042 is ready'],
  ['weak', { signalDbm: -110 }, 'JBNB0042 reports, over a weak signal'],
  ['empty', { firstReading: { impressions: 0 } }, 'which holds nobody'],
  ['unseen', { isSeen: false }, 'is registered, but was not heard'],
  ['unknown', { queued: true, tokenSha256: HASH }, 'JBNB0042'],
] as const)('done and %s', async (how, changes, words) => {
  const { element } = await result({ ...DONE, ...changes });
  await expect.element(page.getByTestId('done')).toHaveAttribute('data-how', how);
  expect(text(element)).toContain(words);
});

test('a first reading that held nobody is mended by a later one', async () => {
  const { element } = await result({ ...DONE, firstReading: { impressions: 0 } });
  await change(element, { readings: [{ impressions: 5 }] as never });
  await expect.element(page.getByTestId('done')).toHaveAttribute('data-how', 'ready');
});

test('the signal in words; it is measured again, but not twice at once', async () => {
  const { element, events } = await result(DONE);
  await expect.element(page.getByTestId('signal')).toHaveTextContent('Signal: not known yet');
  await button('Measure again').click();
  await change(element, { busy: true });
  await button('Measure again').click({ force: true });
  await change(element, { busy: false, signalDbm: -75 });
  await expect.element(page.getByTestId('signal')).toHaveTextContent('−75 dBm');
  await button('Prepare again').click();
  expect(events.map(([type]) => type)).toEqual(['measure', 'anew']);
});

const failed = (error: AppError): Partial<PrepareState> => ({ result: 'failed', error });

test('a failure has the advice of the flow, and two ways on', async () => {
  const error = new AppError('port_lost', 'The cable is out.');
  const { element, events } = await result({ ...failed(error), advice: 'Plug it in again.' });
  await expect.element(page.getByRole('alert')).toBeVisible();
  expect(text(element)).toContain('Plug it in again.');
  await button('Try again').click();
  await button('Change the id').click();
  expect(events.map(([type]) => type)).toEqual(['retry', 'anew']);
});

test('an id that is another unit’s can be replaced, and only then', async () => {
  const { element, events } = await result(failed(new AppError('conflict', 'Taken.')));
  await button('Replace the unit that has this id').click();
  expect(events.map(([type]) => type)).toEqual(['replace']);
  const state = { ...element.state, error: new AppError('port_lost', 'The cable is out.') };
  await change(element, { state });
  await expect.element(button('Replace the unit that has this id')).not.toBeInTheDocument();
});

test('a unit that is divided in another way can be erased, and only then', async () => {
  const { element, events } = await result(failed(new AppError('other_layout', 'Divided.')));
  await button('Erase the whole unit…').click();
  expect(events.map(([type]) => type)).toEqual(['erase']);
  const state = { ...element.state, error: new AppError('port_lost', 'The cable is out.') };
  await change(element, { state });
  await expect.element(button('Erase the whole unit…')).not.toBeInTheDocument();
});

test('whoever was signed out finds the way to the sign-in', async () => {
  await result(failed(new AppError('unauthenticated', 'The session has ended.')));
  const link = page.getByRole('link', { name: 'Sign in' });
  await expect.element(link).toHaveAttribute('href', '/sign-in?next=/bench');
});

test('what was cancelled is no alarm', async () => {
  await result({ result: 'cancelled', error: new AppError('cancelled', 'Stopped.') });
  await expect.element(page.getByRole('status')).toBeVisible();
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});
