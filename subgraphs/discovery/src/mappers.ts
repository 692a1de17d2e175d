import type { UserErrorValue } from '@vitrine/platform/user-errors';
import type { Suggestion } from './ranking/suggestion.ts';

/** An entity of another subgraph, pointed at. */
export interface EntityRef {
  readonly id: string;
}

export type ProductMapper = EntityRef;
export type ViewerMapper = EntityRef;
export type {
  Suggestion as RecommendationMapper,
  Suggestion as RecommendationReasonMapper,
} from './ranking/suggestion.ts';
export type InvalidInputErrorMapper = UserErrorValue<'InvalidInputError'>;

export interface RecommendationEdgeMapper {
  readonly cursor: string;
  readonly node: Suggestion;
}

export interface RecommendationConnectionMapper {
  readonly edges: readonly RecommendationEdgeMapper[];
  readonly nodes: readonly Suggestion[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}
