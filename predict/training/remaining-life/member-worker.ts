import {openBackend, type BackendChoice} from '../../adapters/backend.ts';
import {serveFits} from '../serve-fits.ts';
import {
  fitMember,
  type LifeMember,
  type LifeTable,
  type MemberJob,
  type MemberSettings,
} from './fit-member.ts';

/** What a fit of a member knows of its training. */
export interface MemberFitData {
  readonly table: LifeTable;
  readonly settings: MemberSettings;
  readonly choice: BackendChoice;
}

serveFits(async ({table, settings, choice}: MemberFitData) => {
  const backend = await openBackend({choice});
  return async (job: MemberJob): Promise<LifeMember> => fitMember(backend, table, settings, job);
});
