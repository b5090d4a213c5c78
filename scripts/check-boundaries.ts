import {checkBoundaries} from './boundaries.ts';

const {filesCruised, filesMissed, violations} = checkBoundaries();
for (const violation of violations) console.error(violation);
for (const file of filesMissed)
  console.error(`not looked at: ${file}; see tsPreCompilationDeps and the typescript version`);
console.log(
  `${filesCruised} files, ${violations.length} forbidden imports, ${filesMissed.length} files missed`,
);
process.exitCode = violations.length + filesMissed.length > 0 || filesCruised === 0 ? 1 : 0;
