/**
 * `<jb-stage-list>`: the stages of preparing a unit with progress, elapsed time and time left, and
 * the twelve bring-up steps inside their stage. Draws {@link PrepareState}; moves nothing.
 */
import { msg, str } from '@lit/localize';
import { html, LitElement, nothing, type TemplateResult } from 'lit';
import type { BringupStep, PrepareState, Stage, StageState } from '../../app/prepare-state.ts';
import { duration, elapsed } from '../format-technical.ts';
import { type IconName, icon } from './icons.ts';
import { stageStyles } from './stage-styles.ts';
import { base } from './styles.ts';

const PHASES: readonly { id: Stage['phase']; title: () => string }[] = [
  { id: 'check', title: () => msg('Check') },
  { id: 'phase1', title: () => msg('Test the cellular link') },
  { id: 'phase2', title: () => msg('Make it a JamBox') },
];

const MARKS: Record<StageState | BringupStep['state'], { icon: IconName; word: () => string }> = {
  waiting: { icon: 'dot', word: () => msg('waiting') },
  running: { icon: 'play', word: () => msg('running') },
  done: { icon: 'check', word: () => msg('done') },
  ok: { icon: 'check', word: () => msg('done') },
  warning: { icon: 'warning', word: () => msg('done with a warning') },
  failed: { icon: 'cross', word: () => msg('failed') },
  skipped: { icon: 'dot', word: () => msg('left out') },
};

export class StageList extends LitElement {
  static override styles = [base, stageStyles];
  static override properties = { state: { attribute: false } };
  declare state: PrepareState;

  /** Once all is done, nobody needs eighteen green lines; whoever wants them opens them. */
  protected override render(): TemplateResult {
    const { stages, result } = this.state;
    const time = duration(stages.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0));
    const summary =
      result === 'done' ? msg(str`Done in ${time}: step by step`) : msg('Step by step');
    return html`<details ?open=${result !== 'done'}>
      <summary>${summary}</summary>
      ${PHASES.map((phase) => this.#phase(phase))}
    </details>`;
  }

  #phase({ id, title }: (typeof PHASES)[number]): TemplateResult {
    const stages = this.state.stages.filter(({ phase }) => phase === id);
    return html`<section>
      <h3>${title()}</h3>
      <ol>${stages.map((stage) => this.#stage(stage))}</ol>
    </section>`;
  }

  #stage(stage: Stage): TemplateResult {
    return html`<li class="stage ${stage.state}" data-stage=${stage.id} data-state=${stage.state}>
      ${markOf(stage.state)}
      <span class="name">${stage.title}</span>
      <span class="time">${times(stage)}</span>
      ${stage.state === 'running' ? progressOf(stage) : nothing}
      ${stage.detail ? html`<p class="detail">${stage.detail}</p>` : nothing}
      ${stage.plan ? planOf(stage.plan) : nothing}
      ${stage.id === 'bringup' && stage.state !== 'waiting' ? this.#steps(stage) : nothing}
    </li>`;
  }

  #steps(stage: Stage): TemplateResult | typeof nothing {
    if (stage.state === 'skipped') return nothing;
    return html`<ol class="steps" aria-label=${msg('Bring-up steps')}>${this.state.steps.map(stepOf)}</ol>`;
  }
}

/** Its element comes when there is a first plan; until then, and without network, nothing shows. */
function planOf(plan: NonNullable<Stage['plan']>): TemplateResult {
  void import('./flash-plan.ts').catch(() => undefined);
  return html`<jb-flash-plan class="detail" .plan=${plan}></jb-flash-plan>`;
}

function stepOf(step: BringupStep): TemplateResult {
  const again =
    step.try > 1 ? html`<span class="try">${msg(str`attempt ${step.try}`)}</span>` : nothing;
  return html`<li class="step ${step.state}" data-step=${step.step} data-state=${step.state}>
    ${markOf(step.state)}
    <span class="number">${step.step}</span>
    <span class="name">${step.name} ${again}</span>
    ${step.said ? html`<code class="said">${step.said}</code>` : nothing}
    <code class="send">${step.send}</code>
    ${step.hint ? html`<p class="hint">${step.hint}</p>` : nothing}
  </li>`;
}

function markOf(state: keyof typeof MARKS): TemplateResult {
  const { icon: name, word } = MARKS[state];
  return html`<span class="mark">${icon(name, 16)}
    <span class="visually-hidden">${word()}</span></span>`;
}

/** Bar with a figure; while nothing is measurable, none: a bar that stands at 0 would lie. */
function progressOf(stage: Stage): TemplateResult | typeof nothing {
  if (stage.progress <= 0) return nothing;
  const percent = Math.floor(stage.progress * 100);
  return html`<div class="progress">
    <progress max="100" value=${percent} aria-label=${stage.title}></progress>
    <span>${percent} %</span>
  </div>`;
}

function times(stage: Stage): string {
  if (stage.state === 'waiting' || stage.state === 'skipped') return '';
  const spent = elapsed(stage.elapsedMs);
  if (stage.state !== 'running' || stage.remainingMs === null) return spent;
  return msg(str`${spent} · ${duration(stage.remainingMs)} left`);
}

customElements.define('jb-stage-list', StageList);

declare global {
  interface HTMLElementTagNameMap {
    'jb-stage-list': StageList;
  }
}
