import { expect, onTestFinished, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { AppError } from '../../../shared/errors.ts';
import { type AuthPort, type AuthSession, Session } from '../../app/session.ts';
import { focused, mount, settled, text } from '../testing/mount.ts';
import { deviceOf } from '../testing/notes.ts';
import './sign-in-page.ts';

const ADA: AuthSession = {
  userId: 'id-ada',
  email: 'ada@example.net',
  accessToken: 'token',
  expiresAt: 4_102_444_800,
};
const PASSWORD = 'a few words';

/** A sign-in service with one account. */
class Service {
  hasFactor = false;
  failing: AppError | null = null;
  /** Lets answers out; none is held back while it is null. */
  gate: Promise<void> | null = null;
  tries = 0;
  readonly mails: string[] = [];

  readonly auth: AuthPort = {
    stored: () => null,
    signIn: async (email, password) => {
      this.tries++;
      await this.gate;
      if (this.failing) throw this.failing;
      if (email !== ADA.email || password !== PASSWORD)
        throw new AppError('unauthenticated', 'E-mail or password is wrong.');
      return this.hasFactor ? { enter: (code) => this.#enter(code) } : ADA;
    },
    refresh: async () => ADA,
    signOut: async () => {},
    forget: () => {},
    onChangedElsewhere: () => {},
  };

  async #enter(code: string): Promise<AuthSession> {
    if (code !== '123456') throw new AppError('invalid', 'That is not the code.');
    return ADA;
  }
}

async function signIn({ search = '', signUp = false, role = 'owner' as const, left = 0 } = {}) {
  const before = location.href;
  history.replaceState(null, '', `${location.pathname}${search}`);
  onTestFinished(() => history.replaceState(null, '', before));
  const service = new Service();
  const session = new Session({
    auth: service.auth,
    wipe: async () => {},
    roles: { read: () => role, write: () => {}, forget: () => {} },
    now: Date.now,
  });
  const went: unknown[] = [];
  const port = {
    requestPassword: async (email: string) => void service.mails.push(email),
    signUp: async () => null,
  };
  const element = await mount('jb-sign-in-page', {
    session,
    account: async () => ({ port, hasSecondFactor: async () => false }) as never,
    settings: async () => ({ sign_up: signUp }),
    device: async () => deviceOf('default', async () => []).parts,
    waiting: { count: async () => left, sensors: async () => 0, deliver: async () => {} },
    go: (path: string, options: unknown) => void went.push([path, options]),
  });
  await settled(element);
  const fill = async (password: string) => {
    await page.getByLabelText('E-mail').fill(ADA.email);
    await page.getByLabelText('Password').fill(password);
    await userEvent.keyboard('{Enter}');
    await settled(element);
  };
  return { element, service, went, fill };
}

const heading = () => page.getByRole('heading', { level: 1 });

test('by keyboard, to where the person wanted to go', async () => {
  const { went, fill } = await signIn({ search: '?next=/admin/people' });
  await fill(PASSWORD);
  expect(went).toEqual([['/admin/people', { replace: true }]]);
});

test('an address elsewhere is not followed', async () => {
  const { went, fill } = await signIn({ search: '?next=https://example.net/' });
  await fill(PASSWORD);
  expect(went).toEqual([['/store', { replace: true }]]);
});

test('a wrong password is said, and stands ready to be typed over', async () => {
  const { fill, went } = await signIn();
  await fill('wrong');
  await expect.element(page.getByRole('alert')).toHaveTextContent('E-mail or password is wrong.');
  const field = page.getByLabelText('Password').element() as HTMLInputElement;
  expect(focused()).toBe(field);
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, 5]);
  await expect.element(page.getByLabelText('E-mail')).toHaveAttribute('aria-invalid', 'true');
  await fill(PASSWORD);
  await expect.element(page.getByRole('alert')).not.toBeInTheDocument();
  expect(went).toHaveLength(1);
});

test('without a network the fields are not called wrong', async () => {
  const { service, fill } = await signIn();
  service.failing = new AppError('unavailable', 'The server cannot be reached.');
  await fill(PASSWORD);
  await expect.element(page.getByRole('alert')).toBeVisible();
  await expect.element(page.getByLabelText('E-mail')).toHaveAttribute('aria-invalid', 'false');
});

test('pressed twice it asks once; the button keeps the focus meanwhile', async () => {
  const { element, service, fill } = await signIn();
  let open = () => {};
  service.gate = new Promise((resolve) => {
    open = resolve;
  });
  await fill(PASSWORD);
  const button = page.getByRole('button', { name: 'Signing in…' });
  await expect.element(button).toHaveAttribute('aria-disabled', 'true');
  await button.click({ force: true });
  await settled(element);
  expect(focused()).toBe(button.element());
  open();
  await settled(element);
  expect(service.tries).toBe(1);
});

test('a second factor: a wrong code can be mended, groups and all', async () => {
  const { element, service, went, fill } = await signIn();
  service.hasFactor = true;
  await fill(PASSWORD);
  await expect.element(heading()).toHaveTextContent('One more step');
  expect(focused()).toBe(heading().element());
  for (const code of ['000 000', '123 456']) {
    await page.getByLabelText('Code of your authenticator app').fill(code);
    await userEvent.keyboard('{Enter}');
    await settled(element);
    expect(went).toHaveLength(code === '123 456' ? 1 : 0);
  }
});

test('a forgotten password: the answer tells not whether there is an account', async () => {
  const { element, service } = await signIn();
  await page.getByRole('button', { name: 'Forgotten your password?' }).click();
  await settled(element);
  expect(focused()).toBe(heading().element());
  await page.getByLabelText('E-mail').fill('nobody@example.net');
  await page.getByRole('button', { name: 'Send the link' }).click();
  await settled(element);
  await expect.element(heading()).toHaveTextContent('Look into your mail');
  expect(service.mails).toEqual(['nobody@example.net']);
});

test('an account is made only where that is allowed', async () => {
  await signIn();
  const way = page.getByRole('button', { name: 'Make an account' });
  await expect.element(way).not.toBeInTheDocument();
});

test('a new account: two passwords that differ are no password', async () => {
  const { element } = await signIn({ signUp: true });
  await page.getByRole('button', { name: 'Make an account' }).click();
  await settled(element);
  await page.getByLabelText('E-mail').fill('bob@example.net');
  await page.getByLabelText('New password').fill('a few words');
  for (const again of ['a few worlds', 'a few words']) {
    await page.getByLabelText('The same again').fill(again);
    await userEvent.keyboard('{Enter}');
    await settled(element);
    if (again !== 'a few words') await expect.element(page.getByRole('alert')).toBeVisible();
  }
  await expect.element(heading()).toHaveTextContent('Confirm your address');
});

test('back to the sign-in, what was refused is forgotten', async () => {
  const { element, fill } = await signIn();
  await fill('wrong');
  await page.getByRole('button', { name: 'Forgotten your password?' }).click();
  await page.getByRole('button', { name: 'Back to sign-in' }).click();
  await settled(element);
  await expect.element(heading()).toHaveTextContent('Sign in');
  expect(text(element)).not.toContain('wrong');
});

test('changes that somebody left behind are counted, and nothing of them is shown', async () => {
  const { element } = await signIn({ left: 2 });
  await settled(element);
  expect(text(element)).toContain('2 changes on this device are not sent yet.');
  expect(text(element)).toContain('removed when somebody else does');
});
