// policy.mjs prints the content security policy that Atlassian's @forge/csp computes, as a list of directives, for
// what comes on standard input: {permissions, remotes: {key: baseUrl}, page, hostname}.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { CSPInjectionService, CSPProcessingService } = require('@forge/csp');
// The package's own dependency, found from where it lies.
const { load } = createRequire(require.resolve('@forge/csp'))('cheerio');

const { permissions, remotes, page, hostname } = JSON.parse(readFileSync(0, 'utf8'));
// The package takes addresses only. As Atlassian's tunnel does, an entry that names a remote stands for its address.
const client = permissions.external?.fetch?.client;
if (client) {
  permissions.external.fetch.client = client.map((entry) => remotes[entry.remote] ?? entry.address ?? entry);
}
const existingCSPDetails = new CSPProcessingService({ info() {} }, load).getCspDetails(page, permissions);
const policy = new CSPInjectionService().getInjectableCSP({ existingCSPDetails, microsEnv: 'prod', hostname });
console.log(JSON.stringify(policy));
