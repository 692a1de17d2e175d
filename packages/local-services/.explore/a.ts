import pg from 'pg'; import {BSON} from 'bson';
const c = new pg.Client({host:'127.0.0.1',port:45555,user:'postgres',database:'postgres'}); await c.connect();
const b=(d:any)=>Buffer.from(BSON.serialize(d));
const r = await c.query('select documentdb_api.insert($1,$2::bytea,null,null)',['t',b({insert:'c',documents:Array.from({length:1000},(_,i)=>({_id:i,a:i%7,s:'x'.repeat(100)}))})]);
for (const mode of ['off','on']) {
 await c.query(`set documentdb.useFileBasedPersistedCursors=${mode}`);
 for (const [name,cmd] of Object.entries({find:{find:'c',filter:{}},sorted:{find:'c',filter:{},sort:{a:1}},agg:{aggregate:'c',pipeline:[{$sort:{a:-1}}],cursor:{}}})) {
  const fn=name==='agg'?'aggregate':'find';
  const t=performance.now();
  const q=await c.query(`SELECT cursorpage::bytea AS p, continuation::bytea AS c, persistconnection AS k, cursorid AS i FROM documentdb_api.${fn}_cursor_first_page($1, $2::bytea)`,['t',b(cmd)]);
  const row=q.rows[0]; let cont=row.c, n=BSON.deserialize(row.p).cursor.firstBatch.length, pages=1;
  console.log(mode,name,row.k,row.i,cont&&JSON.stringify(BSON.deserialize(cont)).slice(0,200), BSON.deserialize(row.p).cursor.id);
  const c2= mode==='on'? new pg.Client({host:'127.0.0.1',port:45555,user:'postgres',database:'postgres'}):c; if(c2!==c) {await c2.connect();await c2.query(`set documentdb.useFileBasedPersistedCursors=${mode}`);}
  while(cont && pages<50){ const m=await c2.query('SELECT cursorpage::bytea AS p, continuation::bytea AS c FROM documentdb_api.cursor_get_more($1, $2::bytea, $3::bytea)',['t',b({getMore:BigInt(row.i),collection:'c',batchSize:100}),cont]); const d=BSON.deserialize(m.rows[0].p); n+=d.cursor.nextBatch.length; pages++; cont=m.rows[0].c;}
  console.log(n,pages,performance.now()-t); if(c2!==c) await c2.end();
 }}
await c.end();
