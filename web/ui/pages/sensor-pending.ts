/**
 * What waits of a sensor's changes, or could not be done, each with what it wants and what is there
 * now. Pure templates.
 */
import { msg } from '@lit/localize';
import { html, nothing, type TemplateResult } from 'lit';
import type { SensorView } from '../../app/sensor.ts';
import { type SensorFacts, wishOfFacts } from '../../app/sensor-facts.ts';
import type { Setting } from '../../app/sensor-settings.ts';
import { serverWords } from '../../app/server-words.ts';
import { isOfSensor, type SensorWish } from '../../app/wishes.ts';
import { pending } from '../elements/pending.ts';
import { alertWord, commandWord, statusWord } from '../sensor-words.ts';
import { settingLabel, settingValue } from '../setting-words.ts';

type What = SensorWish['what'];

/** A location's name; null: not known. */
export type NameOf = (locationId: string) => string | null;

/**
 * The changes of these kinds, or of all.
 * @param placeName for words about places
 */
export function sensorPending(
  view: SensorView,
  placeName: NameOf,
  kinds: readonly What[] | null = null,
): TemplateResult | typeof nothing {
  const { changes, known } = view.state.value;
  const { stopped, delivering } = view.delivery.value;
  const shown = changes.flatMap((change) => {
    const { wish, trouble } = change;
    if (!isOfSensor(wish) || !(kinds?.includes(wish.what) ?? true)) return [];
    // Shown with the settings themselves, value by value.
    if (known && wish.what === 'sensor_settings' && trouble?.kind === 'conflict') return [];
    const theirs = known ? thereWords(wish, known.stored, placeName) : '–';
    const now = html`<div class="pending"><p class="small"><b>${labelOf(wish)}</b>
      <bdi>${words(wish, placeName)}</bdi></p>${pending(change, {
        ...{ stopped, delivering, theirs, isChosen: true },
        mine: words(wish, placeName),
        again: () => void view.again(change),
        discard: () => void view.discard(change),
      })}${wish.what === 'sensor_command' && !trouble ? lateWords() : nothing}</div>`;
    return [now];
  });
  return shown.length === 0 ? nothing : html`<div class="pendings" role="status">${shown}</div>`;
}

const lateWords = (): TemplateResult =>
  html`<p class="small muted">${msg(
    'If it cannot be sent within an hour it is not sent at all, and you are asked again.',
  )}</p>`;

/** What it is about. */
function labelOf(wish: SensorWish): string {
  switch (wish.what) {
    case 'sensor_settings':
      return msg('Settings');
    case 'sensor_command':
      return msg('Tell it something');
    case 'sensor_name':
      return msg('Name');
    case 'sensor_place':
      return msg('Place');
    case 'sensor_spot':
      return msg('Coordinates');
    case 'sensor_status':
      return msg('Service');
    case 'sensor_flag':
      return msg('Take the flag off');
    case 'sensor_alert':
      return msg('I know');
  }
}

/** What is wanted. */
function words(wish: SensorWish, placeName: NameOf): string {
  switch (wish.what) {
    case 'sensor_settings':
      return Object.entries(wish.change)
        .map(
          ([name, value]) =>
            `${settingLabel(name as Setting)}: ${settingValue(name as Setting, Number(value))}`,
        )
        .join('; ');
    case 'sensor_command':
      return commandWord(wish.command);
    case 'sensor_name':
      return wish.name ?? msg('no name');
    case 'sensor_place':
      return placeName(wish.to) ?? wish.to;
    case 'sensor_spot':
      return `${wish.latitude}, ${wish.longitude}`;
    case 'sensor_status':
      return statusWord(wish.status);
    case 'sensor_flag':
      return serverWords(wish.seen);
    case 'sensor_alert':
      return alertWord(wish.kind);
  }
}

/** What is there now instead. */
function thereWords(wish: SensorWish, stored: SensorFacts, placeName: NameOf): string {
  if (wish.what === 'sensor_flag') return serverWords(stored.detail.anomaly?.reason ?? '–');
  const there = wishOfFacts(wish, stored);
  return there ? words(there, placeName) : msg('not known');
}
