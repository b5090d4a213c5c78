import type {Message} from '../../domain/reading.ts';

/** The messages by the table that holds their kind; tables without any are left out. */
export function byTable(messages: readonly Message[]): readonly (readonly [table: string, of: Message[]])[] {
  const tables = [
    ['ingest.reading', messages.filter(({kind}) => kind === 'reading')],
    ['ingest.equipment_event', messages.filter(({kind}) => kind === 'event')],
  ] as const;
  return tables.filter(([, of]) => of.length > 0);
}
