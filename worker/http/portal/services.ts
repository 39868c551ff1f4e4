/** What people's routes work with, behind the domain's ports. Knows no adapter. */
import type { CronReport, Settings } from '../../../shared/contracts/portal.ts';
import type { ActivationPorts } from '../../domain/activation.ts';
import type { AlertStore } from '../../domain/alert.ts';
import type { AnomalyStore } from '../../domain/anomaly.ts';
import type { CommandStore } from '../../domain/command.ts';
import type { ConfigStore } from '../../domain/config.ts';
import type { CredentialStore } from '../../domain/credential.ts';
import type { FleetStore } from '../../domain/fleet.ts';
import type { FleetActionStore } from '../../domain/fleet-action.ts';
import type { InsightsStore } from '../../domain/insights.ts';
import type { InvitationPorts } from '../../domain/invitation.ts';
import type { JudgementStore } from '../../domain/judgement.ts';
import type { KeptAnswerStore } from '../../domain/kept-answer.ts';
import type { LocationRecordPorts } from '../../domain/location-record.ts';
import type { Mail } from '../../domain/mail.ts';
import type { OpeningHoursPorts } from '../../domain/opening-hours.ts';
import type { TokenVerifier } from '../../domain/person.ts';
import type { PersonPlacesPorts } from '../../domain/person-places.ts';
import type { ChangeLimits, MinuteLimiter } from '../../domain/rate-limit.ts';
import type { RelationStore } from '../../domain/relation.ts';
import type { ReservationStore } from '../../domain/reservation.ts';
import type { ShopDayPorts } from '../../domain/shop-day.ts';
import type { SmallCountPorts } from '../../domain/small-counts.ts';
import type { StaffPorts } from '../../domain/staff.ts';
import type { StatusPorts } from '../../domain/status.ts';
import type { TimeZoneAt, UnitChangeStore } from '../../domain/unit-change.ts';
import type { UnitPastPorts } from '../../domain/unit-history-page.ts';
import type { WeekMailPorts } from '../../domain/week-mail.ts';
import type { WorkOrderPorts } from '../../domain/work-order.ts';

/** Names ports once that several nouns share: locations, people, units, pins. */
export interface PortalServices
  extends ActivationPorts,
    InvitationPorts,
    LocationRecordPorts,
    OpeningHoursPorts,
    PersonPlacesPorts,
    ShopDayPorts,
    StaffPorts,
    SmallCountPorts,
    StatusPorts,
    UnitPastPorts,
    WeekMailPorts,
    WorkOrderPorts {
  alerts: AlertStore;
  anomalies: AnomalyStore;
  /** Changes of a person in a minute. */
  changeLimits: ChangeLimits;
  /** The header with a request's address; where it is not set, none is trusted. */
  clientIpHeader: string | undefined;
  commands: CommandStore;
  configs: ConfigStore;
  credentials: CredentialStore;
  fleet: FleetStore;
  fleetActions: FleetActionStore;
  /** Calls of a person in a minute that change many units. */
  fleetActionLimit: MinuteLimiter;
  insights: InsightsStore;
  judgements: JudgementStore;
  keptAnswers: KeptAnswerStore;
  relations: RelationStore;
  reservations: ReservationStore;
  /** What the page learns of the configuration. */
  settings: Settings;
  /** Looks at units in a minute from one network, without a sign-in. */
  strangerLooks: MinuteLimiter;
  timeZoneAt: TimeZoneAt;
  tokens: TokenVerifier;
  unitChanges: UnitChangeStore;
  /** Development: the five-minute job at once. @throws its first failure */
  runFiveMinutes(): Promise<CronReport>;
  /** Mails that development keeps instead of sending, newest first. */
  keptMails(): Promise<(Mail & { sent_ms: number })[]>;
}
