// Package hosttest holds every [bridge.Host] to one contract: the page's over a stub, the page's over the local host,
// and the one in memory.
//
// A host under test has the commands fetchRemote, invoke, signInvocationTokenForUI and getContext, which answers with an
// object; it has no command "noSuchCommand"; and it has one remote with the key [RemoteKey], which is [Remote], is where
// invoke leads, and has a base URL without a path.
package hosttest

import (
	"context"
	"fmt"

	"github.com/forgego/forgego/bridge"
)

// RemoteKey is the key of the remote that a host under test must have.
const RemoteKey = "contract"

// A Case is one clause of the contract.
type Case struct {
	// Name says what must hold.
	Name string
	// Check gives an error that says what does not hold. A host that never answers has it wait until ctx ends.
	Check func(ctx context.Context, host bridge.Host) error
}

// Scripted are the cases of a host whose commands can be scripted. They need these:
//
//	contractSame       answers with its payload, undefined included
//	contractRefuse     throws a RangeError "too far" with the code "FAR"
//	contractSubscribe  keeps payload.callback, and answers with {name: "contract"} and these methods:
//	                   emit calls that callback, and emitToAll those of all subscriptions, with its arguments;
//	                   join gives its arguments joined by "+"; fail throws a RangeError "too far"; listen calls its
//	                   argument with "heard", and gives a function that gives "stopped"
func Scripted() []Case { return scripted }

// Cases are the contract of all hosts.
func Cases() []Case {
	var all []Case
	for _, part := range [][]Case{commands, bodies, answers, requests, forms, invocations, contexts, concurrency} {
		all = append(all, part...)
	}
	return all
}

// Run checks the case of that name.
func Run(ctx context.Context, host bridge.Host, name string) error {
	for _, c := range Cases() {
		if c.Name == name {
			return c.Check(ctx, host)
		}
	}
	return fmt.Errorf("the contract has no case %q", name)
}
