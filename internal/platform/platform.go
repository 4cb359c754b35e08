// Package platform holds what Atlassian's Forge platform does with a front end's calls to a remote or a container service: how a path joins a
// base URL, which headers the remote gets, the limits, which responses it accepts and what it says of the others. It
// knows no page and no server, so that every host that stands in for the platform can share it.
//
// Sources: apis-reference/ui-api-bridge/invokeRemote, apis-reference/ui-api-bridge/requestRemote,
// forge-remote-invocation-contract, limits-invocation, containers-reference/int-invokeservice and
// containers-reference/ref-api.
package platform

import "time"

const (
	// Timeout is how long the platform waits for a remote that a front end invokes.
	Timeout = 25 * time.Second
	// MaxRequest is the largest body, in bytes, that invokeRemote sends. Atlassian says 500 KB; whether it counts the
	// headers, too, and what it takes a KB for, is not documented.
	MaxRequest = 500 << 10
	// MaxResponse is the largest body, in bytes, that invokeRemote gives back. Atlassian says 5 MB.
	MaxResponse = 5 << 20
)

// Methods are the methods of invokeRemote and invokeService.
var Methods = []string{"GET", "POST", "PUT", "PATCH", "DELETE"}
