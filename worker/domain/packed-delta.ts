/**
 * A hand-over as bytes, some 25 a bucket: as a list of objects it would be eleven times as large,
 * and a call between Durable Objects bears 32 MiB. For each location its id, then its entries
 * (place-codec.ts), each with its length. Pure.
 */
import { writeEntry } from './place-codec.ts';
import type { PlaceDelta } from './place-delta.ts';
import { ByteReader, ByteWriter } from './varint.ts';

export interface PackedDelta extends Omit<PlaceDelta, 'sums'> {
  places: Uint8Array;
}

export function packDelta({ sums, ...delta }: PlaceDelta): PackedDelta {
  const out = new ByteWriter();
  const entries = new ByteWriter();
  for (const [locationId, own] of Map.groupBy(sums, (sum) => sum.location_id)) {
    for (const sum of own) writeEntry(entries, sum);
    out.block(new TextEncoder().encode(locationId));
    out.block(entries.take());
  }
  return { ...delta, places: out.take() };
}

/** Each location with its entries. @throws RangeError for bytes that no hand-over has */
export function* placesIn({ places }: PackedDelta) {
  const from = new ByteReader(places);
  const text = new TextDecoder();
  while (!from.isAtEnd) {
    const location_id = text.decode(from.block());
    yield { location_id, entries: from.block() };
  }
}
