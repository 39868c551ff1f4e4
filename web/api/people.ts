/**
 * The portal's routes about people and one's own sessions, one method each. Fetched with the pages
 * that need them. Knows no element.
 */
import type * as v from 'valibot';
import {
  Done,
  type GivenRole,
  Invited,
  type InviteRequest,
  PeoplePage,
  Person,
  type PersonPlacesRequest,
} from '../../shared/contracts/people.ts';
import { Me } from '../../shared/contracts/portal.ts';
import type { AccountPortal } from '../app/account.ts';
import type { People } from '../app/people.ts';
import type { Http } from './http.ts';

const Api = '/api/v1';
const of = (userId: string) => `${Api}/people/${encodeURIComponent(userId)}`;
/** Supabase makes the account and hands the mail over meanwhile. */
const INVITE_TIMEOUT_MS = 25_000;

export class PeopleApi implements AccountPortal, People {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  me(): Promise<Me> {
    return this.#http.send({ path: `${Api}/me`, answer: Me });
  }

  signOutEverywhere(token?: string): Promise<unknown> {
    const request = { method: 'POST', path: `${Api}/me/sign-out`, answer: Done } as const;
    return token ? this.#http.sendAs(token, request) : this.#http.send(request);
  }

  requireSecondFactor(isRequired: boolean): Promise<unknown> {
    const method = isRequired ? 'PUT' : 'DELETE';
    return this.#http.send({ method, path: `${Api}/me/second-factor`, answer: Done });
  }

  /** Everybody, page by page. */
  async list(): Promise<Person[]> {
    const all: Person[] = [];
    let cursor: string | null = null;
    do {
      const query: string = cursor ? `&cursor=${cursor}` : '';
      const path = `${Api}/people?limit=200${query}`;
      const page: v.InferOutput<typeof PeoplePage> = await this.#http.send({
        path,
        answer: PeoplePage,
      });
      all.push(...page.people);
      cursor = page.next_cursor;
    } while (cursor !== null);
    return all;
  }

  invite(body: v.InferInput<typeof InviteRequest>): Promise<Invited> {
    return this.#http.send({
      method: 'POST',
      path: `${Api}/people/invitations`,
      body,
      answer: Invited,
      timeoutMs: INVITE_TIMEOUT_MS,
    });
  }

  setPlaces(userId: string, body: PersonPlacesRequest): Promise<Person> {
    const path = `${of(userId)}/locations`;
    return this.#http.send({ method: 'PUT', path, body, answer: Person });
  }

  setRole(userId: string, role: GivenRole): Promise<unknown> {
    const path = `${of(userId)}/role`;
    return this.#http.send({ method: 'PUT', path, body: { role }, answer: Me });
  }

  endSessions(userId: string): Promise<unknown> {
    return this.#http.send({ method: 'POST', path: `${of(userId)}/sign-out`, answer: Done });
  }

  forgetSecondFactor(userId: string): Promise<unknown> {
    return this.#http.send({ method: 'DELETE', path: `${of(userId)}/second-factor`, answer: Done });
  }

  dismiss(userId: string): Promise<unknown> {
    return this.#http.send({ method: 'DELETE', path: of(userId), answer: Done });
  }
}
