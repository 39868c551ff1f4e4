/** All of a prepared unit's flash, for tests: table, identity with a fresh token, one app. */
import { createIdentity } from '../identity.ts';
import { appImage, testBundle } from './images.ts';

const ENDPOINT = { host: 'ingest.example.net', port: 80, apn: 'hologram', bands: '1,3' };

export async function preparedFlash(): Promise<Uint8Array<ArrayBuffer>> {
  const flash = new Uint8Array(0x800000).fill(0xff);
  const { image } = await createIdentity('JBNB0001', ENDPOINT, 0x6000);
  flash.set(testBundle().images['partition-table'].bytes, 0x8000);
  flash.set(image, 0x12000);
  flash.set(appImage({ project: 'jambox-virtual', secureVersion: 2 }), 0x20000);
  return flash;
}
