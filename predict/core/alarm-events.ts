/** Something at a machine at a time, in hours from any common start. */
export interface MachineEvent {
  readonly machine: string;
  readonly atHours: number;
}

/** Alarms against failures, counted as events: many alarms ahead of one failure detect it once. */
export interface AlarmEventScore {
  readonly detected: number;
  readonly missed: number;
  /** Share of failures detected. */
  readonly recall: number;
  readonly trueAlarms: number;
  readonly falseAlarms: number;
  /** Share of alarms that a failure followed within the horizon. */
  readonly precision: number;
  /** Warning time of each detected failure, in the order of the failures. */
  readonly leadHours: readonly number[];
  readonly falseAlarmsPerMachineYear: number;
}

/** A machine-year as availability contracts count it, 365 days. */
const MACHINE_YEAR_HOURS = 8760;

/**
 * A failure is detected when an alarm on its machine falls in [failure − horizon, failure − minLead]; its lead counts from
 * the earliest of these. An alarm is true when a failure of its machine lies in (alarm, alarm + horizon], so one that comes
 * too late to act on is true, yet detects nothing.
 *
 * Example: failure at 1000 h, alarms at 960 and 980 h, horizon 72 h, minimum lead 12 h → detected once, 40 h ahead.
 */
export function alarmEventScore(observed: {
  readonly failures: readonly MachineEvent[];
  readonly alarms: readonly MachineEvent[];
  readonly horizonHours: number;
  readonly minLeadHours: number;
  readonly machineHours: number;
}): AlarmEventScore {
  const {failures, alarms, horizonHours, minLeadHours, machineHours} = observed;
  const leadHours = failures.flatMap((failure) => {
    const leads = alarms
      .filter(({machine}) => machine === failure.machine)
      .map(({atHours}) => failure.atHours - atHours)
      .filter((lead) => lead >= minLeadHours && lead <= horizonHours);
    return leads.length > 0 ? [Math.max(...leads)] : [];
  });
  const trueAlarms = alarms.filter((alarm) =>
    failures.some(({machine, atHours}) => {
      const lead = atHours - alarm.atHours;
      return machine === alarm.machine && lead > 0 && lead <= horizonHours;
    }),
  ).length;
  const falseAlarms = alarms.length - trueAlarms;
  return {
    detected: leadHours.length,
    missed: failures.length - leadHours.length,
    recall: failures.length > 0 ? leadHours.length / failures.length : 0,
    trueAlarms,
    falseAlarms,
    precision: alarms.length > 0 ? trueAlarms / alarms.length : 0,
    leadHours,
    falseAlarmsPerMachineYear: (falseAlarms * MACHINE_YEAR_HOURS) / machineHours,
  };
}
