/**
 * The page's policy names the one Supabase project it talks to, and the one server of map tiles
 * that an operator allows, and no other: those of wrangler.toml. Of scripts that stand in the page
 * itself it allows those that the build put there, by their hashes. Knows no page.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const PLACES = { supabase: ' <supabase>', tiles: ' <tiles>', opening: ' <opening>' } as const;

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

/** Whom the page may ask beside its own origin; null: nobody. What stands in it, by its hashes. */
export interface Others {
  supabase: string | null;
  tiles: string | null;
  opening?: readonly string[];
}

/** Fills the policy in: with these origins, or with nothing but the page's own. */
export function withPolicy(headers: string, { supabase, tiles, opening = [] }: Others): string {
  return headers
    .replaceAll(PLACES.supabase, supabase ? ` ${supabase}` : '')
    .replaceAll(PLACES.tiles, tiles ? ` ${tiles}` : '')
    .replaceAll(PLACES.opening, opening.map((hash) => ` '${hash}'`).join(''));
}

/** `sha256-…` of each script that stands in a page, as a policy names it (CSP3, 2.3.1). */
export function inlineHashes(html: string): string[] {
  const scripts = html.matchAll(/<script>([\s\S]*?)<\/script>/g);
  const hash = (text: string) => createHash('sha256').update(text).digest('base64');
  return [...scripts].map(([, text = '']) => `sha256-${hash(text)}`);
}

/** @param client folder with the built page */
export function writePolicy(client: string, tomlFile: string): void {
  const toml = readFileSync(tomlFile, 'utf8');
  const opening = inlineHashes(readFileSync(join(client, 'index.html'), 'utf8'));
  const others = { supabase: supabaseOrigin(toml), tiles: tilesOrigin(toml), opening };
  const headersFile = join(client, '_headers');
  writeFileSync(headersFile, withPolicy(readFileSync(headersFile, 'utf8'), others));
}
