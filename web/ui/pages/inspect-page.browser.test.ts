import { expect, onTestFinished, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { ObservableValue } from '../../app/observable.ts';
import { systemTime } from '../../app/system-time.ts';
import { TestBench } from '../../app/testing/bench.ts';
import { preparedFlash } from '../../app/testing/flash-image.ts';
import { appImage } from '../../app/testing/images.ts';
import { Unit } from '../../app/unit.ts';
import type { InspectParts } from '../controllers/inspect.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './inspect-page.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });

interface World {
  role?: Parameters<typeof signedIn>[0];
  flash?: Uint8Array;
  supported?: boolean;
  running?: boolean;
}

/** The page with the real chain to the virtual chip, which the browser knows already. */
async function inspect({ role = 'installer', flash, supported = true, running }: World = {}) {
  const bench = new TestBench(flash ? { flash } : {});
  onTestFinished(() => bench.dispose());
  const saved: [name: string, bytes: Uint8Array][] = [];
  const questions: Parameters<InspectParts['ask']>[0][] = [];
  const world = { yes: true };
  const parts = {
    unit: new Unit(systemTime),
    ports: { supported, known: async () => [bench.unitPort()] },
    prepare: {
      state: new ObservableValue({ result: running ? 'running' : 'idle' }),
    },
    session: signedIn(role).session,
    ask: async (question: Parameters<InspectParts['ask']>[0]) => {
      questions.push(question);
      return world.yes;
    },
    save: (name: string, bytes: Uint8Array) => saved.push([name, bytes]),
  };
  const element = await mount('jb-inspect-page', { parts: parts as unknown as InspectParts });
  await settled(element);
  return { element, bench, saved, questions, world, unit: parts.unit };
}

/** As if the person had chosen it in the browser's dialog. */
function choose(element: Element, file: File): void {
  const input = element.shadowRoot!.querySelector<HTMLInputElement>('input[type=file]')!;
  const transfer = new DataTransfer();
  transfer.items.add(file);
  input.click = () => {
    input.files = transfer.files;
    input.dispatchEvent(new Event('change'));
  };
}

const found = () => expect.element(page.getByTestId('found'), { timeout: 10_000 });

test('a unit is read: its apps, what is set, no token; its app starts again', async () => {
  const { element, unit } = await inspect({ flash: await preparedFlash() });
  await button('Read the unit').click();
  await found().toHaveTextContent('02:4A:42:00:00:01');
  await settled(element);
  const words = text(element);
  expect(words).toContain('jambox-virtual · this one starts');
  expect(words).toContain('JBNB0001');
  expect(words).toContain('token string •••••• (43 characters)');
  await button('Start its app again').click();
  await vi.waitFor(() => expect(unit.state.value.phase).toBe('running'), 10_000);
});

test('a backup is saved after its risk was read, and only then', async () => {
  const flash = await preparedFlash();
  const { questions, saved, world } = await inspect({ flash });
  world.yes = false;
  await button('Save a backup…').click();
  await vi.waitFor(() => expect(questions).toHaveLength(1));
  expect(questions[0]?.facts.join(' ')).toContain('can speak to the server as this unit');
  expect(saved).toEqual([]);
  world.yes = true;
  await button('Save a backup…').click();
  await vi.waitFor(() => expect(saved).toHaveLength(1), 20_000);
  const [name, bytes] = saved[0]!;
  expect(name).toMatch(/^jambox-024A42000001-\d{4}-\d\d-\d\d\.bin$/);
  expect(bytes.every((byte, i) => byte === flash[i])).toBe(true);
});

test('a backup is restored after a yes; a wrong file changes nothing', async () => {
  const { element, bench, questions } = await inspect();
  choose(element, new File(['hello'], 'notes.txt'));
  await button('Restore a backup…').click();
  await expect.element(page.getByTestId('inspect-error'), { timeout: 10_000 }).toBeVisible();
  expect(text(element)).toContain('the file has 5: nothing was written');
  expect(questions).toEqual([]);
  const flash = await preparedFlash();
  choose(element, new File([flash], 'backup.bin'));
  await button('Restore a backup…').click();
  await expect
    .element(page.getByText('The unit holds what backup.bin holds, every byte verified.'), {
      timeout: 20_000,
    })
    .toBeVisible();
  expect(questions).toHaveLength(1);
  expect(bench.flash.bytes.every((byte, i) => byte === flash[i])).toBe(true);
});

test('a pulled cable while restoring: what the unit is now, and how to go on', async () => {
  const { element, bench } = await inspect();
  bench.pullAfterBytes = 30_000;
  choose(element, new File([await preparedFlash()], 'backup.bin'));
  await button('Restore a backup…').click();
  await expect.element(page.getByTestId('inspect-error'), { timeout: 20_000 }).toBeVisible();
  expect(text(element)).toContain('do not mount it');
});

test('a file is looked into without a unit; one of nothing known is said to be', async () => {
  const { element } = await inspect({ supported: false });
  await expect.element(button('Read the unit')).toHaveAttribute('aria-disabled', 'true');
  choose(element, new File([appImage({ project: 'jambox' })], 'app.bin'));
  await button('Open a file…').click();
  await found().toHaveTextContent('In the file app.bin:');
  expect(text(element)).toContain('Whole: its checksum and its hash are right.');
  choose(element, new File(['hello'], 'notes.txt'));
  await button('Open a file…').click();
  await expect.element(page.getByText('Nothing in notes.txt is known here.')).toBeVisible();
});

test('a file that is dropped on the page is looked into', async () => {
  const { element } = await inspect();
  const transfer = new DataTransfer();
  transfer.items.add(new File([appImage({ project: 'jambox' })], 'dropped.bin'));
  const target = element.shadowRoot!.querySelector('.page')!;
  target.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
  await found().toHaveTextContent('In the file dropped.bin:');
});

test('nothing is read while a unit is prepared; owners are told who does this', async () => {
  const { element } = await inspect({ running: true });
  await expect.element(button('Read the unit')).toHaveAttribute('aria-disabled', 'true');
  expect(text(element)).toContain('A unit is being prepared on the bench');
  element.remove();
  await inspect({ role: 'owner' });
  await expect.element(button('Read the unit')).not.toBeInTheDocument();
});
