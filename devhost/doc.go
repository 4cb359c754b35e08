// Package devhost runs a Custom UI app on the developer's machine. It imitates Jira or Confluence, so you can work on the
// app without a site, a deployment or a tunnel.
//
// A [Host] listens on two loopback ports, because the product and the app need two origins, and on one more for each
// resource with a tunnel. The product's origin serves a page with the app in an iframe, the key set that verifies Forge
// Invocation Tokens (FITs), and the requests of that page's script. The app's origin serves the files of the app's
// resources, with the content security policy that Atlassian's @forge/csp computes for the same manifest. It inserts the
// bridge as the first script of each page.
//
// The app's calls take the same path as on Atlassian's sites. The product's page performs requestRemote in the browser, so
// the remote's CORS rules apply. The server performs invokeRemote with the platform's header fields, limits, rules and
// error texts.
//
// An app that makes requests itself gets tokens by the command signInvocationTokenForUI. The command has the name of the
// mutation by which Atlassian's product page gets its tokens; Atlassian's sites do not offer it to apps. [Host.Faults] makes
// token requests fail or wait, and revokes tokens. The page's panel "Faults" does the same.
//
// The host listens on loopback only. It refuses requests with another Host, and requests to its own API from another
// Origin, and says why. Tokens are never logged and never part of a URL.
package devhost
