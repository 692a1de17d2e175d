export const ROOM = /* GraphQL */ `
  query PlayerRoom($market: MarketCode!) {
    liveRooms(market: $market, states: [LIVE], first: 1) { nodes { id } }
  }
`;

export const COMMENT = /* GraphQL */ `
  mutation PlayerComment($input: PostCommentInput!) {
    postComment(input: $input) { comment { id } }
  }
`;

export const LIKE = /* GraphQL */ `
  mutation PlayerLike($input: LikeRoomInput!) {
    likeRoom(input: $input) { userErrors { ... on UserError { code } } }
  }
`;

export const ON_SCREEN = /* GraphQL */ `
  query PlayerOnScreen($roomId: ID!, $market: MarketCode!) {
    liveRoom(id: $roomId) {
      pinned {
        ... on ProductCard {
          product { variants { id availableQuantity(market: $market) } }
        }
      }
    }
  }
`;

export const ADD = /* GraphQL */ `
  mutation PlayerAdd($input: AddToCartInput!) {
    addToCart(input: $input) {
      cart { shops { shop { id } shippingOptions { id } } }
    }
  }
`;

export const TOTAL = /* GraphQL */ `
  query PlayerTotal($shipping: [ShippingChoiceInput!]!) {
    viewer {
      cart { id total(shipping: $shipping) { amount currencyCode } }
      addresses { id }
      paymentMethods { id }
    }
  }
`;

export const BUY = /* GraphQL */ `
  mutation PlayerBuy($input: PlaceOrderInput!) {
    placeOrder(input: $input) { orders { id } userErrors { ... on UserError { code } } }
  }
`;
