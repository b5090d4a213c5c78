import type {Tf} from '../../adapters/backend.ts';
import {fromLayers} from '../../adapters/network-runner.ts';
import {fitHazardNetwork, logitsOf, type HazardNetworkOptions} from '../hazard-network.ts';
import type {FamilyLesson, Fitted} from './family.ts';

export type NetworkSettings = Pick<
  HazardNetworkOptions,
  'units' | 'epochs' | 'batchRows' | 'learningRate' | 'l2' | 'inputNoise' | 'patience'
>;

/** The dense survival network (hazard-network.ts). */
export async function fitNetworkMember(
  tf: Tf,
  settings: NetworkSettings,
  {training, heldOut, seed, start}: FamilyLesson,
): Promise<Fitted> {
  const {model} = fitHazardNetwork(tf, training, heldOut, {...settings, seed, ageOffset: start});
  const inputs = heldOut.map(({input}) => input);
  const answers = logitsOf(tf, model, inputs);
  const network = await fromLayers(tf, model);
  model.dispose();
  return {member: {family: 'network', network}, heldOut: answers};
}
