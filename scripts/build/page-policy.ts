/**
 * The page's policy names the one Supabase project it talks to, and no other: the project of
 * wrangler.toml, a domain of its own included. Knows no page.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const PLACE = ' <supabase>';

/** Origin of SUPABASE_PUBLIC_URL in a wrangler.toml; null for a path or one not filled in yet. */
export function supabaseOrigin(toml: string): string | null {
  const value = /^SUPABASE_PUBLIC_URL\s*=\s*"([^"]*)"/m.exec(toml)?.[1] ?? '';
  if (!URL.canParse(value)) return null;
  const { protocol, origin } = new URL(value);
  return protocol === 'https:' ? origin : null;
}

/** Fills the policy in: with the origin, or with nothing but the page's own. */
export function withPolicy(headers: string, origin: string | null): string {
  return headers.replaceAll(PLACE, origin ? ` ${origin}` : '');
}

export function writePolicy(headersFile: string, tomlFile: string): void {
  const origin = supabaseOrigin(readFileSync(tomlFile, 'utf8'));
  writeFileSync(headersFile, withPolicy(readFileSync(headersFile, 'utf8'), origin));
}
