/** A wish on its way to many sensors, and what became of it. Knows no state. */
import { msg, str } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { FleetActionState } from '../../app/fleet-actions.ts';
import {
  countRun,
  type FleetRun,
  failuresOf,
  isFinished,
  type RunCounts,
} from '../../app/fleet-run.ts';
import { inPageWords } from '../../app/server-words.ts';
import { failureWords, sensorsWords, wishWords } from '../fleet-words.ts';
import { figure, span } from '../format.ts';
import { needsNetwork } from './fleet-bar.ts';
import { more, SHOWN, unitName } from './fleet-preview.ts';

export interface ProgressOptions {
  state: FleetActionState;
  run: FleetRun;
  online: boolean;
  /** A sensor of the list; one that is not in it has its id only. */
  unitOf: (id: string) => FleetUnit | undefined;
  stop: () => void;
  goOn: () => void;
  again: () => void;
  save: () => void;
  finish: () => void;
}

export function fleetProgress(options: ProgressOptions): TemplateResult {
  const { state, run } = options;
  const counts = countRun(run);
  const asked = run.outcomes.length;
  return html`<p>${wishWords(run.wish)}</p>
    <progress max=${run.ids.length} value=${asked} aria-label=${msg('Progress')}></progress>
    <p class="figure">${countWords(counts, run.ids.length)}</p>
    <p class="visually-hidden" role="status">${spoken(run)}</p>
    ${state.phase === 'still' ? still(options, counts) : moving(options)}
    ${isFinished(run) && counts.failed > 0 ? failures(options) : nothing}`;
}

/** What a screen reader hears: by tenths, not by calls. */
function spoken({ ids, outcomes }: FleetRun): string {
  if (outcomes.length >= ids.length) return msg('All of them are through.');
  const tenths = Math.floor((10 * outcomes.length) / ids.length) * 10;
  return msg(str`${figure(tenths)} % are through.`);
}

function countWords({ done, unchanged, failed }: RunCounts, all: number): string {
  const asked = done + unchanged + failed;
  const words = [msg(str`${figure(asked)} of ${figure(all)} sensors`)];
  if (unchanged > 0) words.push(msg(str`so already: ${figure(unchanged)}`));
  if (failed > 0) words.push(msg(str`failed: ${figure(failed)}`));
  return words.join(' · ');
}

function moving({ state, stop }: ProgressOptions): TemplateResult {
  const { phase, isPaused, leftMs } = state;
  const words =
    phase === 'stopping'
      ? msg('Stops after what is on its way …')
      : isPaused
        ? msg('The server asks for a pause. It goes on by itself within a minute.')
        : leftMs === null
          ? ''
          : msg(str`About ${span(leftMs)} left.`);
  return html`<p class="small muted">${words}</p>
    <div class="actions"><button class="small" aria-disabled=${phase === 'stopping'}
      @click=${stop}>${msg('Stop')}</button></div>
    <p class="small muted">${msg(
      'You may leave this page meanwhile, but not close it: then it stops, and can be gone on with.',
    )}</p>`;
}

function still(options: ProgressOptions, counts: RunCounts): TemplateResult {
  const { state, run, online, goOn, finish } = options;
  if (isFinished(run)) return finished(options, counts);
  const error = state.error && inPageWords(state.error);
  return html`${error ? html`<jb-notice .error=${error} tone="warn"></jb-notice>` : nothing}
    <p>${msg(
      str`It stopped. Not told yet: ${sensorsWords(counts.ahead)}. What is done stays done.`,
    )}</p>
    ${online ? nothing : html`<p class="small muted" id="why">${needsNetwork()}</p>`}
    <div class="actions">
      <button class="small primary" aria-disabled=${!online} aria-describedby="why"
        @click=${goOn}>${msg('Go on')}</button>
      <button class="small" @click=${finish}>${msg('Leave the rest')}</button>
    </div>`;
}

function finished({ run, again, save, finish, online }: ProgressOptions, counts: RunCounts) {
  const next = run.wish.config
    ? msg('Each sensor fetches it when it next reports.')
    : msg('Each sensor is told when it next reports, within a day.');
  return html`<p><strong>${counts.failed === 0 ? msg('Done.') : msg('Done, but not for all.')}</strong>
    ${counts.done > 0 ? next : nothing}</p>
    <div class="actions">
      ${
        counts.failed > 0
          ? html`<button class="small primary" aria-disabled=${!online} @click=${again}
              >${msg('Try these again')}</button>
            <button class="small" @click=${save}>${msg('Save as a file (CSV)')}</button>`
          : nothing
      }
      <button class="small" @click=${finish}>${msg('Close')}</button>
    </div>`;
}

function failures({ run, unitOf }: ProgressOptions): TemplateResult {
  const all = failuresOf(run);
  return html`<h3>${msg('It did not reach these')}</h3>
    <ul class="small">${all.slice(0, SHOWN).map(({ id, outcome }) => {
      const unit = unitOf(id);
      return html`<li>${unit ? unitName(unit) : html`<span class="mono">${id}</span>`}:
        ${failureWords(outcome)}</li>`;
    })}${more(all.length)}</ul>`;
}
