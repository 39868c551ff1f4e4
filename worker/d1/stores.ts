/** Every store that one D1 database is behind, for the composition root. */
import { d1DeviceFinder } from './device.ts';
import { d1DeviceSide } from './device-side.ts';
import { d1HeartbeatStore } from './heartbeat.ts';
import { d1LocationStore } from './location.ts';
import { d1PeopleStore } from './person.ts';
import { d1PortalStores } from './portal-stores.ts';
import { d1ReadingStore } from './reading.ts';
import { d1InsightsStore } from './rollup.ts';
import { d1RollupStore } from './sync.ts';
import { d1UnitStore } from './unit.ts';

export function d1Stores(db: D1Database) {
  return {
    ...d1DeviceSide(db),
    ...d1PortalStores(db),
    people: d1PeopleStore(db),
    locations: d1LocationStore(db),
    units: d1UnitStore(db),
    devices: d1DeviceFinder(db),
    readings: d1ReadingStore(db),
    heartbeats: d1HeartbeatStore(db),
    insights: d1InsightsStore(db),
    rollups: d1RollupStore(db),
  };
}
