/**
 * Units that move about, readings that come late, and an administrator who takes readings out
 * and puts them back: what each place sums and what each owner sees is exactly what was counted
 * while the unit stood there. The model is a list of moves.
 */

import { env } from 'cloudflare:workers';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { unitDetail } from '../domain/fleet.ts';
import { judgeReadings } from '../domain/judgement.ts';
import { takeReading } from '../domain/reading.ts';
import { syncAll } from '../domain/sync.ts';
import { moveUnit } from '../domain/unit-change.ts';
import { adaptersOf } from '../services.ts';
import { keptReadings, sums, tell } from '../testing/kept.ts';
import { SupabaseTable } from '../testing/supabase-table.ts';
import { addUnit, credentialOf, freshWorld, TOKEN } from '../testing/world.ts';

const ID = 'JBNB0001';
const NOW_S = Math.floor(Date.now() / 300_000) * 300;
const SPAN_S = 80_000;
const START_S = NOW_S - SPAN_S;
/** Olga owns the bakery, Otto the books; both own the market. */
const PLACES = ['bakery', 'books', 'market', null] as const;
const OWNERS = { olga: ['bakery', 'market'], otto: ['books', 'market'] } as const;

const step = fc.oneof(
  fc.record({ kind: fc.constant('move' as const), to: fc.constantFrom(...PLACES) }),
  fc.record({
    kind: fc.constant('reading' as const),
    /** Seconds before now at which its period began; most come late. */
    agoS: fc.oneof(fc.nat(900), fc.nat(SPAN_S)),
    vis: fc.option(fc.nat(9), { nil: undefined }),
    isOdd: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('judge' as const),
    fromS: fc.nat(SPAN_S),
    lengthS: fc.integer({ min: 1, max: SPAN_S }),
    counted: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('sync' as const) }),
);
const story = fc.array(fc.record({ waitS: fc.integer({ min: 1, max: 4000 }), step }), {
  maxLength: 18,
});

interface Lived {
  startS: number;
  place: string | null;
  i: number;
  visits: number | null;
  isCounted: boolean;
}

class Model {
  readonly moves: { atS: number; to: string | null }[] = [];
  readonly readings: Lived[] = [];
  readonly words: { fromS: number; toS: number; counted: boolean }[] = [];

  isTakenOut(atS: number): boolean {
    return this.words.findLast((w) => w.fromS <= atS && w.toS > atS)?.counted === false;
  }

  placeAt(atS: number): string | null {
    // What came before the first place belongs to it.
    const first = this.moves.find(({ to }) => to !== null);
    const past = this.moves.filter((m) => m.atS <= atS);
    return past.some(({ to }) => to !== null) ? (past.at(-1)?.to ?? null) : (first?.to ?? null);
  }

  sums() {
    const rows = new Map<string, { impressions: number; visits: number | null }>();
    for (const { place, startS, i, visits, isCounted } of this.readings) {
      if (place === null || !isCounted) continue;
      const key = `${place} ${startS - (startS % 300)}`;
      const row = rows.get(key) ?? { impressions: 0, visits: null };
      row.impressions += i;
      row.visits = visits === null ? row.visits : (row.visits ?? 0) + visits;
      rows.set(key, row);
    }
    return rows;
  }
}

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Of<K> = Extract<Step, { kind: K }>;
type Row = {
  location_id?: unknown;
  bucket_start_s?: unknown;
  impressions?: unknown;
  visits?: unknown;
};

/** Rows of sums by place and bucket; where nothing is counted any more there is nothing. */
function nonEmpty(rows: Iterable<Row>) {
  // Each reading of the story has some.
  const full = [...rows].filter(({ impressions }) => Number(impressions) > 0);
  return new Map(
    full.map(({ location_id, bucket_start_s, impressions, visits }) => [
      `${location_id} ${bucket_start_s}`,
      { impressions, visits },
    ]),
  );
}

/** The story as it happens, to the database and to the model. */
class World {
  readonly model = new Model();
  readonly zone = new SupabaseTable();
  private readonly services = adaptersOf(env);

