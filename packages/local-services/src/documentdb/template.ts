/** The installation's empty database, relative to its root: new data folders begin as its copy. */
export const TEMPLATE = 'var/lib/postgresql/template';
/** File in the database's folder that holds the password of its only user. */
export const PASSWORD_FILE = 'vitrine.password';

/**
 * Runs inside the installation, as its `postgres` user. The database has a password, although
 * only this machine reaches it: a superuser's connection may run programs, and other users of the
 * machine must not run any as this one. The password has 192 random bits, so one round of hashing
 * is as good as thousands. DocumentDB's cron jobs that build indexes in the background stay off:
 * the gateway builds them in the foreground, and the jobs would wake every two seconds.
 */
export const MAKE_TEMPLATE = `
set -e
bin=/usr/lib/postgresql/18/bin
data=/${TEMPLATE}
umask 077
password=/tmp/vitrine.password
head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \\n' > "$password"
"$bin/initdb" -D "$data" -A scram-sha-256 --pwfile="$password" -c scram_iterations=1 \\
  -U postgres --no-sync -E UTF8 --locale=C.UTF-8
mv "$password" "$data/${PASSWORD_FILE}"
"$bin/postgres" --single -D "$data" -F -j \\
  -c shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb,pg_documentdb_extended_rum \\
  -c documentdb.alternate_index_handler_name=extended_rum \\
  -c cron.database_name=postgres \\
  -c exit_on_error=on \\
  postgres <<'SQL'
create extension documentdb cascade;

create extension documentdb_extended_rum;

update cron.job set active = false where jobname like 'documentdb_index_build%';

SQL
`;
