/** One unit, as a straight line to its dimension's base unit: base = value · scale + offset. */
interface Unit {
  readonly dimension: string;
  readonly scale: number;
  readonly offset: number;
}

function unit(dimension: string, scale: number, offset = 0): Unit {
  return {dimension, scale, offset};
}

/** Units that equipment is known to mix up, under the names that SenML (RFC 8428), UCUM and class files use. Source of factors: NIST SP 811. */
const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries({
    '°C,degC,Cel,C,celsius': unit('temperature', 1),
    '°F,degF,F,fahrenheit': unit('temperature', 5 / 9, -160 / 9),
    'K,kelvin': unit('temperature', 1, -273.15),
    Pa: unit('pressure', 1),
    hPa: unit('pressure', 100),
    mbar: unit('pressure', 100),
    kPa: unit('pressure', 1000),
    bar: unit('pressure', 100_000),
    MPa: unit('pressure', 1_000_000),
    psi: unit('pressure', 6894.757),
    'mm/s': unit('velocity', 0.001),
    'cm/s': unit('velocity', 0.01),
    'm/s': unit('velocity', 1),
    'in/s,ips': unit('velocity', 0.0254),
    'm/s2,m/s²': unit('acceleration', 1),
    g: unit('acceleration', 9.80665),
    'um,µm,μm': unit('length', 1e-6),
    mm: unit('length', 0.001),
    m: unit('length', 1),
    mil: unit('length', 2.54e-5),
    'rpm,1/min': unit('rotation', 1 / 60),
    'Hz,1/s,rps': unit('rotation', 1),
    mA: unit('current', 0.001),
    A: unit('current', 1),
    mV: unit('voltage', 0.001),
    V: unit('voltage', 1),
    kV: unit('voltage', 1000),
    W: unit('power', 1),
    kW: unit('power', 1000),
    MW: unit('power', 1_000_000),
    'h,hour': unit('time', 3600),
    'min,minute': unit('time', 60),
    's,second': unit('time', 1),
    ms: unit('time', 0.001),
    'l/min': unit('flow', 1),
    'm3/h,m³/h': unit('flow', 1000 / 60),
    'l/h': unit('flow', 1 / 60),
    '%,%RH': unit('ratio', 0.01),
    '/,1,ratio': unit('ratio', 1),
  }).flatMap(([names, value]) => names.split(',').map((name) => [name, value] as const)),
);

/**
 * A value in another unit of the same dimension; undefined when either unit is unknown or they do not belong together.
 * Example: 98.6 from °F to °C → 37; 101325 from Pa to kPa → 101.325.
 */
export function convertUnit(value: number, from: string, to: string): number | undefined {
  if (from === to) return value;
  const source = UNITS.get(from);
  const target = UNITS.get(to);
  if (!source || source.dimension !== target?.dimension) return undefined;
  return (value * source.scale + source.offset - target.offset) / target.scale;
}

/**
 * The unit that the sender may have meant: the first of the table in which the value would be normal.
 * Example: 101325 against kPa, normal 95..110 → Pa, 101.325.
 */
export function guessUnit(
  value: number,
  unitOfClass: string,
  low: number,
  high: number,
): {readonly unit: string; readonly value: number} | undefined {
  for (const [name] of UNITS) {
    const converted = convertUnit(value, name, unitOfClass);
    if (converted !== undefined && converted >= low && converted <= high && name !== unitOfClass) {
      return {unit: name, value: converted};
    }
  }
  return undefined;
}
