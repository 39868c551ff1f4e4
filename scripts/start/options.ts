/** The options of `npm start`, read from the command line. Knows nothing of what they do. */
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../shared/errors.ts';

export const ROOT = join(import.meta.dirname, '..', '..');

export interface StartOptions {
  /** Port of page and Worker on localhost. */
  port: number;
  /** Port of the embedded Supabase on localhost. */
  supabasePort: number;
  /** Folder that holds secrets and both databases. */
  data: string;
  /** Throw the data away first; the secrets stay. */
  reset: boolean;
  /** Serve from source with reload instead of the build. */
  dev: boolean;
  /** Let strangers make accounts; without a role, they still see nothing. */
  signUp: boolean;
}

/** Of page and Worker, unless it is said otherwise. */
export const PORT = 5170;
const SUPABASE_PORT = 54_321;

export const USAGE = `npm start -- [options]
  --port N            page and Worker on http://localhost:N (5170)
  --supabase-port N   embedded Supabase on 127.0.0.1:N (54321; moves with --port)
  --data DIR          where data and secrets are kept (.jambench)
  --reset             start with fresh data
  --dev               serve from source, reload on change
  --sign-up           let anybody make an account (off)`;

/** @throws AppError `invalid` that says which option is wrong */
export function readOptions(args: string[], env: NodeJS.ProcessEnv = process.env): StartOptions {
  const { values } = parse(args);
  const port = portNumber(values.port ?? env.PORT ?? String(PORT), '--port');
  const supabase = values['supabase-port'] ?? env.JAMBENCH_SUPABASE_PORT;
  return {
    port,
    supabasePort: supabase ? portNumber(supabase, '--supabase-port') : supabaseBeside(port),
    data: resolve(values.data ?? join(ROOT, '.jambench')),
    reset: values.reset ?? false,
    dev: values.dev ?? false,
    signUp: values['sign-up'] ?? false,
  };
}

/** A second copy beside this one needs a second port for each part: both move together. */
function supabaseBeside(port: number): number {
  const moved = SUPABASE_PORT + (port - PORT);
  const inRange = moved > 1023 && moved <= 65_535 ? moved : 20_000 + (port % 20_000);
  return inRange === port ? inRange + 1 : inRange;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: 'string' },
        'supabase-port': { type: 'string' },
        data: { type: 'string' },
        reset: { type: 'boolean' },
        dev: { type: 'boolean' },
        'sign-up': { type: 'boolean' },
      },
    });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('invalid', message, { cause, hint: USAGE });
  }
}

function portNumber(text: string, option: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new AppError('invalid', `${option} must be a number from 1 to 65535, not "${text}".`);
  return port;
}
