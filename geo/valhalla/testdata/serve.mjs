// A Valhalla server for tests: node serve.mjs PACKAGE FOLDER FILE.osm.pbf...
//
// The package holds the engine and no server. This builds tiles in the folder, listens
// on a port of this machine, writes its number, and ends with its input.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const [home, folder, ...networks] = process.argv.slice(2);
const { Actor, getConfig } = createRequire(home + '/')(home);
const tiles = folder + '/tiles';
mkdirSync(tiles, { recursive: true });
const config = await getConfig({ tileDir: tiles, tileExtract: folder + '/tiles.tar' });
config.mjolnir.concurrency = 2;
writeFileSync(folder + '/config.json', JSON.stringify(config));
execFileSync(process.execPath, [home + '/bin/valhalla-cli.js', 'build_tiles', '-c', folder + '/config.json', ...networks], { stdio: 'ignore', cwd: folder }); // where it leaves files of its own

// The numbers that Valhalla's own server gives these errors; a thrown one has words only.
const codes = [[154, 'exceeds the max distance limit'], [171, 'No suitable edges'], [150, 'Exceeded max locations'], [442, 'No path could be found']];
const actor = new Actor(config);

createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  try {
    response.end(await actor.matrix(body));
  } catch (error) {
    const [code] = codes.find(([, words]) => error.message.includes(words)) ?? [199];
    response.statusCode = 400;
    response.end(JSON.stringify({ error_code: code, error: error.message, status_code: 400, status: 'Bad Request' }));
  }
}).listen(0, '127.0.0.1', function () { console.log(this.address().port); });

process.stdin.resume().on('end', () => process.exit());
