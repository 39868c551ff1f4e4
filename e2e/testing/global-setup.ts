/**
 * Runs once before all tests: the stack, stopped again afterwards. With JAMBENCH_E2E_URL,
 * JAMBENCH_E2E_SUPABASE and JAMBENCH_E2E_DATA set, one that runs already is used instead.
 */
import { startStackUnderTest } from './stack.ts';

export default async function globalSetup(): Promise<() => Promise<void>> {
  if (process.env.JAMBENCH_E2E_URL) return async () => {};
  return await startStackUnderTest();
}