  async move({ to }: Of<'move'>, nowS: number): Promise<void> {
    await moveUnit(this.services, { actor: 'id-ada', nowMs: nowS * 1000 }, ID, { location_id: to });
    await tell();
    await this.services.unitsChanged();
    this.model.moves.push({ atS: nowS, to });
  }

  async read({ agoS, vis, isOdd }: Of<'reading'>, nowS: number, n: number): Promise<void> {
    const startS = nowS - agoS;
    const i = 100 + n;
    const counted = { i, u: 5, vis, ...(isOdd ? { rssi_near: 9 } : {}) };
    const reading = { d: ID, t: startS, ts: 1 as const, seq: n, ...counted };
    const who = await credentialOf(ID);
    await takeReading(this.services.readings, reading, who, nowS * 1000);
    const doubt = (await keptReadings()).find(({ seq }) => seq === n)?.doubt ?? null;
    const isOut = this.model.isTakenOut(startS);
    expect(doubt === null || doubt === 'overlap' || isOdd || isOut).toBe(true);
    expect(doubt).not.toBe(isOut ? null : 'excluded');
    const place = this.model.placeAt(startS);
    this.model.readings.push({ startS, i, place, visits: vis ?? null, isCounted: doubt === null });
  }

  async judge({ fromS, lengthS, counted }: Of<'judge'>, nowS: number): Promise<void> {
    const [first, end] = [START_S + fromS, START_S + fromS + lengthS];
    const iso = (s: number) => new Date(s * 1000).toISOString();
    const body = { from: iso(first), to: iso(end), counted };
    await judgeReadings(
      this.services.judgements,
      { actor: 'id-ada', nowMs: nowS * 1000 },
      ID,
      body,
    );
    this.model.words.push({ fromS: first, toS: end, counted });
    for (const r of this.model.readings) {
      if (r.startS >= first && r.startS < end) r.isCounted = counted;
    }
  }

  async sync(nowS: number): Promise<void> {
    await syncAll(this.services, nowS * 1000);
  }
}

afterEach(() => void vi.restoreAllMocks());

test('each place sums, and each owner sees, what was counted there', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      await freshWorld();
      await env.DB.batch([
        env.DB.prepare(
          `INSERT INTO locations (id, name, time_zone) VALUES ('market', 'Market', 'Europe/Berlin')`,
        ),
        env.DB.prepare(
          `INSERT INTO memberships VALUES ('id-olga', 'market'), ('id-otto', 'market')`,
        ),
        env.DB.prepare('UPDATE sync_state SET synced_s = ?').bind(START_S),
      ]);
      await addUnit(ID, TOKEN, null);
      const world = new World();
      let nowS = START_S;
      for (const [n, { waitS, step }] of steps.entries()) {
        nowS += waitS;
        if (step.kind === 'move') await world.move(step, nowS);
        else if (step.kind === 'reading') await world.read(step, nowS, n);
        else if (step.kind === 'judge') await world.judge(step, nowS);
        else await world.sync(nowS);
      }
      await world.sync(nowS);
      expect(nonEmpty(await sums())).toEqual(world.model.sums());
      expect(nonEmpty(world.zone.rows.values())).toEqual(world.model.sums());
      await seenByEach(world.model, nowS);
    }),
    { numRuns: 150 },
  );
}, 240_000);

/** Owners who have the unit now see of its last day what was counted at their places. */
async function seenByEach(model: Model, nowS: number): Promise<void> {
  const present = model.placeAt(nowS);
  for (const [name, places] of Object.entries(OWNERS)) {
    const person: Parameters<typeof unitDetail>[1] = {
      user_id: `id-${name}`,
      email: `${name}@example.net`,
      role: 'owner',
    };
    const isOwn = (place: string | null) => (places as readonly (string | null)[]).includes(place);
    const seen = unitDetail(adaptersOf(env).fleet, person, ID, nowS * 1000);
    if (!isOwn(present)) {
      await expect(seen).rejects.toMatchObject({ code: 'not_found' });
      continue;
    }
    const mine = model.readings.filter((r) => isOwn(r.place) && r.startS >= nowS - 86_400);
    const figures = (await seen).readings.map((r) => r.figures?.impressions);
    expect(figures.sort()).toEqual(mine.map((r) => r.i).sort());
  }
}
