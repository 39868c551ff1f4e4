/**
 * What differs between a unit's partition table and the bundle's, and what a full erase would
 * take, in words. Knows no port: whoever calls reads flash.
 */
import { msg, str } from '@lit/localize';
import { AppError } from '../../shared/errors.ts';
import { APP_HEAD_BYTES, peekAppDescriptor } from '../../shared/esp/app-image.ts';
import { DATA_SUBTYPE, TYPE } from '../../shared/esp/partition-names.ts';
import { type Partition, readPartitionTable } from '../../shared/esp/partition-table.ts';
import type { FlashPlace } from './flash-types.ts';
import { isolated } from './isolated.ts';
import type { Question } from './question.ts';

/** More than these are counted, not named. */
const NAMED_MAX = 4;

/** The refusal, with what the unit would lose; sentences. */
class OtherLayout extends AppError {
  readonly lost: readonly string[];

  constructor(differences: readonly string[], lost: readonly string[]) {
    const named = differences.slice(0, NAMED_MAX).join('; ');
    const more = differences.length - NAMED_MAX;
    const all = more > 0 ? msg(str`${named}; and ${more} more`) : named;
    super('other_layout', msg(str`Its flash is divided otherwise than JamBox needs: ${all}.`), {
      hint: msg('Nothing was written. It can be prepared once its whole flash is erased.'),
    });
    this.lost = lost;
  }
}

/** Whether both tables say the same, whatever their bytes are. */
export function isSameLayout(there: Uint8Array, ours: Uint8Array): boolean {
  const theirs = tableOf(there);
  return theirs !== null && differencesOf(theirs, readPartitionTable(ours)).length === 0;
}

/**
 * @param read what the unit's flash holds, to say which apps are on it
 * @throws AppError as `read`
 */
export async function otherLayout(
  there: Uint8Array,
  ours: Uint8Array,
  read: (place: FlashPlace) => Promise<Uint8Array>,
): Promise<AppError> {
  const theirs = tableOf(there);
  if (theirs === null) return new OtherLayout([msg('its partition table cannot be read')], []);
  const lost: string[] = [];
  for (const partition of theirs) {
    const app = partition.type === TYPE.app ? await appOf(partition, read) : null;
    if (app !== null) lost.push(app);
    else if (partition.type === TYPE.data) lost.push(dataOf(partition));
  }
  return new OtherLayout(differencesOf(theirs, readPartitionTable(ours)), lost);
}

/** Whether a unit may be erased as a whole; null when `error` is about something else. */
export function eraseQuestion(error: AppError | null): Question | null {
  if (!(error instanceof OtherLayout)) return null;
  const lost = error.lost.map((what) => `• ${what}`);
  return {
    title: msg('Erase the whole unit?'),
    facts: [
      msg(
        'Everything on its flash is lost, and cannot be brought back without a backup (see “What is on a unit”):',
      ),
      ...lost,
      msg('Readings that it has not sent yet are lost, too; a registered unit gets a new token.'),
      msg(
        'Erasing takes up to half a minute; then it is prepared as usual. A unit that is unplugged meanwhile does not start until it has been prepared.',
      ),
    ],
    yes: msg('Erase everything and prepare'),
    no: msg('Leave it as it is'),
  };
}

function tableOf(bytes: Uint8Array): Partition[] | null {
  try {
    return readPartitionTable(bytes);
  } catch {
    return null; // damaged: said as such
  }
}

function differencesOf(theirs: readonly Partition[], ours: readonly Partition[]): string[] {
  const differences: string[] = [];
  for (const own of ours) {
    const their = theirs.find(({ label }) => label === own.label);
    if (!their) differences.push(msg(str`it has no “${own.label}”`));
    else if (their.type !== own.type || their.subtype !== own.subtype)
      differences.push(msg(str`its “${own.label}” is of another kind`));
    else if (their.offset !== own.offset || their.size !== own.size)
      differences.push(msg(str`its “${own.label}” is ${place(their)} instead of ${place(own)}`));
  }
  const known = new Set(ours.map(({ label }) => label));
  for (const their of theirs) {
    if (known.has(their.label)) continue;
    differences.push(msg(str`it has ${isolated(`“${their.label}”`)} as well, ${place(their)}`));
  }
  return differences;
}

const place = ({ offset, size }: Partition) =>
  msg(str`${kilobytes(size)} at 0x${offset.toString(16)}`);
const kilobytes = (size: number) => `${Math.ceil(size / 1024)} KB`;

/** Null: no app lies there. */
async function appOf(
  { label, offset, size }: Partition,
  read: (place: FlashPlace) => Promise<Uint8Array>,
): Promise<string | null> {
  const head = await read({ offset, length: Math.min(size, APP_HEAD_BYTES) });
  if (head.every((byte) => byte === 0xff)) return null;
  const app = peekAppDescriptor(head);
  return app
    ? msg(str`The app ${isolated(`“${app.projectName}”`)}, version ${isolated(app.version)}.`)
    : msg(str`What lies in ${isolated(`“${label}”`)}, an app without a name.`);
}

function dataOf({ label, subtype, size }: Partition): string {
  const room = kilobytes(size);
  return subtype === DATA_SUBTYPE.nvs
    ? msg(str`Settings in ${isolated(`“${label}”`)}, ${room}: its name and token may be there.`)
    : msg(str`Data in ${isolated(`“${label}”`)}, ${room}.`);
}
