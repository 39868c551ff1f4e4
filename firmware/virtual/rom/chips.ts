/**
 * What distinguishes the chips the virtual board can pretend to be: identifiers and the places of
 * the registers a client reads. Sources: esptool targets/esp32s3.py and esp32c3.py.
 */

export type ChipName = 'esp32s3' | 'esp32c3';

export interface Chip {
  name: ChipName;
  /** In GET_SECURITY_INFO and in image headers. */
  id: number;
  /** At 0x40001000. */
  magic: number;
  /** First line of the boot ROM. */
  romBanner: string;
  /** Base of the eFuse block whose words 0x44/0x48 hold the MAC. */
  efuseBase: number;
  /** SPI1, to which the flash is connected. */
  spiBase: number;
  /** Which interface the ROM talks over: address and the value for USB-Serial-JTAG. */
  uartNumber: { address: number; usbJtag: number };
  /** RTC watchdog: configuration 0 and 1, write protection. */
  watchdog: { config0: number; config1: number; protect: number };
  /** Bit 0 forces download mode at the next reset. */
  forceDownload: number;
  strap: number;
  /** Where loads and stores find something: [from, to). */
  memory: readonly (readonly [number, number])[];
}

/**
 * Technical reference manuals, "System and Memory", address mapping tables: ROM, internal RAM on
 * both buses, external memory, RTC memory, peripherals.
 */
const S3_MEMORY = [
  [0x3c000000, 0x3e000000],
  [0x3fc88000, 0x3fd00000],
  [0x3ff00000, 0x3ff20000],
  [0x40000000, 0x40060000],
  [0x40370000, 0x403e0000],
  [0x42000000, 0x44000000],
  [0x50000000, 0x50002000],
  [0x60000000, 0x600d1000],
  [0x600fe000, 0x60100000],
] as const;
const C3_MEMORY = [
  [0x3c000000, 0x3c800000],
  [0x3fc80000, 0x3fce0000],
  [0x3ff00000, 0x3ff20000],
  [0x40000000, 0x40060000],
  [0x4037c000, 0x403e0000],
  [0x42000000, 0x42800000],
  [0x50000000, 0x50002000],
  [0x60000000, 0x600d1000],
] as const;

export const CHIPS: Record<ChipName, Chip> = {
  esp32s3: {
    name: 'esp32s3',
    id: 9,
    magic: 0x9,
    romBanner: 'ESP-ROM:esp32s3-20210327\r\nBuild:Mar 27 2021\r\n',
    efuseBase: 0x60007000,
    spiBase: 0x60002000,
    uartNumber: { address: 0x3fcef14c, usbJtag: 4 },
    watchdog: { config0: 0x60008098, config1: 0x6000809c, protect: 0x600080b0 },
    forceDownload: 0x6000812c,
    strap: 0x60004038,
    memory: S3_MEMORY,
  },
  esp32c3: {
    name: 'esp32c3',
    id: 5,
    magic: 0x1b31506f,
    romBanner: 'ESP-ROM:esp32c3-api1-20210207\r\nBuild:Feb  7 2021\r\n',
    efuseBase: 0x60008800,
    spiBase: 0x60002000,
    uartNumber: { address: 0x3fcdf07c, usbJtag: 3 },
    watchdog: { config0: 0x60008090, config1: 0x60008094, protect: 0x600080a8 },
    forceDownload: 0x6000812c,
    strap: 0x60004038,
    memory: C3_MEMORY,
  },
};
