/**
 * The page server's process: Vite's preview of a built copy, the Worker in workerd beside it.
 * Argument 1 is the folder with the copy; ports and state come from the environment. Knows nothing
 * of building.
 */
import { join } from 'node:path';
import { cloudflare } from '@cloudflare/vite-plugin';
import { preview } from 'vite';
import { frontDoor } from '../vite/front-door.ts';

const run = process.argv[2] ?? '.';
const { PORT, JAMBENCH_SUPABASE_PORT, JAMBENCH_STATE } = process.env;

const server = await preview({
  configFile: false,
  root: join(run, 'web'),
  build: { outDir: join(run, 'dist') },
  preview: { port: Number(PORT), strictPort: true, host: '127.0.0.1', cors: false },
  plugins: [
    ...frontDoor(Number(JAMBENCH_SUPABASE_PORT)),
    cloudflare({
      persistState: { path: JAMBENCH_STATE ?? join(run, 'state') },
      inspectorPort: false,
    }),
  ],
});

process.on('SIGTERM', () => {
  server.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
