import {invariant} from '../../../domain/invariant.ts';
import type {Tf} from '../../adapters/backend.ts';
import {fromLayers} from '../../adapters/network-runner.ts';
import {logitsOf, teachHazards} from '../hazard-network.ts';
import {sequenceNetwork, type SequenceReader} from '../networks/sequence-network.ts';
import type {FamilyLesson, Fitted} from './family.ts';
import type {NetworkSettings} from './network-family.ts';

type Layers = Extract<SequenceReader, {kind: 'convolution'}>['layers'];
export type ConvolutionSettings = NetworkSettings & {readonly layers: Layers};
/** `reads`: units of the layer that reads step after step. */
export type RecurrentSettings = NetworkSettings & {readonly reads: number};

/** A survival network that reads the steps of the window in their order (sequence-network.ts). */
export async function fitSequenceMember(
  tf: Tf,
  reader: SequenceReader,
  {units, ...options}: NetworkSettings,
  {training, heldOut, seed, start, view}: FamilyLesson,
): Promise<Fitted> {
  invariant(
    view !== undefined,
    'a network of sequences competes where steps are inputs (default-families.ts)',
  );
  const {steps, channels, sequence} = view;
  const network = sequenceNetwork(tf, {
    ...{seed, reader, units, start},
    shape: {steps, channels, rest: sequence.slice(steps * channels)},
    intervals: start.intercepts.length,
  });
  const {model} = teachHazards(tf, network, training, heldOut, {...options, seed});
  const answers = logitsOf(tf, model, heldOut.map(({input}) => input)); // prettier-ignore
  const fitted = await fromLayers(tf, model);
  model.dispose();
  return {member: {family: 'network', network: fitted}, heldOut: answers};
}
