/**
 * What the three classes of equipment are made of and how a failing component shows. Names follow ISO 14224
 * (equipment class › component). The figures are assumptions of the reference fleet, chosen to be physically
 * sensible; they describe no maker's product (docs/simulator.md).
 */
export interface SignalModel {
  readonly unit: string;
  /** Physical limits: beyond them the sensor or the unit is wrong. */
  readonly min: number;
  readonly max: number;
  readonly normalLow: number;
  readonly normalHigh: number;
  readonly description: string;
  /** Value of an idle machine at 15 °C ambient. */
  readonly base: number;
  /** Added at full load (load 1). */
  readonly loadGain: number;
  /** Added per kelvin of ambient above 15 °C. */
  readonly ambientGain: number;
  /** Spread between machines, slow wander (30 h memory) and white noise of one sample, each as a standard deviation. */
  readonly machineSd: number;
  readonly wanderSd: number;
  readonly noiseSd: number;
}

export interface ComponentModel {
  readonly classId: string;
  /** What a component at the end of its life adds to each signal, in that signal's unit. */
  readonly symptoms: Readonly<Record<string, number>>;
  /** Codes that the controller raises, rarely when healthy and more often with damage. */
  readonly errorCodes: readonly string[];
}

export interface EquipmentClassModel {
  readonly classId: string;
  readonly name: string;
  readonly prefix: string;
  readonly models: readonly {readonly modelId: string; readonly name: string; readonly ratedKw: number}[];
  /** Share of full load by hour of the local day, on a working day and at the weekend. */
  readonly workdayLoad: readonly number[];
  readonly weekendLoad: readonly number[];
  /** Cost of an hour of standstill to its user, EUR. */
  readonly downtimeEurPerH: readonly [low: number, high: number];
  readonly signals: Readonly<Record<string, SignalModel>>;
  readonly positions: Readonly<Record<string, ComponentModel>>;
}

const hours = (night: number, early: number, day: number, evening: number): readonly number[] =>
  Array.from({length: 24}, (_, h) =>
    h < 6 ? night : h < 9 ? early : h < 18 ? day : h < 22 ? evening : night,
  );

type Row = readonly [unit: string, min: number, max: number, normalLow: number, normalHigh: number, base: number, loadGain: number, ambientGain: number, machineSd: number, wanderSd: number, noiseSd: number, description: string]; // prettier-ignore
const signal = ([unit, min, max, normalLow, normalHigh, base, loadGain, ambientGain, machineSd, wanderSd, noiseSd, description]: Row): SignalModel => ({unit, min, max, normalLow, normalHigh, base, loadGain, ambientGain, machineSd, wanderSd, noiseSd, description}); // prettier-ignore

// Columns: unit, physical limits, normal range, base, per full load, per kelvin, spread: machines, wander, noise.
/* prettier-ignore */
const CHILLER_SIGNALS = {
  vibration_mm_s: signal(['mm/s', 0, 50, 0.8, 3.5, 1.0, 0.9, 0, 0.15, 0.12, 0.15, 'RMS velocity at the compressor housing']),
  discharge_pressure_bar: signal(['bar', 0, 40, 8, 18, 9.0, 4.5, 0.09, 0.25, 0.2, 0.25, 'Refrigerant pressure after the compressor']),
  suction_pressure_bar: signal(['bar', 0, 15, 3, 6, 4.8, -0.5, 0.01, 0.1, 0.08, 0.1, 'Refrigerant pressure before the compressor']),
  oil_temperature_c: signal(['degC', -20, 150, 35, 70, 42, 14, 0.25, 1.2, 0.9, 0.8, 'Compressor oil temperature']),
  motor_current_a: signal(['A', 0, 400, 40, 190, 52, 95, 0.6, 4, 2.5, 3, 'Current of the compressor motor']),
  condenser_approach_k: signal(['K', 0, 30, 1, 5.5, 1.8, 1.6, 0.02, 0.2, 0.18, 0.2, 'Condensing temperature above leaving air']),
};
/* prettier-ignore */
const COMPRESSOR_SIGNALS = {
  vibration_mm_s: signal(['mm/s', 0, 50, 1, 4.5, 1.6, 1.2, 0, 0.2, 0.16, 0.2, 'RMS velocity at the air end']),
  discharge_temperature_c: signal(['degC', -20, 200, 60, 100, 66, 16, 0.45, 1.5, 1.1, 1.0, 'Air temperature after the air end']),
  delivery_pressure_bar: signal(['bar', 0, 16, 6.4, 8.2, 7.6, -0.4, 0, 0.1, 0.06, 0.08, 'Net pressure to the plant']),
  motor_current_a: signal(['A', 0, 300, 45, 175, 58, 78, 0.1, 3, 2.0, 2.5, 'Current of the drive motor']),
  oil_filter_dp_bar: signal(['bar', 0, 3, 0.1, 0.8, 0.25, 0.15, 0, 0.03, 0.03, 0.03, 'Pressure drop over the oil separator']),
};
/* prettier-ignore */
const ROBOT_SIGNALS = {
  vibration_mm_s: signal(['mm/s', 0, 50, 0.4, 3, 0.7, 1.0, 0, 0.12, 0.1, 0.14, 'RMS velocity at the third joint']),
  motor_temperature_c: signal(['degC', -20, 150, 25, 75, 30, 26, 0.4, 1.5, 1.2, 1.0, 'Winding temperature of the hottest axis']),
  joint_torque_pct: signal(['%', 0, 300, 20, 90, 28, 42, 0, 2, 1.5, 2.5, 'Peak torque of the third joint, share of rated']),
  cycle_time_s: signal(['s', 0, 60, 3.4, 5.2, 4.4, -0.5, 0, 0.08, 0.05, 0.07, 'Pick-to-place time']),
  vacuum_kpa: signal(['kPa', 0, 101, 55, 85, 74, -4, 0, 1.2, 0.9, 1.1, 'Vacuum below ambient at the gripper']),
};

