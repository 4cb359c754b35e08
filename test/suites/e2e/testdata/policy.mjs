// policy.mjs prints the content security policy that Atlassian's @forge/csp computes, as a list of directives. It reads
// {permissions, remotes: {key: baseUrl}, page, hostname} from standard input.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { CSPInjectionService, CSPProcessingService } = require('@forge/csp');
// cheerio is a dependency of the package, so it is resolved from the package's folder.
const { load } = createRequire(require.resolve('@forge/csp'))('cheerio');

const { permissions, remotes, page, hostname } = JSON.parse(readFileSync(0, 'utf8'));
// The package accepts only addresses. An entry that names a remote stands for the remote's address, as in Atlassian's
// tunnel.
const client = permissions.external?.fetch?.client;
if (client) {
  permissions.external.fetch.client = client.map((entry) => remotes[entry.remote] ?? entry.address ?? entry);
}
const existingCSPDetails = new CSPProcessingService({ info() {} }, load).getCspDetails(page, permissions);
const policy = new CSPInjectionService().getInjectableCSP({ existingCSPDetails, microsEnv: 'prod', hostname });
console.log(JSON.stringify(policy));
