import type {Command} from 'commander';
import {epochMs} from '../../domain/time.ts';
import {readConfiguration} from '../../platform/configuration.ts';
import {openDatabase} from '../../platform/database.ts';
import {createLogger} from '../../platform/log.ts';
import {readOverlay, replayWhatIf} from '../../replenish/api.ts';
import type {Overlay} from '../../replenish/api.ts';
import {fileUnreadable, readJsonFile} from '../input-file.ts';
import {instant, wholeNumber} from '../option-values.ts';
import {answer, progress} from '../output.ts';
import {whatIfText} from './what-if-text.ts';

export interface WhatIfOptions {
  readonly from?: number;
  readonly until?: number;
  readonly part?: string;
  readonly depot?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** The options of a what-if, wherever the command line names the file. */
export function withWhatIfOptions(command: Command): Command {
  return command
    .option('--from <instant>', 'decisions from this world time on (ISO 8601)', instant)
    .option('--until <instant>', 'decisions before this world time', instant)
    .option('--part <id>', 'only decisions about this part')
    .option('--depot <id>', 'only decisions about this depot')
    .option('--limit <n>', 'changed decisions that the text lists at most', wholeNumber, 50)
    .option('--json', 'print one JSON object, with every changed decision, instead of text');
}

/** Reads the history of the configured database or data folder, and writes nothing. */
export async function runWhatIf(file: string, options: WhatIfOptions): Promise<void> {
  const overlay = overlayOf(file);
  const log = createLogger(process.env['LOG_LEVEL'] ?? 'warn');
  const database = await openDatabase(readConfiguration(process.env), log);
  try {
    const {from, until, part: partId, depot: depotId} = options;
    const filter = {
      ...(from === undefined ? {} : {from: epochMs(from)}),
      ...(until === undefined ? {} : {until: epochMs(until)}),
      partId,
      depotId,
    };
    const report = await replayWhatIf(database.pool('forestock_api'), {overlay, filter}, tenths());
    answer(options.json, report, () => whatIfText(report, options.limit));
  } finally {
    await database.close();
  }
}

/** @throws OperationalFault 'file-unreadable' with every mistake of the file */
function overlayOf(file: string): Overlay {
  const read = readOverlay(readJsonFile(file, 'a JSON file that holds one object'));
  if (!read.ok) throw fileUnreadable(`file ${file} is no what-if:\n${read.detail}`);
  return read.value;
}

/** A line each time another tenth of a long history is through. */
function tenths(): (done: number, total: number) => void {
  let said = 0;
  return (done, total) => {
    const tenth = Math.floor((10 * done) / total);
    if (tenth === said) return;
    said = tenth;
    progress(`${done} of ${total} decisions`);
  };
}
