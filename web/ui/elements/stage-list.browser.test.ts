import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { freshPrepareState, type Stage, type StageId } from '../../app/prepare-state.ts';
import { change, mount, text } from '../testing/mount.ts';
import './stage-list.ts';

/** A flow with these changes to one stage. */
function stateWith(id: StageId, changes: Partial<Stage>) {
  const state = freshPrepareState('JBNB0042');
  const stages = state.stages.map((stage) => (stage.id === id ? { ...stage, ...changes } : stage));
  return { ...state, stages };
}

const row = (id: StageId) =>
  document
    .querySelector('jb-stage-list')
    ?.shadowRoot?.querySelector(`[data-stage=${id}]`) as HTMLElement;

test('eleven stages in three phases, all waiting, with no time and no step', async () => {
  await mount('jb-stage-list', { state: freshPrepareState('JBNB0042') });
  await expect.element(page.getByRole('heading', { name: 'Test the cellular link' })).toBeVisible();
  const rows = page.getByRole('listitem').elements();
  expect(rows).toHaveLength(11);
  expect(text(row('check-id'))).toBe('waiting Check the device id');
});

test('progress has a figure; without any there is no bar that stands at 0', async () => {
  const running = { state: 'running', elapsedMs: 65_000 } as const;
  const element = await mount('jb-stage-list', { state: stateWith('write-unit', running) });
  await expect.element(page.getByRole('progressbar')).not.toBeInTheDocument();
  expect(text(row('write-unit'))).toContain('running Write identity and JamBox program');
  await change(element, {
    state: stateWith('write-unit', { ...running, progress: 0.429, remainingMs: 30_000 }),
  });
  const bar = page.getByRole('progressbar', { name: 'Write identity and JamBox program' });
  await expect.element(bar).toHaveAttribute('value', '42');
  expect(text(row('write-unit'))).toContain('42 %');
  expect(text(row('write-unit'))).toMatch(/left/);
});

test.each([
  ['done', 'done'],
  ['warning', 'done with a warning'],
  ['failed', 'failed'],
  ['skipped', 'left out'],
] as const)('a stage that is %s says so without colour', async (state, word) => {
  await mount('jb-stage-list', {
    state: stateWith('heartbeat', { state, detail: 'Because.', elapsedMs: 5000 }),
  });
  expect(text(row('heartbeat'))).toMatch(new RegExp(`^${word} First sign of life`));
  expect(text(row('heartbeat'))).toContain('Because.');
  expect(row('heartbeat').querySelector('.time')?.textContent === '').toBe(state === 'skipped');
});

test('the twelve steps stand in their stage while it is of interest', async () => {
  const element = await mount('jb-stage-list', { state: stateWith('bringup', {}) });
  const steps = page.getByRole('list', { name: 'Bring-up steps' });
  await expect.element(steps).not.toBeInTheDocument();
  const state = stateWith('bringup', { state: 'running' });
  const [first, ...rest] = state.steps;
  if (!first) throw new Error('no steps');
  const tried = { ...first, state: 'failed', try: 3, said: 'ERROR', hint: 'Look.' } as const;
  await change(element, { state: { ...state, steps: [tried, ...rest] } });
  await expect.element(steps).toBeVisible();
  const step = element.shadowRoot?.querySelector('[data-step="1"]') as HTMLElement;
  expect(text(step)).toMatch(/^failed 1 .* attempt 3 ERROR .*Look\.$/);
  expect(element.shadowRoot?.querySelectorAll('[data-step]')).toHaveLength(12);
  await change(element, { state: stateWith('bringup', { state: 'skipped' }) });
  await expect.element(steps).not.toBeInTheDocument();
});

test('a stage that writes says what of each region, and why', async () => {
  const size = 786_432;
  const plan = [
    { name: 'partition table', offset: 0x8000, bytes: 4096, toWrite: 0, reason: 'same' },
    { name: 'JamBox app', offset: 0x20000, bytes: size, toWrite: 65_536, reason: 'changed' },
  ] as const;
  await mount('jb-stage-list', { state: stateWith('write-unit', { state: 'running', plan }) });
  const summary = page.getByText('What is written: 64 KB of 772 KB');
  await expect.element(summary).toBeVisible();
  await expect.element(page.getByText('JamBox app 0x20000')).not.toBeVisible();
  await summary.click();
  await expect.element(page.getByText('JamBox app 0x20000')).toBeVisible();
  await expect
    .element(page.getByText('64 KB of 768 KB. Some of it is there already: only the rest'))
    .toBeVisible();
  await expect
    .element(page.getByText('0 KB of 4 KB. Is there already: nothing is written.'))
    .toBeVisible();
});
