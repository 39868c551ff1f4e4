/** What is asked of a location: a week, or a day with when its doors open. Knows no HTTP. */
import type { Insights, InsightsQuery, WeekInsights } from '../../shared/contracts/insights.ts';
import type { Location } from '../../shared/contracts/portal.ts';
import { type InsightsStore, insightsOf } from './insights.ts';
import { type OpeningHoursStore, opensAt } from './opening-hours.ts';
import { weekOf } from './week.ts';

interface AskedPorts {
  insights: InsightsStore;
  openingHours: OpeningHoursStore;
}

/** @param location one that whoever asks may see */
export async function askedInsights(
  { insights, openingHours }: AskedPorts,
  location: Location,
  { range, day, against }: InsightsQuery,
  nowMs: number,
): Promise<Insights | WeekInsights> {
  if (range === 'week') return await weekOf(insights, location, day, nowMs, against);
  const answer = await insightsOf(insights, location, day, nowMs, against);
  // Only today's doors may still be closed.
  if (day !== undefined && day !== 'today') return answer;
  const times = await openingHours.find(location.id);
  return { ...answer, opens_at: opensAt(times, location.time_zone, nowMs) };
}
