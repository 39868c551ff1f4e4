/**
 * `<jb-sensor-map>`: sensors on a map, near ones as one mark with their number. The outlines of the
 * land are the page's own, so that there is a map without a network. Fires `choose` with the id of
 * a sensor. Knows no backend.
 */
import { msg, str } from '@lit/localize';
import {
  control,
  divIcon,
  geoJSON,
  type LatLngBoundsExpression,
  type LayerGroup,
  type Map as LeafletMap,
  layerGroup,
  map as leafletMap,
  marker,
  tileLayer,
} from 'leaflet';
import leafletStyles from 'leaflet/dist/leaflet.css?inline';
import { css, html, LitElement, type PropertyValues, type TemplateResult, unsafeCSS } from 'lit';
import { feature } from 'topojson-client';
import world from 'world-atlas/land-110m.json';
import type { FleetUnit } from '../../../shared/contracts/fleet.ts';
import type { MapTiles } from '../../../shared/contracts/portal.ts';
import { FleetClusters, type Mark } from '../../app/fleet-clusters.ts';
import { nextTask } from '../../app/next-task.ts';
import { figure, plural } from '../format.ts';
import { stateWord } from '../sensor-words.ts';
import { base } from './styles.ts';

/** Natural Earth's outlines, 1 : 110 million, public domain. */
const LAND = world as unknown as Parameters<typeof feature>[0];

/** Not so near that a street without streets is shown. */
const FIRST_ZOOM_MAX = 9;
const ZOOM_MAX = 18;
/** Marks that are put on the map at once. */
const AT_ONCE = 40;

export class SensorMap extends LitElement {
  static override styles = [
    unsafeCSS(leafletStyles),
    base,
    css`
      .map {
        height: min(70dvh, 640px);
        min-height: 320px;
        border: 1px solid var(--line);
        border-radius: var(--radius-small);
        background: var(--sunken);
        font: inherit;
        isolation: isolate;
      }
      .map .land {
        fill: var(--raised);
        stroke: var(--line-strong);
        stroke-width: 0.5px;
      }
      .mark {
        display: grid;
        place-content: center;
        border: 2px solid var(--raised);
        border-radius: 50%;
        background: var(--ok);
        color: var(--raised);
        font-size: var(--size-14);
        font-weight: 650;
        font-variant-numeric: tabular-nums;
        cursor: pointer;
      }
      .mark.needing {
        background: var(--bad);
      }
      .mark.late {
        background: var(--warn);
      }
      .mark.new {
        background: var(--muted);
      }
      .map .leaflet-bar a {
        width: 44px;
        height: 44px;
        line-height: 44px;
        background: var(--raised);
        color: var(--ink);
        border-color: var(--line);
      }
      .map .leaflet-control-attribution {
        background: var(--raised);
        color: var(--muted);
      }
      .map .leaflet-control-attribution a {
        color: var(--muted);
      }
    `,
  ];
  static override properties = { units: { attribute: false }, tiles: { attribute: false } };
  declare units: readonly FleetUnit[];
  /** A server of tiles that may be asked; null: outlines alone. */
  declare tiles: MapTiles | null;

  #map: LeafletMap | null = null;
  #marks: LayerGroup | null = null;
  #clusters = new FleetClusters([]);
  /** Which drawing is the latest. */
  #drawing = 0;

  constructor() {
    super();
    this.units = [];
    this.tiles = null;
  }

  protected override render(): TemplateResult {
    return html`<div class="map" role="region" aria-label=${msg('Map of the sensors')}></div>`;
  }

  protected override firstUpdated(): void {
    void this.#begin();
  }

