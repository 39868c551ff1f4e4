/**
 * The Worker's five-minute job, which only Cloudflare's own scheduler runs by itself: here it is
 * asked for through the local runtime's trigger. Knows nothing of what the job does.
 */

/** As in wrangler.toml. */
const EVERY_MS = 5 * 60_000;

/** Runs the job once, and then every five minutes until the returned function is called. */
export function startCron(page: string, warn: (sentence: string) => void): () => void {
  const run = () => {
    runCron(page).then(
      (ok) => ok || warn('The five-minute job failed; the next one tries again.'),
      () => warn('The five-minute job got no answer; the next one tries again.'),
    );
  };
  run();
  const timer = setInterval(run, EVERY_MS);
  return () => clearInterval(timer);
}

/** True when the job ran without an error. */
export async function runCron(page: string): Promise<boolean> {
  const url = `${page}/cdn-cgi/handler/scheduled?cron=${encodeURIComponent('*/5 * * * *')}`;
  const answer = await fetch(url);
  await answer.body?.cancel();
  return answer.ok;
}
