/**
 * The handler that the bench compares with: parses the body, inserts one row, answers. It neither
 * authenticates nor recognises a repeat, sums nothing and hands out no command.
 */
interface Database {
  prepare(sql: string): {
    bind(...values: unknown[]): { run(): Promise<{ meta: { rows_written: number } }> };
  };
}

const INSERT = `INSERT INTO bare_readings
  (device_id, period_start_s, received_s, impressions, device_minutes, dwell_0_1, dwell_1_5,
   dwell_5_10, dwell_10plus, rssi_immediate, rssi_near, rssi_far, rssi_remote)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

let rows_written = 0;

export default {
  async fetch(request: Request, env: { DB: Database }): Promise<Response> {
    if (request.method === 'GET') return tellMeter();
    const r = (await request.json()) as Record<string, number | string>;
    const values = [r.d, Date.parse(String(r.t)) / 1000, Math.floor(Date.now() / 1000), r.i, r.u];
    const stays = [r.dwell_0_1, r.dwell_1_5, r.dwell_5_10, r.dwell_10plus];
    const zones = [r.rssi_immediate, r.rssi_near, r.rssi_far, r.rssi_remote];
    const { meta } = await env.DB.prepare(INSERT)
      .bind(...values, ...stays, ...zones)
      .run();
    rows_written += meta.rows_written;
    return Response.json({ status: 'ok' }, { status: 201 });
  },
};

function tellMeter(): Response {
  const answer = Response.json({ rows_written });
  rows_written = 0;
  return answer;
}
