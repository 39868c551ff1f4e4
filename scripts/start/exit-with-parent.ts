/**
 * Preloaded into every child of `npm start`: when the parent lets go of the channel, or dies with
 * it, the child ends, first in order (SIGTERM, for those that listen), then at once. Knows nothing
 * of either program.
 */

/** Time for closing databases; the parent itself waits five seconds. */
const GRACE_MS = 4000;

if (process.connected) process.once('disconnect', letGo);
else letGo();
// after the listener, which would hold the process: a program may still end by itself
process.channel?.unref();

function letGo(): void {
  setTimeout(() => process.exit(1), GRACE_MS).unref();
  if (process.listenerCount('SIGTERM') > 0) process.emit('SIGTERM', 'SIGTERM');
  else process.exit(0);
}