/* prettier-ignore */
export const EQUIPMENT_CLASSES: readonly EquipmentClassModel[] = [
  {
    classId: 'chiller', name: 'Water chiller', prefix: 'CH',
    models: [{modelId: 'CH-250', name: 'Chiller 250 kW', ratedKw: 250}, {modelId: 'CH-400', name: 'Chiller 400 kW', ratedKw: 400}],
    workdayLoad: hours(0.45, 0.6, 0.85, 0.65), weekendLoad: hours(0.4, 0.45, 0.6, 0.5),
    downtimeEurPerH: [400, 1500],
    signals: CHILLER_SIGNALS,
    positions: {
      'compressor-bearing': {classId: 'compressor-bearing', symptoms: {vibration_mm_s: 2.4, oil_temperature_c: 7, motor_current_a: 9}, errorCodes: ['CH-VIB-HIGH', 'CH-OIL-TEMP']},
      'condenser-fan': {classId: 'fan-motor', symptoms: {condenser_approach_k: 2.6, discharge_pressure_bar: 2.6, motor_current_a: 8}, errorCodes: ['CH-HP-WARN', 'CH-FAN-SPEED']},
      'expansion-valve': {classId: 'expansion-valve', symptoms: {suction_pressure_bar: -1.0, condenser_approach_k: 0.7, oil_temperature_c: 3}, errorCodes: ['CH-SUPERHEAT', 'CH-LP-WARN']},
      'control-board': {classId: 'control-board', symptoms: {motor_current_a: 14, suction_pressure_bar: -0.3}, errorCodes: ['CH-CTRL-RESET']},
    },
  },
  {
    classId: 'compressor', name: 'Screw air compressor', prefix: 'CO',
    models: [{modelId: 'CO-75', name: 'Compressor 75 kW', ratedKw: 75}, {modelId: 'CO-110', name: 'Compressor 110 kW', ratedKw: 110}],
    workdayLoad: hours(0.45, 0.8, 0.9, 0.75), weekendLoad: hours(0.35, 0.4, 0.45, 0.4),
    downtimeEurPerH: [800, 3000],
    signals: COMPRESSOR_SIGNALS,
    positions: {
      'air-end-bearing': {classId: 'air-end-bearing', symptoms: {vibration_mm_s: 3.0, discharge_temperature_c: 8, motor_current_a: 8}, errorCodes: ['CO-VIB-HIGH', 'CO-DT-WARN']},
      'drive-motor': {classId: 'drive-motor', symptoms: {motor_current_a: 20, vibration_mm_s: 1.0, discharge_temperature_c: 3}, errorCodes: ['CO-MOTOR-TEMP', 'CO-PHASE']},
      'oil-separator': {classId: 'oil-separator', symptoms: {oil_filter_dp_bar: 0.55, delivery_pressure_bar: -0.3, motor_current_a: 5}, errorCodes: ['CO-SEP-DP']},
      'unload-valve': {classId: 'unload-valve', symptoms: {delivery_pressure_bar: -0.7, motor_current_a: 9}, errorCodes: ['CO-PRESS-LOW', 'CO-UNLOAD']},
    },
  },
  {
    classId: 'packaging-robot', name: 'Packaging robot', prefix: 'PR',
    models: [{modelId: 'PR-20', name: 'Packaging robot 20 kg', ratedKw: 6}, {modelId: 'PR-60', name: 'Packaging robot 60 kg', ratedKw: 11}],
    workdayLoad: hours(0.5, 0.8, 0.95, 0.85), weekendLoad: hours(0.2, 0.25, 0.35, 0.25),
    downtimeEurPerH: [600, 2500],
    signals: ROBOT_SIGNALS,
    positions: {
      'joint-gearbox': {classId: 'joint-gearbox', symptoms: {vibration_mm_s: 1.9, joint_torque_pct: 20, cycle_time_s: 0.25}, errorCodes: ['PR-TORQUE', 'PR-FOLLOW-ERR']},
      'servo-motor': {classId: 'servo-motor', symptoms: {motor_temperature_c: 16, joint_torque_pct: 9, vibration_mm_s: 0.6}, errorCodes: ['PR-AXIS-TEMP', 'PR-ENCODER']},
      'vacuum-pump': {classId: 'vacuum-pump', symptoms: {vacuum_kpa: -13, cycle_time_s: 0.4}, errorCodes: ['PR-VAC-LOW']},
      'servo-drive': {classId: 'servo-drive', symptoms: {motor_temperature_c: 8, cycle_time_s: 0.3}, errorCodes: ['PR-DRIVE-WARN', 'PR-BUS-VOLT']},
    },
  },
];

