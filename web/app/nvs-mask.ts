/**
 * NVS values as they may be shown: what a unit proves itself with, and what looks like it, comes
 * only as its length. The rule errs on the side of hiding: apps that are not ours have secrets of
 * their own. Pure.
 */
import { msg, str } from '@lit/localize';
import type { NvsEntry } from '../../shared/esp/nvs.ts';

export interface ShownValue {
  namespace: string;
  key: string;
  type: NvsEntry['type'];
  shown: string;
  isMasked: boolean;
}

/** Ours (`token`), ESP-IDF's (`sta.pswd`, `sta.pmk`) and what others call theirs. */
const SECRET_KEY = /tok|secret|pass|pswd|pwd|psk|pmk|pin|key|cert|priv|auth|cred|sess/i;
/** As random bytes look in base64 or hex: long, and nothing that is a word's end in between. */
const RANDOM_TEXT = /^[\w+/=-]{20,}$/;

/** Blobs are never shown: what lies in them nobody here can judge. */
export function shownValue(entry: NvsEntry): ShownValue {
  const { namespace, key, type } = entry;
  const isMasked = isSecret(entry);
  return { namespace, key, type, shown: isMasked ? hidden(entry) : plain(entry), isMasked };
}

function isSecret(entry: NvsEntry): boolean {
  if (entry.type === 'blob') return true;
  if (entry.type === 'string') return SECRET_KEY.test(entry.key) || RANDOM_TEXT.test(entry.value);
  return SECRET_KEY.test(entry.key);
}

function plain(entry: NvsEntry): string {
  return String(entry.value);
}

function hidden(entry: NvsEntry): string {
  if (entry.type === 'string') return msg(str`•••••• (${entry.value.length} characters)`);
  if (entry.type === 'blob') return msg(str`${entry.value.length} bytes, not shown`);
  return '••••••';
}
