import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { Account, type AccountPort, type AccountPortal } from '../../app/account.ts';
import type { AuthSession } from '../../app/session.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { fired, mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './account.ts';

const button = (name: string) => page.getByRole('button', { name, exact: true });
const PICTURE = 'data:image/svg+xml,%3Csvg xmlns="http://www.w3.org/2000/svg"/%3E';

async function card({
  hasFactor = false,
  failing = null as AppError | null,
  unsent = 0,
  sensors = 0,
  answers = new MemoryAnswers(),
} = {}) {
  const { session, signOuts } = signedIn('owner');
  const calls: string[] = [];
  const service = {
    on: hasFactor,
    failing,
    fail() {
      if (this.failing) throw this.failing;
    },
  };
  const port: Partial<AccountPort> = {
    hasSecondFactor: async () => {
      service.fail();
      return service.on;
    },
    startSecondFactor: async () => {
      service.fail();
      return {
        picture: PICTURE,
        secret: 'ABCD EFGH',
        confirm: async (code: string): Promise<AuthSession> => {
          calls.push(`confirm ${code}`);
          if (code !== '123456') throw new AppError('invalid', 'That is not the code.');
          service.on = true;
          return { userId: 'id-ada', email: 'ada@example.net', accessToken: 't', expiresAt: 4e9 };
        },
      };
    },
    removeSecondFactor: async () => void calls.push('remove'),
  };
  const portal: AccountPortal = {
    me: async () => ({ second_factor: service.on }),
    requireSecondFactor: async (required) => void calls.push(`require ${required}`),
    signOutEverywhere: async () => {
      service.fail();
      calls.push('everywhere');
    },
  };
  const parts = { session, account: port as AccountPort, portal, answers };
  const account = new Account(parts);
  const outbox = { unsent, sensors, reachable: true };
  const waiting = {
    count: async () => outbox.unsent,
    sensors: async () => outbox.sensors,
    deliver: async () => {
      if (outbox.reachable) outbox.unsent = 0;
    },
  };
  const element = await mount('jb-account', { session, waiting, account: async () => account });
  await settled(element);
  return { outbox, element, calls, signOuts, service, events: fired(element, 'signed-out') };
}

test('who is signed in, and out by one click', async () => {
  const { element, signOuts, events } = await card();
  expect(text(element)).toContain('Signed in as ada@example.net (owner).');
  await button('Sign out').click();
  await settled(element);
  expect([signOuts, events.length]).toEqual([['local'], 1]);
});

test('everywhere only after a question, and not when the server cannot be told', async () => {
  const { element, calls, signOuts, service, events } = await card();
  service.failing = new AppError('unavailable', 'The server cannot be reached.');
  for (const attempt of [1, 2]) {
    await button('Sign out everywhere').click();
    await page.getByRole('group').getByRole('button', { name: 'Sign out everywhere' }).click();
    await settled(element);
    if (attempt === 2) break;
    await expect.element(page.getByRole('alert')).toBeVisible();
    expect([calls, signOuts, events]).toEqual([[], [], []]);
    service.failing = null;
  }
  expect([calls, signOuts, events.length]).toEqual([['everywhere'], ['global'], 1]);
});

test('a second factor is set up with a code; a wrong one can be mended', async () => {
  const { element, calls } = await card();
  await button('Set it up').click();
  await settled(element);
  expect(text(element)).toContain('ABCD EFGH');
  const code = page.getByLabelText('Code of your authenticator app');
  await code.fill('000 000');
  await button('Turn it on').click();
  await settled(element);
  await expect.element(code).toHaveAttribute('aria-invalid', 'true');
  expect(text(element)).toContain('That is not the code.');
  await code.fill('123 456');
  await userEvent.keyboard('{Enter}');
  await settled(element);
  expect(calls).toEqual(['confirm 000000', 'confirm 123456', 'require true']);
  expect(text(element)).toContain('On: signing in takes a code');
});

test('given up in the middle, nothing is set up and nothing said', async () => {
  const { element, calls } = await card();
  await button('Set it up').click();
  await settled(element);
  await button('Cancel').click();
  await settled(element);
  expect(calls).toEqual([]);
  await expect.element(button('Set it up')).toBeVisible();
});

test('it is turned off only after a question', async () => {
  const { element, calls } = await card({ hasFactor: true });
  await button('Turn it off').click();
  expect(calls).toEqual([]);
  await page.getByRole('group').getByRole('button', { name: 'Turn it off' }).click();
  await settled(element);
  expect(calls).toEqual(['require false', 'remove']);
  expect(text(element)).toMatch(/Off\.\s*With it,/);
});

test('without a network it is not known whether there is one, and that is no alarm', async () => {
  const failing = new AppError('unavailable', 'The server cannot be reached.');
  const { element } = await card({ failing });
  expect(text(element)).toContain('Not known right now.');
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
});

test('what this device remembers of the second factor has its time', async () => {
  const answers = new MemoryAnswers();
  const online = await card({ hasFactor: true, answers });
  expect(online.element.shadowRoot?.querySelector('[data-testid=factor-as-of]')).toBeNull();
  online.element.remove();
  const { element } = await card({ failing: new AppError('unavailable', 'away'), answers });
  expect(text(element)).toContain('On: signing in takes a code');
  // MemoryAnswers notes every answer at this moment
  await expect.element(page.getByTestId('factor-as-of')).toHaveTextContent('As of 15 Jan 2027');
  await expect.element(button('Turn it off')).not.toBeInTheDocument();
});

test('changes that wait are asked about before signing out: nothing is lost silently', async () => {
  const { element, outbox, signOuts } = await card({ unsent: 2 });
  outbox.reachable = false;
  await button('Sign out').click();
  await settled(element);
  expect(text(element)).toContain('2 changes are not sent yet. Signing out removes');
  expect(signOuts).toEqual([]);
  await button('Send, then sign out').click();
  await settled(element);
  expect(text(element)).toContain('Not everything could be sent.');
  await button('Stay signed in').click();
  await settled(element);
  await expect.element(button('Stay signed in')).not.toBeInTheDocument();
  expect(signOuts).toEqual([]);
  outbox.reachable = true;
  await button('Sign out').click();
  await settled(element);
  await button('Send, then sign out').click();
  await settled(element);
  expect([signOuts, outbox.unsent]).toEqual([['local'], 0]);
});

test('a change that has not reached all of its sensors is asked about as well', async () => {
  const { element, outbox, signOuts } = await card({ unsent: 1, sensors: 120 });
  await button('Sign out').click();
  await settled(element);
  expect(text(element)).toContain('A change for many sensors has not reached 120 of them yet.');
  await button('Send, then sign out').click();
  await settled(element);
  // What could be sent is; the rest is begun where it was.
  expect([outbox.unsent, signOuts]).toEqual([0, []]);
  await expect.element(button('Send, then sign out')).not.toBeInTheDocument();
  const there = page.getByRole('link', { name: 'Go on with it on My locations' });
  await expect.element(there).toHaveAttribute('href', '/locations');
  await button('Sign out and end it').click();
  await settled(element);
  expect(signOuts).toEqual(['local']);
});

test('without them, everywhere, when that is what is wanted', async () => {
  const { element, signOuts, calls } = await card({ unsent: 1 });
  await button('Sign out everywhere').click();
  await page.getByRole('group').getByRole('button', { name: 'Sign out everywhere' }).click();
  await settled(element);
  expect(text(element)).toContain('One change is not sent yet.');
  expect(calls).toEqual([]);
  await button('Sign out without them').click();
  await settled(element);
  expect([calls, signOuts]).toEqual([['everywhere'], ['global']]);
});
