/**
 * What became of a change, beside the value that it is about: on its way, waiting and why, refused,
 * or that somebody else was faster, with both values to choose from. No element, no state.
 */
import { msg, str } from '@lit/localize';
import { css, html, nothing, type TemplateResult } from 'lit';
import { AppError } from '../../../shared/errors.ts';
import type { Change } from '../../app/changes.ts';
import { errorWords } from '../../app/error-words.ts';
import { inPageWords } from '../../app/server-words.ts';

/** How {@link pending} looks. */
export const pendingStyles = css`
  .choice {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 16px;
  }
  .waiting::before {
    content: '';
    display: inline-block;
    width: 8px;
    height: 8px;
    margin-inline-end: 8px;
    border-radius: 50%;
    background: var(--warn);
  }
  .trouble {
    display: grid;
    gap: 8px;
    padding: 12px 16px;
    border-radius: var(--radius-small);
    background: var(--warn-soft);
    overflow-wrap: anywhere;
  }
  .trouble dl {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 4px 12px;
    margin: 0;
  }
  .trouble dt {
    color: var(--muted);
  }
  .trouble dd {
    margin: 0;
  }
`;

export interface PendingOptions {
  /** Why delivery stopped; null while it has not. */
  stopped: AppError | null;
  delivering: boolean;
  /** In words: what the person wants, and what is there now. */
  mine: string;
  theirs: string;
  /** It was chosen, not typed: there is nothing to correct. */
  isChosen?: boolean;
  again(): void;
  discard(): void;
}

export function pending(change: Change, options: PendingOptions): TemplateResult {
  const { trouble } = change;
  if (trouble === null) return html`<p class="small waiting">${waitingWords(options)}</p>`;
  const { mine, theirs, isChosen, again, discard } = options;
  if (trouble.kind === 'conflict') {
    return html`<div class="trouble" role="alert">
      <p><b>${msg('Somebody else has changed this meanwhile.')}</b></p>
      <dl class="small"><dt>${msg('Yours')}</dt><dd data-testid="mine">${mine}</dd>
        <dt>${msg('There now')}</dt><dd data-testid="theirs">${theirs}</dd></dl>
      <div class="choice">
        <button type="button" class="small primary" @click=${again}>${msg('Keep yours')}</button>
        <button type="button" class="small" @click=${discard}>${msg('Take what is there')}</button>
      </div></div>`;
  }
  const { code, message, hint, isForeign } = trouble;
  const { what, next } = errorWords(inPageWords(new AppError(code, message, { hint, isForeign })));
  return html`<div class="trouble" role="alert">
    <p><b>${msg('This was not taken.')}</b> ${what} ${next}</p>
    ${
      isChosen
        ? nothing
        : html`<p class="small">${msg(
            'What you typed is kept here. Correct it and save again, or:',
          )}</p>`
    }
    <div class="choice">
      <button type="button" class="small" @click=${again}>${msg('Send again')}</button>
      <button type="button" class="small" @click=${discard}>${msg('Discard it')}</button>
    </div></div>`;
}

/** Why it waits, and that nobody has to do anything. */
function waitingWords({ stopped, delivering }: PendingOptions): string {
  if (delivering || !stopped) return msg('Waiting: on its way…');
  if (stopped.code === 'unauthenticated') return msg('Waiting: sign in again, then it is sent.');
  if (stopped.retryAfterS !== undefined && stopped.code === 'rate_limited') {
    const seconds = stopped.retryAfterS;
    return msg(str`Waiting: the server asks for a pause of ${seconds} s, then it is sent.`);
  }
  const { what } = errorWords(inPageWords(stopped));
  return msg(str`Waiting: kept on this device, and sent by itself. ${what}`);
}
