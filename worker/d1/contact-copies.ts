/** The registry's copies of contacts, in the units' own rows. */
import type { Contact } from '../domain/contact.ts';
import type { ContactCopies } from '../domain/contact-copies.ts';
import type { ContactCopy } from '../domain/contact-queries.ts';

/** Written as the fields of {@link Contact}, and their order in a statement's list. */
const COPIED = [
  'last_seen_s',
  'first_heartbeat_s',
  'first_reading_s',
  'firmware',
  'cell_rssi_dbm',
  'battery_pct',
  'radio',
  'radio_since_s',
] as const satisfies readonly (keyof Contact)[];

/** A firmware that the unit itself did not name stays: it is the registry's own word. */
const copied = (name: string, value: string) =>
  name === 'firmware' ? `COALESCE(${value}, firmware)` : value;

export function d1ContactCopies(db: D1Database): ContactCopies {
  return {
    async of(ids) {
      const sql = `SELECT id AS device_id, generation, first_heartbeat_s, first_reading_s,
          last_seen_s, firmware, radio, radio_since_s
        FROM devices WHERE id IN (SELECT value FROM json_each(?1))`;
      const bound = db.prepare(sql).bind(JSON.stringify(ids));
      return (await bound.all<ContactCopy>()).results;
    },
    async put(contacts) {
      const sql = `UPDATE devices SET
          ${COPIED.map((name, i) => `${name} = ${copied(name, `v.value ->> ${i + 2}`)}`).join(', ')}
        FROM json_each(?1) AS v
        WHERE devices.id = v.value ->> 0 AND devices.generation = v.value ->> 1
          AND COALESCE(devices.last_seen_s, 0) <= v.value ->> 2`;
      const rows = contacts.map((c) => [c.device_id, c.generation, ...COPIED.map((n) => c[n])]);
      await db.prepare(sql).bind(JSON.stringify(rows)).run();
    },
  };
}
