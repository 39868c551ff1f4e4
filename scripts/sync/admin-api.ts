/** Asks the Worker's admin API, local or deployed. */
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';
import { PORT, ROOT } from '../start/options.ts';
import { loadSecrets } from '../start/secrets.ts';

export type Row = Record<string, unknown>;

/** How the admin API is reached. */
export interface AdminApi {
  /** Origin, without a trailing slash. */
  url: string;
  key: string;
}

/**
 * @param url of the deployed Worker; what npm start runs on this machine when left out
 * @returns undefined when the key of a deployed one is not in ADMIN_KEY
 */
export function adminApi(url: string | undefined): AdminApi | undefined {
  const { ADMIN_KEY } = process.env;
  if (url === undefined) {
    const key = ADMIN_KEY ?? loadSecrets(join(ROOT, '.jambench')).adminKey;
    return { url: `http://localhost:${process.env.PORT ?? PORT}`, key };
  }
  return ADMIN_KEY ? { url: url.replace(/\/+$/, ''), key: ADMIN_KEY } : undefined;
}

/**
 * @param body is posted; without one it is a GET
 * @throws AppError `unavailable` when it was not answered with success
 */
export async function askAdmin({ url, key }: AdminApi, path: string, body?: object): Promise<Row> {
  const headers = { Authorization: `Bearer ${key}` };
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const answer = await fetch(url + path, { headers, ...init }).catch((cause: unknown) => {
    throw new AppError('unavailable', `Nobody answers at ${url}.`, {
      cause,
      hint: 'Run npm start, or say --url with the address of the page and set ADMIN_KEY.',
    });
  });
  if (answer.ok) return (await answer.json()) as Row;
  const said = (await answer.json().catch(() => ({}))) as {
    error?: { message?: string };
  };
  throw new AppError(
    'unavailable',
    `${url}${path} answered ${answer.status}: ${said.error?.message ?? ''}`,
    {
      hint:
        answer.status === 401
          ? 'ADMIN_KEY must be the key that is set as a secret of the Worker.'
          : 'What was asked for is not done. Try again.',
    },
  );
}
