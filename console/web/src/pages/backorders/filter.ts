import type {Cause, Level} from '../../data/backorders.ts';

/** What the register is narrowed to, as its fields have it. */
export interface BackorderFilter {
  readonly partId: string;
  readonly depotId: string;
  readonly customerPartyId: string;
  readonly level: Level | '';
  readonly cause: Cause | '';
  readonly age: {readonly fromH: number; readonly toH: number | null} | null;
}

export const NO_FILTER: BackorderFilter = {
  partId: '',
  depotId: '',
  customerPartyId: '',
  level: '',
  cause: '',
  age: null,
};

/** As the service asks for it: what is empty is left out. */
export function queryOf({partId, depotId, customerPartyId, level, cause, age}: BackorderFilter) {
  return {
    ...(partId === '' ? {} : {partId}),
    ...(depotId === '' ? {} : {depotId}),
    ...(customerPartyId === '' ? {} : {customerPartyId}),
    ...(level === '' ? {} : {level}),
    ...(cause === '' ? {} : {cause}),
    ...(age === null ? {} : {lateFromH: age.fromH, ...(age.toH === null ? {} : {lateToH: age.toH})}),
  };
}
