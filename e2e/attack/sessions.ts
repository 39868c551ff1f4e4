/** Sessions end when we say so, and only people's count (decision 0034). */
import { ask } from './product.ts';
import { type Attack, forge, makePerson, nowS } from './world.ts';

const FLEET = '/api/v1/fleet';

export const sessions: readonly Attack[] = [
  {
    name: 'F · a token lives on after signing out everywhere',
    async run(world) {
      const { token } = await makePerson(world, 'installer', []);
      const before = (await world.call(token, 'GET', FLEET)).status;
      await world.call(token, 'POST', '/api/v1/me/sign-out');
      const after = (await world.call(token, 'GET', FLEET)).status;
      return { right: before === 200 && after === 401, words: `${before}, then ${after}` };
    },
  },
  {
    name: 'F · somebody dismissed goes on reading',
    async run(world) {
      const { call, admin } = world;
      const { id, token } = await makePerson(world, 'admin', []);
      const before = (await call(token, 'GET', FLEET)).status;
      const gone = (await call(admin, 'DELETE', `/api/v1/people/${id}`)).status;
      const after = (await call(token, 'GET', FLEET)).status;
      return {
        right: before === 200 && gone === 200 && [401, 403].includes(after),
        words: `${before}, dismissed ${gone}, then ${after}`,
      };
    },
  },
  {
    name: 'F · tokens that are no person’s: anonymous, another role, no text, none, expired',
    async run(world) {
      const { product, call, admin } = world;
      const { user_id: sub } = (await call(admin, 'GET', '/api/v1/me')).json;
      const claims = { sub, role: 'authenticated', aud: 'authenticated', exp: nowS() + 600 };
      const good = { ...claims, iat: nowS() };
      const unsigned = Buffer.from('{"alg":"none"}').toString('base64url');
      const payload = Buffer.from(JSON.stringify(good)).toString('base64url');
      const tokens = [
        forge(product, { ...good, is_anonymous: true }),
        forge(product, { ...good, role: 'anon' }),
        forge(product, { ...good, role: 'service_role' }),
        forge(product, { ...good, sub: 42 }),
        forge(product, { ...good, sub: { a: 1 } }),
        forge(product, { ...good, exp: nowS() - 60 }),
        forge(product, good, 'x'.repeat(64)),
        `${unsigned}.${payload}.`,
      ];
      const statuses = [];
      for (const token of tokens) statuses.push((await call(token, 'GET', FLEET)).status);
      const control = (await call(forge(product, good), 'GET', FLEET)).status;
      return {
        right: statuses.every((status) => status === 401) && control === 200,
        words: `${statuses.join(' ')}; the same claims, well signed ${control}`,
      };
    },
  },
  {
    name: 'F · a stranger makes an account and looks around',
    async run({ product, call }) {
      const made = await ask(product, '/supabase/auth/v1/signup', {
        headers: { apikey: product.secrets.publishableKey },
        body: { email: 'stranger@example.net', password: 'stranger-Pass-123456' },
      });
      const token = made.json.access_token ?? null;
      const seen = token ? (await call(token, 'GET', FLEET)).status : 401;
      return { right: made.status >= 400, words: `${made.status}, then ${seen}` };
    },
  },
];
