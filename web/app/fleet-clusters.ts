/**
 * Sensors on a map, near ones as one mark: which marks a piece of the world has at a zoom. Knows no
 * map.
 */
import Supercluster from 'supercluster';
import type { FleetUnit } from '../../shared/contracts/fleet.ts';
import { concernsOf, isPlaced } from './fleet-filter.ts';

/** West, south, east, north, in degrees. */
export type Bounds = [west: number, south: number, east: number, north: number];

/** One sensor, or several that lie together at this zoom. */
export interface Mark {
  latitude: number;
  longitude: number;
  /** null: several. */
  unit: FleetUnit | null;
  count: number;
  /** How many of them need somebody. */
  needing: number;
  /** From which zoom on several come apart. */
  apartFrom: number;
}

/** Pixels within which marks would cover each other. */
const RADIUS_PX = 60;
/** From here on each stands alone. */
const ZOOM_MAX = 17;

interface Properties {
  unit: FleetUnit;
  needing: number;
}

/** Marks of these sensors; those without coordinates are not among them. */
export class FleetClusters {
  readonly #index = new Supercluster<Properties, { needing: number }>({
    radius: RADIUS_PX,
    maxZoom: ZOOM_MAX,
    map: ({ needing }) => ({ needing }),
    reduce: (all, one) => {
      all.needing += one.needing;
    },
  });
  /** Around all of them; null: none has coordinates. */
  readonly bounds: Bounds | null;

  constructor(units: readonly FleetUnit[]) {
    const placed = units.filter(isPlaced);
    this.#index.load(
      placed.map((unit) => ({
        type: 'Feature' as const,
        properties: { unit, needing: concernsOf(unit).length > 0 ? 1 : 0 },
        geometry: {
          type: 'Point' as const,
          coordinates: [unit.longitude ?? 0, unit.latitude ?? 0],
        },
      })),
    );
    const bounds: Bounds = [180, 90, -180, -90];
    for (const { latitude, longitude } of placed) {
      bounds[0] = Math.min(bounds[0], longitude ?? 0);
      bounds[1] = Math.min(bounds[1], latitude ?? 0);
      bounds[2] = Math.max(bounds[2], longitude ?? 0);
      bounds[3] = Math.max(bounds[3], latitude ?? 0);
    }
    this.bounds = placed.length > 0 ? bounds : null;
  }

  /** @param zoom of a map whose world is 256 pixels wide at 0; parts of a step count down */
  marks(bounds: Bounds, zoom: number): Mark[] {
    return this.#index.getClusters(bounds, Math.floor(zoom)).map((feature) => {
      const [longitude = 0, latitude = 0] = feature.geometry.coordinates;
      const { properties } = feature;
      if ('cluster' in properties && properties.cluster) {
        const apartFrom = this.#index.getClusterExpansionZoom(properties.cluster_id);
        const { point_count: count, needing } = properties;
        return { latitude, longitude, unit: null, count, needing, apartFrom };
      }
      const { unit, needing } = properties as Properties;
      return { latitude, longitude, unit, count: 1, needing, apartFrom: zoom };
    });
  }
}
