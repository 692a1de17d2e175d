import { invalidInput, notFound } from '@vitrine/platform/user-errors';
import { requireShopper } from '@vitrine/platform/viewer';
import type { CartRefusal, Resolvers } from '../generated.ts';
import { MAX_QUANTITY, MAX_UNITS, unitsOf } from './cart.ts';
import type { CartProblem } from './change-cart.ts';
import { lineTotal, quoteOf, subtotalOf } from './price-cart.ts';

const refusals: Record<CartRefusal, string> = {
  CART_IN_OTHER_MARKET: 'The cart holds lines of another market; order or remove them first.',
  CART_FULL: `A cart holds at most ${MAX_UNITS} units.`,
};

const problems: Record<CartProblem, { message: string; path: string[] }> = {
  QUANTITY_OUT_OF_RANGE: {
    message: `A line holds 1 to ${MAX_QUANTITY} units.`,
    path: ['quantity'],
  },
  UNKNOWN_MARKET: { message: 'We do not sell there.', path: ['market'] },
  INVALID_SOURCE: { message: 'This is no id of such content.', path: ['source', 'id'] },
};

const invalid = (code: CartProblem) => invalidInput({ code, ...problems[code] });

const cartRefused = (refusal: CartRefusal, field: string) => ({
  __typename: 'CartRefusedError' as const,
  code: refusal,
  message: refusals[refusal],
  path: ['input', field],
  retryable: false,
  refusal,
});

const unavailable = (variantId: string) => ({
  __typename: 'ProductUnavailableError' as const,
  code: 'PRODUCT_UNAVAILABLE',
  message: 'This is not sold in your market now.',
  path: ['input', 'variantId'],
  retryable: false,
  variant: { id: variantId },
});

export const cartResolvers: Resolvers = {
  Query: {
    cart: async (_root, _args, { viewer, carts, priced }) => {
      // An app for itself shops for nobody.
      if (!viewer || viewer.kind === 'APP') return null;
      const cart = await carts.ofBuyer(viewer.userId);
      return cart && priced(cart);
    },
  },

  Mutation: {
    addToCart: async (_root, { input }, { viewer, cartChanges, priced }) => {
      const { userId } = requireShopper(viewer);
      const { variantId, quantity, market, source } = input;
      const outcome = await cartChanges.add(userId, {
        variantId,
        quantity,
        market,
        source: source ?? null,
      });
      if (outcome.ok) return { cart: await priced(outcome.value), userErrors: [] };
      const { refusal } = outcome;
      if (typeof refusal === 'object') {
        return { cart: null, userErrors: refusal.problems.map(invalid) };
      }
      switch (refusal) {
        case 'NOT_FOUND':
          return { cart: null, userErrors: [notFound('The variant', ['variantId'])] };
        case 'PRODUCT_UNAVAILABLE':
          return { cart: null, userErrors: [unavailable(variantId)] };
        case 'QUANTITY_OUT_OF_RANGE':
          return { cart: null, userErrors: [invalid(refusal)] };
        case 'CART_IN_OTHER_MARKET':
          return { cart: null, userErrors: [cartRefused(refusal, 'market')] };
        case 'CART_FULL':
          return { cart: null, userErrors: [cartRefused(refusal, 'quantity')] };
        default:
          return refusal satisfies never;
      }
    },

    changeCartLine: async (_root, { input }, { viewer, cartChanges, priced }) => {
      const { userId } = requireShopper(viewer);
      const { cartId, variantId, quantity } = input;
      const outcome = await cartChanges.setQuantity(userId, { cartId, variantId, quantity });
      if (outcome.ok) return { cart: await priced(outcome.value), userErrors: [] };
      const { refusal } = outcome;
      switch (refusal) {
        case 'NOT_FOUND':
          return { cart: null, userErrors: [notFound('The cart or the line', ['variantId'])] };
        case 'QUANTITY_OUT_OF_RANGE':
          return { cart: null, userErrors: [invalid(refusal)] };
        case 'CART_FULL':
        case 'CART_IN_OTHER_MARKET':
          return { cart: null, userErrors: [cartRefused(refusal, 'quantity')] };
        default:
          return refusal satisfies never;
      }
    },

    removeCartLine: async (_root, { input }, { viewer, cartChanges, priced }) => {
      const { userId } = requireShopper(viewer);
      const { cartId, variantId } = input;
      const outcome = await cartChanges.remove(userId, { cartId, variantId });
      return outcome.ok
        ? { cart: await priced(outcome.value), userErrors: [] }
        : { cart: null, userErrors: [notFound('The cart or the line', ['variantId'])] };
    },
  },

  Viewer: {
    cart: async ({ id }, _args, { viewer, carts, priced }) => {
      const cart = viewer?.userId === id ? await carts.ofBuyer(id) : null;
      return cart && priced(cart);
    },
  },

  Cart: {
    __resolveReference: async ({ id }, { viewer, loaders, priced }) => {
      const cart = await loaders.cartById.load(id);
      return cart && cart.buyerId === viewer?.userId ? priced(cart) : null;
    },
    market: ({ cart }) => cart.market,
    version: ({ cart }) => cart.version,
    quantity: ({ cart }) => unitsOf(cart.lines),
    lines: ({ cart, shops }) => {
      const priced = shops.flatMap(({ lines }) => lines);
      // As they were put in, not shop by shop.
      return cart.lines.flatMap(
        ({ variantId }) => priced.find((line) => line.variantId === variantId) ?? [],
      );
    },
    shops: ({ shops }) => [...shops],
    subtotal: subtotalOf,
    total: (cart, { shipping }) => {
      const quote = quoteOf(cart, shipping ?? [], 'CHEAPEST');
      return quote.ok ? quote.value.total : null;
    },
  },

  CartLine: {
    variant: ({ variantId }) => ({ id: variantId }),
    product: ({ productId }) => ({ id: productId }),
    total: lineTotal,
    isAvailable: ({ unitPrice }) => unitPrice !== null,
  },

  CartShop: {
    shop: ({ shopId }) => ({ id: shopId }),
    lines: ({ lines }) => [...lines],
    shippingOptions: ({ shippingOptions }) => [...shippingOptions],
  },
};
