/**
 * Sensors on a map, near ones as one mark: which marks a piece of the world has at a zoom. Each
 * zoom is worked out when it is first looked at: all of them at once would take a tenth of a second
 * for ten thousand. Knows no map.
 */
import Supercluster, { type PointFeature } from 'supercluster';
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
  /** From which zoom on the outermost of several come apart. */
  apartFrom: number;
}

/** Pixels within which marks would cover each other. */
const RADIUS_PX = 60;
/** From here on each stands alone. */
const ZOOM_MAX = 17;
/** Of a world that is so many pixels wide at zoom 0. */
const WORLD_PX = 256;

/** What is known of several: how many need somebody, and around what they lie. */
interface Sum {
  needing: number;
  box: Bounds;
}

interface Properties extends Sum {
  unit: FleetUnit;
}

type Index = Supercluster<Properties, Sum>;

/** Marks of these sensors; those without coordinates are not among them. */
export class FleetClusters {
  readonly #points: PointFeature<Properties>[];
  readonly #byZoom = new Map<number, Index>();
  /** Around all of them; null: none has coordinates. */
  readonly bounds: Bounds | null;

  constructor(units: readonly FleetUnit[]) {
    this.#points = units.filter(isPlaced).map((unit) => {
      const [longitude, latitude] = [unit.longitude ?? 0, unit.latitude ?? 0];
      const box: Bounds = [longitude, latitude, longitude, latitude];
      const needing = concernsOf(unit).length > 0 ? 1 : 0;
      return {
        type: 'Feature',
        properties: { unit, needing, box },
        geometry: { type: 'Point', coordinates: [longitude, latitude] },
      };
    });
    const [first, ...rest] = this.#points.map(({ properties }) => properties.box);
    this.bounds = first ? rest.reduce(around, first) : null;
  }

  /** @param zoom of a map whose world is 256 pixels wide at 0; parts of a step count down */
  marks(bounds: Bounds, zoom: number): Mark[] {
    const whole = Math.floor(zoom);
    return this.#at(whole)
      .getClusters(bounds, whole)
      .map(({ geometry, properties }) => {
        const [longitude = 0, latitude = 0] = geometry.coordinates;
        const place = { latitude, longitude, needing: properties.needing };
        if (!('point_count' in properties))
          return { ...place, unit: properties.unit, count: 1, apartFrom: zoom };
        const apartFrom = Math.max(whole + 1, apartAt(properties.box));
        return { ...place, unit: null, count: properties.point_count, apartFrom };
      });
  }

  #at(zoom: number): Index {
    // beyond the last all stand alone, however near
    const at = Math.max(0, Math.min(zoom, ZOOM_MAX + 1));
    const known = this.#byZoom.get(at);
    if (known) return known;
    const index: Index = new Supercluster({
      ...{ radius: RADIUS_PX, minZoom: at, maxZoom: Math.min(at, ZOOM_MAX) },
      map: ({ needing, box }) => ({ needing, box }),
      reduce: (all, one) => {
        all.needing += one.needing;
        all.box = around(all.box, one.box);
      },
    });
    index.load(this.#points);
    this.#byZoom.set(at, index);
    return index;
  }
}

function around(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** Where the longer side of a box is as wide as marks keep apart. */
function apartAt([west, south, east, north]: Bounds): number {
  const px = (Math.max(east - west, north - south) / 360) * WORLD_PX;
  return px === 0 ? ZOOM_MAX + 1 : Math.min(ZOOM_MAX + 1, Math.ceil(Math.log2(RADIUS_PX / px)));
}
