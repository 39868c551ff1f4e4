/** What the page is told of the configuration, checked once. Knows no secret but the public key. */
import type { Settings } from '../shared/contracts/portal.ts';
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
    environment,
  };
}
