/** The pages of sensors, put together from their adapters when one is first opened. */
import type { Http } from '../api/http.ts';
import type { PortalApi } from '../api/portal.ts';
import { SensorsApi } from '../api/sensors.ts';
import { FleetView } from '../app/fleet.ts';
import { SensorView } from '../app/sensor.ts';
import type { ServerClock } from '../app/server-clock.ts';
import type { Session } from '../app/session.ts';
import type { SettingsLoader } from '../app/settings.ts';
import type { SensorPageParts } from '../ui/controllers/sensors.ts';
import type { Go } from '../ui/router.ts';

/** What the page has anyway. */
interface Own {
  http: Http;
  session: Session;
  clock: ServerClock;
  portal: PortalApi;
  settings: SettingsLoader;
  go: Go;
}

const NOT_KEPT = {
  get: async () => null,
  put: async () => {},
  sensor: async () => null,
  putSensor: async () => {},
};

export function sensorParts({ http, session, clock, portal, settings, go }: Own): SensorPageParts {
  const own = {
    portal: new SensorsApi(http),
    cache: NOT_KEPT,
    userId: () => session.state.value.user?.id ?? null,
    now: () => clock.now(),
  };
  return {
    ...{ fleet: new FleetView(own), sensor: new SensorView(own), session, clock },
    locations: () => portal.locations(),
    tiles: async () => (await settings.get()).map_tiles ?? null,
    go,
  };
}
