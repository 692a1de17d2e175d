import { accounts } from '@vitrine/accounts';
import { affiliate } from '@vitrine/affiliate';
import { catalog } from '@vitrine/catalog';
import { discovery } from '@vitrine/discovery';
import { logistics } from '@vitrine/logistics';
import { orders } from '@vitrine/orders';
import type { SubgraphDefinition } from '@vitrine/platform/subgraph';
import { shops } from '@vitrine/shops';
import { social } from '@vitrine/social';

/** All subgraphs, for the processes that hold them together. */
export const subgraphs = [
  accounts,
  affiliate,
  catalog,
  discovery,
  logistics,
  orders,
  shops,
  social,
] as unknown as readonly SubgraphDefinition[]; // each context is known to its own resolvers only
