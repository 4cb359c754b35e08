// Package devhost stands in for Jira or Confluence on the developer's own machine: it shows a Custom UI app the way
// the product does, so that the app can be worked on without a site, a deployment or a tunnel.
//
// A [Host] listens on two loopback ports, because two ports are two origins. The product's origin serves a page with
// the app in an iframe, the key set that verifies Forge Invocation Tokens (FITs), and what that page's script needs.
// The app's origin serves the app's resources as they are on disk, under the content security policy that Atlassian's
// own @forge/csp computes from the same manifest, with the bridge injected first in the head.
//
// What the app sends over the bridge goes where it goes on Atlassian's sites: requestRemote is performed by the
// product's page in the browser, so that the remote's CORS is real; invokeRemote by the server, with the platform's
// headers, limits, rules and error texts (package internal/platform).
//
// An app that makes its requests itself asks for a token by the command signInvocationTokenForUI. It is named after the
// mutation by which Atlassian's product page gets its tokens; Atlassian's sites do not offer it to apps. [Host.Faults]
// has token requests fail, wait, or give what remotes no longer accept; the page has the panel "Faults" for that.
//
// Everything listens on loopback only. A request with another Host, and a request to the host's own API from another
// Origin, is refused with an explanation. Tokens are never logged and never part of a URL.
package devhost
