/**
 * The Worker's jobs, which only Cloudflare's own scheduler runs by itself: here they are asked for
 * through the local runtime's trigger. Knows nothing of what they do.
 */

import { randomBytes } from 'node:crypto';
import { CRON_HEADER } from '../door/address.ts';

/** As in wrangler.toml. */
const JOBS = [
  { cron: '*/5 * * * *', name: 'five-minute', everyMs: 5 * 60_000 },
  { cron: '7 * * * *', name: 'hourly', everyMs: 60 * 60_000 },
];

/** Opens the trigger for this run of the stack, and for nobody without its key. */
export const oneTimeKey = () => randomBytes(24).toString('hex');

/** Runs each job once, and then by its clock until the returned function is called. */
export function startCron(page: string, key: string, warn: (sentence: string) => void): () => void {
  const timers = JOBS.map(({ cron, name, everyMs }) => {
    const run = () => {
      runCron(page, key, cron).then(
        (ok) => ok || warn(`The ${name} job failed; the next one tries again.`),
        () => warn(`The ${name} job got no answer; the next one tries again.`),
      );
    };
    run();
    return setInterval(run, everyMs);
  });
  return () => timers.forEach(clearInterval);
}

/** True when the job ran without an error. */
async function runCron(page: string, key: string, cron: string): Promise<boolean> {
  const url = `${page}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent(cron)}`;
  const answer = await fetch(url, { headers: { [CRON_HEADER]: key } });
  await answer.body?.cancel();
  return answer.ok;
}
