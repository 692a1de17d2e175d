import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import type { Problem } from '../listing-rules/problem.ts';
import type {
  InvalidInputErrorMapper,
  ListingProblemMapper,
  NotFoundErrorMapper,
  ProductRefusedErrorMapper,
  ProductVersionConflictErrorMapper,
} from '../mappers.ts';
import type { ChangeRefusal, ProductRefusal } from './change-product.ts';

const messages: Record<ProductRefusal, string> = {
  SHOP_NOT_OPEN: 'The shop is not open yet. If it opened a moment ago, ask again.',
  NOT_EDITABLE: 'The product is in review, held by the platform, or deleted.',
  NOT_PUBLISHABLE: 'Only a draft, or a product that failed its review, can be published.',
  NOT_DEACTIVATABLE: 'Only a product on sale can be taken off sale.',
  NOT_ACTIVATABLE: 'Only a product that its shop took off sale can be put back.',
  NOT_DELETABLE: 'The product is in review, held by the platform, or deleted already.',
};

export const productRefused = (refusal: ProductRefusal): ProductRefusedErrorMapper => ({
  __typename: 'ProductRefusedError',
  code: refusal,
  refusal,
  message: messages[refusal],
  path: ['input', refusal === 'SHOP_NOT_OPEN' ? 'shopId' : 'productId'],
  // The news of an opened shop is on its way.
  retryable: refusal === 'SHOP_NOT_OPEN',
});

export const listingProblem = (problem: Problem): ListingProblemMapper => ({
  ...invalidInput(problem),
  __typename: 'ListingProblem',
  market: problem.market,
});

export type ChangeError =
  | InvalidInputErrorMapper
  | ListingProblemMapper
  | NotFoundErrorMapper
  | ProductRefusedErrorMapper
  | ProductVersionConflictErrorMapper;

/** A refusal as the members of the payloads' unions. */
export function changeErrors(refusal: ChangeRefusal): ChangeError[] {
  switch (refusal.type) {
    case 'NOT_FOUND':
      return [notFound('The product', ['productId'])];
    case 'INVALID':
      return refusal.problems.map(invalidInput);
    case 'UNLISTABLE':
      return refusal.problems.map(listingProblem);
    case 'FORBIDDEN_BY_STATE':
      return [productRefused(refusal.refusal)];
    case 'CONFLICT':
      return [
        {
          __typename: 'ProductVersionConflictError',
          code: 'VERSION_CONFLICT',
          message: 'Somebody has changed the product since; look at it and decide again.',
          path: ['input', 'expectedVersion'],
          retryable: false,
          product: refusal.current,
        },
      ];
    default:
      return refusal satisfies never;
  }
}
