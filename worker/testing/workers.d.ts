/** What the test bindings add to the Worker's env (vitest.config.ts). */
import type { Env as WorkerEnv } from '../env.ts';

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {
      /** As `readD1Migrations` gives them. */
      TEST_MIGRATIONS: { name: string; queries: string[] }[];
      FUZZ_REQUESTS: string;
      FUZZ_SEED: string;
    }
    interface GlobalProps {
      mainModule: typeof import('../index.ts');
    }
  }
}
