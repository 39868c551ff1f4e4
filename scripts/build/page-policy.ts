/**
 * The page's policy names the one Supabase project it talks to, and the one server of map tiles
 * that an operator allows, and no other: those of wrangler.toml. Knows no page.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const PLACES = { supabase: ' <supabase>', tiles: ' <tiles>' } as const;

/** Origin of SUPABASE_PUBLIC_URL in a wrangler.toml; null for a path or one not filled in yet. */
export function supabaseOrigin(toml: string): string | null {
  const value = /^SUPABASE_PUBLIC_URL\s*=\s*"([^"]*)"/m.exec(toml)?.[1] ?? '';
  if (!URL.canParse(value)) return null;
  const { protocol, origin } = new URL(value);
  return protocol === 'https:' ? origin : null;
}

/** Origin of MAP_TILES_URL in a wrangler.toml; null when no server of tiles is allowed. */
export function tilesOrigin(toml: string): string | null {
  const value = /^MAP_TILES_URL\s*=\s*"([^"]*)"/m.exec(toml)?.[1] ?? '';
  if (!URL.canParse(value)) return null;
  const { protocol, origin } = new URL(value);
  return protocol === 'https:' ? origin : null;
}

/** Whom the page may ask beside its own origin; null: nobody. */
export interface Others {
  supabase: string | null;
  tiles: string | null;
}

/** Fills the policy in: with these origins, or with nothing but the page's own. */
export function withPolicy(headers: string, { supabase, tiles }: Others): string {
  return headers
    .replaceAll(PLACES.supabase, supabase ? ` ${supabase}` : '')
    .replaceAll(PLACES.tiles, tiles ? ` ${tiles}` : '');
}

export function writePolicy(headersFile: string, tomlFile: string): void {
  const toml = readFileSync(tomlFile, 'utf8');
  const others = { supabase: supabaseOrigin(toml), tiles: tilesOrigin(toml) };
  writeFileSync(headersFile, withPolicy(readFileSync(headersFile, 'utf8'), others));
}
