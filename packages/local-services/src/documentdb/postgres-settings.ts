export interface PostgresSettings {
  readonly port: number;
  readonly ephemeral: boolean;
}

/** A configuration file with every setting that differs from PostgreSQL's default. */
export function postgresSettings({ port, ephemeral }: PostgresSettings): string {
  return Object.entries({
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb,pg_documentdb_extended_rum',
    max_connections: '200',
    shared_buffers: '256MB',
    max_worker_processes: '16',
    // Parallel workers pay off for one big query, not for many small ones on a few cores; without
    // them nothing here needs more of /dev/shm than a container grants.
    max_parallel_workers_per_gather: '0',
    max_parallel_maintenance_workers: '0',
    // Compiling a query costs more than running most of those seen here.
    jit: 'off',
    // Two transactions that wait for each other are told after 20 ms, not 1 s, and try again.
    deadlock_timeout: '20ms',
    // MongoDB never waits for a row another transaction wrote; here a short wait saves most tries.
    // Longer ones would fill the connections with waiting statements.
    lock_timeout: '250ms',
    // A statement whose client has gone stops waiting for its lock.
    client_connection_check_interval: '500ms',
    // Refusals are the clients' affair; the log is for what befalls the server.
    log_min_messages: 'fatal',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    // Tells a transaction from another one that got its id after the server was killed.
    track_commit_timestamp: 'on',
    'cron.database_name': 'postgres',
    // Cron's jobs as workers of the server: they need no password then.
    'cron.use_background_workers': 'on',
    'cron.log_run': 'off',
    'cron.log_statement': 'off',
    // Without it a sorted page reads the whole range instead of following its index.
    'documentdb.alternate_index_handler_name': 'extended_rum',
    // Cursors keep their rows in files, so that an open cursor holds no connection.
    'documentdb.useFileBasedPersistedCursors': 'on',
    'documentdb.localhost_connection_string': 'host=127.0.0.1',
    'documentdb.defaultCursorExpiryTimeLimitSeconds': '600',
    ...(ephemeral ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' } : {}),
  })
    .map(([name, value]) => `${name} = '${value}'\n`)
    .join('');
}
