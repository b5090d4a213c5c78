import {useQuery} from '@tanstack/preact-query';
import {api, ask} from '../../data/client.ts';
import type {Answer} from '../../data/client.ts';

export type Parameter = Answer<'/api/v1/parameters'>['parameters'][number];
export type Report = Answer<'/api/v1/parameters/{key}/dry-run', 'post'>;

/** Every tunable with its versions. */
export function useParameters(): ReturnType<typeof useQuery<Answer<'/api/v1/parameters'>>> {
  return useQuery<Answer<'/api/v1/parameters'>>({
    queryKey: ['parameters'],
    queryFn: () => ask(api.GET('/api/v1/parameters')),
  });
}
