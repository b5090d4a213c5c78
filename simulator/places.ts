/** Where the reference network stands: real cities with their true coordinates (WGS 84, degrees). */
export interface Place {
  readonly code: string;
  readonly name: string;
  readonly lat: number;
  readonly lon: number;
  readonly tz: string;
}

export interface Region {
  readonly depot: Place;
  /** Towns with customers, each within a few hours by road. */
  readonly towns: readonly Place[];
}

const place = (code: string, name: string, lat: number, lon: number, tz: string): Place => ({
  code,
  name,
  lat,
  lon,
  tz,
});

export const CENTRAL: Place = place('VLO', 'Venlo', 51.3704, 6.1724, 'Europe/Amsterdam');

/* prettier-ignore */
export const REGIONS: readonly Region[] = [
  {depot: place('HAM', 'Hamburg', 53.5511, 9.9937, 'Europe/Berlin'), towns: [
    place('LBC', 'Lübeck', 53.8655, 10.6866, 'Europe/Berlin'), place('BRE', 'Bremen', 53.0793, 8.8017, 'Europe/Berlin'), place('KEL', 'Kiel', 54.3233, 10.1228, 'Europe/Berlin')]},
  {depot: place('LYS', 'Lyon', 45.764, 4.8357, 'Europe/Paris'), towns: [
    place('GNB', 'Grenoble', 45.1885, 5.7245, 'Europe/Paris'), place('EBU', 'Saint-Étienne', 45.4397, 4.3872, 'Europe/Paris'), place('DIJ', 'Dijon', 47.322, 5.0415, 'Europe/Paris')]},
  {depot: place('MIL', 'Milan', 45.4642, 9.19, 'Europe/Rome'), towns: [
    place('TRN', 'Turin', 45.0703, 7.6869, 'Europe/Rome'), place('BGY', 'Bergamo', 45.6983, 9.6773, 'Europe/Rome'), place('BLQ', 'Bologna', 44.4949, 11.3426, 'Europe/Rome')]},
  {depot: place('MAD', 'Madrid', 40.4168, -3.7038, 'Europe/Madrid'), towns: [
    place('TOL', 'Toledo', 39.8628, -4.0273, 'Europe/Madrid'), place('ZAZ', 'Zaragoza', 41.6488, -0.8891, 'Europe/Madrid'), place('VLL', 'Valladolid', 41.6523, -4.7245, 'Europe/Madrid')]},
  {depot: place('WAW', 'Warsaw', 52.2297, 21.0122, 'Europe/Warsaw'), towns: [
    place('LCJ', 'Łódź', 51.7592, 19.456, 'Europe/Warsaw'), place('LUZ', 'Lublin', 51.2465, 22.5684, 'Europe/Warsaw'), place('PLO', 'Płock', 52.5463, 19.7065, 'Europe/Warsaw')]},
  {depot: place('VIE', 'Vienna', 48.2082, 16.3738, 'Europe/Vienna'), towns: [
    place('GRZ', 'Graz', 47.0707, 15.4395, 'Europe/Vienna'), place('BTS', 'Bratislava', 48.1486, 17.1077, 'Europe/Bratislava'), place('LNZ', 'Linz', 48.3069, 14.2858, 'Europe/Vienna')]},
  {depot: place('GOT', 'Gothenburg', 57.7089, 11.9746, 'Europe/Stockholm'), towns: [
    place('BOR', 'Borås', 57.721, 12.9401, 'Europe/Stockholm'), place('JKG', 'Jönköping', 57.7826, 14.1618, 'Europe/Stockholm'), place('MMX', 'Malmö', 55.605, 13.0038, 'Europe/Stockholm')]},
  {depot: place('BHX', 'Birmingham', 52.4862, -1.8904, 'Europe/London'), towns: [
    place('CVT', 'Coventry', 52.4068, -1.5197, 'Europe/London'), place('LEI', 'Leicester', 52.6369, -1.1398, 'Europe/London'), place('MAN', 'Manchester', 53.4808, -2.2426, 'Europe/London')]},
  {depot: place('OTP', 'Bucharest', 44.4268, 26.1025, 'Europe/Bucharest'), towns: [
    place('PLJ', 'Ploiești', 44.9414, 26.0225, 'Europe/Bucharest'), place('PIT', 'Pitești', 44.8565, 24.8692, 'Europe/Bucharest'), place('CND', 'Constanța', 44.1598, 28.6348, 'Europe/Bucharest')]},
];

/** Subregions of the United Nations (M49) by time zone; the Netherlands, Germany, France and Austria are in the Western one. */
const SUBREGIONS: Readonly<Record<string, string>> = {
  'Europe/Rome': 'Southern Europe',
  'Europe/Madrid': 'Southern Europe',
  'Europe/Warsaw': 'Eastern Europe',
  'Europe/Bratislava': 'Eastern Europe',
  'Europe/Bucharest': 'Eastern Europe',
  'Europe/Stockholm': 'Northern Europe',
  'Europe/London': 'Northern Europe',
};
export const subregionOf = ({tz}: Place): string => SUBREGIONS[tz] ?? 'Western Europe';

export const depotIdOf = (depot: Place): string => (depot === CENTRAL ? 'VLO-C' : `${depot.code}-1`);
export const siteIdOf = (at: Place): string => `SITE-${at.code}`;

/** Great-circle distance on a sphere of 6371.0 km (haversine). Example: Hamburg to Madrid → about 1,780 km. */
export function distanceKm(from: Place, to: Place): number {
  const rad = Math.PI / 180;
  const h =
    Math.sin(((to.lat - from.lat) * rad) / 2) ** 2 +
    Math.cos(from.lat * rad) * Math.cos(to.lat * rad) * Math.sin(((to.lon - from.lon) * rad) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}

/** Door to door by road, hours: 25 % detour at 65 km/h, one driver's rest of 11 h per 9 h at the wheel. */
export function roadHours(km: number): number {
  const driving = (km * 1.25) / 65;
  return driving + 11 * Math.floor(driving / 9);
}
