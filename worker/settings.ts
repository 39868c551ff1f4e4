/** What the page learns of the configuration, checked once. Knows no secret but the public key. */

import * as v from 'valibot';
import { Apn, Bands, REGION_DEFAULT } from '../shared/at/region.ts';
import { MapTiles, type Settings } from '../shared/contracts/portal.ts';
import { AppError } from '../shared/errors.ts';
import type { Env } from './env.ts';

/** @throws AppError `internal` for an ENVIRONMENT that is neither, or a secret not meant for it */
export function settingsOf(env: Env): Settings {
  const environment = env.ENVIRONMENT;
  if (environment !== 'development' && environment !== 'production') {
    throw new AppError('internal', 'ENVIRONMENT must be development or production.');
  }
  if (environment === 'production' && env.SUPABASE_JWT_SECRET) {
    // whoever knows that secret can make a token for anybody
    throw new AppError('internal', 'SUPABASE_JWT_SECRET must not be set in production.');
  }
  return {
    supabase_url: env.SUPABASE_PUBLIC_URL,
    supabase_anon_key: env.SUPABASE_ANON_KEY ?? '',
    device_host: env.DEVICE_HOST,
    device_port: Number(env.DEVICE_PORT),
    modem_apn: modemSetting('MODEM_APN', Apn, env.MODEM_APN, REGION_DEFAULT.apn),
    modem_bands: modemSetting('MODEM_BANDS', Bands, env.MODEM_BANDS, REGION_DEFAULT.bands),
    ...mapTilesOf(env),
    ...(env.SIGN_UP === 'on' ? { sign_up: true } : {}),
    environment,
  };
}

/** Empty is as good as left out. @throws AppError `internal` for half a setting, or a wrong one */
function mapTilesOf(env: Env): Pick<Settings, 'map_tiles'> {
  const { MAP_TILES_URL: url = '', MAP_TILES_ATTRIBUTION: attribution = '' } = env;
  if (!url) return {};
  const parsed = v.safeParse(MapTiles, { url, attribution });
  if (parsed.success) return { map_tiles: parsed.output };
  const [issue] = parsed.issues;
  const name = issue.path?.[0]?.key === 'url' ? 'MAP_TILES_URL' : 'MAP_TILES_ATTRIBUTION';
  throw new AppError('internal', `${name} ${issue.message}.`);
}

/** Without it, the Worker logs every request. @throws AppError `internal` for what is no share */
export function logShareOf(env: Env): number {
  const share = env.LOG_SHARE ? Number(env.LOG_SHARE) : 1;
  if (share >= 0 && share <= 1) return share;
  throw new AppError('internal', 'LOG_SHARE must be a number from 0 to 1.');
}

/** Empty is as good as left out. @throws AppError `internal` for what no modem would take */
function modemSetting(
  name: string,
  schema: typeof Apn | typeof Bands,
  value: string | undefined,
  otherwise: string,
): string {
  const parsed = v.safeParse(schema, value || otherwise);
  if (parsed.success) return parsed.output;
  throw new AppError('internal', `${name} ${parsed.issues[0].message}.`);
}
