/** What the admin API and the monitor work with, behind the domain's ports. Knows no adapter. */
import type { AdminListStore } from '../../domain/admin-list.ts';
import type { AdminUnitStore } from '../../domain/admin-unit.ts';
import type { AnomalyStore } from '../../domain/anomaly.ts';
import type { CommandStore } from '../../domain/command.ts';
import type { ConfigStore } from '../../domain/config.ts';
import type { CredentialStore } from '../../domain/credential.ts';
import type { FleetStore } from '../../domain/fleet.ts';
import type { WatchPorts } from '../../domain/incident.ts';
import type { InsightsStore } from '../../domain/insights.ts';
import type { JudgementStore } from '../../domain/judgement.ts';
import type { LocationStore } from '../../domain/location.ts';
import type { OtaStore } from '../../domain/ota.ts';
import type { PeopleStore, TokenVerifier } from '../../domain/person.ts';
import type { PinStore } from '../../domain/pin.ts';
import type { RetentionTimes } from '../../domain/retention.ts';
import type { PushAgain, SmallCountStore } from '../../domain/small-counts.ts';
import type { TimeZoneAt, UnitChangeStore } from '../../domain/unit-change.ts';
import type { FailureLimits } from '../kernel/slow-down.ts';

export interface AdminServices extends FailureLimits, WatchPorts {
  /** Secrets; an absent one closes what it guards, none has a default. */
  adminKey: string | undefined;
  monitorKey: string | undefined;
  adminLists: AdminListStore;
  adminUnits: AdminUnitStore;
  anomalies: AnomalyStore;
  commands: CommandStore;
  configs: ConfigStore;
  credentials: CredentialStore;
  fleet: FleetStore;
  insights: InsightsStore;
  judgements: JudgementStore;
  locations: LocationStore;
  ota: OtaStore;
  people: PeopleStore;
  pinPepper: string | undefined;
  pins: PinStore;
  pushAgain: PushAgain;
  retentionTimes: RetentionTimes;
  smallCounts: SmallCountStore;
  timeZoneAt: TimeZoneAt;
  tokens: TokenVerifier;
  unitChanges: UnitChangeStore;
}
