/* Hive Gateway as shipped; its subgraphs take subscriptions over WebSocket. */
export const gatewayConfig = {
  transportEntries: {
    '*.http': { options: { subscriptions: { kind: 'ws', options: { path: '/graphql' } } } },
  },
};
