/**
 * What a camera read from a label: the id, or why it is none of ours. A QR code is anybody's text,
 * so that only this page's own activation addresses and plain ids count; nothing of it is opened.
 * Knows no camera.
 */
import { msg, str } from '@lit/localize';
import { readDeviceId } from '../../shared/device-id.ts';
import { isolated } from './isolated.ts';

export type ScannedLabel = { deviceId: string } | { wrong: string };

/** A QR code holds up to 7,089 characters; an address of a label has some eighty. */
const TEXT_MAX = 512;
/** Of a foreign host as much as tells it from another. */
const HOST_MAX = 60;
/** `scheme:`, with or without slashes, as `WIFI:`, `tel:` and addresses begin. */
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:/i;

/** @param origin of this page, e.g. https://bench.example.net */
export function readScannedLabel(text: string, origin: string): ScannedLabel {
  const trimmed = text.trim();
  if (trimmed.length > TEXT_MAX) return notOurs();
  if (!HAS_SCHEME.test(trimmed)) {
    // A plain id: a path without its host may be anybody's.
    const id = trimmed.includes('/') ? null : readDeviceId(trimmed);
    return id === null ? notOurs() : { deviceId: id };
  }
  if (!URL.canParse(trimmed)) return notOurs();
  const address = new URL(trimmed);
  if (address.protocol !== 'https:' && address.protocol !== 'http:') return notOurs();
  if (address.origin !== origin) return elsewhere(address.host);
  const path = /^\/activate\/(JBNB\d{4,8})\/?$/i.exec(address.pathname);
  const id = path?.[1] === undefined ? null : readDeviceId(path[1]);
  return id === null ? notOurs() : { deviceId: id };
}

function elsewhere(host: string): ScannedLabel {
  const shown = isolated(host.slice(0, HOST_MAX));
  return {
    wrong: msg(
      str`This code leads to ${shown}, not to this page: it was not opened. Scan the label of a JamBox, or type its id.`,
    ),
  };
}

function notOurs(): ScannedLabel {
  return {
    wrong: msg('This is no label of a JamBox. Scan the code beside its id, or type the id.'),
  };
}
