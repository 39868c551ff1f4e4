/** What the device side's handlers are given beside readings; a part of Services (types.ts). */

import type { AdminListStore } from '../../domain/admin-list.ts';
import type { AdminUnitStore } from '../../domain/admin-unit.ts';
import type { AnomalyStore } from '../../domain/anomaly.ts';
import type { ConfigStore } from '../../domain/config.ts';
import type { Geolocator, PlaceStore } from '../../domain/geolocation.ts';
import type { HologramStore } from '../../domain/hologram.ts';
import type { JudgementStore } from '../../domain/judgement.ts';
import type { OtaStore } from '../../domain/ota.ts';
import type { AdmissionStore, MinuteLimiter } from '../../domain/rate-limit.ts';

export interface DeviceSide {
  admission: AdmissionStore;
  anomalies: AnomalyStore;
  configs: ConfigStore;
  hologram: HologramStore;
  judgements: JudgementStore;
  ota: OtaStore;
  places: PlaceStore;
  adminLists: AdminListStore;
  adminUnits: AdminUnitStore;
  geolocator: Geolocator;
  /** Requests of a unit in a minute. */
  unitRequests: MinuteLimiter;
  /** Failed authentications from an address in a minute. */
  authFailures: MinuteLimiter;
  /** The header that tells a request's address; none is believed where it is not set. */
  clientIpHeader: string | undefined;
  /** Secrets; an absent one closes what it guards, none has a default. */
  adminKey: string | undefined;
  hologramSecret: string | undefined;
  monitorKey: string | undefined;
}
