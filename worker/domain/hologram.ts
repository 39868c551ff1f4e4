/**
 * Readings that reach us through Hologram's cloud: whose they are, whether they were here before,
 * and then like any other reading. Knows no HTTP and no SQL.
 */

import type { HologramAnswer, HologramMessage } from '../../shared/contracts/hologram.ts';
import type { Reading } from '../../shared/contracts/reading.ts';
import { AppError, toAppError } from '../../shared/errors.ts';
import { sha256Hex } from '../../shared/hash.ts';
import type { Credential } from './credential.ts';
import { type ReadingStore, takeReading } from './reading.ts';

/** What makes a message the same as another. */
export interface MessageKey {
  hologram_device_id: number;
  received: string;
  /** 64 lowercase hex digits. */
  data_sha256: string;
}

export interface HologramStore {
  /** The unit that Hologram's device is, and whether the message was here before. */
  look(key: MessageKey): Promise<{ unit: Credential | null; seen: boolean }>;
  /** Remembers the message with its body, for 48 hours at most. */
  keep(key: MessageKey, body: string, nowS: number): Promise<void>;
}

/**
 * Takes a message in. Remembers it after storing its reading: a failure in between makes
 * Hologram send it again, and the reading's own identity keeps that harmless.
 * @param parse JSON value → reading, throws AppError `invalid`
 * @throws AppError `not_found` for a device that is no unit, `invalid`, `unauthenticated`
 */
export async function takeMessage(
  parts: { hologram: HologramStore; readings: ReadingStore },
  message: HologramMessage,
  parse: (value: unknown) => Reading,
  nowMs: number,
): Promise<HologramAnswer & { device_id: string | null }> {
  const key = await keyOf(message);
  const { unit, seen } = await parts.hologram.look(key);
  if (!unit) throw new AppError('not_found', 'No unit is linked to this Hologram device.');
  // Without a time, an equal message may be another period's; the reading's own identity decides.
  if (seen && message.received !== '')
    return { status: 'ok', note: 'repeat_ignored', device_id: null };
  const keep = () => parts.hologram.keep(key, JSON.stringify(message), Math.floor(nowMs / 1000));
  try {
    const reading = parse(contentOf(message.data));
    if (reading.d !== unit.device_id) {
      throw new AppError('invalid', 'd: is not the unit linked to this Hologram device');
    }
    const { answer } = await takeReading(parts.readings, reading, unit, nowMs);
    await keep();
    const { note } = answer;
    return { status: 'ok', ...(note ? { note } : {}), device_id: reading.d };
  } catch (failure) {
    // Kept for somebody to look into; what failed on our side will come again.
    if (toAppError(failure).code === 'invalid') await keep();
    throw failure;
  }
}

async function keyOf({ hologram_device_id, received, data }: HologramMessage) {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return { hologram_device_id, received, data_sha256: await sha256Hex(text) };
}

/**
 * The reading inside: an object as it is, JSON text, or base64 of JSON text or of a whole request
 * as the unit wrote it.
 */
function contentOf(data: HologramMessage['data']): unknown {
  if (typeof data !== 'string') return data;
  const text = data.trimStart().startsWith('{') ? data : fromBase64(data);
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}');
  if (start < 0 || end < start) throw new AppError('invalid', 'data: holds no JSON object');
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch (cause) {
    throw new AppError('invalid', 'data: is not valid JSON', { cause });
  }
}

function fromBase64(data: string): string {
  try {
    return atob(data);
  } catch (cause) {
    throw new AppError('invalid', 'data: is neither base64 nor JSON', { cause });
  }
}
