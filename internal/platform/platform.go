// Package platform implements what Atlassian's Forge platform does with a front end's calls to a remote or a
// container service: how a path joins a base URL, which headers the remote gets, the limits, which responses it
// accepts and its texts for the others. It also has the places in which modules are shown, the index of translations,
// and facts about tokens and Forge's servers. It has these rules once for all packages that need them.
//
// Sources: https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/invokeRemote/,
// https://developer.atlassian.com/platform/forge/apis-reference/ui-api-bridge/requestRemote/,
// https://developer.atlassian.com/platform/forge/forge-remote-invocation-contract/,
// https://developer.atlassian.com/platform/forge/limits-invocation/,
// https://developer.atlassian.com/platform/forge/containers-reference/int-invokeservice/ and
// https://developer.atlassian.com/platform/forge/containers-reference/ref-api/
package platform

import "time"

const (
	// Timeout is how long the platform waits for a remote that a front end invokes.
	Timeout = 25 * time.Second
	// MaxRequest is the largest body, in bytes, that invokeRemote sends. Atlassian documents 500 KB, but not whether
	// that includes the headers or what a KB is.
	MaxRequest = 500 << 10
	// MaxResponse is the largest body, in bytes, that invokeRemote returns, and the largest result of a function. Atlassian
	// documents 5 MB for both.
	MaxResponse = 5 << 20
)

// Methods are the methods of invokeRemote and invokeService.
var Methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
