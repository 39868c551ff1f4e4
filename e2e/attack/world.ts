/**
 * Who attacks and who is attacked: people with accounts and roles of their own, and units, all made
 * through the product's own routes. Knows no attack.
 */
import { randomBytes } from 'node:crypto';
import { AppError } from '../../shared/errors.ts';
import { signToken } from '../testing/token.ts';
import { type Answer, type Ask, ask, type Product, signIn, signInDemo } from './product.ts';

/** The demo's two shops. */
export const BAKERY = 'harbour-street-bakery';
export const BOOKS = 'canal-books';

export interface World {
  product: Product;
  /** Tokens of sessions: the demo's administrator, and people made for this. */
  admin: string;
  /** Owns the bakery. */
  owner: string;
  /** Owns the books. */
  otherOwner: string;
  /** Has no work order and prepared nothing. */
  installer: string;
  call(token: string | null, method: string, path: string, body?: unknown): Promise<Answer>;
}

export interface Person {
  id: string;
  email: string;
  password: string;
  token: string;
}

export interface Attack {
  /** The part of the issue and what is tried. */
  name: string;
  run(world: World): Promise<Verdict>;
}

export interface Verdict {
  right: boolean;
  /** What came, in figures. */
  words: string;
}

/** @throws AppError when the product refuses to be set up */
export async function makeWorld(product: Product): Promise<World> {
  const call: World['call'] = (token, method, path, body) =>
    ask(product, path, { method, token, ...(body === undefined ? {} : { body }) } as Ask);
  const admin = await signInDemo(product, 'admin');
  const world = { product, admin, owner: '', otherOwner: '', installer: '', call };
  world.owner = (await makePerson(world, 'owner', [BAKERY])).token;
  world.otherOwner = (await makePerson(world, 'owner', [BOOKS])).token;
  world.installer = (await makePerson(world, 'installer', [])).token;
  return world;
}

let people = 0;

/** A new account with a role, signed in. */
export async function makePerson(
  { product, admin, call }: Pick<World, 'product' | 'admin' | 'call'>,
  role: 'owner' | 'installer' | 'admin' | null,
  locationIds: string[],
): Promise<Person> {
  people += 1;
  const email = `attack-${people}@example.net`;
  const password = randomBytes(18).toString('base64url');
  const made = await ask(product, `${product.supabase}/auth/v1/admin/users`, {
    headers: { authorization: `Bearer ${product.secrets.serviceKey}` },
    body: { email, password, email_confirm: true },
  });
  if (role) {
    const body = { email, role, location_ids: locationIds };
    const invited = await call(admin, 'POST', '/api/v1/people/invitations', body);
    if (invited.status >= 300) throw refused('An invitation', invited);
  }
  const token = await signIn(product, email, password);
  return { id: String(made.json.id), email, password, token };
}

/** A registered unit: its token. */
export async function makeUnit(
  { admin, call }: World,
  id: string,
  place: string | null,
  pin?: string,
): Promise<string> {
  const made = await call(admin, 'POST', '/api/device/register', { device_id: id });
  if (made.status !== 201) throw refused('A registration', made);
  if (place) await call(admin, 'PUT', `/api/device/${id}/location`, { location_id: place });
  if (pin) await call(admin, 'PUT', `/api/device/${id}/pin`, { pin });
  return String(made.json.token);
}

function refused(what: string, { status, text }: Answer): AppError {
  return new AppError('internal', `${what} was refused with ${status}: ${text}`);
}

export const nowS = () => Math.floor(Date.now() / 1000);

/** A token with any claims, signed with the embedded Supabase's secret unless another is given. */
export function forge(product: Product, claims: object, secret = product.secrets.jwtSecret) {
  return signToken(claims, secret);
}

/** `12 × 401, 3 × 429` */
export function tally(statuses: readonly number[]): string {
  const counts = new Map<number, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, n]) => `${n} × ${status}`).join(', ');
}

export const times = (statuses: readonly number[], status: number) =>
  statuses.filter((s) => s === status).length;
