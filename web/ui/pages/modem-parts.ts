/** The modem's page, put together from the bench's parts when it is first opened. */
import { AtConsole } from '../../app/at-console.ts';
import { DiagnosisRun } from '../../app/diagnosis-run.ts';
import { systemTime } from '../../app/system-time.ts';
import type { BenchParts } from '../controllers/bench.ts';
import { download } from '../download.ts';

export interface ModemParts extends BenchParts {
  at: AtConsole;
  diagnosis: DiagnosisRun;
  /** Hands a file to the person. */
  save: (name: string, text: string, type: string) => void;
}

export function modemParts(own: BenchParts): ModemParts {
  const at = new AtConsole(own.unit, systemTime);
  const diagnosis = new DiagnosisRun(at, async () => {
    const { modem_apn, modem_bands, device_host, device_port } = await own.settings();
    return { apn: modem_apn, bands: modem_bands, host: device_host, port: device_port };
  });
  return { ...own, at, diagnosis, save: download };
}
