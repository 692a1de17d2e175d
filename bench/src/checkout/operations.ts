export const SET_STOCK = `mutation ($input: SetStockInput!) {
  setStock(input: $input) { stockLevel { available } userErrors { ... on UserError { code } } }
}`;

export const ADD_TO_CART = `mutation ($input: AddToCartInput!) {
  addToCart(input: $input) { cart { shops { shop { id } shippingOptions { id } } } }
}`;

export const ADD_ADDRESS = `mutation ($input: AddAddressInput!) {
  addAddress(input: $input) { address { id } }
}`;

export const TOTAL = `query ($shipping: [ShippingChoiceInput!]!) {
  viewer {
    cart { id total(shipping: $shipping) { amount currencyCode } }
    paymentMethods { id }
  }
}`;

export const PLACE_ORDER = `mutation ($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    checkout { state }
    orders { id }
    userErrors { ... on UserError { code retryable } }
  }
}`;
