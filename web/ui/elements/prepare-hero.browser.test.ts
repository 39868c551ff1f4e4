import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { freshPrepareState, type Stage, type StageId } from '../../app/prepare-state.ts';
import { change, mount, text } from '../testing/mount.ts';
import { leftText } from './prepare-hero.ts';
import './prepare-hero.ts';

function flow(changes: Partial<Record<StageId, Partial<Stage>>>) {
  const state = freshPrepareState('JBNB0042');
  const stages = state.stages.map((stage) => ({ ...stage, ...changes[stage.id] }));
  return { ...state, result: 'running' as const, stages };
}

const part = (id: string) =>
  document
    .querySelector('jb-prepare-hero')
    ?.shadowRoot?.querySelector(`[data-part=${id}]`) as HTMLElement;

test('id, what happens, one bar with the time left, and a line for each part', async () => {
  const checked = { 'check-id': { state: 'done' }, 'check-firmware': { state: 'done' } } as const;
  const bringup = { state: 'running', elapsedMs: 5000, detail: 'Step 7 of 12.' } as const;
  const writing = { 'write-provisioning': { state: 'done', elapsedMs: 8000 } } as const;
  await mount('jb-prepare-hero', { state: flow({ ...checked, ...writing, bringup }) });
  const heading = page.getByRole('heading', { name: 'Testing the cellular link' });
  await expect.element(heading).toBeVisible();
  expect(page.getByRole('progressbar').elements()).toHaveLength(1);
  await expect.element(page.getByText('Less than a minute left')).toBeVisible();
  await expect.element(page.getByText('Step 7 of 12.')).toBeVisible();
  expect(page.getByRole('listitem').elements()).toHaveLength(3);
  expect(text(part('check'))).toBe('Check , done 0:00');
  expect(part('phase1').dataset.state).toBe('running');
  expect(part('phase2').dataset.state).toBe('waiting');
});

test('a unit that is erased is said to be', async () => {
  const state = freshPrepareState('JBNB0042', { eraseAll: true });
  const stages = state.stages.map((stage) =>
    stage.id === 'erase' ? { ...stage, state: 'running' as const } : stage,
  );
  await mount('jb-prepare-hero', { state: { ...state, result: 'running', stages } });
  await expect.element(page.getByRole('heading', { name: 'Erasing the whole unit' })).toBeVisible();
});

test('the part that failed says so; what is done needs no lines at all', async () => {
  const state = { ...flow({ bringup: { state: 'failed' } }), result: 'failed' as const };
  const element = await mount('jb-prepare-hero', { state });
  await expect.element(page.getByRole('heading', { name: 'Could not prepare' })).toBeVisible();
  expect(part('phase1').dataset.state).toBe('failed');
  await expect.element(page.getByRole('progressbar')).not.toBeInTheDocument();
  await change(element, { state: { ...state, result: 'done' } });
  expect(page.getByRole('listitem').elements()).toHaveLength(0);
  await expect.element(page.getByTestId('summary')).toHaveTextContent('All steps took 0:00.');
});

test.each([
  [null, 'Takes longer than usual.'],
  [44_000, 'Less than a minute left'],
  [60_000, 'About a minute left'],
  [95_000, 'About 2 minutes left'],
])('%s ms left: %s', (ms, words) => {
  expect(leftText(ms)).toBe(words);
});
