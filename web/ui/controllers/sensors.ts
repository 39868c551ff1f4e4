/** What the pages of sensors work with. */
import type { Location, MapTiles } from '../../../shared/contracts/portal.ts';
import type { FleetView } from '../../app/fleet.ts';
import type { FleetActions } from '../../app/fleet-actions.ts';
import type { SensorView } from '../../app/sensor.ts';
import type { SensorPast } from '../../app/sensor-past.ts';
import type { ServerClock } from '../../app/server-clock.ts';
import type { Session } from '../../app/session.ts';

/** The list. */
export interface SensorsParts {
  fleet: FleetView;
  /** One thing for many of them. */
  actions: FleetActions;
  session: Session;
  clock: ServerClock;
  /** A server of map tiles, where one is allowed. */
  tiles: () => Promise<MapTiles | null>;
  /** To another page. */
  go: (path: string) => void;
}

/** One of them. */
export interface SensorPageParts extends Omit<SensorsParts, 'actions'> {
  sensor: SensorView;
  /** What happened to it. */
  past: SensorPast;
  /** Where it may be put. */
  locations: () => Promise<Location[]>;
}
