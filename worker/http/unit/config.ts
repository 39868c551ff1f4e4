/** GET /api/config/:id for units; changing it is in the admin API and the portal. */
import * as v from 'valibot';
import { DeviceId } from '../../../shared/contracts/common.ts';
import { VersionedConfig } from '../../../shared/contracts/config.ts';
import { fetchConfig, shortConfig } from '../../domain/config.ts';
import { notAuthenticated } from '../../domain/credential.ts';
import { countedBy, countRequest } from './request.ts';
import { type Route, route } from './route.ts';

/** A short answer has no room for these two. */
const ConfigAnswer = v.partial(VersionedConfig, ['heartbeat_interval_ms', 'wifi_channels']);
/** v5.x sends no query; its old backend demanded `d`. No other text is this unit's id. */
const Named = v.optional(v.fallback(DeviceId, ''));
/** `full=1`: with what v5.x has no room for. */
const ConfigQuery = v.object({
  d: Named,
  device_id: Named,
  full: v.optional(v.fallback(v.picklist(['0', '1']), '0')),
});

export const configRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/config/{id}',
    summary: 'The unit’s configuration; `full=1` with what v5.x has no room for',
    who: 'unit',
    params: v.object({ id: DeviceId }),
    query: ConfigQuery,
    answers: { 200: ConfigAnswer },
    example: { params: { id: 'JBNB0001' } },
    async handle({ services, token_sha256, params: { id: device_id }, query, nowMs, c }) {
      // Another id in the query is a token used for another unit.
      if ((query.d ?? query.device_id ?? device_id) !== device_id) throw notAuthenticated();
      const fetched = await fetchConfig(services, { device_id, token_sha256 }, nowMs);
      await countRequest(services, c.get('requestId'), device_id, countedBy(fetched));
      const { config } = fetched;
      return query.full === '1' ? config : shortConfig(config);
    },
  }),
];
