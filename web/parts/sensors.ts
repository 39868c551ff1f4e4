/** The pages of sensors, put together from their adapters when one is first opened. */
import type { Location } from '../../shared/contracts/portal.ts';
import type { Http } from '../api/http.ts';
import { SensorsApi } from '../api/sensors.ts';
import { FleetView } from '../app/fleet.ts';
import { SensorView } from '../app/sensor.ts';
import type { ServerClock } from '../app/server-clock.ts';
import type { Session } from '../app/session.ts';
import type { SettingsLoader } from '../app/settings.ts';
import type { SensorPageParts, SensorsParts } from '../ui/controllers/sensors.ts';
import { fleetActions } from './fleet-actions.ts';
import type { Later } from './outbox.ts';
import { sensorPast } from './sensor-past.ts';

/** What the page has anyway. */
interface Own {
  http: Http;
  session: Session;
  clock: ServerClock;
  /** As the backend says, or as this device remembers them. */
  locations: () => Promise<Location[]>;
  /** What waits, and what this device keeps. */
  later: Pick<Later, 'answers' | 'changes' | 'delivery'>;
  settings: SettingsLoader;
  go: SensorsParts['go'];
}

export function sensorParts(given: Own): SensorsParts & SensorPageParts {
  const { http, session, clock, locations, later, settings, go } = given;
  const own = {
    portal: new SensorsApi(http),
    cache: later.answers,
    changes: later.changes,
    delivery: later.delivery.state,
    userId: () => session.state.value.user?.id ?? null,
    now: () => clock.now(),
  };
  return {
    ...{ fleet: new FleetView(own), sensor: new SensorView(own), session, clock },
    past: sensorPast(http, own),
    actions: fleetActions(http, later.answers, own.userId),
    locations,
    tiles: async () => (await settings.get()).map_tiles ?? null,
    go,
  };
}
