/** What an administrator is told without a network, above whichever of the pages. */
import { expect, test } from 'vitest';
import { AppError } from '../../../shared/errors.ts';
import { SeenBefore } from '../../app/seen-before.ts';
import { MemoryAnswers } from '../../app/testing/shop-portal.ts';
import { mount, settled, text } from '../testing/mount.ts';
import { signedIn } from '../testing/session.ts';
import './admin-page.ts';

const PAGES = [
  ...['people', 'places', 'orders', 'alerts'],
  ...['audit', 'status', 'readings', 'notices'],
];
const NO_ORDERS = { work_orders: [], next_cursor: null };

test('what is shown from before says from when, and that nothing can be changed', async () => {
  const seen = new SeenBefore(new MemoryAnswers());
  const answers = new MemoryAnswers();
  let failing: AppError | null = null;
  const asked = () => (failing ? Promise.reject(failing) : Promise.resolve(NO_ORDERS));
  const orders = async () => {
    const { WorkOrdersPage } = await import('../../../shared/contracts/work-order.ts');
    return await seen.read('orders open', WorkOrdersPage, asked());
  };
  const parts = {
    people: { list: async () => [] },
    locations: async () => [],
    work: { orders },
    asOf: seen.asOf,
    answers,
  };
  const { session } = signedIn('admin');
  const show = async () => {
    const element = await mount('jb-admin-page', {
      ...{ parts: parts as never, session, go: () => {}, page: 'orders', unit: '' },
    });
    await expect.poll(() => text(element)).toContain('Nothing is to be done');
    await settled(element);
    return element;
  };
  const fresh = await show();
  expect(text(fresh)).not.toContain('No connection to the server');
  failing = new AppError('unavailable', 'The server cannot be reached.');
  const before = await show();
  expect(text(before)).toMatch(/No connection to the server: this is as of .*2027/);
  expect(text(before)).toContain('Without a connection nothing can be changed here');
});

test('whoever is no administrator is told so, and sees no form', async () => {
  const asked: string[] = [];
  const people = { list: async () => void asked.push('people') };
  const parts = {
    people,
    locations: async () => [],
    asOf: new SeenBefore(new MemoryAnswers()).asOf,
  };
  for (const role of ['owner', 'staff', 'installer'] as const) {
    for (const page of PAGES) {
      const { session } = signedIn(role);
      const element = await mount('jb-admin-page', {
        ...{ parts: parts as never, session, go: () => {}, page, unit: '' },
      });
      await settled(element);
      expect(text(element), `${role} ${page}`).toContain('this page is not yours');
      expect(element.renderRoot.querySelector('h1')).not.toBeNull();
      expect(element.renderRoot.querySelectorAll('form, button, input, [class^=jb-]')).toHaveLength(
        0,
      );
      element.remove();
    }
  }
  expect(asked).toEqual([]);
});

test('whoever is not signed in is sent to the sign-in of each page, and sees no form', async () => {
  const parts = { asOf: new SeenBefore(new MemoryAnswers()).asOf, locations: async () => [] };
  for (const page of PAGES) {
    const element = await mount('jb-admin-page', {
      ...{ parts: parts as never, session: signedIn(null).session, go: () => {}, page, unit: '' },
    });
    const inner = () => element.renderRoot.querySelector(`jb-${page}-page`)?.shadowRoot;
    const way = () => inner()?.querySelector('.page > p a')?.getAttribute('href');
    await expect
      .poll(way, { message: page })
      .toMatch(new RegExp(`^/sign-in\\?next=/admin/${page}`));
    expect(inner()?.querySelectorAll('form, button, input, select'), page).toHaveLength(0);
    element.remove();
  }
});
