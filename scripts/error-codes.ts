import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import ts from 'typescript';
import {sourceFiles} from './source-files.ts';

/** A code that this file can answer with, and the message that goes with it; `{name}` stands for a value. */
export type RaisedCode = {
  readonly code: string;
  readonly kind: 'fault' | 'refusal';
  readonly message: string;
  readonly retryable: boolean;
  readonly file: string;
};
/** An exported table `code → {meaning, next}`. */
export type CodeTable = {
  readonly name: string;
  readonly file: string;
  readonly codes: readonly {code: string; meaning: string; next: string}[];
};
export type ErrorCodes = {readonly raised: readonly RaisedCode[]; readonly tables: readonly CodeTable[]};

const PRODUCT =
  /^(?:domain|platform|ingest|predict|replenish|network|partners|notices|console|cli|simulator)\//;

/** Reads every code of the product from its syntax: `new OperationalFault(…)`, `refused(…)` and the tables. */
export function readErrorCodes(root: string): ErrorCodes {
  const raised: RaisedCode[] = [];
  const tables: CodeTable[] = [];
  for (const file of sourceFiles(root).filter((name) => PRODUCT.test(name))) {
    const source = ts.createSourceFile(
      file,
      readFileSync(join(root, file), 'utf8'),
      ts.ScriptTarget.Latest,
      true,
    );
    const visit = (node: ts.Node): void => {
      const code = raisedBy(node, file);
      if (code !== null) raised.push(code);
      if (ts.isVariableDeclaration(node)) {
        const table = tableIn(node, file);
        if (table !== null) tables.push(table);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  return {raised, tables};
}

function raisedBy(node: ts.Node, file: string): RaisedCode | null {
  const isFault = ts.isNewExpression(node) && node.expression.getText() === 'OperationalFault';
  const isRefusal = ts.isCallExpression(node) && node.expression.getText() === 'refused';
  if (!isFault && !isRefusal) return null;
  const [code, message, options] = node.arguments ?? [];
  if (code === undefined || !ts.isStringLiteralLike(code)) return null;
  return {
    code: code.text,
    kind: isFault ? 'fault' : 'refusal',
    message: message === undefined ? '' : template(message),
    retryable: options !== undefined && /retryable: true/.test(options.getText()),
    file,
  };
}

/** The message as a reader knows it: `port ${port} is taken` → 'port {port} is taken'. */
function template(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return (
      node.head.text +
      node.templateSpans.map(({expression, literal}) => value(expression) + literal.text).join('')
    );
  }
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return isSum ? template(node.left) + template(node.right) : value(node);
}

function value(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return `{${node.text}}`;
  if (ts.isPropertyAccessExpression(node)) return `{${node.name.text}}`;
  return '…';
}

function tableIn({name, initializer}: ts.VariableDeclaration, file: string): CodeTable | null {
  let object = initializer;
  while (object !== undefined && (ts.isAsExpression(object) || ts.isSatisfiesExpression(object)))
    object = object.expression;
  if (object === undefined || !ts.isObjectLiteralExpression(object) || object.properties.length === 0)
    return null;
  const codes = object.properties.map((property) => {
    if (!ts.isPropertyAssignment(property) || !ts.isObjectLiteralExpression(property.initializer))
      return null;
    const text = (key: string): string | null =>
      textOf(property.initializer as ts.ObjectLiteralExpression, key);
    const meaning = text('meaning');
    const next = text('next');
    const code =
      ts.isIdentifier(property.name) || ts.isStringLiteral(property.name) ? property.name.text : null;
    return code === null || meaning === null || next === null ? null : {code, meaning, next};
  });
  const complete = codes.filter((each) => each !== null);
  return complete.length === codes.length ? {name: name.getText(), file, codes: complete} : null;
}

function textOf(object: ts.ObjectLiteralExpression, key: string): string | null {
  for (const property of object.properties) {
    if (
      ts.isPropertyAssignment(property) &&
      property.name.getText() === key &&
      ts.isStringLiteralLike(property.initializer)
    ) {
      return property.initializer.text;
    }
  }
  return null;
}
