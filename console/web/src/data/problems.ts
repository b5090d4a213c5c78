import type {Body} from './client.ts';

export type Problem = Body<'/api/v1/my/reports'>['problem'];

/** As a technician says them. */
export const PROBLEMS: Readonly<Record<Problem, string>> = {
  'part-missing': 'Part missing',
  'wrong-part': 'Wrong part',
  'dead-on-arrival': 'Dead on arrival',
};
