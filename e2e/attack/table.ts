/**
 * Every route of the interface, as the running product describes it, asked by everybody: nobody,
 * owners of this place and of another, staff of it, installers with and without work there, an
 * administrator.
 * Knows no route by name but those that end what they are asked with.
 */
import type { Answer } from './product.ts';
import {
  BAKERY,
  BOOKS,
  makePerson,
  makeUnit,
  type Person,
  type Verdict,
  type World,
} from './world.ts';

interface Operation {
  description: string;
  parameters: { name: string; in: string; required: boolean; example?: unknown }[];
  requestBody?: { content: { 'application/json'?: { example?: unknown } } };
}

interface Asked {
  method: string;
  path: string;
  operation: Operation;
  /** Roles that may; null for everybody. */
  roles: readonly string[] | null;
}

interface Caller {
  name: string;
  role: string;
  token: string | null;
}

const ID = 'JBNB7200';
const UNIT = /\/(units|device|config)\/\{id\}/;
const isOfPeople = ({ path }: Asked) => path.includes('/people/');

/** @returns the table, and whether every cell is as role and relation demand */
export async function tryEverything(world: World): Promise<{ table: string; verdict: Verdict }> {
  await makeUnit(world, ID, BAKERY, '4711');
  const callers = await makeCallers(world);
  const rows: string[] = [];
  const faults: string[] = [];
  let cells = 0;
  const somebody = await makePerson(world, 'owner', [BOOKS]);
  let isTouched = false;
  for (const asked of await routesOf(world)) {
    const statuses: string[] = [];
    const victim = isOfPeople(asked) ? await makePerson(world, 'owner', [BOOKS]) : somebody;
    for (const caller of callers) {
      if (isTouched) await restore(world);
      const { status, text } = await askAs(world, asked, caller, victim);
      isTouched = asked.method !== 'GET';
      const isRight = judge(asked, caller, status);
      if (!isRight) faults.push(`${caller.name} ${asked.method} ${asked.path} ${status} ${text}`);
      statuses.push(`${status}${isRight ? ' ' : '!'}`.padStart(10));
      cells += 1;
    }
    rows.push(`${asked.method.padEnd(7)}${asked.path.padEnd(50)}${statuses.join('')}`);
  }
  const head = callers.map(({ name }) => name.padStart(10)).join('');
  return {
    table: [`${''.padEnd(57)}${head}`, ...rows].join('\n'),
    verdict: {
      right: faults.length === 0 && cells > 200,
      words: `${cells} cells${faults.length > 0 ? `, wrong: ${faults.join('; ')}` : ''}`,
    },
  };
}

/** In the order in which they are asked: who may most comes last. */
async function makeCallers(world: World): Promise<Caller[]> {
  const token = async (role: 'owner' | 'installer' | 'admin', places: string[]) =>
    (await makePerson(world, role, places)).token;
  const worker = await makePerson(world, 'installer', []);
  const order = { kind: 'install', location_id: BAKERY, assigned_to: worker.id };
  await world.call(world.admin, 'POST', '/api/v1/work-orders', order);
  const other = await makePerson(world, 'installer', []);
  const busy = { ...order, assigned_to: other.id };
  orderId = String((await world.call(world.admin, 'POST', '/api/v1/work-orders', busy)).json.id);
  return [
    { name: 'nobody', role: 'nobody', token: null },
    { name: 'other’s', role: 'owner', token: await token('owner', [BOOKS]) },
    { name: 'staff', role: 'staff', token: await makeStaff(world) },
    { name: 'installer', role: 'installer', token: await token('installer', []) },
    { name: 'with work', role: 'installer', token: worker.token },
    { name: 'owner', role: 'owner', token: await token('owner', [BAKERY]) },
    { name: 'admin', role: 'admin', token: await token('admin', []) },
  ];
}

/** Somebody whom the bakery's owner lets look. */
async function makeStaff(world: World): Promise<string> {
  const { email, token } = await makePerson(world, null, []);
  await world.call(world.owner, 'POST', `/api/v1/locations/${BAKERY}/staff`, { email });
  return token;
}

