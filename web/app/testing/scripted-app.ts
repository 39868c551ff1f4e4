/**
 * A program for the test bench that speaks the console's records and does what its script says.
 */
import { LF, RS } from '../../../shared/console/records.ts';

export interface Script {
  /** This step fails with these words of the modem. */
  failStep?: { step: number; said: string };
  /** The app runs but says nothing in records. */
  silent?: boolean;
  cellularOk?: boolean;
  /** Signal, −79 unless said; null = it has not measured. */
  dbm?: number | null;
  /** In each reading, 4 unless said. */
  impressions?: number;
  /** The chip's, as the app says it; left out = an app that does not say. */
  mac?: string;
  /** What the backend does with a post of the unit; default: nothing arrives, status 0. */
  post?: (kind: 'heartbeat' | 'reading', id: string, tokenSha256: string) => number;
}

const STEPS = 12;

const STATUS = {
  uptime_s: 60,
  led: 'connected',
  cereg: 5,
  online: true,
  clock_synced: true,
  time: 1_800_000_000,
  queue: 0,
  send_failures: 0,
  sent: 1,
  dropped: 0,
  refused: 0,
  config_version: 0,
};

export class ScriptedApp {
  readonly #app: 'provisioning' | 'jambox';
  readonly #script: Script;
  readonly #print: (bytes: Uint8Array) => void;
  readonly #identity: () => { id: string | null; tokenSha256: string };
  readonly #timer: ReturnType<typeof setInterval>;
  #text = '';

  constructor(
    project: string,
    script: Script,
    print: (bytes: Uint8Array) => void,
    identity: () => { id: string | null; tokenSha256: string },
  ) {
    this.#app = project.startsWith('provisioning') ? 'provisioning' : 'jambox';
    this.#script = script;
    this.#print = print;
    this.#identity = identity;
    this.#print(new TextEncoder().encode('I (12) main: scripted program\r\n'));
    this.#timer = setInterval(() => this.#work(), 20);
  }

  console(bytes: Uint8Array): void {
    if (this.#script.silent) return;
    this.#text += new TextDecoder().decode(bytes);
    for (;;) {
      const end = this.#text.indexOf('\n');
      if (end < 0) return;
      const line = this.#text.slice(0, end).replaceAll(String.fromCharCode(RS), '');
      this.#text = this.#text.slice(end + 1);
      this.#answer(JSON.parse(line) as { id: number; cmd: string });
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #answer({ id: re, cmd }: { id: number; cmd: string }): void {
    const { cellularOk = false } = this.#script;
    const hello = {
      console: 1,
      app: this.#app,
      version: '6.0.0',
      device_id: this.#identity().id,
      cellular_ok: cellularOk,
      ...(this.#script.mac !== undefined && { mac: this.#script.mac }),
    };
    if (cmd === 'hello') this.#say({ re, ok: true, ...hello });
    else if (cmd === 'provision' && this.#app === 'provisioning') {
      this.#say({ re, ok: true });
      this.#bringUp();
    } else if (cmd === 'status') this.#say({ re, ok: true, ...STATUS, rssi_dbm: this.#dbm() });
    else this.#say({ re, ok: false, error: `no command ${cmd}` });
  }

  #dbm(): number | null {
    return this.#script.dbm === undefined ? -79 : this.#script.dbm;
  }

  #bringUp(): void {
    const { failStep } = this.#script;
    for (let step = 1; step <= STEPS; step++) {
      this.#say({ t: step, ev: 'bringup', step, state: 'running', try: 1 });
      const fails = failStep?.step === step;
      const said = fails ? failStep.said : 'OK';
      this.#say({ t: step, ev: 'bringup', step, state: fails ? 'failed' : 'ok', try: 1, said });
      if (fails) {
        this.#say({ t: step, ev: 'bringup_done', ok: false, step });
        return;
      }
    }
    this.#say({ t: 13, ev: 'bringup_done', ok: true, step: STEPS, address: '10.170.1.2' });
  }

  /** The JamBox app posts a heartbeat, then a reading, until each is accepted. */
  #work(): void {
    const { id, tokenSha256 } = this.#identity();
    const { post, silent } = this.#script;
    if (this.#app !== 'jambox' || id === null || !post || silent) return;
    const beat = post('heartbeat', id, tokenSha256);
    this.#say({ t: 1, ev: 'heartbeat', ok: beat === 200, status: beat, clock_synced: true });
    if (beat !== 200) return;
    const status = post('reading', id, tokenSha256);
    const counts = {
      start: 0,
      seq: 1,
      impressions: this.#script.impressions ?? 4,
      device_minutes: 3,
      queue: 0,
    };
    this.#say({ t: 2, ev: 'reading', ok: status === 200, status, ...counts });
  }

  #say(record: object): void {
    const body = new TextEncoder().encode(JSON.stringify(record));
    this.#print(Uint8Array.of(RS, ...body, LF));
  }
}
