/**
 * The yardstick of the flash bench: esptool-js as it comes, with its own transport, its own
 * writeFlash and the options its documentation recommends. Knows nothing of our flasher.
 */
import { md5 } from '@noble/hashes/legacy.js';
import { ESPLoader, Transport } from 'esptool-js';
import { toHex } from '../../../shared/bytes.ts';

export interface StockTimes {
  connectMs: number;
  writeMs: number;
}

/** Connects and writes `files` with stock esptool-js, verified by MD5; milliseconds. */
export async function writeWithStock(
  port: SerialPort,
  files: readonly { data: Uint8Array; address: number }[],
): Promise<StockTimes> {
  const transport = new Transport(port);
  transport.trace = () => {}; // it tells the console even when tracing is off
  const loader = new ESPLoader({
    transport,
    baudrate: 115200,
    romBaudrate: 115200,
    terminal: { clean() {}, write() {}, writeLine() {} },
  });
  const begin = performance.now();
  await loader.main();
  const connected = performance.now();
  await loader.writeFlash({
    fileArray: [...files],
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress: true,
    calculateMD5Hash: (image) => toHex(md5(image)),
  });
  const end = performance.now();
  await transport.disconnect();
  return { connectMs: connected - begin, writeMs: end - connected };
}