  /** The code of the map has just run: its drawing is another piece. */
  async #begin(): Promise<void> {
    await nextTask();
    const place = this.renderRoot.querySelector<HTMLElement>('.map');
    if (!place || !this.isConnected || this.#map) return;
    this.#map = leafletMap(place, {
      ...{ minZoom: 1, maxZoom: ZOOM_MAX, worldCopyJump: true, attributionControl: true },
      // A quarter of a second is longer than anything moves here, and outlives the map itself.
      ...{ zoomAnimation: false, fadeAnimation: false, inertia: false },
      zoomControl: false,
    });
    this.#map.attributionControl.setPrefix(false).addAttribution('Natural Earth');
    addZoom(this.#map);
    if (this.tiles) {
      const { url, attribution } = this.tiles;
      tileLayer(url, { attribution: escaped(attribution), maxZoom: ZOOM_MAX }).addTo(this.#map);
    }
    const land = feature(LAND, 'land');
    await nextTask();
    // removed meanwhile, there is nothing to draw on
    if (!this.#map) return;
    geoJSON(land, { interactive: false, style: { className: 'land' } }).addTo(this.#map);
    await nextTask();
    if (!this.#map) return;
    this.#marks = layerGroup().addTo(this.#map);
    this.#map.on('moveend', () => void this.#draw());
    void this.#show();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#drawing += 1;
    this.#map?.remove();
    this.#map = null;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('units') && changed.get('units') !== undefined) void this.#show();
  }

  /** All of them in sight; the map stays where it is when none is left. In pieces. */
  async #show(): Promise<void> {
    const { units } = this;
    await nextTask();
    if (units !== this.units) return;
    this.#clusters = new FleetClusters(units);
    const { bounds } = this.#clusters;
    if (!bounds) {
      if (!this.#map?.getZoom()) this.#map?.setView([20, 0], 1);
      await this.#draw();
      return;
    }
    const [west, south, east, north] = bounds;
    const around: LatLngBoundsExpression = [
      [south, west],
      [north, east],
    ];
    this.#map?.fitBounds(around, { maxZoom: FIRST_ZOOM_MAX, padding: [40, 40], animate: false });
    await this.#draw();
  }

  /** In pieces; a later drawing ends an earlier one. */
  async #draw(): Promise<void> {
    this.#drawing += 1;
    const drawing = this.#drawing;
    await nextTask();
    const map = this.#map;
    if (!map || !this.#marks || drawing !== this.#drawing) return;
    const seen = map.getBounds().pad(0.2);
    const all = this.#clusters.marks(
      [seen.getWest(), seen.getSouth(), seen.getEast(), seen.getNorth()],
      map.getZoom(),
    );
    this.#marks.clearLayers();
    for (const [at, mark] of all.entries()) {
      if (at > 0 && at % AT_ONCE === 0) await nextTask();
      if (drawing !== this.#drawing) return;
      this.#add(mark);
    }
  }

  #add(mark: Mark): void {
    const { latitude, longitude, unit, count } = mark;
    const size = unit ? 24 : 34 + 4 * Math.min(4, Math.floor(Math.log10(count)));
    const icon = divIcon({
      className: `mark ${classOf(mark)}`,
      iconSize: [size, size],
      html: unit ? '' : figure(count),
    });
    const words = wordsOf(mark);
    const one = marker([latitude, longitude], { icon, title: words, keyboard: true });
    one.on('click keypress', (event) => {
      const { originalEvent } = event as { originalEvent?: KeyboardEvent };
      if (event.type === 'keypress' && originalEvent?.key !== 'Enter') return;
      this.#choose(mark);
    });
    one.on('add', () => one.getElement()?.setAttribute('aria-label', words));
    this.#marks?.addLayer(one);
  }

  #choose({ unit, latitude, longitude, apartFrom }: Mark): void {
    if (unit) this.dispatchEvent(new CustomEvent('choose', { detail: unit.device_id }));
    else this.#map?.setView([latitude, longitude], Math.min(ZOOM_MAX, apartFrom));
  }
}

/** Leaflet takes an attribution for HTML. */
function escaped(text: string): string {
  const element = document.createElement('span');
  element.textContent = text;
  return element.innerHTML;
}

function addZoom(map: LeafletMap): void {
  const names = { zoomInTitle: msg('Nearer'), zoomOutTitle: msg('Farther') };
  control.zoom(names).addTo(map);
}

function classOf({ unit, needing }: Mark): string {
  if (unit?.state === 'late') return 'late';
  if (needing > 0) return 'needing';
  return unit?.state === 'new' ? 'new' : '';
}

function wordsOf({ unit, count, needing }: Mark): string {
  if (unit) {
    const name = unit.name ?? unit.device_id;
    return [name, unit.location_name, stateWord(unit.state)].filter(Boolean).join(', ');
  }
  const many = figure(count);
  const all = plural(count, { one: msg('1 sensor'), other: msg(str`${many} sensors`) });
  return needing > 0 ? msg(str`${all}, ${figure(needing)} of them to look at`) : all;
}

customElements.define('jb-sensor-map', SensorMap);

declare global {
  interface HTMLElementTagNameMap {
    'jb-sensor-map': SensorMap;
  }
}
