import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lookAtSignUp } from './sign-up.ts';

/** Page and sign-in service on one port; what each says. */
let says: { sign_up?: boolean; disable_signup: boolean };
let page: string;
const server = createServer(({ url, headers }, response) => {
  if (url === '/api/v1/settings') {
    const { sign_up } = says;
    response.end(JSON.stringify({ supabase_url: page, supabase_anon_key: 'key', sign_up }));
  } else if (url === '/auth/v1/settings' && headers.apikey === 'key') {
    response.end(JSON.stringify({ disable_signup: says.disable_signup, external: {} }));
  } else {
    response.writeHead(404).end();
  }
});
beforeAll(async () => {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  page = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

test.each([
  [{ disable_signup: true }, null],
  [{ sign_up: false, disable_signup: true }, null],
  [{ sign_up: true, disable_signup: false }, null],
  [{ disable_signup: false }, /^Anybody can make an account/],
  [{ sign_up: true, disable_signup: true }, /lets nobody sign up/],
])('%j', async (settings, words) => {
  says = settings;
  const found = (await lookAtSignUp(page)).map(({ message }) => message);
  expect(found).toEqual(words ? [expect.stringMatching(words)] : []);
});

test('a service that does not say is reported, not passed over', async () => {
  says = { disable_signup: undefined as never };
  await expect(lookAtSignUp(page)).rejects.toThrow();
});
