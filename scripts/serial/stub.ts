/** The flasher stub that the page uploads, esptool-js' own, as a program for RAM. */
import stub from 'esptool-js/lib/targets/stub_flasher/esp32s3.json' with { type: 'json' };
import type { RamProgram } from './requests.ts';

export const S3_STUB: RamProgram = {
  parts: [
    { address: stub.text_start, bytes: Buffer.from(stub.text, 'base64') },
    { address: stub.data_start, bytes: Buffer.from(stub.data, 'base64') },
  ],
  entry: stub.entry,
};
