/**
 * Ten thousand sensors for the local D1, made by SQL: five hundred locations over the land of two
 * continents, states of all kinds, names and firmware versions as fleets have them. Knows the
 * tables of worker/d1/migrations, and no page.
 */

export const FLEET = 10_000;
const PLACES = 500;
/** No token is known to have this hash. */
const NO_TOKEN_SHA256 = '0'.repeat(64);

/**
 * @param nowS Unix seconds
 * @returns statements, in order; ids begin with JBNB500000
 */
export function fleetSql(nowS: number): string {
  const numbers = (n: number) =>
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${n - 1})`;
  const place = (i: string) => `printf('fleet-%03d', ${i} % ${PLACES})`;
  // a grid over Europe and North America, each sensor a little beside its shop
  const latitude = (i: string) => `(36 + (${i} % ${PLACES}) / 25 * 1.0 + (${i} % 7) * 0.0004)`;
  const longitude = (i: string) => `(CASE (${i} % ${PLACES}) % 2 WHEN 0 THEN -2 ELSE -118 END
    + ((${i} % ${PLACES}) % 25) * 1.1 + (${i} % 5) * 0.0004)`;
  return `
INSERT INTO locations (id, name, time_zone)
  ${numbers(PLACES)}
  SELECT ${place('i')}, printf('Harbour Street %d', i + 1), 'Europe/Berlin' FROM n;
INSERT INTO devices (id, token_sha256, location_id, name, firmware, registered_s,
    first_heartbeat_s, first_reading_s, last_seen_s, cell_rssi_dbm, latitude, longitude, status)
  ${numbers(FLEET)}
  SELECT printf('JBNB%06d', 500000 + i), '${NO_TOKEN_SHA256}', ${place('i')},
    CASE i % 3 WHEN 0 THEN NULL ELSE printf('Door %d', i % 40 + 1) END,
    printf('6.%d.%d', i % 4, i % 9), ${nowS - 86_400 * 90},
    ${nowS - 86_400 * 90}, ${nowS - 86_400 * 90},
    CASE WHEN i % 50 = 0 THEN ${nowS - 200_000} WHEN i % 20 = 0 THEN ${nowS - 3000}
      ELSE ${nowS - 60} - i % 200 END,
    -70 - i % 45, ${latitude('i')}, ${longitude('i')}, 'active' FROM n;
`;
}
