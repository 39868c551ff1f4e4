import { expect, test } from 'vitest';
import type { Settings } from '../../shared/contracts/portal.ts';
import { AppError } from '../../shared/errors.ts';
import { SettingsLoader } from './settings.ts';

const SETTINGS: Settings = {
  supabase_url: '/supabase',
  supabase_anon_key: 'public',
  device_host: 'bench.example.net',
  device_port: 80,
  modem_apn: 'hologram',
  modem_bands: '2,4,12,13,66',
  environment: 'production',
};

function start(kept: Settings | null) {
  const world = { away: false, asked: 0, kept };
  const loader = new SettingsLoader(
    {
      settings: async () => {
        world.asked += 1;
        if (world.away) throw new AppError('unavailable', 'away');
        return SETTINGS;
      },
    },
    {
      read: () => world.kept,
      write: (settings) => {
        world.kept = settings;
      },
    },
  );
  return { world, loader };
}

test('asks once, however many want to know, and remembers', async () => {
  const { world, loader } = start(null);
  expect(await Promise.all([loader.get(), loader.get()])).toEqual([SETTINGS, SETTINGS]);
  expect(world).toMatchObject({ asked: 1, kept: SETTINGS });
});

test('without network it answers as last seen, and asks again the next time', async () => {
  const old = { ...SETTINGS, device_host: 'old.example.net' };
  const { world, loader } = start(old);
  world.away = true;
  expect(await loader.get()).toEqual(old);
  world.away = false;
  expect(await loader.get()).toEqual(SETTINGS);
});

test('without network and memory it says so', async () => {
  const { world, loader } = start(null);
  world.away = true;
  await expect(loader.get()).rejects.toMatchObject({ code: 'unavailable' });
});
