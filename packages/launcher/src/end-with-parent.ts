/*
 * Loaded before a child's own module: until that has its orderly end in place, the parent's end
 * ends the process at once. Without it, a child that waits for servers which died with the parent
 * would wait for ever.
 */
process.on('disconnect', () => {
  if (process.listenerCount('disconnect') === 1) process.exit(1);
});
process.channel?.unref();
