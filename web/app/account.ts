/**
 * What a person does about the own account: a new password by a link from a mail, an account of
 * one's own where that is allowed, the second factor, the end of every session. Knows neither the
 * sign-in service nor a page.
 */
import { msg } from '@lit/localize';
import * as v from 'valibot';
import { AppError, toAppError } from '../../shared/errors.ts';
import type { AnswerCache, Shown } from './answers.ts';
import { inPageWords } from './server-words.ts';
import type { AuthSession, Session } from './session.ts';

/** A link of a mail, as `/password` was opened with it. */
export type PasswordLink =
  | { kind: 'hash'; token_hash: string; type: 'invite' | 'recovery'; invited: boolean }
  /** The sign-in service has spent the link and opened a session. */
  | { kind: 'session'; access_token: string; refresh_token: string; invited: boolean }
  /** The sign-in service has refused it. */
  | { kind: 'refused' };

/** null: the page was opened without a link. */
export function passwordLink({ search, hash }: { search: string; hash: string }) {
  const of = (text: string): PasswordLink | null => {
    const fields = new URLSearchParams(text.replace(/^[?#]/, ''));
    const type = fields.get('type') === 'invite' ? 'invite' : 'recovery';
    // Supabase Lite’s links for an invitation are of the other type, and say so beside it
    const invited = type === 'invite' || fields.has('invited');
    const [token_hash, access_token, refresh_token] = [
      fields.get('token_hash'),
      fields.get('access_token'),
      fields.get('refresh_token'),
    ];
    if (token_hash) return { kind: 'hash', token_hash, type, invited };
    if (access_token && refresh_token)
      return { kind: 'session', access_token, refresh_token, invited };
    return fields.has('error') || fields.has('error_code') ? { kind: 'refused' } : null;
  };
  return of(search) ?? of(hash);
}

/** A link that was opened: its account can be given a password. */
export interface OpenLink {
  accessToken: string;
  /** `code_needed`: the account has a second factor, whose code goes along next time. */
  choose(password: string, code: string | null): Promise<'changed' | 'code_needed'>;
  /** This session, kept by this browser from now on. */
  keep(): Promise<AuthSession>;
  /** Ends every session of this account at the sign-in service, this one among them. */
  endAll(): Promise<void>;
}

export interface NewSecondFactor {
  /** A picture of a QR code, as an address of an image. */
  picture: string;
  /** The same for typing. */
  secret: string;
  /** Rejects with `invalid` for a wrong code; it can be tried again. */
  confirm(code: string): Promise<AuthSession>;
}

/** The sign-in service, for the person who is signed in or has a link. Rejects with AppError. */
export interface AccountPort {
  /** Mails a link, if there is such an account; the answer does not tell. */
  requestPassword(email: string): Promise<void>;
  openLink(link: PasswordLink): Promise<OpenLink>;
  /** null: the address has to be confirmed first. */
  signUp(email: string, password: string): Promise<AuthSession | null>;
  hasSecondFactor(): Promise<boolean>;
  /** Rejects with `forbidden` where the service has no second factors. */
  startSecondFactor(): Promise<NewSecondFactor>;
  removeSecondFactor(): Promise<void>;
}

/** The portal, as far as accounts need it. */
export interface AccountPortal {
  /** Every token that there is now ends; `token` instead of who is signed in. */
  signOutEverywhere(token?: string): Promise<unknown>;
  /** Whether sessions of this person count only with a second factor. */
  me(): Promise<{ second_factor?: boolean | undefined }>;
  requireSecondFactor(isRequired: boolean): Promise<unknown>;
}

export interface AccountParts {
  session: Session;
  account: AccountPort;
  portal: AccountPortal;
  answers: AnswerCache;
}

/** Whether there is a second factor, as this device remembers it. */
const FACTOR = { name: 'second-factor', schema: v.boolean() };

/** The account of whoever is here. */
export class Account {
  readonly #parts: AccountParts;
  #open: { link: PasswordLink; opened: OpenLink } | null = null;

  constructor(parts: AccountParts) {
    this.#parts = parts;
  }

  get port(): AccountPort {
    return this.#parts.account;
  }

  /**
   * Gives the link's account a password. Who was invited is signed in with it. Who had forgotten it
   * signs in anew, everywhere: the old one may be in somebody's hands, and sessions with it.
   * @throws AppError in words; after a refusal the same link goes on working on this page
   */
  async choosePassword(
    link: PasswordLink,
    password: string,
    code: string | null,
  ): Promise<'signed_in' | 'sign_in' | 'code_needed'> {
    const { account, session } = this.#parts;
    if (this.#open?.link !== link) this.#open = { link, opened: await account.openLink(link) };
    const { opened } = this.#open;
    if ((await opened.choose(password, code)) === 'code_needed') return 'code_needed';
    this.#open = null;
    if (link.kind !== 'refused' && link.invited) {
      await session.adopt(await opened.keep());
      return 'signed_in';
    }
    await this.#endAll(opened);
    // The same person goes on after signing in: what is not sent yet stays.
    await session.signOut('local', 'elsewhere');
    return 'sign_in';
  }

  /** The password is changed, whatever becomes of this; the service ends others itself. */
  async #endAll({ accessToken, endAll }: OpenLink): Promise<void> {
    const signedOut = [this.#parts.portal.signOutEverywhere(accessToken), endAll()];
    for (const { status, ...rest } of await Promise.allSettled(signedOut)) {
      if (status === 'rejected') console.debug('Tokens of before end by their age.', rest);
    }
  }

  /**
   * Ends every session of this person, this one among them.
   * @throws AppError when the backend could not be told; nothing has ended then
   */
  async signOutEverywhere(): Promise<void> {
    await this.#parts.portal.signOutEverywhere();
    await this.#parts.session.signOut('global');
  }

  /**
   * Whether there is a second factor. Set up at the sign-in service but not demanded by the
   * backend, because something came between, it is demanded from now on.
   */
  async hasSecondFactor(): Promise<boolean> {
    const { account, portal, session } = this.#parts;
    await session.accessToken(); // the service must not find it used up
    const [hasOne, { second_factor }] = await Promise.all([account.hasSecondFactor(), portal.me()]);
    if (hasOne && !second_factor) await portal.requireSecondFactor(true);
    return hasOne;
  }

  /**
   * The same where the services cannot be asked: as this device remembers it, and as of when.
   * @throws AppError when it remembers nothing
   */
  async shownSecondFactor(): Promise<Shown<boolean>> {
    const { answers } = this.#parts;
    try {
      const answer = await this.hasSecondFactor();
      await answers.put(FACTOR.name, answer);
      return { answer, asOf: null };
    } catch (error) {
      const kept = await answers.get(FACTOR.name, FACTOR.schema);
      if (!kept) throw error;
      return { answer: kept.answer, asOf: kept.at };
    }
  }

  /** Sets one up; done when `confirm` has resolved. */
  async startSecondFactor(): Promise<Omit<NewSecondFactor, 'confirm'> & Confirm> {
    const { account, portal, session } = this.#parts;
    await session.accessToken();
    const { confirm, ...shown } = await account.startSecondFactor();
    return {
      ...shown,
      confirm: async (code) => {
        await session.adopt(await confirm(code));
        await portal.requireSecondFactor(true);
        await this.#parts.answers.put(FACTOR.name, true);
      },
    };
  }

  /** The backend first: the other way round a failure between would lock the person out. */
  async removeSecondFactor(): Promise<void> {
    const { account, portal, session } = this.#parts;
    await session.accessToken();
    await portal.requireSecondFactor(false);
    await account.removeSecondFactor();
    await this.#parts.answers.put(FACTOR.name, false);
  }
}

interface Confirm {
  confirm(code: string): Promise<void>;
}

/** @throws AppError `invalid` in words */
export function checkPasswords(password: string, again: string): void {
  if (password !== again) {
    throw new AppError('invalid', msg('The two passwords are not the same.'), {
      hint: msg('Type the new password twice.'),
    });
  }
}

/** A refusal in words, whatever it was. */
export const refusal = (error: unknown): AppError => inPageWords(toAppError(error, 'unavailable'));
