/**
 * The development secrets: made at random at the first start, kept in the data folder, readable by
 * its owner only. Nothing here is ever committed, logged or built in; the demo passwords alone are
 * printed, for they are meant to be typed. Knows nothing of the programs that use them.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../shared/errors.ts';

/**
 * The demo people: two owners with shops of their own, and staff of the first, so that one sees
 * what another does not. The mail domain is reserved for examples (RFC 2606).
 */
export const DEMO_ROLES = ['installer', 'owner', 'staff', 'owner2', 'admin'] as const;
export type DemoRole = (typeof DEMO_ROLES)[number];
export const demoEmail = (role: DemoRole): string => `${role}@example.net`;

export interface DevSecrets {
  /** Signs and checks people's sessions (HS256). */
  jwtSecret: string;
  /** Key of the embedded Supabase that a page may hold. */
  publishableKey: string;
  /** Key of the embedded Supabase that passes row-level security; the Worker's. */
  serviceKey: string;
  /** Key of the PINs' hashes. */
  pinPepper: string;
  /** Key of the scripts' API. */
  adminKey: string;
  /** Last part of the address that Hologram posts to. */
  hologramSecret: string;
  /** A data folder of before the second owner lacks some, whose people it lacks as well. */
  passwords: Record<DemoRole, string>;
}

const FILE = 'secrets.json';
/** Without the letters and digits that are mistaken for one another. */
const TYPEABLE = 'abcdefghjkmnpqrstuvwxyz23456789';

/** The data folder's secrets, made if there are none yet. */
export function loadSecrets(data: string): DevSecrets {
  const file = join(data, FILE);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return createSecrets(file, data);
  }
  try {
    const known = JSON.parse(text) as Partial<DevSecrets>;
    const whole = { ...newSecrets(), ...known };
    // A data folder from before lacks what was added since.
    if (Object.keys(whole).some((name) => !(name in known))) keep(file, whole);
    return whole;
  } catch (cause) {
    throw new AppError('invalid', `${FILE} in the data folder is damaged.`, {
      cause,
      hint: 'Delete the data folder (.jambench) and start again; its demo data is made anew.',
    });
  }
}

function createSecrets(file: string, data: string): DevSecrets {
  const secrets = newSecrets();
  mkdirSync(data, { recursive: true, mode: 0o700 });
  keep(file, secrets);
  return secrets;
}

function newSecrets(): DevSecrets {
  return {
    jwtSecret: token(48),
    publishableKey: `sb_publishable_${token(24)}`,
    serviceKey: `sb_secret_${token(24)}`,
    pinPepper: token(32),
    adminKey: token(32),
    hologramSecret: token(32),
    passwords: {
      installer: password(),
      owner: password(),
      staff: password(),
      owner2: password(),
      admin: password(),
    },
  };
}

function keep(file: string, secrets: DevSecrets): void {
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
}

/** `bytes` random bytes, base64url. */
function token(bytes: number): string {
  return randomBytes(bytes).toString('base64url');
}

/** Three groups of four, about 59 bits. */
function password(): string {
  const group = () =>
    Array.from({ length: 4 }, () => TYPEABLE[randomInt(TYPEABLE.length)]).join('');
  return [group(), group(), group()].join('-');
}
