/**
 * Words that stand in databases, in units in the field and in others' scripts: they may become
 * more, and never others. Written down a second time, so that a renaming in the code stops here.
 */
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { AlertKind } from './alert.ts';
import { AuditAction } from './audit.ts';
import { CommandName, CommandPage } from './command.ts';
import { FleetPage, Quality, StatusRequest, UnitState } from './fleet.ts';
import { GeolocationAnswer } from './geolocation.ts';
import { NoticeKind } from './notice.ts';
import { NoUpdate } from './ota.ts';
import { Role } from './portal.ts';
import { Receiver } from './receiver.ts';
import { CloseWorkOrder, NewWorkOrder } from './work-order.ts';

/** A picklist somewhere in a contract: the path to it, past what wraps it. */
const field = (schema: v.GenericSchema, ...path: string[]): readonly unknown[] => {
  interface Node {
    options?: readonly unknown[];
    entries?: Record<string, Node>;
    item?: Node;
    wrapped?: Node;
  }
  let node = schema as unknown as Node;
  for (const name of [...path, '']) {
    while (node.wrapped ?? node.item) node = (node.wrapped ?? node.item) as Node;
    if (name !== '') node = node.entries?.[name] ?? {};
  }
  return node.options ?? [];
};

test.each<[string, readonly unknown[], string]>([
  ['who somebody is', Role.options, 'owner staff installer admin'],
  ['how a unit is', UnitState.options, 'new online late silent'],
  ['how good its readings are', Quality.options, 'OK,CATCHING UP,DEGRADED'],
  ['what it is for now', field(StatusRequest, 'status'), 'active inactive maintenance'],
  ['what it listens with', Receiver.options, 'wifi bluetooth'],
  ['the same in a list', field(FleetPage, 'units', 'broken_receivers'), 'wifi bluetooth'],
  ['alerts', AlertKind.options, 'silent anomaly credential radio'],
  ['notices', NoticeKind.options, 'pin_guessing'],
  ['commands', CommandName.options, 'send_now reboot geolocate ota_check fetch_config'],
  [
    'how commands end',
    field(CommandPage, 'commands', 'outcome'),
    'delivered acked superseded expired',
  ],
  [
    'why no update',
    field(NoUpdate, 'reason'),
    'up_to_date no_patch no_current_firmware not_in_rollout',
  ],
  ['what is to be done', field(NewWorkOrder, 'kind'), 'install inspect replace remove'],
  ['how it ended', field(CloseWorkOrder, 'outcome'), 'done not_possible not_needed'],
])('%s', (_, words, written) => {
  expect(words).toEqual(written.split(written.includes(',') ? ',' : ' '));
});

test('the trail’s actions, each of the thing that it names', () => {
  const written: Record<string, string> = {};
  for (const action of AuditAction.options) {
    const [thing = '', done = ''] = action.split('.');
    written[thing] = `${written[thing] ?? ''} ${done}`.trim();
  }
  expect(written).toEqual({
    unit:
      'register replace reissue reserve activate activate_failed activate_refused release ' +
      'release_id rename move status config command pin unlock_pin clear_anomaly sums',
    ota: 'firmware patch rollout',
    work_order: 'create assign close',
    alert: 'acknowledge',
    location:
      'create change shop_day till clear opening_hours week_mail small_counts staff staff_end',
    person: 'invite sign_out role dismiss places second_factor',
  });
});

/** What a v5.x unit hears when nobody knows where it is, and when somebody does. */
test.each([
  [{ status: 'ok', lat: 34.05, lng: -118.24, timezone: 'America/Los_Angeles' }, true],
  [{ status: 'error', message: 'no place' }, true],
  [{ status: 'ok', message: 'no place' }, false],
  [{ status: 'unknown' }, false],
])('a place is told as %j: %s', (answer, is) => expect(v.is(GeolocationAnswer, answer)).toBe(is));
