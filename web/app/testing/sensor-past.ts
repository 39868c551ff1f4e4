/** What happened to a sensor as tests need it, and a portal that gives it away page by page. */
import type { Alert } from '../../../shared/contracts/alert.ts';
import type { UnitHistory, UnitTrail } from '../../../shared/contracts/history.ts';
import type { AppError } from '../../../shared/errors.ts';
import { isoTimeMs } from '../../../shared/time.ts';
import type { PastPortal } from '../sensor-past.ts';

export const historyOf = (more: Partial<UnitHistory> = {}): UnitHistory => ({
  ...{ from: '2026-11-24T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z', first_at: null },
  readings: { start_s: [], cell_rssi_dbm: [], cd: [], sf: [], of: [], visits: [] },
  ...{ heartbeats: [], restarts: [], firmware: [], next_cursor: null },
  ...more,
});

/** So many readings, one every five minutes up to a moment. @param untilMs Unix milliseconds */
export function readingsOf(count: number, untilMs: number): UnitHistory['readings'] {
  const start_s = Array.from({ length: count }, (_, i) => untilMs / 1000 - (count - i) * 300);
  return {
    start_s,
    cell_rssi_dbm: start_s.map((_, i) => -80 - ((i * 7) % 11)),
    cd: start_s.map((_, i) => (i % 97 === 0 ? 4 : 0)),
    sf: start_s.map((_, i) => (i % 53 === 0 ? 1 : 0)),
    of: start_s.map(() => 0),
    visits: start_s.map((_, i) => i % 5),
  };
}

export class PastStandIn implements PastPortal {
  /** Newest first; each asks for the next. */
  pages: UnitHistory[] = [historyOf()];
  alerts: Alert[] = [];
  changes: UnitTrail['changes'] = [];
  readonly asked: string[] = [];
  failing: AppError | null = null;

  async history(
    id: string,
    { fromMs, untilMs, cursor }: { fromMs: number; untilMs: number; cursor: string | null },
  ): Promise<UnitHistory> {
    const [from, until] = [fromMs, untilMs].map((ms) => isoTimeMs(ms).slice(0, 16));
    this.asked.push(`history ${id} ${from} ${until} ${cursor}`);
    if (this.failing) throw this.failing;
    const at = cursor === null ? 0 : Number(cursor);
    const next_cursor = at + 1 < this.pages.length ? String(at + 1) : null;
    return { ...historyOf(this.pages[at]), next_cursor };
  }

  async allAlerts(): Promise<Alert[]> {
    if (this.failing) throw this.failing;
    return this.alerts;
  }

  async trail(_id: string, cursor: string | null): Promise<UnitTrail> {
    this.asked.push(`trail ${cursor}`);
    if (this.failing) throw this.failing;
    return { changes: this.changes, next_cursor: null };
  }
}
