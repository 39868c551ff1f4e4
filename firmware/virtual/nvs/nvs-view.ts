/**
 * An NVS partition that is only read: the identity in `fctry`. Knows nothing of writing.
 */
import { INTEGER_TYPES, NVS_TYPE } from '../../../shared/esp/nvs-format.ts';
import { readNvs } from '../../../shared/esp/nvs-reader.ts';
import { type KeyValueReader, KV_TYPE, type KvType } from '../runtime/ports.ts';

export class NvsView implements KeyValueReader {
  readonly #values = new Map<string, { type: KvType; bytes: Uint8Array }>();

  /** @param image the whole partition, read once */
  constructor(image: Uint8Array, namespace: string) {
    for (const entry of readNvs(image).entries) {
      if (entry.namespace !== namespace) continue;
      if (entry.type === 'string') {
        const bytes = new TextEncoder().encode(entry.value);
        this.#values.set(entry.key, { type: KV_TYPE.string, bytes });
      } else if (entry.type === 'blob') {
        this.#values.set(entry.key, { type: KV_TYPE.blob, bytes: entry.value });
      } else if (INTEGER_TYPES.includes(entry.type) && NVS_TYPE[entry.type] < 0x10) {
        const bytes = new Uint8Array(4);
        new DataView(bytes.buffer).setUint32(0, Number(BigInt.asUintN(32, entry.value)), true);
        this.#values.set(entry.key, { type: KV_TYPE.u32, bytes });
      }
    }
  }

  get(key: string, type: KvType): Uint8Array | null {
    const value = this.#values.get(key);
    return value?.type === type ? value.bytes : null;
  }
}
