import { readFileSync } from 'node:fs';

const example = (file: string): string =>
  readFileSync(new URL(`../../../../gateway/src/examples/${file}`, import.meta.url), 'utf8');

/** The same operations that GraphiQL offers and the README shows. */
export const ROOM_PAGE = example('01-room-page.graphql');
export const ROOM_EVENTS = example('02-room-events.graphql');

export const LIVE_ROOMS = /* GraphQL */ `
  query LiveRooms($market: MarketCode!) {
    liveRooms(market: $market, states: [LIVE], first: 1) {
      nodes { id title host { handle displayName } }
    }
  }
`;

export const POST_COMMENT = /* GraphQL */ `
  mutation PostComment($input: PostCommentInput!) {
    postComment(input: $input) {
      comment { id text }
      userErrors { ... on UserError { code message } }
    }
  }
`;

export const PIN_CARD = /* GraphQL */ `
  mutation PinCard($input: PinCardInput!) {
    pinCard(input: $input) {
      room { pinned { ... on ProductCard { title product { id } } } }
      userErrors { ... on UserError { code message } }
    }
  }
`;

export const ADD_TO_CART = /* GraphQL */ `
  mutation AddToCart($input: AddToCartInput!) {
    addToCart(input: $input) {
      cart { id quantity shops { shop { id } shippingOptions { id name price { amount } } } }
      userErrors { ... on UserError { code message } }
    }
  }
`;

export const CLEAR_LINE = /* GraphQL */ `
  mutation RemoveCartLine($input: RemoveCartLineInput!) {
    removeCartLine(input: $input) {
      cart { id quantity }
      userErrors { ... on UserError { code message } }
    }
  }
`;

export const CART = /* GraphQL */ `
  query Cart {
    viewer { cart { id lines { variant { id } } } }
  }
`;

export const CHECKOUT_PAGE = /* GraphQL */ `
  query CheckoutPage($shipping: [ShippingChoiceInput!]!) {
    viewer {
      cart { id total(shipping: $shipping) { amount currencyCode } }
      addresses { id recipient city market }
      paymentMethods { id label }
    }
  }
`;

export const PLACE_ORDER = /* GraphQL */ `
  mutation PlaceOrder($input: PlaceOrderInput!) {
    placeOrder(input: $input) {
      checkout { id state }
      orders {
        id
        number
        state
        total { amount currencyCode }
        breakdown { kind amount { amount } }
        shop { name }
        lines { id title price { amount } }
      }
      userErrors { ... on UserError { code message } }
      replayed
    }
  }
`;

export const ORDER_PAGE = /* GraphQL */ `
  query OrderPage($id: ID!) {
    order(id: $id) {
      number
      state
      deadline { at action }
      packages { state lines { variant { sku } } }
    }
  }
`;

export const STOCK = /* GraphQL */ `
  query Stock($productId: ID!, $market: MarketCode!) {
    product(id: $productId) {
      title
      variants { id availableQuantity(market: $market) }
    }
  }
`;

export const COMMISSIONS = /* GraphQL */ `
  query Commissions {
    viewer {
      creator {
        balances { amount currencyCode }
        commissions(first: 5) {
          nodes { id state rateBps base { amount } amount { amount currencyCode } product { id title } }
        }
      }
    }
  }
`;

export const RECOMMENDATIONS = /* GraphQL */ `
  query Recommendations($market: MarketCode!) {
    viewer {
      recommendedProducts(market: $market, first: 12) {
        nodes { product { id title } reason { kind text } }
      }
    }
  }
`;

export const RECORD_EVENTS = /* GraphQL */ `
  mutation RecordEvents($input: RecordEventsInput!) {
    recordEvents(input: $input) {
      accepted
      userErrors { ... on UserError { code message path } }
    }
  }
`;
