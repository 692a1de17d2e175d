import type { Clock } from '@vitrine/kernel/clock';
import type { NewId } from '@vitrine/kernel/id';
import { accept, type Outcome, refuse } from '@vitrine/kernel/outcome';
import type { ListedProducts } from '../products/product.ts';
import type { Collaboration, CollaborationRefusal, Collaborations } from './collaboration.ts';
import { HIGHEST_BPS, isCommission, LOWEST_BPS } from './rate.ts';

export interface OpenCollaborationCommand {
  readonly productId: string;
  readonly commissionBps: number;
  readonly closesAt: Date | null;
  /** Shops the caller works for. */
  readonly shopIds: readonly string[];
}

export interface TermsProblem {
  readonly code: 'COMMISSION_OUT_OF_RANGE' | 'CLOSES_IN_THE_PAST';
  readonly message: string;
  readonly path: readonly string[];
}

/** Every rule the terms break; none when they are sound. */
export function termsProblems(
  terms: { readonly commissionBps: number; readonly closesAt?: Date | null },
  now: Date,
): TermsProblem[] {
  const problems: TermsProblem[] = [];
  if (!isCommission(terms.commissionBps)) {
    problems.push({
      code: 'COMMISSION_OUT_OF_RANGE',
      message: `A commission is ${LOWEST_BPS} to ${HIGHEST_BPS} basis points.`,
      path: ['commissionBps'],
    });
  }
  if (terms.closesAt && terms.closesAt <= now) {
    problems.push({
      code: 'CLOSES_IN_THE_PAST',
      message: 'The end lies in the future.',
      path: ['closesAt'],
    });
  }
  return problems;
}

export const openCollaboration =
  (collaborations: Collaborations, products: ListedProducts, clock: Clock, newId: NewId) =>
  async (
    command: OpenCollaborationCommand,
  ): Promise<
    Outcome<
      Collaboration,
      CollaborationRefusal | 'NOT_FOUND' | 'NOT_STAFF' | readonly TermsProblem[]
    >
  > => {
    const now = clock();
    const product = await products.find(command.productId);
    if (!product) return refuse('NOT_FOUND');
    if (!command.shopIds.includes(product.shopId)) return refuse('NOT_STAFF');
    const problems = termsProblems(command, now);
    if (problems.length > 0) return refuse(problems);
    if (!product.isActive) return refuse('PRODUCT_NOT_LISTED');
    const added = await collaborations.add({
      id: newId('col'),
      shopId: product.shopId,
      productId: product.id,
      rates: [{ bps: command.commissionBps, from: now }],
      closesAt: command.closesAt,
      version: 1,
      createdAt: now,
    });
    return added === 'ALREADY_OPEN' ? refuse(added) : accept(added);
  };
