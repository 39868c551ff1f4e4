/** A unit's report intervals, as SQL. */
import { DEFAULT_INTERVAL_S } from '../../shared/metrics/unit-state.ts';

/** The interval that an administrator has set, ms; null while it is the default. */
const SET_MS = "changed_json ->> '$.report_interval_ms'";

/** Seconds, of the unit ?1. The longest one ever set counts too: a full cache is older. */
export const INTERVALS = `COALESCE((SELECT MAX(interval_max_ms, COALESCE(${SET_MS}, 0)) / 1000
      FROM device_configs WHERE device_id = ?1), ${DEFAULT_INTERVAL_S}) AS longest_s,
    COALESCE((SELECT ${SET_MS} / 1000
      FROM device_configs WHERE device_id = ?1), ${DEFAULT_INTERVAL_S}) AS interval_s`;

/** Seconds, of the row `c` of device_configs, which need not be there. */
export const INTERVAL_S = `COALESCE(c.changed_json ->> '$.report_interval_ms',
  ${DEFAULT_INTERVAL_S * 1000}) / 1000`;
