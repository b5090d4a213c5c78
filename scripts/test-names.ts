import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import ts from 'typescript';

export type NamedTest = {readonly file: string; readonly name: string; readonly skipped: boolean};

/** The literal names of all tests in a file: `it('…')`, `test.each(rows)('…')`, `test.prop([…])('…')`. */
export function testNames(root: string, file: string): NamedTest[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest);
  const found: NamedTest[] = [];
  const visit = (node: ts.Node, skippedAbove: boolean): void => {
    let skipped = skippedAbove;
    const runner = ts.isCallExpression(node) ? runnerOf(node.expression) : null;
    if (ts.isCallExpression(node) && runner !== null) {
      const name = literal(node.arguments[0]);
      skipped ||= /\b(?:skip|todo)\b(?!If)/.test(runner);
      if (name !== null && !runner.startsWith('describe')) found.push({file, name, skipped});
    }
    ts.forEachChild(node, (child) => visit(child, skipped));
  };
  visit(source, false);
  return found;
}

/** 'it', 'test.skip', 'describe.each': the dotted path of a test function, or null. */
function runnerOf(callee: ts.Expression): string | null {
  if (ts.isIdentifier(callee)) return /^(?:it|test|describe)$/.test(callee.text) ? callee.text : null;
  if (ts.isPropertyAccessExpression(callee)) {
    const before = runnerOf(callee.expression);
    return before === null ? null : `${before}.${callee.name.text}`;
  }
  return ts.isCallExpression(callee) ? runnerOf(callee.expression) : null;
}

function literal(argument: ts.Expression | undefined): string | null {
  if (argument === undefined) return null;
  if (ts.isStringLiteralLike(argument)) return argument.text;
  return ts.isTemplateExpression(argument) ? argument.head.text : null;
}
