/**
 * The demo data, once: people through the auth API, then places, units and a fortnight of readings
 * by scripts/seed. Knows neither tables nor numbers.
 */

import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoTimeMs } from '../../shared/time.ts';
import { ROOT, type StartOptions } from './options.ts';
import { demoPeople, type Person } from './people.ts';
import { QUIET } from './quiet.ts';
import type { DemoRole, DevSecrets } from './secrets.ts';

/**
 * @param state folder of the local D1, which nothing else may have open now
 * @param log called before it begins, not when the data is there already
 */
export async function seedOnce(
  options: StartOptions,
  secrets: DevSecrets,
  state: string,
  log: (sentence: string) => void,
): Promise<void> {
  const stamp = join(options.data, 'seeded');
  if (existsSync(stamp)) return;
  log('Making demo data: five people, three shops, a fortnight of readings …');
  const url = `http://127.0.0.1:${options.supabasePort}`;
  const people = await demoPeople(url, secrets);
  // loaded only now: it brings half of wrangler along, into this process
  Object.assign(process.env, QUIET);
  // The Worker's secrets are none of the seed's business; wrangler would miss them aloud.
  process.env.WRANGLER_LOG ??= 'error';
  const { seed } = await import('../seed/seed.ts');
  await seed({
    configPath: join(ROOT, 'wrangler.toml'),
    persistTo: state,
    supabase: { url, serviceKey: secrets.serviceKey },
    now: Date.now(),
    people: {
      ownerId: idOf(people, 'owner'),
      owner2Id: idOf(people, 'owner2'),
      staffId: idOf(people, 'staff'),
      installerId: idOf(people, 'installer'),
      adminId: idOf(people, 'admin'),
    },
  });
  writeFileSync(stamp, `${isoTimeMs(Date.now())}\n`);
}

function idOf(people: readonly Person[], role: DemoRole): string {
  return people.find((person) => person.role === role)?.id ?? '';
}
