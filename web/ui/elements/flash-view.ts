/**
 * `<jb-flash-view>`: what lies in the flash of a unit or of a file, as tables. Secrets have been
 * masked before they come here. Knows no unit and no file.
 */
import { msg, str } from '@lit/localize';
import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { OTA_STATE } from '../../../shared/esp/otadata.ts';
import {
  type AppProof,
  type AppView,
  address,
  type FlashView,
  type NvsView,
  type OtaView,
} from '../../app/flash-view.ts';
import { isolated } from '../../app/isolated.ts';
import { bytes } from '../format-technical.ts';
import './notice.ts';
import { scrollTable } from './scroll-table.ts';
import { base } from './styles.ts';
import { factList } from './styles-parts.ts';

const STATES = new Map<number, () => string>([
  [OTA_STATE.new, () => msg('new: starts next, on trial')],
  [OTA_STATE.pendingVerify, () => msg('on trial')],
  [OTA_STATE.valid, () => msg('confirmed')],
  [OTA_STATE.invalid, () => msg('refused: does not start')],
  [OTA_STATE.aborted, () => msg('given up: does not start')],
  [OTA_STATE.undefined, () => msg('not set: starts')],
]);

const PROOFS: Record<AppProof, () => string> = {
  whole: () => msg('Whole: its checksum and its hash are right.'),
  damaged: () => msg('Damaged or incomplete: it would not start.'),
  unproven: () => msg('Only its beginning was read; a backup shows whether it is whole.'),
};

export class FlashViewElement extends LitElement {
  static override styles = [
    base,
    scrollTable,
    factList,
    css`
      section {
        margin-top: 24px;
      }
      section > * + * {
        margin-top: 8px;
      }
      .value {
        white-space: normal;
        overflow-wrap: anywhere;
        min-width: 12ch;
      }
      td,
      .mono {
        font-family: var(--mono);
        font-size: 13px;
      }
    `,
  ];
  static override properties = { view: { attribute: false } };
  declare view: FlashView;

  protected override render(): TemplateResult {
    const { table, partitions, ota, apps, nvs } = this.view;
    return html`${noTable(table)}
      ${apps.length > 0 || table === 'read' ? this.#apps(apps, ota) : nothing}
      ${ota ? boot(ota) : nothing}
      ${nvs.map(values)}
      ${partitions.length > 0 ? this.#partitions() : nothing}`;
  }

  #apps(apps: readonly AppView[], ota: OtaView | null): TemplateResult {
    return html`<section><h2>${msg('Apps')}</h2>
      ${apps.length === 0 ? html`<p>${msg('There is no app: the unit does not start.')}</p>` : nothing}
      ${apps.map((app) => appCard(app, ota?.starts ?? null))}</section>`;
  }

  #partitions(): TemplateResult {
    return html`<section><h2>${msg('How its flash is divided')}</h2>
      <div class="scroll" role="region" tabindex="0" aria-label=${msg('How its flash is divided')}>
      <table><thead><tr>
        <th scope="col">${msg('Name')}</th><th scope="col">${msg('Kind')}</th>
        <th scope="col">${msg('From')}</th><th scope="col">${msg('Size')}</th></tr></thead>
      <tbody>${this.view.partitions.map(
        (part) => html`<tr><th scope="row" class="mono"><bdi>${part.label}</bdi></th>
          <td>${part.type} ${part.subtype}</td><td>${address(part.offset)}</td>
          <td>${bytes(part.size)}</td></tr>`,
      )}</tbody></table></div></section>`;
  }
}

function noTable(table: FlashView['table']): TemplateResult | typeof nothing {
  if (table === 'erased') {
    return html`<jb-notice tone="ok" headline=${msg('The flash is empty')}
      advice=${msg('There is no partition table: no firmware was ever written, or all was erased.')}
      ></jb-notice>`;
  }
  if (table !== 'damaged') return nothing;
  return html`<jb-notice tone="warn" headline=${msg('The partition table cannot be read')}
    advice=${msg('Something else lies in its place. Without it nobody can say what lies where.')}
    ></jb-notice>`;
}

function appCard(app: AppView, starts: string | null): TemplateResult {
  const { label, descriptor, elfSha256, proof } = app;
  const name = descriptor?.projectName || msg('An app without a name');
  const here = label !== '' && label === starts;
  return html`<h3><bdi>${name}</bdi>${here ? html` · ${msg('this one starts')}` : nothing}</h3>
    <dl data-app=${label}>
      ${label ? html`<dt>${msg('Lies in')}</dt><dd class="mono"><bdi>${label}</bdi></dd>` : nothing}
      ${
        descriptor
          ? html`<dt>${msg('Version')}</dt><dd><bdi>${descriptor.version}</bdi></dd>
        <dt>${msg('Built')}</dt><dd><bdi>${built(descriptor)}</bdi></dd>
        <dt>ESP-IDF</dt><dd><bdi>${descriptor.idfVersion}</bdi></dd>
        <dt>${msg('Security version')}</dt><dd>${descriptor.secureVersion}</dd>
        <dt>SHA-256 (ELF)</dt><dd class="mono">${elfSha256}</dd>`
          : nothing
      }
      <dt>${msg('State')}</dt><dd>${PROOFS[proof]()}</dd>
    </dl>`;
}

/** Virtual images carry no date: the same source must give the same bytes. */
const built = ({ date, time }: { date: string; time: string }) =>
  `${date} ${time}`.trim() || msg('not said');

function boot({ entries, active, starts }: OtaView): TemplateResult {
  return html`<section><h2>${msg('Which app starts')}</h2>
    <p>${
      starts === null
        ? msg('There is no place for an app.')
        : active === null
          ? msg(str`${isolated(starts)}: nothing was ever chosen, so the first one starts.`)
          : msg(str`${isolated(starts)}, as entry ${active + 1} says.`)
    }</p>
    <dl>${entries.map(
      (entry, i) => html`<dt>${msg(str`Entry ${i + 1}`)}</dt>
        <dd>${
          entry
            ? msg(str`number ${entry.seq}, ${STATES.get(entry.state)?.() ?? msg('unknown state')}`)
            : msg('empty')
        }</dd>`,
    )}</dl></section>`;
}

function values({ label, values: list, damaged }: NvsView): TemplateResult {
  const title = label ? msg(str`Settings in ${isolated(label)}`) : msg('Settings');
  return html`<section data-nvs=${label}><h2>${title}</h2>
    ${damaged > 0 ? html`<p>${msg(str`Damaged and left out: ${damaged} pages or entries.`)}</p>` : nothing}
    ${
      list.length === 0
        ? html`<p class="muted">${msg('Nothing is set.')}</p>`
        : html`<div class="scroll" role="region" tabindex="0" aria-label=${title}><table>
          <thead><tr><th scope="col">${msg('Namespace')}</th><th scope="col">${msg('Key')}</th>
            <th scope="col">${msg('Type')}</th><th scope="col">${msg('Value')}</th></tr></thead>
          <tbody>${list.map(
            ({ namespace, key, type, shown, isMasked }) => html`<tr>
              <td><bdi>${namespace}</bdi></td><td><bdi>${key}</bdi></td><td>${type}</td>
              <td class="value ${isMasked ? 'muted' : ''}"><bdi>${shown}</bdi></td></tr>`,
          )}</tbody></table></div>`
    }</section>`;
}

customElements.define('jb-flash-view', FlashViewElement);

declare global {
  interface HTMLElementTagNameMap {
    'jb-flash-view': FlashViewElement;
  }
}
