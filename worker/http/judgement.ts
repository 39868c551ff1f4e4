/**
 * What an administrator looks at and says about readings in doubt: the same on the portal, below
 * /units, and in the admin API, below /device.
 */
import * as v from 'valibot';
import { DeviceId } from '../../shared/contracts/common.ts';
import {
  DoubtsPage,
  DoubtsQuery,
  SumsAnswer,
  SumsRequest,
} from '../../shared/contracts/judgement.ts';
import { type FleetStore, visibleUnit } from '../domain/fleet.ts';
import { type JudgementStore, judgeReadings, listDoubts } from '../domain/judgement.ts';
import type { SignedIn } from '../domain/person.ts';
import type { Call } from './kernel/route.ts';

const params = v.object({ id: DeviceId });
const unit = { id: 'JBNB0001' };

interface Needed {
  fleet: FleetStore;
  judgements: JudgementStore;
}
type Judging<Q, B> = Call<Needed, { person: SignedIn }, { id: string }, Q, B>;

/** What there is to judge; path and caller are the audience's. */
export const doubts = {
  method: 'GET',
  summary: 'Readings that a unit cannot have counted, and those taken out of the sums',
  params,
  query: DoubtsQuery,
  answers: { 200: DoubtsPage },
  example: { params: unit },
  async handle(call: Judging<v.InferOutput<typeof DoubtsQuery>, undefined>) {
    const { services, person, query } = call;
    await visibleUnit(services.fleet, person, call.params.id);
    return listDoubts(services.judgements, call.params.id, query);
  },
} as const;

/** The judgement; path and caller are the audience's. */
export const sums = {
  method: 'PUT',
  summary: 'Take a unit’s readings from … to … out of the sums, or put them in',
  params,
  body: SumsRequest,
  answers: { 200: SumsAnswer },
  example: {
    params: unit,
    body: { from: '2026-01-28T12:00:00Z', to: '2026-01-28T13:00:00Z', counted: false },
  },
  async handle(call: Judging<undefined, v.InferOutput<typeof SumsRequest>>) {
    const { services, person, body, nowMs } = call;
    await visibleUnit(services.fleet, person, call.params.id);
    return judgeReadings(
      services.judgements,
      { actor: person.user_id, nowMs },
      call.params.id,
      body,
    );
  },
} as const;
