import {
  BREAK,
  type DirectiveNode,
  type DocumentNode,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import type { Operation } from '../execution/operations.ts';

export const isDefer = ({ name }: DirectiveNode): boolean => name.value === 'defer';

export function labelIn({ arguments: given = [] }: DirectiveNode): string | undefined {
  const value = given.find(({ name }) => name.value === 'label')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}

export function deferLabelOf({ directives }: InlineFragmentNode): string | undefined {
  const directive = directives?.find(isDefer);
  return directive && labelIn(directive);
}

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
