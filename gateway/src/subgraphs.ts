import { accounts } from '@vitrine/accounts';
import { affiliate } from '@vitrine/affiliate';
import { catalog } from '@vitrine/catalog';
import { discovery } from '@vitrine/discovery';
import { logistics } from '@vitrine/logistics';
import { orders } from '@vitrine/orders';
import type { SubgraphDefinition } from '@vitrine/platform/subgraph';
import { shops } from '@vitrine/shops';
import { social } from '@vitrine/social';

/** Every subgraph that can run in the gateway's process. The one place of the gateway that imports them. */
export const subgraphs: readonly SubgraphDefinition[] = [
  accounts,
  shops,
  catalog,
  logistics,
  orders,
  social,
  affiliate,
  discovery,
];
