/** Addresses of the portal's lists. Knows no list. */

const Api = '/api/v1';
/** Rows that a page shows at once. */
const ROWS = '50';

/** A list's address: what is asked for, and where it goes on. */
export function listing(path: string, asked: Record<string, string | null | undefined>): string {
  const query = new URLSearchParams({ limit: ROWS });
  for (const [name, value] of Object.entries(asked)) if (value) query.set(name, value);
  return `${Api}${path}?${query}`;
}