async function routesOf({ call }: World): Promise<Asked[]> {
  const { json } = await call(null, 'GET', '/api/v1/openapi.json');
  const all: Asked[] = [];
  for (const [path, methods] of Object.entries(json.paths as Record<string, object>)) {
    for (const [method, operation] of Object.entries(methods) as [string, Operation][]) {
      const roles = rolesOf(operation.description);
      if (roles) all.push({ method: method.toUpperCase(), path, operation, roles: roles.list });
    }
  }
  // what asks more of the caller's own session comes late, what ends it last
  const late = ({ path }: Asked) => Number(path.includes('/me/')) + Number(/\/me\/sign/.test(path));
  return all.sort((a, b) => late(a) - late(b));
}

/** What the product itself says; null for what is no person's: units, webhooks, monitors. */
function rolesOf(description: string): { list: string[] | null } | null {
  if (description.startsWith('Open to everyone')) return { list: null };
  if (description.startsWith('For the admin API')) return { list: ['admin'] };
  const roles = /^For ([a-z, ]+)\./.exec(description)?.[1]?.split(', ') ?? [];
  const known = roles.filter((role) => ['owner', 'staff', 'installer', 'admin'].includes(role));
  return known.length > 0 ? { list: known } : null;
}

/** The unit stands at the bakery and is in service, whatever a change did to it. */
async function restore({ call, admin }: World): Promise<void> {
  await call(admin, 'PUT', `/api/device/${ID}/status`, { status: 'active' });
  await call(admin, 'PUT', `/api/device/${ID}/location`, { location_id: BAKERY });
}

let nextId = 7300;
/** In the hands of somebody who asks for nothing. */
let orderId = '';

function askAs(world: World, asked: Asked, caller: Caller, victim: Person): Promise<Answer> {
  const { method, path, operation } = asked;
  const value = (name: string) => {
    if (isOfPeople(asked)) return victim.id;
    if (path.includes('/locations/')) return BAKERY;
    if (path.includes('/work-orders/')) return orderId;
    if (UNIT.test(path) && name === 'id') return ID;
    const { example } = operation.parameters.find((p) => p.name === name) ?? {};
    return String(example);
  };
  const needed = operation.parameters.filter((p) => p.in === 'query' && p.required);
  const query = new URLSearchParams(needed.map((p) => [p.name, String(p.example)])).toString();
  const filled = path.replace(/\{(\w+)\}/g, (_all, name) => value(name)) + (query && `?${query}`);
  const example = operation.requestBody?.content['application/json']?.example;
  nextId += 1;
  const body =
    example === undefined
      ? undefined
      : JSON.parse(
          JSON.stringify(example)
            .replaceAll('"bakery"', `"${BAKERY}"`)
            .replaceAll('JBNB0042', `JBNB${nextId}`)
            .replaceAll('JBNB0001', `JBNB${nextId}`)
            .replaceAll('olga@', `invited-${nextId}@`),
        );
  return world.call(caller.token, method, filled, body);
}

function judge({ method, path, roles }: Asked, { name, role }: Caller, status: number): boolean {
  const done = status >= 200 && status < 300;
  if (roles === null) return done;
  // After twenty failures a minute the brake answers in the place of the lock.
  if (role === 'nobody') return status === 401 || status === 429;
  if (!roles.includes(role)) return status === 403;
  const isAboutHere = UNIT.test(path) || path.includes('/locations/');
  if (name === 'other’s' && isAboutHere) return !done && status < 500;
  const isChange = method !== 'GET' && !/reservation$/.test(path);
  if (name === 'installer' && UNIT.test(path) && isChange) return status === 403;
  // the example's alert is none: who works there is told so, others are not
  if (role === 'installer' && path.endsWith('/acknowledge')) {
    return status === (name === 'installer' ? 403 : 404);
  }
  // the embedded sign-in service has no second factors, and says so
  if (path.includes('second-factor')) return [200, 403, 503].includes(status);
  // whose work it is decides, and that it is open
  if (path.includes('work-orders/')) return name === 'installer' ? !done : status < 500;
  return status !== 401 && status !== 403 && status < 500;
}
