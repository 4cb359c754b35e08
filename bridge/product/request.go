// Package product sends requests to the products that show the app, Jira, Confluence and Bitbucket, and to
// Atlassian's cross-product services, all as the current user.
package product

import (
	"context"

	"github.com/forgego/forgego/bridge"
)

// Jira sends a request to Jira's REST API, such as "/rest/api/3/myself", as the current user, and returns the
// response, whatever its status. List the scopes that it needs under permissions.scopes in manifest.yml.
//
// Path is the path and query, starting with "/": escape what you put into it with url.PathEscape or url.QueryEscape.
// Bodies are as for [bridge.RequestRemote]; a file of a [bridge.FormData] must be named "file", as for attachments.
// The header X-Atlassian-Token is "no-check" unless the request sets it.
//
// Errors: [bridge.ErrInvalidRequest], [bridge.ErrNoBridge], [bridge.ErrRejected], [bridge.ErrInvalidResponse], and
// the reason why ctx ended. For a response with status 400 or above, the response's Err method returns an error.
//
// It is requestJira of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestJira/
func Jira(ctx context.Context, request bridge.Request) (*bridge.Response, error) {
	return bridge.FromContext(ctx).RequestProduct(ctx, "requestJira", "jira", request)
}

// Confluence is [Jira] for Confluence's REST API, such as "/wiki/api/v2/pages".
//
// It is requestConfluence of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestConfluence/
func Confluence(ctx context.Context, request bridge.Request) (*bridge.Response, error) {
	return bridge.FromContext(ctx).RequestProduct(ctx, "requestConfluence", "confluence", request)
}

// Bitbucket is [Jira] for Bitbucket's REST API, such as "/2.0/user".
//
// It is requestBitbucket of @forge/bridge:
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestBitbucket/
func Bitbucket(ctx context.Context, request bridge.Request) (*bridge.Response, error) {
	return bridge.FromContext(ctx).RequestProduct(ctx, "requestBitbucket", "bitbucket", request)
}
