import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {RequestError, Reply} from '../../data/client.ts';

export type Trace = Reply<'/api/v1/decisions/{decisionId}/trace'>;
export type Decision = Trace['decision'];
export type Option = Decision['option'];
export type Why = Reply<'/api/v1/decisions/{decisionId}/why'>;

/** The decision with its forecasts; read again when something happens to it. */
export function useTrace(decisionId: string): ReturnType<typeof useQuery<Trace, RequestError>> {
  return useQuery<Trace, RequestError>({
    queryKey: ['decisions', decisionId, 'trace'],
    queryFn: () => ask(api.GET('/api/v1/decisions/{decisionId}/trace', {params: {path: {decisionId}}})),
  });
}

/** What it was taken from; that never changes. */
export function useWhy(decisionId: string): ReturnType<typeof useQuery<Why, RequestError>> {
  return useQuery<Why, RequestError>({
    queryKey: ['why', decisionId],
    queryFn: () => ask(api.GET('/api/v1/decisions/{decisionId}/why', {params: {path: {decisionId}}})),
    staleTime: Infinity,
  });
}
