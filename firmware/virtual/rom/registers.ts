/**
 * The registers a flashing client touches: eFuses, the SPI controller's user commands, watchdogs.
 * Everything else is plain memory that reads 0. Knows no protocol.
 */
import { hexDigits } from '../../../shared/bytes.ts';
import type { Chip } from './chips.ts';

/** GigaDevice GD25Q64: manufacturer C8, type 40, capacity 17 = 8 MB; lowest byte first. */
const FLASH_ID_8MB = 0x1740c8;
/** eFuse block 1 word 3: revision v0.2, block version 1.2, 8 MB of flash in the package. */
const EFUSE_WORD3 = (1 << 27) | (2 << 24) | (2 << 18);
/** eFuse block 1 word 4: flash made by GigaDevice, no PSRAM. */
const EFUSE_WORD4 = 2;

const CMD_USR = 1 << 18;
const SPI = { cmd: 0x00, usr: 0x18, usr2: 0x20, w0: 0x58 } as const;
const SPI_READ_ID = 0x9f;
const SPI_READ_SFDP = 0x5a;

const WDT_KEY = 0x50d83aa1;
const WDT_ENABLE = 0x80000000;
/** RTC slow clock that counts the watchdog's time-out. */
const SLOW_CLOCK_KHZ = 136;
/** Strapping pins: GPIO0 high = boot from flash. */
const STRAP_SPI_BOOT = 8;
/** As recorded from a real S3: no purpose but the last slot's 0C. */
const KEY_PURPOSES = [0, 0, 0, 0, 0, 0, 0x0c];

export interface RegisterOptions {
  chip: Chip;
  mac: Uint8Array;
  flashId?: number;
  /** Further words by address, for a chip with other eFuses. */
  words?: ReadonlyMap<number, number>;
  /** True: an access where the chip has nothing is an {@link AccessFault}, else it reads 0. */
  faults?: boolean;
}

/** What a load or store does where there is neither memory nor a register. */
export class AccessFault extends Error {
  constructor(address: number) {
    super(`Nothing is at 0x${hexDigits(address, 8)}.`);
    this.name = 'AccessFault';
  }
}

export class Registers {
  /** The watchdog was armed: it bites after `ms`. Writing 0 to it disarms: null. */
  onWatchdog: (ms: number | null) => void = () => {};
  readonly #options: RegisterOptions;
  #words = new Map<number, number>();
  #forceDownload = false;

  constructor(options: RegisterOptions) {
    this.#options = options;
    this.reset(false);
  }

  /** True when the next reset must end in download mode. */
  get forceDownload(): boolean {
    return this.#forceDownload;
  }

  /** A reset: all but the forced-download bit, which only losing power clears. */
  reset(bootPinLow: boolean): void {
    const { chip, mac, words } = this.#options;
    this.#words = new Map([
      [0x40001000, chip.magic],
      // a MAC has six bytes
      [chip.efuseBase + 0x44, ((mac[2]! << 24) | (mac[3]! << 16) | (mac[4]! << 8) | mac[5]!) >>> 0],
      [chip.efuseBase + 0x48, (mac[0]! << 8) | mac[1]!],
      [chip.efuseBase + 0x50, chip.name === 'esp32s3' ? EFUSE_WORD3 : 0],
      [chip.efuseBase + 0x54, chip.name === 'esp32s3' ? EFUSE_WORD4 : 0],
      [chip.uartNumber.address, chip.uartNumber.usbJtag],
      [chip.strap, bootPinLow ? 0 : STRAP_SPI_BOOT],
      [chip.spiBase + SPI.usr, 0x80000000],
      [chip.spiBase + SPI.usr2, 0x70000000],
      [chip.forceDownload, this.#forceDownload ? 1 : 0],
      ...(words ?? []),
    ]);
  }

  /** What GET_SECURITY_INFO says, of the ROM and of the stub: 20 bytes, by the eFuses. */
  get securityInfo(): Uint8Array<ArrayBuffer> {
    const info = new Uint8Array(20);
    info.set([this.securityFlags, 0, 0, 0, (this.#efuse(0x34) >>> 18) & 7]);
    info.set(KEY_PURPOSES, 5);
    info[12] = this.#options.chip.id;
    return info;
  }

  /** Bit 0: it starts signed apps only. Bit 2: secure download mode. */
  get securityFlags(): number {
    const secureBoot = (this.#efuse(0x38) >>> 20) & 1;
    const secureDownload = (this.#efuse(0x3c) >>> 5) & 1;
    return secureBoot | (secureDownload << 2);
  }

  #efuse(offset: number): number {
    return this.#words.get(this.#options.chip.efuseBase + offset) ?? 0;
  }

  powerLost(): void {
    this.#forceDownload = false;
  }

  /** Unsigned 32 bits. @throws AccessFault */
  read(address: number): number {
    this.#check(address);
    return this.#words.get(address) ?? 0;
  }

  /** @throws AccessFault */
  write(address: number, value: number, mask: number): void {
    this.#check(address);
    const { chip } = this.#options;
    const isWatchdog = address === chip.watchdog.config0 || address === chip.watchdog.config1;
    if (isWatchdog && this.read(chip.watchdog.protect) !== WDT_KEY) return;
    const merged = ((this.read(address) & ~mask) | (value & mask)) >>> 0;
    this.#words.set(address, merged);
    if (address === chip.spiBase + SPI.cmd && merged & CMD_USR) this.#runSpiCommand();
    if (address === chip.watchdog.config0) this.#armWatchdog(merged);
    if (address === chip.forceDownload) this.#forceDownload = (merged & 1) === 1;
  }

  #check(address: number): void {
    const { faults, chip } = this.#options;
    if (!faults) return;
    if (!chip.memory.some(([from, to]) => address >= from && address < to) || address % 4 !== 0) {
      throw new AccessFault(address);
    }
  }

  #runSpiCommand(): void {
    const { spiBase } = this.#options.chip;
    const command = this.read(spiBase + SPI.usr2) & 0xff;
    let answer = 0; // status registers: not busy, nothing protected
    if (command === SPI_READ_ID) answer = this.#options.flashId ?? FLASH_ID_8MB;
    else if (command === SPI_READ_SFDP) answer = 0xffffffff; // a part without SFDP table
    this.#words.set(spiBase + SPI.w0, answer);
    this.#words.set(spiBase + SPI.cmd, 0);
  }

  #armWatchdog(config: number): void {
    if ((config & WDT_ENABLE) === 0) {
      this.onWatchdog(null);
      return;
    }
    this.onWatchdog(this.read(this.#options.chip.watchdog.config1) / SLOW_CLOCK_KHZ);
  }
}