export interface ComponentClassModel {
  readonly name: string;
  readonly family: string;
  /** Weibull life at load factor 1. */
  readonly shape: number;
  readonly scaleH: number;
  /** Age at which planned maintenance replaces it, hours; null: run to failure. */
  readonly plannedAfterH: number | null;
  /** Share of lives that end without any symptom. */
  readonly suddenShare: number;
}

/** Twelve component classes. Electronics fail nearly at random and mostly without a sign; bearings wear and shake. */
/* prettier-ignore */
export const COMPONENT_CLASSES: Readonly<Record<string, ComponentClassModel>> = {
  'compressor-bearing': {name: 'Compressor bearing set', family: 'bearing', shape: 2.2, scaleH: 14_000, plannedAfterH: 18_000, suddenShare: 0.08},
  'fan-motor': {name: 'Condenser fan motor', family: 'motor', shape: 1.8, scaleH: 16_000, plannedAfterH: null, suddenShare: 0.12},
  'expansion-valve': {name: 'Electronic expansion valve', family: 'valve', shape: 1.4, scaleH: 20_000, plannedAfterH: null, suddenShare: 0.18},
  'control-board': {name: 'Control board', family: 'electronics', shape: 1.05, scaleH: 42_000, plannedAfterH: null, suddenShare: 0.55},
  'air-end-bearing': {name: 'Air end bearing set', family: 'bearing', shape: 2.5, scaleH: 16_000, plannedAfterH: 20_000, suddenShare: 0.08},
  'drive-motor': {name: 'Drive motor', family: 'motor', shape: 1.9, scaleH: 22_000, plannedAfterH: null, suddenShare: 0.12},
  'oil-separator': {name: 'Oil separator element', family: 'filter', shape: 3.2, scaleH: 9_000, plannedAfterH: 7_500, suddenShare: 0.05},
  'unload-valve': {name: 'Unload valve', family: 'valve', shape: 1.6, scaleH: 14_000, plannedAfterH: null, suddenShare: 0.18},
  'joint-gearbox': {name: 'Joint gearbox', family: 'gear', shape: 2.4, scaleH: 15_000, plannedAfterH: 19_000, suddenShare: 0.08},
  'servo-motor': {name: 'Servo motor', family: 'motor', shape: 2.0, scaleH: 18_000, plannedAfterH: null, suddenShare: 0.12},
  'vacuum-pump': {name: 'Vacuum pump', family: 'pump', shape: 1.8, scaleH: 9_000, plannedAfterH: 9_500, suddenShare: 0.1},
  'servo-drive': {name: 'Servo drive', family: 'electronics', shape: 1.2, scaleH: 30_000, plannedAfterH: null, suddenShare: 0.45},
};

export function equipmentClassOf(classId: string): EquipmentClassModel {
  const found = EQUIPMENT_CLASSES.find((equipmentClass) => equipmentClass.classId === classId);
  if (!found)
    throw new RangeError(
      `equipment class ${classId}: the simulator knows chiller, compressor and packaging-robot`,
    );
  return found;
}
