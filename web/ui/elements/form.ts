/** Pieces that forms share: a field with its label, and what forms say. Knows no form. */

import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Role } from '../../../shared/contracts/portal.ts';
import { type AppError, toAppError } from '../../../shared/errors.ts';
import { inPageWords } from '../../app/server-words.ts';
import { SAVED } from '../unsaved.ts';

/** For what a form says that it did, and for whom. */
export { isolated } from '../../app/isolated.ts';

export interface FieldOptions {
  type?: string;
  autocomplete: string;
  wrong?: boolean;
  help?: string;
  inputmode?: string;
  pattern?: string;
}

/** A required field; `name` is its id, too. */
export function field(name: string, label: string, options: FieldOptions): TemplateResult {
  const { type = 'text', autocomplete, wrong = false, help = '', inputmode, pattern } = options;
  return html`<div class="field">
    <label for=${name}>${label}</label>
    <input id=${name} name=${name} type=${type} autocomplete=${autocomplete} required
      inputmode=${inputmode ?? nothing} pattern=${pattern ?? nothing}
      aria-describedby=${help ? `${name}-help` : nothing} aria-invalid=${wrong}>
    ${help ? html`<p class="help" id="${name}-help">${help}</p>` : nothing}
  </div>`;
}

/** The six digits of an authenticator app. */
export const codeField = (wrong: boolean): TemplateResult =>
  field('code', msg('Code of your authenticator app'), {
    autocomplete: 'one-time-code',
    inputmode: 'numeric',
    pattern: '[0-9 ]{6,7}',
    help: msg('Six digits; a new one is shown every half minute.'),
    wrong,
  });

/** Two fields for a new password. */
export const newPasswordFields = (wrong: boolean): TemplateResult => html`
  ${field('password', msg('New password'), {
    type: 'password',
    autocomplete: 'new-password',
    help: msg('Eight characters or more; a few words are easy to remember.'),
    wrong,
  })}
  ${field('again', msg('The same again'), { type: 'password', autocomplete: 'new-password', wrong })}`;

/** What a role is called. */
export function roleName(role: Role): string {
  switch (role) {
    case 'owner':
      return msg('owner');
    case 'staff':
      return msg('staff');
    case 'installer':
      return msg('installer');
    case 'admin':
      return msg('admin');
  }
}

/** What was typed in, by name. */
export function typed(event: SubmitEvent): Record<string, string> {
  event.preventDefault();
  const data = new FormData(event.target as HTMLFormElement);
  return Object.fromEntries([...data].map(([name, value]) => [name, String(value)]));
}

/** Codes are shown in two groups, and typed like that. */
export const digits = (code: string): string => code.replace(/\s/g, '');

/** Both are reactive properties of the element. */
export interface Attempting {
  busy: boolean;
  /** Why the last attempt failed; cleared by the next. */
  error: AppError | null;
}

const asUnavailable = (cause: unknown): AppError => inPageWords(toAppError(cause, 'unavailable'));

/**
 * Never rejects. Whether a second one may begin meanwhile is the element's business.
 * @param words what a failure is called
 * @returns false when it failed
 */
export async function attempt(
  element: Attempting,
  work: () => Promise<void>,
  words = asUnavailable,
): Promise<boolean> {
  element.busy = true;
  element.error = null;
  try {
    await work();
    if (element instanceof EventTarget) {
      element.dispatchEvent(new CustomEvent(SAVED, { bubbles: true, composed: true }));
    }
    return true;
  } catch (cause) {
    element.error = words(cause);
    return false;
  } finally {
    element.busy = false;
  }
}
