import {Command} from 'commander';
import {readConfiguration} from '../platform/configuration.ts';
import {openDatabase} from '../platform/database.ts';
import {createLogger} from '../platform/log.ts';
import {answer} from './output.ts';

/** The service migrates when it starts; this does it before, with a login that may. */
export function migrateCommand(): Command {
  return new Command('migrate')
    .description('brings the database of the configuration to the schema of this release')
    .option('--json', 'print one JSON value instead of text')
    .addHelpText(
      'after',
      '\nExample: DATABASE_URL=postgres://owner:…@db.example/forestock?sslmode=verify-full forestock migrate',
    )
    .action(async ({json}: {json?: boolean}) => {
      const database = await openDatabase(
        readConfiguration(process.env),
        createLogger(process.env['LOG_LEVEL'] ?? 'warn'),
      );
      const {applied, newer, timescale, serverVersion} = database.migration;
      await database.close();
      answer(json, database.migration, () =>
        [
          applied.length > 0 ? `applied ${applied.join(', ')}` : 'up to date: nothing to apply',
          ...(newer.length === 0
            ? []
            : [`a newer release has applied ${newer.join(', ')}: use that release here as well`]),
          `PostgreSQL ${Math.floor(serverVersion / 10_000)}, TimescaleDB ${timescale ? 'in use' : 'not in use'}`,
        ].join('\n'),
      );
    });
}
