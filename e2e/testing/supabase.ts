/** What lies in the embedded Supabase, read over its REST interface. */
import { stack } from './stack.ts';

export interface FootTraffic {
  location_id: string;
  bucket_start: string;
  impressions: number;
  device_minutes: number;
  revision: number;
}

/** Newest buckets first. A stranger holds the key that every page gets, and no session. */
export async function footTraffic(who: 'service' | 'stranger'): Promise<FootTraffic[]> {
  const { supabase, secrets } = stack();
  const key = who === 'service' ? secrets.serviceKey : secrets.publishableKey;
  const url = `${supabase}/rest/v1/foot_traffic?order=bucket_start.desc&limit=50`;
  const answer = await fetch(url, { headers: { apikey: key } });
  if (!answer.ok) throw new Error(`Supabase answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as FootTraffic[];
}
