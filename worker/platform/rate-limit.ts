/**
 * The platform's rate limiter behind the domain's port (docs/decisions/0008-rate-limits.md). Counts
 * in each of Cloudflare's locations, in memory: it writes no row.
 */
import type { MinuteLimiter } from '../domain/rate-limit.ts';

export function platformLimiter(binding: RateLimit): MinuteLimiter {
  return { take: async (key) => (await binding.limit({ key })).success };
}
