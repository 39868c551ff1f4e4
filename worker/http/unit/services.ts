/** What units' routes and the webhook work with, behind the domain's ports. Knows no adapter. */
import type { AnomalyStore } from '../../domain/anomaly.ts';
import type { ConfigStore } from '../../domain/config.ts';
import type { UnitFinder } from '../../domain/credential.ts';
import type { GeolocationStore, Geolocator } from '../../domain/geolocation.ts';
import type { HeartbeatStore } from '../../domain/heartbeat.ts';
import type { HologramStore } from '../../domain/hologram.ts';
import type { OtaStore } from '../../domain/ota.ts';
import type { AdmissionStore, MinuteLimiter } from '../../domain/rate-limit.ts';
import type { ReadingStore } from '../../domain/reading.ts';
import type { TimeZoneAt } from '../../domain/unit-change.ts';
import type { FailureLimits } from '../kernel/slow-down.ts';

export interface UnitServices extends FailureLimits {
  admission: AdmissionStore;
  anomalies: AnomalyStore;
  configs: ConfigStore;
  unitFinder: UnitFinder;
  geolocator: Geolocator;
  heartbeats: HeartbeatStore;
  hologram: HologramStore;
  /** Last part of the webhook's address; without it there is no webhook. */
  hologramSecret: string | undefined;
  ota: OtaStore;
  geolocations: GeolocationStore;
  readings: ReadingStore;
  timeZoneAt: TimeZoneAt;
  /** Requests of a unit in a minute. */
  unitRequests: MinuteLimiter;
  /** The backend's clock, milliseconds since 1970 UTC. */
  now(): number;
}
