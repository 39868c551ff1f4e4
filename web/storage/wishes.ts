/** What a kept change may want (web/app/wishes.ts), as it is read back. Knows no store. */
import * as v from 'valibot';
import { AlertKind } from '../../shared/contracts/alert.ts';
import { CommandName } from '../../shared/contracts/command.ts';
import { ConfigChange } from '../../shared/contracts/config.ts';
import { FleetUnit } from '../../shared/contracts/fleet.ts';
import { OpeningTime } from '../../shared/contracts/opening-hours.ts';
import { SaidOfDay, TillDay } from '../../shared/contracts/shop-day.ts';
import { WeekMailRequest } from '../../shared/contracts/week-mail.ts';

const MaybeText = v.nullable(v.string());
const { status: Status } = FleetUnit.entries;
const Smallest = v.nullable(v.number());
/** One of them. */
export const Wish = v.variant('what', [
  v.object({ what: v.literal('shop_day'), day: v.string(), said: SaidOfDay, seen: SaidOfDay }),
  v.object({ what: v.literal('till'), days: v.array(TillDay) }),
  v.object({ what: v.literal('clear_days') }),
  v.object({
    what: v.literal('opening_hours'),
    times: v.array(OpeningTime),
    seen: v.array(OpeningTime),
  }),
  v.object({ what: v.literal('week_mail'), wanted: WeekMailRequest }),
  v.object({ what: v.literal('small_counts'), smallest: Smallest, seen: Smallest }),
  v.object({ what: v.literal('sensor_settings'), change: ConfigChange, version: v.number() }),
  v.object({ what: v.literal('sensor_command'), command: CommandName }),
  v.object({ what: v.literal('sensor_name'), name: MaybeText, seen: MaybeText }),
  v.object({ what: v.literal('sensor_place'), to: v.string(), seen: MaybeText }),
  v.object({
    what: v.literal('sensor_spot'),
    ...{ latitude: v.number(), longitude: v.number() },
    seen: v.object({ latitude: v.nullable(v.number()), longitude: v.nullable(v.number()) }),
  }),
  v.object({ what: v.literal('sensor_status'), status: Status, seen: Status }),
  v.object({ what: v.literal('sensor_flag'), seen: v.string() }),
  v.object({ what: v.literal('sensor_alert'), kind: AlertKind, started: v.number() }),
]);
