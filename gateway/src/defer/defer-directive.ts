import {
  BREAK,
  type DirectiveNode,
  type DocumentNode,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';

export const isDefer = ({ name }: DirectiveNode): boolean => name.value === 'defer';

const known = new WeakMap<DocumentNode, boolean>();

/** Whether the document defers anything, in this operation or in another. */
export function hasDefer({ document }: Pick<Operation, 'document'>): boolean {
  let found = known.get(document);
  if (found === undefined) {
    found = false;
    visit(document, {
      Directive(directive) {
        if (!isDefer(directive)) return undefined;
        found = true;
        return BREAK;
      },
    });
    known.set(document, found);
  }
  return found;
}

/** The operation that asks the same and wants all of it at once. */
export function withoutDefer(operation: Operation): Operation {
  if (!hasDefer(operation)) return operation;
  const strip = <Node extends DocumentNode | OperationDefinitionNode>(node: Node): Node =>
    visit(node, { Directive: (directive) => (isDefer(directive) ? null : undefined) });
  return { ...operation, document: strip(operation.document), node: strip(operation.node) };
}
