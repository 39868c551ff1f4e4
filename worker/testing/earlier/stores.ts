/**
 * What the Worker did before there were shards: everything in D1. A Worker of that time may still
 * be at work while the next one is deployed, the cut-over starts from what it left, and stories
 * must look the same to people in either. Goes with the old tables.
 */
import { d1Stores } from '../../d1/stores.ts';
import type { Env } from '../../env.ts';
import { type Adapters, adaptersOf } from '../../services.ts';
import { d1AdminListStore } from './admin-list.ts';
import { d1FleetStore } from './fleet.ts';
import { d1HeardCounts, d1Pulse } from './heard.ts';
import { d1HeartbeatStore } from './heartbeat.ts';
import { d1InsightsStore } from './insights.ts';
import { d1JudgementStore } from './judgement.ts';
import { d1AdmissionStore } from './rate-limit.ts';
import { d1ReadingStore } from './reading.ts';
import { d1UnitFinds } from './unit.ts';

export function earlierAdapters(env: Env): Adapters {
  const db = env.DB;
  const own = d1Stores(db);
  return {
    ...adaptersOf(env),
    ...own,
    adminLists: d1AdminListStore(db),
    admission: d1AdmissionStore(db),
    fleet: d1FleetStore(db),
    heartbeats: d1HeartbeatStore(db),
    incidents: { ...own.incidents, ...d1Pulse(db) },
    insights: d1InsightsStore(db),
    judgements: d1JudgementStore(db),
    readings: d1ReadingStore(db),
    status: { ...own.status, ...d1HeardCounts(db, own.status) },
    units: { ...own.units, ...d1UnitFinds(db) },
    places: { push: async () => NOTHING, lacking: async () => ({ rows: 0, synced_s: 4e9 }) },
    unitsChanged: async () => 0,
    newsOfUnits: async () => 0,
    unitsMoved: async () => ({ moved: 0, left: 0 }),
    sumsMoved: async () => 0,
  };
}

const NOTHING = { rollups_computed: 0, rows_synced: 0, rows_left: 0 };
