/** Files that the Store page makes of what it shows. Columns keep their English names. */
import type { Insights, WeekInsights } from '../../../shared/contracts/insights.ts';
import type { Location } from '../../../shared/contracts/portal.ts';
import type { ShopDay } from '../../../shared/contracts/shop-day.ts';
import { type Cell, csvOf } from '../../app/csv.ts';
import { download } from '../download.ts';

/** The day hour by hour, or the week day by day. */
export function downloadInsights(shown: Insights | WeekInsights, days: readonly ShopDay[]): void {
  const name = 'days' in shown ? `${shown.from}-${shown.to}` : shown.day;
  download(`${shown.location.id}-${name}.csv`, csvOf(rowsOf(shown, days)));
}

/** Everything the owner wrote of a shop. */
export function downloadShopDays({ id }: Location, days: readonly ShopDay[]): void {
  const rows = days.map(({ day, sales, takings, note }) => [day, sales, takings, note]);
  download(`${id}-till.csv`, csvOf([['date', 'sales', 'takings', 'note'], ...rows]));
}

/** Header and rows; an unknown number is an empty cell, never 0. */
export function rowsOf(shown: Insights | WeekInsights, shopDays: readonly ShopDay[]): Cell[][] {
  const { name } = shown.location;
  if ('days' in shown) {
    const header = ['shop', 'date', 'visits_estimated', 'sales', 'takings', 'note'];
    const rows = shown.days.map(({ day, visits }) => {
      const said = shopDays.find((one) => one.day === day);
      return [name, day, visits, said?.sales ?? null, said?.takings ?? null, said?.note ?? null];
    });
    return [header, ...rows];
  }
  const header = ['shop', 'date', 'hour', 'hour_start_utc', 'visits_estimated', 'visits_compared'];
  const rows = shown.hours.map(({ hour, start, visits }, i) => {
    return [name, shown.day, hour, start, visits, shown.hours_week_before[i]?.visits ?? null];
  });
  return [header, ...rows];
}
