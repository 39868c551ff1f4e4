/**
 * Tries every route of the Worker's table at both doors of a deployment, without a credential: the
 * units' hostname leads to units' routes and to nothing else, and over plain HTTP people's
 * hostname leads to none but those. Knows no route by name.
 */
import { allRoutes, HEALTH_PATH, isOfUnits, type Route } from '../../worker/http/routes.ts';
import { error, type Finding } from './finding.ts';

/** What a request comes back with: its status, and where it is sent on to. */
export interface Answer {
  status: number;
  location: string | null;
}
export type Ask = (method: string, path: string) => Promise<Answer>;

/** More at once would look like an attack to the edge. */
const AT_ONCE = 8;
const NAMED_MAX = 3;

const deployed = allRoutes.filter(({ development }) => !development);
const isOpen = (route: Route) => isOfUnits(route) || route.path === HEALTH_PATH;
const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/** The units' hostname. @throws Error when it cannot be asked */
export async function unitsDoor(ask: Ask, host: string): Promise<Finding[]> {
  const answers = await askAll(ask, deployed);
  const open = answers.filter(({ route, status }) => !isOpen(route) && status !== 404);
  const closed = answers.filter(({ route, status }) => isOpen(route) && status === 404);
  return [
    ...found(open, (routes) => `http://${host} answers ${routes}: only units’ routes may be.`),
    ...found(closed, (routes) => `http://${host} answers 404 to ${routes}, which units need.`),
  ];
}

/** People's hostname without TLS. @throws Error when it cannot be asked */
export async function plainDoor(ask: Ask, address: string): Promise<Finding[]> {
  const answers = await askAll(
    ask,
    deployed.filter((route) => !isOpen(route)),
  );
  const open = answers.filter(({ status, location }) => {
    const isMoved = status >= 301 && status <= 308 && location?.startsWith('https://');
    return status !== 403 && !isMoved;
  });
  const sentence = (routes: string) => `${address} answers ${routes}: HTTPS only must hold.`;
  return found(open, sentence);
}

type Asked = Answer & { route: Route };

async function askAll(ask: Ask, routes: readonly Route[]): Promise<Asked[]> {
  const answers: Asked[] = [];
  for (let from = 0; from < routes.length; from += AT_ONCE) {
    const some = routes.slice(from, from + AT_ONCE).map(async (route) => {
      const path = route.path.replace(/\{(\w+)\}/g, (_all, n) => route.example?.params?.[n] ?? n);
      return { route, ...(await ask(route.method, path)) };
    });
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

function found(asked: readonly Asked[], sentence: (routes: string) => string): Finding[] {
  if (asked.length === 0) return [];
  const named = asked.slice(0, NAMED_MAX).map(({ route }) => nameOf(route));
  const more = asked.length - named.length;
  return [error(sentence(named.join(', ') + (more > 0 ? ` and ${more} more` : '')))];
}
