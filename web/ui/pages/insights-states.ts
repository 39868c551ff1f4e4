/** What the Store page says instead of numbers, or beside those it could not refresh. No state. */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { Me } from '../../../shared/contracts/portal.ts';
import { type AppError, ERROR_CODES } from '../../../shared/errors.ts';
import { errorWords } from '../../app/error-words.ts';
import '../elements/notice.ts';

/**
 * No numbers at all, and why. @param online whether the browser thinks there is a network
 * @param retry asks again, and whether that is under way
 */
export function failed(
  error: AppError,
  online: boolean,
  retry: { again: () => void; isRunning: boolean },
): TemplateResult {
  const away = error.code === 'unavailable';
  const { headline, advice } = saysWhy(error) ? NO_TEXT : generalText(error, online);
  return html`<jb-notice .error=${error} tone=${away ? 'warn' : 'bad'} headline=${headline}
    advice=${advice}>
    <button aria-disabled=${retry.isRunning} @click=${() => retry.isRunning || retry.again()}
      >${retry.isRunning ? msg('Trying…') : msg('Try again')}</button>
  </jb-notice>`;
}

const NO_TEXT = { headline: '', advice: '' };

/** For errors that know no more than their code. */
function generalText({ code }: AppError, online: boolean) {
  if (code === 'internal') {
    const advice = msg('Try again. If it stays like this, tell whoever set up your sensors.');
    return { headline: '', advice };
  }
  if (code !== 'unavailable') return NO_TEXT;
  const advice = online
    ? msg('The server does not answer. Your sensors keep counting; nothing is lost.')
    : msg('You are offline, and this day is not kept on this device yet.');
  return { headline: msg('Your numbers cannot be fetched right now'), advice };
}

/** Whether an error knows more than its code: a network that wants a sign-in, for example. */
const saysWhy = (error: AppError) => error.hint !== ERROR_CODES[error.code];

/** Why the numbers shown could not be refreshed; being offline is said at the top of the page. */
export function notRefreshed(error: AppError | null): TemplateResult | typeof nothing {
  if (!error || !saysWhy(error)) return nothing;
  const { what, next } = errorWords(error);
  return html`<p class="small" role="status">${what} ${next}</p>`;
}

/** For whoever may not see visitors. @param role as far as it is known */
export function forOwners(error: AppError, role: Me['role'] | null): TemplateResult {
  const prepares = role === 'installer';
  return html`<div class="page narrow">
    <h1 tabindex="-1">${msg('My store')}</h1>
    <jb-notice tone="warn" .error=${error}
      headline=${prepares ? msg('This page is for shop owners') : ''}
      advice=${
        prepares
          ? msg('Your account prepares units. To see visitors, sign in as the owner of a shop.')
          : ''
      }>
      ${prepares ? html`<a class="button" href="/bench">${msg('Open the bench')}</a>` : nothing}
      <a class="button" href="/sign-in">${msg('Account')}</a>
    </jb-notice>
  </div>`;
}

export function noLocations(): TemplateResult {
  return html`<div class="page narrow"><h1 tabindex="-1">${msg('My store')}</h1>
    <p>${msg(
      'No store belongs to your account yet. Once your installer has added it, you will see here how many people visit, when they come and how long they stay.',
    )}</p></div>`;
}

/** In place of the numbers, but only after 300 ms: most answers are there before. */
export function skeleton(): TemplateResult {
  return html`<div class="bones" role="status" aria-label=${msg('Loading your numbers')}>
    <div class="bone number"></div><div class="bone chart"></div>
  </div>`;
}
