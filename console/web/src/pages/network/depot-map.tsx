import type {JSX} from 'preact';
import {useMemo} from 'preact/hooks';
import {geoGraticule10, geoNaturalEarth1, geoPath} from 'd3-geo';
import type {GeoPermissibleObjects} from 'd3-geo';
import {feature} from 'topojson-client';
import type {GeometryCollection, Topology} from 'topojson-specification';
import world from 'world-atlas/countries-110m.json';
import {hrefTo} from '../../ui/page-address.ts';
import {amounts, riskOf} from './depot-money.tsx';
import type {Depot} from './depot-money.tsx';
import './depot-map.css';

const WIDTH = 960;
const HEIGHT = 420;
/** Room around the outermost depots, in units of the drawing. */
const MARGIN = 60;
/** A lone depot is shown with this much land around it, in degrees. */
const AROUND_DEG = 4;
const RADIUS_MIN = 6;
const RADIUS_MAX = 20;

const topology = world as unknown as Topology<{countries: GeometryCollection}>;
const land = feature(topology, topology.objects.countries);

/** Depots where they are; the area of each circle is its share of the greatest risk. A circle leads to its shelves. */
export function DepotMap({depots}: {readonly depots: readonly Depot[]}): JSX.Element {
  const {outline, grid, place} = useMemo(() => {
    const lon = depots.map((one) => one.lon);
    const lat = depots.map((one) => one.lat);
    const corners: GeoPermissibleObjects = {
      type: 'MultiPoint',
      coordinates: [
        [Math.min(...lon) - AROUND_DEG, Math.max(-89, Math.min(...lat) - AROUND_DEG)],
        [Math.max(...lon) + AROUND_DEG, Math.min(89, Math.max(...lat) + AROUND_DEG)],
      ],
    };
    const projection = geoNaturalEarth1()
      .rotate([-(Math.min(...lon) + Math.max(...lon)) / 2, 0])
      .fitExtent(
        [
          [MARGIN, MARGIN],
          [WIDTH - MARGIN, HEIGHT - MARGIN],
        ],
        corners,
      );
    const path = geoPath(projection.clipExtent([[0, 0], [WIDTH, HEIGHT]])); // prettier-ignore
    return {outline: path(land) ?? '', grid: path(geoGraticule10()) ?? '', place: projection};
  }, [depots]);
  const greatest = Math.max(1, ...depots.map(riskOf));
  return (
    <svg class="depot-map" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label="Map of depots">
      <path class="grid" d={grid} />
      <path class="land" d={outline} />
      {[...depots]
        .sort((a, b) => riskOf(b) - riskOf(a))
        .map((depot) => {
          const [x, y] = place([depot.lon, depot.lat]) ?? [0, 0];
          const radius = RADIUS_MIN + (RADIUS_MAX - RADIUS_MIN) * Math.sqrt(riskOf(depot) / greatest);
          const says = `${depot.depotId}, ${depot.name}: risk ${amounts(depot, 'riskMinor')}, ${depot.backorderLines} open backorders`;
          return (
            <a key={depot.depotId} href={hrefTo('network', depot.depotId)} aria-label={says}>
              <title>{says}</title>
              <circle class={depot.backorderLines > 0 ? 'owes' : ''} cx={x} cy={y} r={radius} />
              <text x={x} y={y - radius - 4}>
                {depot.depotId}
              </text>
            </a>
          );
        })}
    </svg>
  );
}
